"""Facts to FHIR R4 resources: what the service knows, as another system can read it."""

from openfls.feeds.fhir.writing.patients import patient
from openfls.feeds.fhir.writing.resources import TYPES, resource_of, type_of

__all__ = ["TYPES", "patient", "resource_of", "type_of"]
