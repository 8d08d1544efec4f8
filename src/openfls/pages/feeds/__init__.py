"""Which feeds and finders are up to date."""
