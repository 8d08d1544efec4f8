"""A measure narrowed to part of its fractures: a site, a month, a practice, an assessor, an age band, sex, care home,
ethnic group, deprivation.

The address of a list of names says what it was narrowed to, so that every count on a page opens exactly its own names.
Narrowing only ever takes rows away: what a viewer may see was settled before.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import Case, CharField, Count, F, QuerySet, Value, When

from openfls.clinical.ethnic_categories import EthnicGroup
from openfls.clinical.facts import Answer
from openfls.clinical.standards import Standard, Verdict
from openfls.feeds.deprivation import LEAST_DEPRIVED, MOST_DEPRIVED
from openfls.measures.counting import Measure, Verdicted, of_one
from openfls.measures.months import first_day, next_month
from openfls.pages.forms.fields import sentence
from openfls.record import deprivation
from openfls.record.models import StandingRow
from openfls.record.organisations import practice_name
from openfls.record.reckoning import assessors_role

NOT_KNOWN = "not known"
BANDS = ((None, 49, "under 50"), (50, 59, "50 to 59"), (60, 69, "60 to 69"), (70, 79, "70 to 79"), (80, 89, "80 to 89"),
         (90, None, "90 and over"))  # fmt: skip
ETHNIC_GROUP_NOTE = (
    "The broad groups of the 2001 census, as people told the hospitals. Not stated: asked, and chose not to say. Not "
    "known: no hospital told us."
)


@dataclass(frozen=True)
class Split:
    """A way to divide fractures: ``heading`` in words, ``value`` in SQL, ``words`` of one value.

    ``order``: the values that stand in an order of their own, before those that stand by how many were missed.
    ``title``: of a list of one value, where that has to be looked up. ``note``: what must be said beside it.
    ``quiet``: what a person told of herself, which no trail row gives away.
    """

    heading: str
    value: Callable[[], Any]
    words: Callable[[str], str] = lambda value: value or NOT_KNOWN
    title: Callable[[str], str] | None = None
    order: tuple[str, ...] = ()
    note: Callable[[], str] = lambda: ""
    quiet: bool = False

    @property
    def head(self) -> str:
        """What stands over the parts: the heading without its *By*."""
        return sentence(self.heading.removeprefix("By "))


@dataclass(frozen=True)
class Part:
    """One part of a measure; ``query`` is what narrows its names in an address."""

    words: str
    value: str
    measure: Measure
    query: str


def _age_band() -> Case:
    whens = []
    for youngest, oldest, words in BANDS:
        bounds = {"episode__age__gte": youngest, "episode__age__lte": oldest}
        whens.append(When(**{name: age for name, age in bounds.items() if age is not None}, then=Value(words)))
    return Case(*whens, default=Value(""), output_field=CharField())


def _care_home(value: str) -> str:
    words = {Answer.YES.value: "lives in a care home", Answer.NO.value: "not in a care home"}
    return words.get(value, NOT_KNOWN)


def _decile(value: str) -> str:
    ends = {"1": "1 (most deprived)", "10": "10 (least deprived)"}
    return ends.get(value, value or NOT_KNOWN)


def _deprivation_note() -> str:
    table = deprivation.in_force()
    if table is None:
        return "Not known: no table is loaded. Whoever runs the service loads one: openfls deprivation load."
    return (
        f"Tenths of neighbourhoods by {table.index}, looked up by the postcode told last; 1 is the most deprived. "
        "Not known: no postcode, or one that is not in the table."
    )


SPLITS: Mapping[str, Split] = {
    "practice": Split(
        "By general practice",
        lambda: F("episode__person__practice"),
        title=lambda code: practice_name(code) or f"practice {NOT_KNOWN}",
    ),
    "assessor": Split("By who assessed", assessors_role),
    "age": Split("By age at the fracture", _age_band, order=tuple(words for *_, words in BANDS)),
    "sex": Split("By sex", lambda: F("episode__person__sex"), lambda value: NOT_KNOWN if value == "unknown" else value),
    "care-home": Split(
        "By care home",
        lambda: F("episode__person__care_home"),
        _care_home,
        order=(Answer.YES.value, Answer.NO.value),
    ),
    "deprivation": Split(
        "By deprivation of the neighbourhood",
        lambda: deprivation.decile_of("episode__person__postcode"),
        _decile,
        order=tuple(str(decile) for decile in range(MOST_DEPRIVED, LEAST_DEPRIVED + 1)),
        note=_deprivation_note,
        quiet=True,
    ),
    "ethnicity": Split(
        "By ethnic group",
        lambda: F("episode__person__ethnic_group"),
        order=tuple(EthnicGroup),
        note=lambda: ETHNIC_GROUP_NOTE,
        quiet=True,
    ),
}


def parts(standings: "QuerySet[StandingRow]", standard: Standard, by: str, today: date) -> list[Part]:
    """The measure in each part of a split, the parts with the most missed first, but for those that have an order."""
    told: dict[str, list[Verdicted]] = {}
    rows = standings.filter(standard=standard.name).annotate(part=SPLITS[by].value())
    for value, verdict, due, episodes in rows.values_list("part", "verdict", "due").annotate(Count("id")).order_by():
        told.setdefault(value or "", []).append(Verdicted(standard.name, Verdict(verdict), due, episodes))
    found = [_part(by, value, of_one(standard, verdicts, today)) for value, verdicts in told.items()]
    order = SPLITS[by].order
    return sorted(found, key=lambda one: (order.index(one.value) if one.value in order else 99, -one.measure.missed))


def _part(by: str, value: str, measure: Measure) -> Part:
    return Part(SPLITS[by].words(value), value, measure, urlencode({"by": by, "part": value}))


@dataclass(frozen=True)
class Narrowed:
    """``words``: what the rows were narrowed to, to stand in a title; ``trail``: the same, so that whoever reads the
    trail doesn't learn it of those whom it names; ``rows``: what is left."""

    rows: "QuerySet[StandingRow]"
    words: str
    trail: str


def narrow(rows: "QuerySet[StandingRow]", asked: Mapping[str, str], sites: Mapping[str, str]) -> Narrowed | None:
    """The rows that an address asks for; None where it names a split or a month that there is not."""
    told: list[str] = []
    if any("\x00" in value for value in asked.values()):  # PostgreSQL takes none in a text
        return None
    if site := asked.get("site"):
        rows, told = rows.filter(site=site), [sites.get(site, site)]
    if month := asked.get("month"):
        start = _month(month)
        if start is None:
            return None
        rows = rows.filter(due__gte=start, due__lt=next_month(start))
        told.append(f"{start:%b %Y}")
    if by := asked.get("by"):
        if by not in SPLITS:
            return None
        value = asked.get("part", "")
        rows = rows.annotate(part=SPLITS[by].value()).filter(part=value)
        split = SPLITS[by]
        named = (split.title or split.words)(value)
        shown = f"{split.head.lower()} {named}" if split.quiet else named
        kept = split.heading.lower() if split.quiet else shown
        return Narrowed(rows, ", ".join([*told, shown]), ", ".join([*told, kept]))
    return Narrowed(rows, ", ".join(told), ", ".join(told))


def _month(written: str) -> date | None:
    try:
        return first_day(date.fromisoformat(f"{written}-01"))
    except ValueError:
        return None
