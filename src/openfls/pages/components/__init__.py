"""The four components of care: standards counted, with names behind each count."""
