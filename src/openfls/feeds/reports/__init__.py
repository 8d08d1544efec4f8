"""Radiology and other free text: which fractures a report speaks of, and how surely. A first, thin rule engine."""

from openfls.feeds.reports.mentions import LONGEST, Acuity, Mention, read_text, side_in, to_triage

__all__ = ["LONGEST", "Acuity", "Mention", "read_text", "side_in", "to_triage"]
