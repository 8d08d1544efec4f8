"""The addresses of the endpoint, under ``/fhir/R4``."""

from functools import partial

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import re_path

from openfls.pages.fhir.accepting import bundled, created, updated
from openfls.pages.fhir.description import metadata, openapi_document
from openfls.pages.fhir.gate import by_method
from openfls.pages.fhir.giving import everything, patient_read, patient_search, read, search

KIND, NAME = r"(?P<kind>[A-Z][A-Za-z]{2,39})", r"(?P<name>[A-Za-z0-9\-.]{1,64})"


def nothing(request: HttpRequest, **_: str) -> HttpResponse:
    """So that a slip in an address is answered in FHIR as well."""
    raise Http404


urlpatterns = [
    re_path(r"^/?$", by_method(POST=bundled), name="fhir"),
    re_path(r"^/metadata$", by_method(GET=metadata), name="fhir-metadata"),
    re_path(r"^/openapi\.json$", by_method(GET=openapi_document), name="fhir-openapi"),
    re_path(
        r"^/Patient$", by_method(GET=patient_search, POST=partial(created, kind="Patient")), name="fhir-patients"
    ),
    re_path(
        rf"^/Patient/{NAME}$",
        by_method(GET=patient_read, PUT=partial(updated, kind="Patient")),
        name="fhir-patient",
    ),
    re_path(rf"^/Patient/{NAME}/\$everything$", by_method(GET=everything), name="fhir-everything"),
    re_path(rf"^/{KIND}$", by_method(GET=search, POST=created), name="fhir-type"),
    re_path(rf"^/{KIND}/{NAME}$", by_method(GET=read, PUT=updated), name="fhir-resource"),
    re_path(
        r"^/.*$",
        by_method(GET=nothing, POST=nothing, PUT=nothing, DELETE=nothing, PATCH=nothing, HEAD=nothing),
        name="fhir-nothing",
    ),
]
