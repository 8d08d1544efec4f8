"""What truly happened: lives, fractures, stays, deaths. Feeds are made from it, `comparison` holds against it."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property

from openfls.clinical.facts import Answer, BodySite, Finder, Setting, Side, birthday_age
from openfls.demo.habits import Hospital
from openfls.demo.people import Person

YOUNGEST = 50
NEVER = frozenset({BodySite.SKULL, BodySite.FACE, BodySite.DIGIT})


@dataclass(frozen=True, slots=True, eq=False)
class Stay:
    """One hospital's part in it: an attendance, or an admission to its discharge. Local wall-clock times."""

    hospital: Hospital
    visit: str
    arrived: datetime
    inpatient: bool
    by_ed: bool
    ward: str = ""
    surgery: datetime | None = None
    left: datetime | None = None
    died: bool = False
    onward: Hospital | None = None
    clinic: datetime | None = None
    since: datetime | None = None  # where the visit began at another site of the trust


@dataclass(frozen=True, slots=True)
class Catch:
    """A finder truly caught it: ``sent`` is the local time at which its list, message or report left."""

    finder: Finder
    stay: Stay
    sent: datetime

    @property
    def site(self) -> str:
        return self.stay.hospital.code


@dataclass(frozen=True, eq=False)
class Happening:
    """One event of one person: a fracture (``bones`` not empty), or something that a finder may take for one."""

    number: str
    person: Person
    kind: str
    day: date
    bones: tuple[tuple[BodySite, Side], ...]
    low_trauma: Answer
    pathological: bool
    incidental: bool
    stays: tuple[Stay, ...]
    catches: tuple[Catch, ...] = ()

    @property
    def age(self) -> int:
        return birthday_age(self.person.born, self.day)

    @property
    def hospital(self) -> Hospital:
        return self.stays[0].hospital

    @property
    def inpatient(self) -> bool:
        return any(stay.inpatient for stay in self.stays)

    @property
    def setting(self) -> Setting:
        return Setting.INPATIENT if self.inpatient else Setting.OUTPATIENT

    @property
    def body_sites(self) -> tuple[BodySite, ...]:
        return tuple(site for site, _ in self.bones)

    @property
    def main_site(self) -> BodySite:
        return self.bones[0][0]

    @property
    def is_fracture(self) -> bool:
        return bool(self.bones) and self.kind != "admitted in error"

    @property
    def counts(self) -> bool:
        """Aged 50 or over, low trauma, any site but skull, face and digits, not through a tumour."""
        return (
            self.is_fracture
            and self.age >= YOUNGEST
            and self.low_trauma is Answer.YES
            and not self.pathological
            and not NEVER.issuperset(self.body_sites)
        )

    @cached_property
    def finders(self) -> dict[Finder, datetime]:
        """Each finder that truly caught it, with its first sending."""
        first: dict[Finder, datetime] = {}
        for catch in sorted(self.catches, key=lambda c: c.sent):
            first.setdefault(catch.finder, catch.sent)
        return first

    def caught(self, catches: Iterable[Catch]) -> "Happening":
        return replace(self, catches=tuple(catches))


@dataclass(frozen=True, slots=True)
class Move:
    """A new home: ``away`` out of the region, else to another practice near by; the hospital heard of it later."""

    day: date
    told: date
    away: bool
    address: tuple[str, str]
    postcode: str
    practice: str


@dataclass(frozen=True, slots=True, eq=False)
class Life:
    """A person with what happened to him in the year, the day he died and the day he moved, if he did."""

    person: Person
    happenings: tuple[Happening, ...]
    died_on: date | None = None
    move: Move | None = None


@dataclass(frozen=True)
class Truth:
    """``year`` is first and last day (both included) on which fractures happened."""

    year: tuple[date, date]
    lives: tuple[Life, ...] = field(repr=False)

    @cached_property
    def fractures(self) -> tuple[Happening, ...]:
        """The true index fractures: those that count."""
        return tuple(h for life in self.lives for h in life.happenings if h.counts)

    @cached_property
    def others(self) -> tuple[Happening, ...]:
        """What finders meet beside: fractures that don't count and what is no fracture."""
        return tuple(h for life in self.lives for h in life.happenings if not h.counts)

    @cached_property
    def died_on(self) -> dict[str, date]:
        """NHS number to day of death."""
        return {life.person.nhs_number: life.died_on for life in self.lives if life.died_on}
