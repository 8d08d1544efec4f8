"""FHIR R4 for other systems: they send what we read, and ask for what we know, each with a token of its own."""
