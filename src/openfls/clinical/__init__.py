"""The clinical rules: facts, codes, decisions, episodes, standards. Standard library only, no clock."""
