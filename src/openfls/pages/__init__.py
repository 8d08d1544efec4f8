"""The web pages, one folder a component."""
