"""The trial of an upload: everything is read as it would be, and nothing is entered."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from typing import Any

from openfls.clinical.facts import Fact
from openfls.clinical.plain import from_plain, to_plain
from openfls.coordination.reading import in_chunks
from openfls.feeds.csv.matching import matched
from openfls.feeds.reading import Reading, Unreadable
from openfls.inbox.models import Upload, UploadState
from openfls.inbox.own_mappings import mappings_of_home
from openfls.inbox.reading import list_pieces, unreadable
from openfls.inbox.text import storable
from openfls.inbox.uploads.drafts import DRAFT, origin_of
from openfls.record.models import FactRow
from openfls.record.storable import indexed

AT_ONCE = 200 * 1024  # bytes: an upload as short as this is checked while its sender waits
ROWS = 1000  # of a piece
SHOWN_ROWS = 10  # whose meaning is shown
ROW = re.compile(r"(?:.*, )?row \d+")  # of a fact's place, without the part of the row that it stands on
KEPT_FAULTS = 100  # the file of rows to mend is made anew, with all


@dataclass
class Checked:
    """What the trial found, so far. ``rows`` of ``total`` were read, ``telling`` of them give facts.

    ``columns``: header, meaning, an example. ``first``: of the first rows the place and the facts, plain. ``known``:
    facts of statements that this feed has made before. ``fault``: why the whole list can't be read.
    """

    rows: int = 0
    total: int | None = None
    telling: int = 0
    facts: dict[str, int] = field(default_factory=dict)
    known: int = 0
    columns: list[list[str]] = field(default_factory=list)
    wanted: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)
    unreadable: list[dict[str, str]] = field(default_factory=list)
    unreadable_rows: int = 0
    notes: list[str] = field(default_factory=list)
    first: list[list[Any]] = field(default_factory=list)
    fault: dict[str, str] | None = None
    done: bool = False

    @classmethod
    def of(cls, upload: Upload) -> "Checked":
        return cls(**upload.check_result)

    @property
    def fits(self) -> bool:
        """Whether the list as a whole can be read."""
        return self.done and self.fault is None

    def first_rows(self) -> list[tuple[str, list[Fact]]]:
        return [(place, [from_plain(plain) for plain in facts]) for place, facts in self.first]


class Check:
    """One trial on its way, a piece of rows at a time."""

    def __init__(self, upload: Upload) -> None:
        self.upload = upload
        self.found = Checked(total=_total(bytes(upload.content)))
        self._pieces = self._begin()

    def step(self) -> bool:
        """The next piece; whether it was the last."""
        try:
            piece = next(self._pieces, None)
        except Exception as fault:  # a reader that trips is said, as it would be of a message
            piece, self._pieces = Reading(unreadable=(unreadable(fault, "file"),)), iter(())
        if piece is None:
            self.found.done = True
        else:
            self._count(piece)
        return self.found.done

    def tell(self) -> bool:
        """Write down what was found; whether the upload still waits for it."""
        state = UploadState.CHECKED if self.found.done else UploadState.CHECKING
        waiting = Upload.objects.filter(number=self.upload.number, state__in=DRAFT, mapping=self.upload.mapping)
        return bool(waiting.update(check_result=asdict(self.found), state=state))

    def _begin(self) -> Iterator[Reading]:
        content, origin = bytes(self.upload.content), origin_of(self.upload)
        mapping = mappings_of_home().named(self.upload.mapping)
        if mapping:
            with suppress(Exception):  # what keeps headers from being found is said by the reading below
                self._match(matched(content, mapping, origin))
        return list_pieces(content, self.upload.name, origin, ROWS)

    def _match(self, found: Any) -> None:
        headers = zip(found.headers, found.examples, strict=True)
        self.found.columns = [[storable(header), meaning, storable(shown)] for (header, meaning), shown in headers]
        self.found.wanted, self.found.twice = list(found.wanted), list(found.twice)

    def _count(self, piece: Reading) -> None:
        found = self.found
        if piece.unreadable and not piece.rows and not found.rows:
            found.fault = _plain(piece.unreadable[0])
        by_row = _by_row(piece.facts)
        found.rows += piece.rows
        found.telling += len(by_row)
        found.facts = dict(Counter(found.facts) + Counter(fact.kind for fact in piece.facts))
        found.known += _known(piece.facts)
        found.unreadable_rows += len(piece.unreadable)
        room = KEPT_FAULTS - len(found.unreadable)
        found.unreadable += [_plain(one) for one in piece.unreadable[:room]]
        found.notes += piece.words
        rows = list(by_row.items())[: SHOWN_ROWS - len(found.first)]
        found.first += [[place, [to_plain(fact) for fact in facts]] for place, facts in rows]


def check_now(upload: Upload) -> None:
    """The whole trial."""
    check = Check(upload)
    while not check.step():
        pass
    check.tell()


def _total(content: bytes) -> int | None:
    return None if content[:2] == b"PK" else content.count(b"\n")


def _by_row(facts: Iterable[Fact]) -> dict[str, list[Fact]]:
    """The facts of each row, by its place (``row 7``, ``sheet One, row 7``), whatever part of it they stand on."""
    rows: dict[str, list[Fact]] = {}
    for fact in facts:
        place = ROW.match(fact.source.position)
        rows.setdefault(place[0] if place else fact.source.position, []).append(fact)
    return rows


def _known(facts: Sequence[Fact]) -> int:
    """How many of them are about something that this feed has stated before."""
    statements = [indexed(fact.statement) for fact in facts if fact.key]
    known: set[str] = set()
    for chunk in in_chunks(set(statements)):
        known.update(FactRow.objects.filter(statement__in=chunk).values_list("statement", flat=True))
    return sum(statement in known for statement in statements)


def _plain(one: Unreadable) -> dict[str, str]:
    return {"place": storable(one.place), "reason": storable(one.reason), "mend": storable(one.mend)}
