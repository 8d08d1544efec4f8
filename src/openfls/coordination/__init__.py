"""Coordination: the one door for writing, tasks and worklists."""
