"""Scheduled queries: a hospital's view is asked, read-only, and its answer is a list like any other."""
