"""The staff of the demonstration, at work while the feeds load: triage, care and answers, in the order of time.

Whoever signs in meanwhile meets a service that has kept up with its feeds, not a year of untriaged sightings.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Min

from openfls import coordination
from openfls.clinical.facts import Death, Fact, FractureSighting
from openfls.demo.doubts import answer
from openfls.demo.hospitals import OF_CODE
from openfls.demo.lookup import People, nearest
from openfls.demo.pathway import LONGEST_WAIT
from openfls.demo.region import Region
from openfls.demo.staff import care
from openfls.record.models import DoubtRow, EpisodeRow, FactRow

BY = "demonstration"
RECORDS_AT_ONCE = 600  # some 250 people: a batch of the door is dear to begin
BEHIND = timedelta(days=LONGEST_WAIT + 2)  # the staff look at what is so old: what else was said by then has come
CALLED_UP_BY = (FractureSighting.kind, Death.kind)

Progress = Callable[[int], None]


@dataclass(slots=True)
class Staff:
    """Everybody who enters care by hand. Give them time with `catch_up`; `finish` when nothing more will come.

    What they entered already they enter again without an effect, so an interrupted demonstration goes on.
    """

    region: Region
    entered: int = 0
    answered: int = 0
    _people: People = field(init=False)
    _seen: int = 0  # the last fact that they looked at, by number
    _waiting: dict[str, datetime] = field(default_factory=dict)  # records with something new, since it is known

    def __post_init__(self) -> None:
        self._people = People(self.region.truth)

    def catch_up(self, frontier: datetime | None) -> None:
        """Attend to what was known well before ``frontier``, up to which the feeds are read, in full batches."""
        if frontier is None:
            return
        self._look()
        ready = [record for record, known in self._waiting.items() if known <= frontier - BEHIND]
        for start in range(0, len(ready) - RECORDS_AT_ONCE + 1, RECORDS_AT_ONCE):
            self._attend(ready[start : start + RECORDS_AT_ONCE])

    def finish(self, progress: Progress) -> None:
        """Attend to all the rest, then answer the doubts that are left; an answer can raise the next doubt."""
        self._look()
        records = list(self._waiting)
        for start in range(0, len(records), RECORDS_AT_ONCE):
            self._attend(records[start : start + RECORDS_AT_ONCE])
            progress(start + RECORDS_AT_ONCE)
        while self._answer():
            self._look()
            self._attend(list(self._waiting))

    def _look(self) -> None:
        """What has come since they last looked."""
        new = FactRow.objects.filter(number__gt=self._seen, kind__in=CALLED_UP_BY).order_by("number")
        for number, record, known in new.values_list("number", "record", "known").iterator(2000):
            self._seen = number
            self._waiting.setdefault(record, known)

    def _attend(self, records: list[str]) -> None:
        for record in records:
            self._waiting.pop(record, None)
        self._answer()
        rows = EpisodeRow.objects.filter(person__records__in=records).order_by("index_start", "id").distinct()
        facts = list(_care(self.region, self._people, rows.values_list("sightings", "person__died_on", "id")))
        self.entered += coordination.enter(facts, by=BY).new

    def _answer(self) -> int:
        """Answer, as the staff would, which records are one person. How many answers are new."""
        facts = list(_answers(self.region, self._people))
        new = coordination.enter(facts, by=BY).new if facts else 0
        self.answered += new
        return new


def _answers(region: Region, people: People) -> Iterator[Fact]:
    doubts = list(DoubtRow.objects.order_by("left", "right").select_related("left", "right"))
    records = {doubt.left_id for doubt in doubts} | {doubt.right_id for doubt in doubts}
    told = FactRow.objects.filter(record__in=records).values_list("record").annotate(Min("known"))
    since = {record: known.date() for record, known in told}
    for doubt in doubts:
        left, right = doubt.left.to_record(), doubt.right.to_record()
        arose = max(since.get(doubt.left_id, region.today), since.get(doubt.right_id, region.today))
        fact = answer(left, right, people, region.seed, arose, region.today)
        if fact:
            yield fact


def _care(region: Region, people: People, rows: Iterable[tuple[Any, ...]]) -> Iterator[Fact]:
    rows = list(rows)
    facts = _as_first_known([fact_id for sightings, *_ in rows for fact_id in sightings])
    for sightings, died_on, _ in rows:
        told = [fact for fact_id in sightings if isinstance(fact := facts[fact_id], FractureSighting)]
        seen = sorted(told, key=lambda sighting: (sighting.known, sighting.statement))
        hospital = next((s.site for s in seen if s.site in OF_CODE and not s.retracted), None)
        if hospital:
            life = people.of(seen[0].record)
            sites, day = {s.body_site for s in seen}, seen[0].occurred.start
            truly = nearest(life.happenings, sites, day) if life else None
            yield from care(seen, hospital, region.seed, region.today, died_on=died_on, truly=truly, life=life)


def _as_first_known(ids: Iterable[str]) -> dict[str, Fact]:
    """These facts by id, each known since its statement first came: staff read yesterday's version of a list's row."""
    rows = list(FactRow.objects.filter(fact_id__in=list(ids)))
    versions = FactRow.objects.filter(statement__in={row.statement for row in rows})
    since = dict(versions.values_list("statement").annotate(Min("known")).order_by())
    return {row.fact_id: replace(row.to_fact(), known=since[row.statement]) for row in rows}
