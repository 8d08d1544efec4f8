"""A feed small enough to see through: a message is lines, a line is one person's fracture.

``Anne;2026-03-02`` is a sighting of Anne's hip, ``Anne=Bea`` says that they are one person, ``Anne-2026-05-01`` that
she died; ``?code`` is remarked, ``??`` can't be read, ``boom`` trips the reader, ``ping`` alone is ignored by rule,
``nul`` can't be stored.
"""

from datetime import UTC, date, datetime
from hashlib import sha256

from openfls.clinical.facts import Answer, BodySite, Death, Fact, Finder, FractureSighting, RecordsLinked
from openfls.clinical.patients import HospitalNumber, PatientRecord
from openfls.clinical.when import on
from openfls.feeds.csv.mappings import Mappings
from openfls.feeds.reading import Origin, Reading, Unreadable
from openfls.inbox.receive import Incoming, Receipt, receive

AT = datetime(2026, 3, 3, 8, tzinfo=UTC)
SITE = "X1A01"
SOURCE = "X1A/slips"


def person(name: str) -> PatientRecord:
    number = int(sha256(name.encode()).hexdigest()[:6], 16)
    return PatientRecord(
        hospital_numbers=(HospitalNumber("X1A", str(number)),), family_name=name, given_name="Ada",
        birth_date=date(1940, 1, 1 + number % 28),
    )  # fmt: skip


def read(content: bytes, name: str, origin: Origin, mappings: Mappings) -> Reading:
    lines = content.decode().split("\n")
    if "boom" in lines:
        raise RuntimeError("the reader tripped")
    if lines == ["ping"]:
        return Reading(ignored="a sign of life, edition 1")
    facts = [_fact(line, origin, content, place) for place, line in enumerate(lines, 1) if line and line[0] != "?"]
    notes = [line[1:] for line in lines if line.startswith("?") and line != "??"]
    bad = [Unreadable("no name.", f"line {place}", "Write it.") for place, line in enumerate(lines, 1) if line == "??"]
    return Reading(tuple(facts), tuple(bad), notes=tuple(notes))


def _fact(line: str, origin: Origin, content: bytes, place: int) -> Fact:
    told = {"known": origin.known, "source": origin.fact_source(content, f"line {place}"), "site": origin.site}
    if "=" in line:
        one, other = map(person, line.split("="))
        return RecordsLinked(record=one, other=other, occurred=on(AT.date()), **told)
    name, mark, day = line.partition(";") if ";" in line else line.partition("-")
    if mark == "-":
        return Death(record=person(name), occurred=on(date.fromisoformat(day)), **told)
    return FractureSighting(
        record=person(name), occurred=on(date.fromisoformat(day)), finder=origin.finder or Finder.TRAUMA_LIST,
        body_site=BodySite.HIP, low_trauma=Answer.YES, words="nul\0" if name == "nul" else "", **told,
    )  # fmt: skip


def send(*texts: str, source: str = SOURCE, site: str = SITE, at: datetime = AT, **more) -> list[Receipt]:
    """Each text a message of its own; gives the receipts."""
    told = {"source": source, "site": site, "origin": {"site": site}} | more
    return receive([Incoming(content=text.encode(), name=f"slip {text[:20]}", **told) for text in texts], at=at)
