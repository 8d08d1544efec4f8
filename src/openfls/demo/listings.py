"""Collects rows until their list leaves: each finder's lists of each hospital, in their rhythm, with their slips."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import partial

from openfls.clinical.facts import Finder
from openfls.demo import lists, planted, rows
from openfls.demo.catching import listed_at, silent
from openfls.demo.habits import Hospital, ListHabit
from openfls.demo.sendings import Feed, Sending
from openfls.demo.streams import luck, stream
from openfls.demo.times import utc
from openfls.demo.truth import Catch, Happening, Stay

SLIP_OF_THE_PEN = 0.03  # a row put right by the next list
ROW_TWICE = 0.004
LISTED_WITHOUT_FRACTURE = {Finder.EMERGENCY_DEPARTMENT: 0.8, Finder.FRACTURE_CLINIC: 0.9, Finder.TRAUMA_LIST: 0.1}
ELECTIVE_LISTED = {Finder.THEATRE_LIST: 0.95, Finder.CODED_DISCHARGE: 0.95}


@dataclass(frozen=True, slots=True)
class Entry:
    """A patient who will stand on a list; ``flawed``: with a slip that the next list puts right."""

    happening: Happening
    stay: Stay
    flawed: bool = False


@dataclass(slots=True)
class Listings:
    """All lists of the region until ``now`` (local). Add every stay, then take the `sendings`."""

    seed: int
    now: datetime
    _waiting: dict[tuple[str, ListHabit], dict[datetime, list[Entry]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(list))
    )

    def add(self, happening: Happening, stay: Stay) -> None:
        """Puts the stay on each list that carries it."""
        for habit in stay.hospital.lists:
            if happening.is_fracture:
                caught = next((c for c in happening.catches if c.stay is stay and c.finder is habit.finder), None)
                if caught:
                    self._caught(habit, happening, caught)
            elif (sent := self._listed_beside(habit, happening, stay)) is not None:
                self._put(habit, sent, Entry(happening, stay))

    def _caught(self, habit: ListHabit, happening: Happening, caught: Catch) -> None:
        """The first row, the same row on later lists, and what went wrong with it."""
        chance = stream(self.seed, happening.number, caught.site, habit.finder, "listing")
        flawed, twice = chance.random() < SLIP_OF_THE_PEN, chance.random() < ROW_TWICE
        self._put(habit, caught.sent, Entry(happening, caught.stay, flawed))
        if twice:
            self._put(habit, caught.sent, Entry(happening, caught.stay, flawed))
        again = rows.repeats(habit, caught.stay, caught.sent.date())
        if flawed and not again:
            again = [habit.rhythm.next_after(caught.sent).date()]
        for day in again:
            self._put(habit, datetime.combine(day, caught.sent.time()), Entry(happening, caught.stay))

    def _listed_beside(self, habit: ListHabit, happening: Happening, stay: Stay) -> datetime | None:
        """When somebody without a fracture stands on the list, if he does."""
        chances = ELECTIVE_LISTED if happening.kind == "elective hip" else LISTED_WITHOUT_FRACTURE
        ready = listed_at(habit, stay) if habit.finder in chances and not happening.bones else None
        if ready is None or luck(self.seed, happening.number, habit.finder) >= chances[habit.finder]:
            return None
        chance = stream(self.seed, happening.number, habit.finder, "beside")
        return habit.rhythm.next_after(ready + timedelta(days=chance.randint(*habit.lag_days)))

    def _put(self, habit: ListHabit, sent: datetime, entry: Entry) -> None:
        if sent <= self.now and not silent(habit, sent, self.now):
            self._waiting[entry.stay.hospital.code, habit][sent].append(entry)

    def sendings(self, hospitals: tuple[Hospital, ...], first: date) -> Iterator[Sending]:
        """The lists of these hospitals; those that send empty ones too do so from ``first``."""
        for hospital in hospitals:
            for habit in hospital.lists:
                waiting = self._waiting[hospital.code, habit]
                if habit.sends_empty:
                    self._fill(habit, waiting, first)
                yield from self._leaving(hospital, habit, waiting)

    def _fill(self, habit: ListHabit, waiting: dict[datetime, list[Entry]], first: date) -> None:
        sent = habit.rhythm.next_after(datetime.combine(first, time()))
        while sent <= self.now and not silent(habit, sent, self.now):
            waiting.setdefault(sent, [])
            sent = habit.rhythm.next_after(sent)

    def _leaving(self, hospital: Hospital, habit: ListHabit, waiting: dict[datetime, list[Entry]]) -> Iterator[Sending]:
        feed = Feed(
            f"{hospital.trust}/{hospital.code}-{habit.feed}",
            hospital.code,
            habit.form,
            habit.finder,
            habit.encoding,
            habit.mapping,
        )
        broken = planted.rows_of(self.seed, hospital, habit, sorted(waiting))
        for sent, entries in sorted(waiting.items()):
            rows_broken = broken.get(sent, [])
            write = partial(_content, habit=habit, day=sent.date(), entries=entries, broken=rows_broken)
            message_id = f"{hospital.code}-{habit.feed}-{sent:%Y%m%d}"
            what = f"{len(rows_broken)} row" if rows_broken else ""
            yield Sending(utc(sent), feed, message_id, write, what)


def _content(seed: int, *, habit: ListHabit, day: date, entries: list[Entry], broken: list[lists.Row]) -> bytes:
    written = [rows.cells(seed, e.happening, e.stay, habit, day, flawed=e.flawed) for e in entries]
    return lists.content(habit, written, broken)
