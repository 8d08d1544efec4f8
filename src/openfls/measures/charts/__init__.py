"""Charts: each draws what a pure function of `measures` found, says the finding in words, and carries its own table."""
