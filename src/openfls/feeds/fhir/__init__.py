"""FHIR R4 bundles and NDJSON exports to facts."""

from openfls.feeds.fhir.read import read, read_files

__all__ = ["read", "read_files"]
