"""The first page of each role: what is there to do."""
