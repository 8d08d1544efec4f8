"""The board's report: what a site's measures say, against what was published, and one page of what to do."""
