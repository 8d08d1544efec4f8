"""Reading: patients, and what is known of one, under the access rules of every page; each read is in the trail."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from openfls.clinical.facts import Fact
from openfls.clinical.patients import matching_name
from openfls.clinical.versions import current
from openfls.feeds.fhir.identity import NHS_NUMBER
from openfls.feeds.fhir.writing import TYPES, patient, resource_of, type_of
from openfls.pages.fhir.answers import Json, Refusal, bundle, resource
from openfls.pages.fhir.gate import reading
from openfls.record.access import (
    NotVisible,
    Viewer,
    access_fact,
    access_patient,
    facts_of,
    people_seen_by,
    record_list_read,
)
from openfls.record.models import Person

PURPOSE = "direct care"
PAGE, LONGEST_PAGE = 50, 200  # resources in one answer
MOST_PATIENTS = 50
ALWAYS_KNOWN = {"_format", "_count", "_page"}


@reading
def patient_read(request: HttpRequest, viewer: Viewer, name: str) -> HttpResponse:
    person = access_patient(viewer, name, PURPOSE)
    return resource(patient(person.key, _facts(person, viewer)))


@reading
def patient_search(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """By identifier, or by family name with date of birth; nobody may ask for everybody."""
    only(request, {"identifier", "family", "birthdate", "_id"})
    people = list(_wanted(people_seen_by(viewer), request).distinct().order_by("key")[: MOST_PATIENTS + 1])
    if len(people) > MOST_PATIENTS:
        raise Refusal(400, "too-costly", f"More than {MOST_PATIENTS} patients answer to that: ask more narrowly.")
    record_list_read(viewer, "search by a system", people, PURPOSE)
    return searchset(request, [patient(person.key, _facts(person, viewer)) for person in people])


@reading
def everything(request: HttpRequest, viewer: Viewer, name: str) -> HttpResponse:
    """The patient with all that is given out about her."""
    only(request, set())
    person = access_patient(viewer, name, PURPOSE)
    facts = _facts(person, viewer)
    return searchset(request, [patient(person.key, facts), *_resources(facts, person, TYPES)])


@reading
def read(request: HttpRequest, viewer: Viewer, kind: str, name: str) -> HttpResponse:
    person = access_fact(viewer, name, PURPOSE)
    fact = next((fact for fact in current(_facts(person, viewer)) if fact.id == name and type_of(fact) == kind), None)
    if fact is None:
        raise NotVisible("no such resource")
    return resource(resource_of(fact, person.key))


@reading
def search(request: HttpRequest, viewer: Viewer, kind: str) -> HttpResponse:
    """What is known of one patient, of this type."""
    only(request, {"patient", "subject"})
    named = request.GET.get("patient") or request.GET.get("subject") or ""
    if not named:
        raise Refusal(400, "required", "Say of whom: ?patient=… (the id of a Patient).")
    person = access_patient(viewer, named.removeprefix("Patient/"), PURPOSE)
    return searchset(request, _resources(_facts(person, viewer), person, [kind]))


def _facts(person: Person, viewer: Viewer) -> list[Fact]:
    return [row.to_fact() for row in facts_of(person, viewer)]


def _resources(facts: Iterable[Fact], person: Person, kinds: Iterable[str]) -> list[Json]:
    wanted = set(kinds)
    return [resource_of(fact, person.key) for fact in current(facts) if type_of(fact) in wanted]


def _wanted(people: "QuerySet[Person]", request: HttpRequest) -> "QuerySet[Person]":
    asked = request.GET
    if "_id" in asked:
        return people.filter(records__key=asked["_id"])
    if "identifier" in asked:
        return _identified(people, asked["identifier"])
    if "family" in asked and "birthdate" in asked:
        named = people.filter(records__matching_family=matching_name(asked["family"]))
        return named.filter(records__birth_date=_date(asked["birthdate"]))
    raise Refusal(400, "required", "Ask by identifier (system|value), or by family together with birthdate.")


def _identified(people: "QuerySet[Person]", written: str) -> "QuerySet[Person]":
    system, divided, value = written.rpartition("|")
    if not divided or not value:
        raise Refusal(400, "invalid", f"Write an identifier with its system: {NHS_NUMBER}|9990000018.")
    if system == NHS_NUMBER:
        return people.filter(records__nhs_number=value.replace(" ", ""))
    return people.filter(records__numbers__authority=system, records__numbers__value=value)


def _date(written: str) -> date:
    try:
        return date.fromisoformat(written.removeprefix("eq"))
    except ValueError:
        raise Refusal(400, "invalid", f"{written[:40]!r} is no day: write 1942-07-14.") from None


def only(request: HttpRequest, known: set[str]) -> None:
    """A parameter that nobody heeds would give more than was asked for."""
    unknown = set(request.GET) - known - ALWAYS_KNOWN
    if unknown:
        raise Refusal(400, "not-supported", f"Nothing is known of {', '.join(sorted(unknown))[:200]}.")


def searchset(request: HttpRequest, found: Sequence[Json]) -> HttpResponse:
    count = _whole(request, "_count", PAGE, 0, LONGEST_PAGE)
    page = _whole(request, "_page", 1, 1, 10_000)
    shown = found[(page - 1) * count : page * count] if count else []
    entries = [{"fullUrl": _url(request, one), "resource": one, "search": {"mode": "match"}} for one in shown]
    links = [_link(request, "self", page)]
    if count and page * count < len(found):
        links.append(_link(request, "next", page + 1))
    return resource(bundle("searchset", entries, total=len(found), link=links))


def _whole(request: HttpRequest, name: str, default: int, least: int, most: int) -> int:
    written = request.GET.get(name, str(default))
    if not (written.isascii() and written.isdigit() and len(written) < 10 and int(written) >= least):
        raise Refusal(400, "invalid", f"{name} is a whole number from {least}.")
    return min(int(written), most)


def _url(request: HttpRequest, one: Json) -> str:
    return request.build_absolute_uri(f"/fhir/R4/{one['resourceType']}/{one['id']}")


def _link(request: HttpRequest, relation: str, page: int) -> Json:
    asked: dict[str, Any] = {**request.GET.dict(), "_page": page}
    return {"relation": relation, "url": request.build_absolute_uri(f"{request.path}?{urlencode(asked)}")}
