"""Plain Python over the layout: the histories as they were written, judged by the definition of right."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, cached_property
from typing import Any, get_type_hints

import pyarrow.parquet as pq

from openfls.clinical.decisions import Decision, Outcome
from openfls.clinical.episodes import Episode
from openfls.clinical.facts import BodySite, Death, Fact, Finder, FractureSighting, Source
from openfls.clinical.histories import History
from openfls.clinical.parameters import Parameters
from openfls.clinical.patients import PatientRecord
from openfls.clinical.plain import READERS
from openfls.clinical.rulebook import STANDARDS
from openfls.clinical.standards import Standard, Standing, judge
from openfls.clinical.when import When, between
from openfls.measures.engines.layout import CARE, DAYS, EVERY_FACT, Layout, column_of, is_answer
from openfls.measures.engines.tallying import EVERYWHERE, MONTH, SITE, OnlyAt, Tally, holds_at

NOBODY = PatientRecord()
COLUMNS = {kind: column_of(kind) for kind in CARE}
ROWS = 4_096  # at a time
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Told(History):
    """A history read back: whether it is enrolled stands in the layout, for its sightings do not."""

    id: str = ""
    site: str | None = None
    judged_at: str | None = None
    told_enrolled: str = Outcome.UNKNOWN.value

    @cached_property
    def enrolled(self) -> Decision:
        return Decision(Outcome(self.told_enrolled))


def count(
    layout: Layout, standards: Sequence[Standard] = STANDARDS, by: Sequence[str] = (), only_at: OnlyAt = EVERYWHERE
) -> Tally:
    """As `duck.count`."""
    tally = Tally(standards, by)
    for history in histories(layout):
        group = tuple(_GROUPS[name](history) for name in by)
        held = [one for one in standards if holds_at(only_at, one.name, history.judged_at)]
        for standing in standings(history, held):
            closed = standing.due is not None and standing.due < layout.day
            tally.add(group, standing.standard, standing.verdict, closed)
    return tally


_GROUPS = {SITE: lambda one: one.site, MONTH: lambda one: one.episode.index.start.replace(day=1)}


def standings(history: History, standards: Iterable[Standard] = STANDARDS) -> Iterator[Standing]:
    return (judge(standard, history) for standard in standards)


def histories(layout: Layout) -> Iterator[Told]:
    for file in layout.files(layout.parts):
        for batch in pq.ParquetFile(file).iter_batches(ROWS):
            for row in batch.to_pylist():
                yield _history(row, layout.day)


def _history(row: Row, day: date) -> Told:
    index = between(row["index_start"], row["index_end"])
    facts = [(kind, fact) for kind, column in COLUMNS.items() for fact in row[column]]
    told = [_fact(kind, fact, index.start, number) for number, (kind, fact) in enumerate(facts)]
    return Told(
        episode=Episode(tuple(_sighting(site, index) for site in row["body_sites"])),
        facts=tuple(sorted(told, key=lambda fact: fact.occurred.start)),
        birth_date=row["birth_date"],
        today=day,
        death=row["death_start"] and Death(**_said(between(row["death_start"], row["death_end"]), "death")),
        parameters=Parameters(**{name: row[name] for name in DAYS}),
        id=row["id"],
        site=row["site"],
        judged_at=row["judged_at"],
        told_enrolled=row["enrolled"],
    )


def _sighting(site: str, index: When) -> FractureSighting:
    return FractureSighting(**_said(index, site), finder=Finder.BY_HAND, body_site=BodySite(site))


def _fact(kind: str, row: Row, index: date, number: int) -> Fact:
    occurred = between(index + timedelta(days=row["first"]), index + timedelta(days=row["last"]))
    readers, hints = READERS[CARE[kind]], _hints(kind)
    # What is no answer stays in words, as the trees read it: the words of a number or of nothing are no such thing.
    told = {name: value for name, value in row.items() if name in hints}
    values = {name: readers[name](value) if is_answer(hints[name]) else value for name, value in told.items()}
    return CARE[kind](**WORDS[kind] | _said(occurred, str(number)) | values)


@cache
def _hints(kind: str) -> Mapping[str, Any]:
    return get_type_hints(CARE[kind])


# Words that a kind must have and no expression reads.
WORDS = {
    name: {field.name: "" for field in fields(kind) if field.default is MISSING and field.name not in EVERY_FACT}
    for name, kind in CARE.items()
}


def _said(occurred: When, place: str) -> dict[str, Any]:
    known = datetime.combine(occurred.end, time(), UTC)
    return {"record": NOBODY, "occurred": occurred, "known": known, "source": Source("layout", "", place)}
