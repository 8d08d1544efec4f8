"""The demonstration region in a record of its own."""
