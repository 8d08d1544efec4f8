"""What the endpoint does, told once: as FHIR's CapabilityStatement, and as OpenAPI for testers and tools."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse

from openfls.feeds.fhir.read import READERS
from openfls.feeds.fhir.writing import TYPES
from openfls.pages.fhir.answers import MEDIA_TYPE, Json, resource
from openfls.pages.frame.frame import VERSION

BASE = "/fhir/R4"
HOW_TO_COME_IN = "A bearer token that `openfls systems add` gave; it sends, reads, or both, for one site or trust."
BEARER: Json = {"type": "http", "scheme": "bearer", "description": HOW_TO_COME_IN}
PATIENT_SEARCH = (("identifier", "token"), ("family", "string"), ("birthdate", "date"), ("_id", "token"))
OF_PATIENT = (("patient", "reference"), ("subject", "reference"))
SEARCHES: dict[str, tuple[tuple[str, str], ...]] = {
    "Patient": PATIENT_SEARCH,
    "Measure": (("url", "uri"),),
    "MeasureReport": (("measure", "reference"), ("reporter", "reference"), ("period", "date")),
}
SINCE = "2026-11-27"  # the day of this statement's last change of substance


def metadata(request: HttpRequest) -> HttpResponse:
    """Open to everybody, as FHIR asks: it tells nothing of any patient."""
    return resource(capability_statement())


def openapi_document(request: HttpRequest) -> HttpResponse:
    return resource(openapi())


def capability_statement() -> Json:
    kinds = sorted({*SEARCHES, *READERS, *TYPES})
    return {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": SINCE,
        "kind": "instance",
        "software": {"name": "OpenFLS", "version": VERSION},
        "implementation": {"description": "Secondary fracture prevention"},
        "fhirVersion": "4.0.1",
        "format": ["json"],
        "rest": [
            {
                "mode": "server",
                "security": {"description": HOW_TO_COME_IN},
                "resource": [_of_type(kind) for kind in kinds],
                "interaction": [{"code": "transaction"}, {"code": "batch"}],
            }
        ],
    }


def _of_type(kind: str) -> Json:
    reads, sends = kind in {*SEARCHES, *TYPES}, kind in READERS
    codes = ["read", "search-type"] * reads + ["create", "update"] * sends
    told: Json = {"type": kind, "interaction": [{"code": code} for code in codes]}
    if sends:
        told |= {"updateCreate": True, "documentation": "Kept at once, read within moments: answered with 202."}
    if reads:
        asked = SEARCHES.get(kind, OF_PATIENT)
        told["searchParam"] = [{"name": name, "type": written} for name, written in asked]
    if kind == "Patient":
        everything = "http://hl7.org/fhir/OperationDefinition/Patient-everything"
        told["operation"] = [{"name": "everything", "definition": everything}]
    return told


def openapi() -> Json:
    return {
        "openapi": "3.0.3",
        "info": {"title": "OpenFLS FHIR R4", "version": VERSION, "description": "FHIR R4 (4.0.1) in JSON."},
        "security": [{"token": []}],
        "paths": dict(_paths()),
        "components": {"securitySchemes": {"token": BEARER}},
    }


def _paths() -> Iterator[tuple[str, Json]]:
    yield f"{BASE}/metadata", {"get": {"security": [], "responses": _replies("CapabilityStatement")}}
    yield BASE, {"post": _sends("Bundle", "200")}
    yield f"{BASE}/Patient/{{id}}/$everything", {"parameters": [_ID], "get": _reads("Bundle", _PAGING)}
    for kind in sorted({*SEARCHES, *READERS, *TYPES}):
        reads, sends = kind in {*SEARCHES, *TYPES}, kind in READERS
        asked = [_query(name) for name, _ in SEARCHES.get(kind, OF_PATIENT)]
        search = {"get": _reads("Bundle", [*asked, *_PAGING])} if reads else {}
        yield f"{BASE}/{kind}", search | ({"post": _sends(kind, "202")} if sends else {})
        read = {"get": _reads(kind, [])} if reads else {}
        yield f"{BASE}/{kind}/{{id}}", {"parameters": [_ID]} | read | ({"put": _sends(kind, "202")} if sends else {})


_ID: Json = {
    "name": "id", "in": "path", "required": True, "schema": {"type": "string", "pattern": r"^[A-Za-z0-9\-.]{1,64}$"},
}  # fmt: skip


def _query(name: str, schema: Json | None = None) -> Json:
    return {"name": name, "in": "query", "schema": schema or {"type": "string"}}


_PAGING = [_query("_count", {"type": "integer", "minimum": 0}), _query("_page", {"type": "integer", "minimum": 1})]
_REFUSALS = ("400", "401", "403", "404", "406", "503")
_OF_BODIES = ("413", "415", "422")


def _reads(kind: str, parameters: list[Json]) -> Json:
    return {"parameters": parameters, "responses": _replies(kind) | _refused(_REFUSALS)}


def _sends(kind: str, status: str) -> Json:
    body = {"required": True, "content": {MEDIA_TYPE: {"schema": _schema(kind)}}}
    answered = "Bundle" if kind == "Bundle" else "OperationOutcome"
    return {"requestBody": body, "responses": _replies(answered, status) | _refused((*_REFUSALS, *_OF_BODIES))}


def _replies(kind: str, status: str = "200") -> Json:
    return {status: {"description": kind, "content": {MEDIA_TYPE: {"schema": _schema(kind)}}}}


def _refused(statuses: tuple[str, ...]) -> Json:
    return {status: _replies("OperationOutcome", status)[status] for status in statuses}


def _schema(kind: str) -> Json:
    properties: dict[str, Any] = {"resourceType": {"type": "string", "enum": [kind]}}
    if kind == "Bundle":
        properties["entry"] = {"type": "array", "minItems": 1, "items": {"type": "object"}}
    if kind == "OperationOutcome":
        properties["issue"] = {"type": "array", "minItems": 1, "items": {"type": "object"}}
    return {"type": "object", "required": ["resourceType"], "properties": properties}
