"""Feeds: bytes to facts and facts to bytes, pure; what cannot be read says why and where."""
