"""Files for national audits: what would be in one, who asks, who approves, and who is left out for an opt-out."""
