"""What every feed's ``read`` returns: facts, or why the bytes can't be read and where."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

from openfls.clinical.facts import Fact, Finder, Source
from openfls.clinical.patients import PatientRecord
from openfls.clinical.when import When


@dataclass(frozen=True, slots=True)
class Origin:
    """Who sent the bytes and when they were received: what a message itself can't be trusted to say.

    ``source`` names the feed (``X9A/pas``). ``known`` is the receipt by the inbox, aware UTC, kept on replay.
    ``site`` is where things happened unless the message names a site. ``finder`` is the method of case finding that
    the feed stands for, where the format doesn't settle it. ``encoding`` and ``mapping`` are declared, never guessed;
    so is ``reference``, the population that a scanner's scores compare with where its reports don't say.
    """

    source: str
    known: datetime
    site: str | None = None
    finder: Finder | None = None
    encoding: str = "utf-8"
    mapping: str | None = None
    reference: str | None = None

    def fact_source(self, content: bytes, position: str) -> Source:
        """The source of a fact that stands at ``position`` of ``content``."""
        return Source(self.source, sha256(content).hexdigest(), position)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Why a message, or one row or entry of it, gave no facts: what is wrong, where, and how to mend it."""

    reason: str
    place: str
    mend: str

    def __str__(self) -> str:
        return f"{self.place}: {self.reason} {self.mend}"


MOST_TOLD = 1_000  # places that are told one by one; a file with more has one fault many times


class Problems:
    """What can't be read in one file, a place each. Beyond ``MOST_TOLD`` they are only counted, so that a file of
    nothing else stays small: the message itself is kept whole."""

    __slots__ = ("_first", "_more")

    def __init__(self) -> None:
        self._first: list[Unreadable] = []
        self._more = 0

    def append(self, one: Unreadable) -> None:
        if len(self._first) < MOST_TOLD:
            self._first.append(one)
        else:
            self._more += 1

    def told(self) -> tuple[Unreadable, ...]:
        if not self._more:
            return tuple(self._first)
        reason = f"{self._more:,} more places can't be read; the first {MOST_TOLD:,} are told."
        return *self._first, Unreadable(reason, "after those", "Mend what the first ones have in common, and retry.")

    def __bool__(self) -> bool:
        return bool(self._first)


@dataclass(frozen=True, slots=True)
class ReportRead:
    """A report whose text was read for fractures, and whether a person is asked to look at what it says.

    ``place`` is its position in the message. ``occurred`` is when the images were taken, ``exam`` what was examined.
    """

    place: str
    record: PatientRecord
    occurred: When
    site: str | None
    exam: str
    text: str
    suspected: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """What a message gave. ``unreadable`` rows wait in quarantine while the readable ones already count.

    ``ignored`` names the rule by which a whole kind of message gives no facts; a person is never ignored by rule.
    ``reports`` are the radiology reports in it, those without a fracture too: a person checks some of them.
    ``rows``: how many rows of a list this covers, 0 where it is no list. ``tally``: what they told, in one line.
    ``notes``: what was passed over by rule, or found odd.
    """

    facts: tuple[Fact, ...] = ()
    unreadable: tuple[Unreadable, ...] = ()
    ignored: str = ""
    notes: tuple[str, ...] = field(default=())
    reports: tuple[ReportRead, ...] = ()
    rows: int = 0
    tally: str = ""

    @property
    def words(self) -> tuple[str, ...]:
        """The tally and the notes."""
        return (self.tally, *self.notes) if self.tally else self.notes


def joined(pieces: Iterable[Reading]) -> Reading:
    """The pieces of one list as one reading."""
    every, unreadable = list(pieces), Problems()
    for fault in (fault for piece in every for fault in piece.unreadable):
        unreadable.append(fault)
    return Reading(
        facts=tuple(fact for piece in every for fact in piece.facts),
        unreadable=unreadable.told(),
        notes=tuple(note for piece in every for note in piece.notes),
        reports=tuple(report for piece in every for report in piece.reports),
        rows=sum(piece.rows for piece in every),
        tally=every[-1].tally if every else "",
    )
