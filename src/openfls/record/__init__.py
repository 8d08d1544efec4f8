"""The record: people, facts, episodes, access and the audit trail."""
