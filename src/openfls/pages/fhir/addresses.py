"""The addresses of the endpoint, under ``/fhir/R4``: for each type those methods that it knows."""

from collections.abc import Iterator
from functools import partial

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, re_path

from openfls.feeds.fhir.read import READERS
from openfls.feeds.fhir.writing import TYPES
from openfls.pages.fhir.accepting import bundled, created, updated
from openfls.pages.fhir.description import metadata, openapi_document
from openfls.pages.fhir.gate import View, by_method
from openfls.pages.fhir.giving import everything, patient_read, patient_search, read, search
from openfls.pages.fhir.measuring import measure_read, measure_search, report_read, report_search

NAME = r"(?P<name>[A-Za-z0-9\-.]{1,64})"
METHODS = ("GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS")


OF_COUNTS = {"Measure": (measure_search, measure_read), "MeasureReport": (report_search, report_read)}


def nothing(request: HttpRequest, **_: str) -> HttpResponse:
    """So that a slip in an address is answered in FHIR as well."""
    raise Http404


def _of_type(kind: str) -> Iterator[URLPattern]:
    whole: dict[str, View] = {}
    single: dict[str, View] = {}
    if kind in OF_COUNTS:
        whole["GET"], single["GET"] = OF_COUNTS[kind]
    elif kind == "Patient":
        whole["GET"], single["GET"] = patient_search, patient_read
    elif kind in TYPES:
        whole["GET"], single["GET"] = partial(search, kind=kind), partial(read, kind=kind)
    if kind in READERS:
        whole["POST"], single["PUT"] = partial(created, kind=kind), partial(updated, kind=kind)
    yield re_path(rf"^/{kind}$", by_method(**whole), name=f"fhir-{kind}")
    yield re_path(rf"^/{kind}/{NAME}$", by_method(**single), name=f"fhir-{kind}-one")


urlpatterns = [
    re_path(r"^/?$", by_method(POST=bundled), name="fhir"),
    re_path(r"^/metadata$", by_method(GET=metadata), name="fhir-metadata"),
    re_path(r"^/openapi\.json$", by_method(GET=openapi_document), name="fhir-openapi"),
    re_path(rf"^/Patient/{NAME}/\$everything$", by_method(GET=everything), name="fhir-everything"),
    *(pattern for kind in sorted({"Patient", *OF_COUNTS, *READERS, *TYPES}) for pattern in _of_type(kind)),
    re_path(r"^/[\s\S]*$", by_method(**dict.fromkeys(METHODS, nothing)), name="fhir-nothing"),
]
