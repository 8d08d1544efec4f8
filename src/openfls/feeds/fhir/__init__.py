"""FHIR R4 bundles and NDJSON exports to facts."""

from openfls.feeds.fhir.content import Entry
from openfls.feeds.fhir.read import may_tell, read, read_entries, read_files

__all__ = ["Entry", "may_tell", "read", "read_entries", "read_files"]
