"""OpenFLS: find every fracture patient, see each one through, show where care falls short."""
