"""One person: what is known, what is due, and forms for what people enter."""
