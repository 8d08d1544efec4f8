"""A fracture that a person saw, entered by hand."""
