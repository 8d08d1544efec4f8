"""What leaves for national audits: each field derived from the facts by a declared table, and what is missing of it."""
