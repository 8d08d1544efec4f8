"""The timeline of a patient: every statement that any source made, newest first, with who said so."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from openfls.clinical.episodes import dated_ahead
from openfls.clinical.facts import (
    Document,
    Fact,
    FractureSighting,
    RecordsLinked,
    RecordsSeparated,
    RecordsUndecided,
    TaskClosed,
    TaskOwned,
    TaskReopened,
    TaskSeen,
    TriageDecision,
)
from openfls.clinical.versions import current
from openfls.pages.patient.corrections import mendable
from openfls.pages.patient.words import heading, said_by, told_of
from openfls.pages.staff import Staff

# Taken back, or answered by another act; there is no wording to correct.
ACTS = (
    RecordsLinked,
    RecordsSeparated,
    RecordsUndecided,
    TaskClosed,
    TaskOwned,
    TaskReopened,
    TaskSeen,
    TriageDecision,
)


@dataclass(frozen=True)
class Told:
    """A line of the timeline. ``versions`` counts what sources said before; ``mendable``: a person may take it back;
    ``ahead``: what is strange about a date that lies ahead, empty for any other; ``text``: the whole of a document."""

    fact: str
    day: str
    heading: str
    words: str
    said_by: str
    known: datetime
    site: str
    mendable: bool
    correctable: bool
    taken_back: bool
    ahead: str
    versions: int
    text: str = ""


def timeline(facts: Iterable[Fact], sites: Mapping[str, str], staff: Staff, today: date) -> list[Told]:
    """What is known, newest first: one line a statement, its earlier versions counted."""
    everything = list(facts)
    versions: dict[str, int] = {}
    for fact in everything:
        versions[fact.statement] = versions.get(fact.statement, 0) + 1
    lines = [_told(fact, versions[fact.statement], sites, staff, today) for fact in current(everything)]
    return lines[::-1]


def _told(fact: Fact, versions: int, sites: Mapping[str, str], staff: Staff, today: date) -> Told:
    return Told(
        fact=fact.id,
        day=str(fact.occurred),
        heading=heading(fact),
        words=told_of(fact, staff),
        said_by=said_by(fact, staff),
        known=fact.known,
        site=sites.get(fact.site or "", fact.site or ""),
        mendable=mendable(fact),
        correctable=bool(fact.by) and not isinstance(fact, ACTS),
        taken_back=fact.retracted,
        ahead="" if fact.retracted else _ahead(fact, today),
        versions=versions,
        text=fact.text if isinstance(fact, Document) else "",
    )


def _ahead(fact: Fact, today: date) -> str:
    if isinstance(fact, FractureSighting) and dated_ahead(fact):
        return "dated after it was received"
    return "lies ahead: not done yet" if fact.occurred.lies_ahead(today) else ""
