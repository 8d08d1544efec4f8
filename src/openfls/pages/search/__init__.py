"""Find a person by number, or by name and date of birth."""
