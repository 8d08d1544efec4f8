"""Radiology and other free text: which fractures a report speaks of, where, how old, how surely. A rule engine."""

from openfls.feeds.reports.mention import Acuity, Certainty, Mention, Subject
from openfls.feeds.reports.reading import LONGEST, read_text
from openfls.feeds.reports.triage import marked, side_in, suspicion, to_triage

__all__ = [
    "LONGEST", "Acuity", "Certainty", "Mention", "Subject", "marked", "read_text", "side_in", "suspicion", "to_triage",
]  # fmt: skip
