"""Files for national audits: ask for one, see what is missing of it, approve it as another person, take it."""
