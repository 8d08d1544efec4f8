"""SQL on FHIR v2 ViewDefinitions, compiled to one typed scan in DuckDB's SQL; nothing here runs it."""

from openfls.feeds.fhir.views.compiling import Scan, compiled
from openfls.feeds.fhir.views.faults import CannotCompile

__all__ = ["CannotCompile", "Scan", "compiled"]
