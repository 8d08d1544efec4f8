"""Radiology and other free text: which fractures a report speaks of, where, how old, how surely. A rule engine."""

from openfls.feeds.reports.acuity import Acuity
from openfls.feeds.reports.certainty import Certainty
from openfls.feeds.reports.mention import Mention, Subject
from openfls.feeds.reports.reading import LONGEST, read_text
from openfls.feeds.reports.triage import side_in, to_triage

__all__ = ["LONGEST", "Acuity", "Certainty", "Mention", "Subject", "read_text", "side_in", "to_triage"]
