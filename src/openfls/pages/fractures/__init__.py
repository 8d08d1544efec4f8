"""Lists of fractures behind a count."""
