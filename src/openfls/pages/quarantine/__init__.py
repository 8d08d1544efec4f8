"""Messages that could not be read."""
