"""Sending: a bundle, or one resource. What was kept is answered with 202: it is read within moments, not at once."""

from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from openfls.feeds.reading import Reading
from openfls.inbox.posting import post
from openfls.pages.fhir.answers import Json, Refusal, bundle, issue, outcome, problems, resource
from openfls.pages.fhir.gate import sending
from openfls.record.systems import Known

KEPT, REFUSED = "202 Accepted", "422 Unprocessable Entity"


@sending
def bundled(request: HttpRequest, system: Known, content: bytes) -> HttpResponse:
    """A transaction counts whole or not at all; of a batch counts what can be read."""
    body = _object(content)
    if body.get("resourceType") != "Bundle" or body.get("type") not in ("transaction", "batch"):
        raise Refusal(400, "structure", "Send a Bundle of type transaction or batch; one resource to its own type.")
    in_parts = body["type"] == "batch"
    receipt, reading = post(content, system, at=timezone.now(), in_parts=in_parts)
    if reading.unreadable and not in_parts:
        return _refused(reading, receipt.number)
    places = {one.place.partition(",")[0] for one in reading.unreadable}
    entries = [
        _answered(f"Bundle.entry[{number}]" in places, reading) for number in range(len(_listed(body.get("entry"))))
    ]
    return resource(bundle(f"{body['type']}-response", entries))


def _answered(refused: bool, reading: Reading) -> Json:
    if not refused:
        return {"response": {"status": KEPT}}
    return {"response": {"status": REFUSED, "outcome": outcome(*problems(reading.unreadable))}}


@sending
def created(request: HttpRequest, system: Known, content: bytes, kind: str) -> HttpResponse:
    return _single(content, system, kind)


@sending
def updated(request: HttpRequest, system: Known, content: bytes, kind: str, name: str) -> HttpResponse:
    """The sender's own id names the statement: another version of it takes the place of the one before."""
    body = _object(content)
    if body.get("id") != name:
        raise Refusal(400, "invalid", f"The resource's id is not {name}: write the same in both places.")
    return _single(content, system, kind)


def _single(content: bytes, system: Known, kind: str) -> HttpResponse:
    if _object(content).get("resourceType") != kind:
        raise Refusal(400, "invalid", f"The resourceType is not {kind}: send it to the address of its own type.")
    receipt, reading = post(content, system, at=timezone.now())
    if reading.unreadable:
        return _refused(reading, receipt.number)
    words = f"Kept as message {receipt.number}; it gives {len(reading.facts)} facts."
    passed = [issue("information", "informational", reading.ignored)] if reading.ignored else []
    return resource(outcome(issue("information", "informational", words), *passed), 202)


def _refused(reading: Reading, number: int) -> HttpResponse:
    kept = f"Nothing of it counts yet: it waits as message {number} for a person here. Mended, send it again."
    return resource(outcome(*problems(reading.unreadable), issue("information", "informational", kept)), 422)


def _object(content: bytes) -> Json:
    try:
        body = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        raise Refusal(400, "structure", f"No JSON in UTF-8: line {error.lineno} column {error.colno}.") from None
    if not isinstance(body, dict):
        raise Refusal(400, "structure", "Send one JSON object: a FHIR R4 resource.")
    return body


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
