"""What hospitals do differently, as data: how care is given there, which finders it has and how each sends its list."""

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from enum import StrEnum

from openfls.clinical.facts import Finder

WORKDAYS = (0, 1, 2, 3, 4)
EVERY_DAY = (0, 1, 2, 3, 4, 5, 6)
FRAIL_FROM = 80  # years: from here on fewer are sent for a scan


class Begins(StrEnum):
    """Where treatment begins (founding study: in hospital at 8, outpatients at 2, GP asked at 1)."""

    IN_HOSPITAL = "in hospital"
    OUTPATIENTS = "outpatients"
    GP = "general practice asked"


class Monitors(StrEnum):
    """Who follows up (founding study: secondary care at 7, GP at 4)."""

    SECONDARY_CARE = "secondary care"
    GP = "general practice"


@dataclass(frozen=True, slots=True)
class Rhythm:
    """When a list leaves: on these weekdays (0 is Monday), or once a month on ``day_of_month``, at ``hour``."""

    weekdays: tuple[int, ...] = WORKDAYS
    day_of_month: int | None = None
    hour: int = 7

    def next_after(self, moment: datetime) -> datetime:
        """The first sending strictly after this local moment; a few minutes past the hour."""
        leaves = datetime.combine(moment.date(), time(self.hour, 10))
        while leaves <= moment or not self._runs_on(leaves):
            leaves += timedelta(days=1)
        return leaves

    def _runs_on(self, day: datetime) -> bool:
        if self.day_of_month is not None:
            return day.day == self.day_of_month
        return day.weekday() in self.weekdays


DAILY = Rhythm(EVERY_DAY)
WORKDAY = Rhythm(WORKDAYS)
MONDAYS = Rhythm((0,))
TWICE_A_WEEK = Rhythm((1, 4), hour=12)
MONTHLY = Rhythm(day_of_month=20)
EVENINGS = Rhythm(EVERY_DAY, hour=19)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ListHabit:
    """How one finder works at one hospital.

    ``hip``, ``other_inpatient`` and ``outpatient`` are the chances that it catches such a fracture (0: can't see it).
    ``style`` picks among the column headings and date formats that senders of such lists use. ``stops_after`` is the
    number of days before the end of the year at which the list falls silent, None while it goes on. ``lag_days``:
    between what happened and when it is ready to be listed (coding takes weeks).
    """

    finder: Finder
    mapping: str
    rhythm: Rhythm
    hip: float
    other_inpatient: float
    outpatient: float = 0.0
    lag_days: tuple[int, int] = (0, 0)
    form: str = "csv"
    encoding: str = "utf-8"
    style: int = 0
    stops_after: int | None = None
    sends_empty: bool = False

    @property
    def feed(self) -> str:
        """The last part of the source's name: ``trauma-list``."""
        return self.finder.value.replace(" ", "-")


@dataclass(frozen=True, slots=True, kw_only=True)
class CareHabits:
    """The chances and usual delays of care at a hospital; what `staff` makes facts of. Shares are 0 to 1."""

    assessed: float = 0.80
    assessed_in_days: int = 38
    falls: float = 0.60
    dxa_asked: float = 0.60
    dxa_done: float = 0.80
    dxa_days: int = 30
    recommended: float = 0.62
    begun: float = 0.75
    strength_and_balance: float = 0.08
    followed_16: float = 0.40
    followed_52: float = 0.35
    followed_120: float = 0.45  # of hips, by telephone for the national hip audit
    told_gp: float = 0.85
    gp_answers: float = 0.45
    heard: float = 0.04  # of acts: done elsewhere, and known by their month alone

    def scan_asked(self, age: int) -> float:
        """The chance that a scan is asked for, of somebody who was assessed."""
        return self.dxa_asked * (0.4 if age >= FRAIL_FROM else 1.25)


class Prescribing(StrEnum):
    """How a hospital's own medicines reach us, where they do: what begins on the ward, and what goes home."""

    MESSAGES = "hl7"  # of its electronic prescribing: orders (RDE) and doses given (RAS)
    DISCHARGE_LIST = "csv"  # medicines at discharge, every Monday


class ScanResults(StrEnum):
    """How a hospital that sends messages about its scans sends what was measured."""

    HL7 = "hl7"
    DICOM = "dcm"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Hospital:
    """One site. ``hips`` is its number of hip fractures a year at scale 1."""

    code: str
    name: str
    trust: str
    area: str
    hips: int
    begins: Begins
    monitors: Monitors
    dxa_on_site: bool
    assessor: str
    lists: tuple[ListHabit, ...]
    wards: tuple[str, ...]
    medical_wards: tuple[str, ...]
    care: CareHabits = field(default_factory=CareHabits)
    adt_reason: float = 0.20  # the chance that an admission message says fracture
    reports: float = 0.50  # the chance that a fracture's radiology report reaches us
    bundles: bool = False  # coded record as FHIR bundles
    practice_lists: bool = False  # practices list what they issued, every quarter
    injections: float = 0.0  # the share of fracture patients whom an injection clinic lists
    prescribing: Prescribing | None = None  # how medicines of its wards reach us; else entered by hand
    day_unit: bool = False  # its day unit lists the infusions given there; else entered by hand
    clinic: bool = False  # appointments of its fracture prevention clinic, and the letters written there, as messages
    scans: ScanResults | None = None  # requests, appointments and results of DXA as messages; else entered by hand

    @property
    def number(self) -> int:
        """0 to 10 within the region: the offset of its patients' numbers."""
        return "ABCDEFGHJKL".index(self.area[1])


@dataclass(frozen=True, slots=True, eq=False)
class Trust:
    """A data controller; ``prefix`` begins its hospital numbers. ``delimiters``: the HL7 delimiters of its senders.

    ``ed_messages``: whether its emergency departments tell of attendances (ADT A04). ``laboratory``: the code map of
    its laboratory, empty where that speaks LOINC, None where it sends no results.
    """

    code: str
    name: str
    prefix: str
    hl7_version: str
    single_site: bool = True
    ed_messages: bool = False
    delimiters: str = "|^~\\&"
    laboratory: str | None = None
