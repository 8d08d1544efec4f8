"""The demonstration region: generated hospitals that speak through the same feeds."""
