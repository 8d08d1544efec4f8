"""Gaps in care: which standards fall short where, compared fairly, down to the names."""
