"""Measures: the standards counted over many episodes."""
