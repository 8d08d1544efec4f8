"""What the endpoint answers: resources, bundles, and OperationOutcomes that say what, where and how to mend it."""

from collections.abc import Sequence
from typing import Any

import orjson
from django.http import HttpResponse

from openfls.feeds.reading import Unreadable

Json = dict[str, Any]
MEDIA_TYPE = "application/fhir+json"


def resource(body: Json, status: int = 200) -> HttpResponse:
    reply = HttpResponse(orjson.dumps(body), content_type=MEDIA_TYPE, status=status)
    reply.headers["Cache-Control"] = "no-store"
    return reply


class Refusal(Exception):
    """A request that can't be answered. ``code`` is of FHIR's value set issue-type."""

    def __init__(self, status: int, code: str, words: str) -> None:
        super().__init__(words)
        self.status, self.code, self.words = status, code, words

    def answer(self) -> HttpResponse:
        reply = resource(outcome(issue("error", self.code, self.words)), self.status)
        if self.status == 401:
            reply.headers["WWW-Authenticate"] = 'Bearer realm="OpenFLS FHIR"'
        return reply


def outcome(*issues: Json) -> Json:
    return {"resourceType": "OperationOutcome", "issue": list(issues)}


def issue(severity: str, code: str, words: str, place: str = "") -> Json:
    told = {"severity": severity, "code": code, "diagnostics": words}
    return told | ({"expression": [place]} if place else {})


def problems(unreadable: Sequence[Unreadable]) -> list[Json]:
    return [issue("error", "invalid", f"{one.reason} {one.mend}", one.place) for one in unreadable]


def bundle(kind: str, entries: Sequence[Json], **more: Any) -> Json:
    """FHIR has no empty lists: a bundle without entries has none."""
    return {"resourceType": "Bundle", "type": kind, **more, **({"entry": list(entries)} if entries else {})}
