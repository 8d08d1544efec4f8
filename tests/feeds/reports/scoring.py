"""How well the reader of reports reads a challenge file: ``python -m tests.feeds.reports.scoring FILE [--errors]``.

A file holds one text a line: ``{"id", "kind": "sentence" | "report", "text", "mentions": [{"evidence", "site",
"levels", "side", "acuity", "certainty", "subject"}]}``. The evidence is a piece of the text; where it stands more than
once, the next place after the mention before is meant. A mention that was read and one that was expected match where
their evidence overlaps.
"""

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from math import nan
from pathlib import Path
from typing import Any

from openfls.clinical.facts import BodySite
from openfls.feeds.reports import Certainty, Mention, Subject, read_text
from openfls.measures.intervals import Interval, wilson

CHALLENGE = Path(__file__).parent / "challenge"
ATTRIBUTES = ("site", "levels", "side", "acuity", "certainty", "subject")
OF_CLAIMS = frozenset({"site", "levels", "side", "acuity"})  # what a denial need not say


@dataclass(frozen=True, slots=True)
class Expected:
    """A mention that a person has marked."""

    start: int
    end: int
    site: str
    levels: tuple[str, ...]
    side: str
    acuity: str
    certainty: str
    subject: str

    @property
    def claims(self) -> bool:
        """It says that the patient has, or may have, a fracture."""
        return self.certainty != Certainty.NEGATED and self.subject == Subject.PATIENT


@dataclass(frozen=True, slots=True)
class Row:
    id: str
    kind: str
    text: str
    expected: tuple[Expected, ...]


@dataclass(slots=True)
class Confusion:
    """Texts by what they are and what was read."""

    hits: int = 0
    misses: int = 0
    false_alarms: int = 0
    rightly_none: int = 0

    def add(self, truth: bool, read: bool) -> None:
        name = ("rightly_none", "false_alarms", "misses", "hits")[2 * truth + read]
        setattr(self, name, getattr(self, name) + 1)

    @property
    def sensitivity(self) -> Interval | None:
        return wilson(self.hits, self.hits + self.misses)

    @property
    def specificity(self) -> Interval | None:
        return wilson(self.rightly_none, self.rightly_none + self.false_alarms)

    @property
    def ppv(self) -> Interval | None:
        return wilson(self.hits, self.hits + self.false_alarms)

    @property
    def f1(self) -> float:
        whole = 2 * self.hits + self.misses + self.false_alarms
        return 2 * self.hits / whole if whole else nan


@dataclass(slots=True)
class Scores:
    """``present``: the text speaks of a fracture that the patient has or may have; ``vertebral``: of a vertebra.

    ``found`` and ``read_rightly``: of the mentions expected, and read, those that match one. ``right``: of matched
    mentions, those in which an attribute is right, of how many.
    """

    present: Confusion = field(default_factory=Confusion)
    vertebral: Confusion = field(default_factory=Confusion)
    found: Counter[bool] = field(default_factory=Counter)
    read_rightly: Counter[bool] = field(default_factory=Counter)
    right: dict[str, Counter[bool]] = field(default_factory=lambda: {name: Counter() for name in ATTRIBUTES})

    def share(self, attribute: str) -> Interval | None:
        counted = self.right[attribute]
        return wilson(counted[True], counted.total())


def rows_of(file: Path) -> Iterator[Row]:
    for line in file.read_text(encoding="utf-8").splitlines():
        if line.strip():
            told = json.loads(line)
            yield Row(told["id"], told["kind"], told["text"], tuple(_expected(told["text"], told["mentions"])))


def _expected(text: str, mentions: Iterable[dict[str, Any]]) -> Iterator[Expected]:
    after = 0
    for told in mentions:
        start = text.find(told["evidence"], after)
        start = start if start >= 0 else text.find(told["evidence"])
        if start < 0:
            raise ValueError(f"the text does not hold the evidence {told['evidence']!r}")
        end = after = start + len(told["evidence"])
        yield Expected(
            start, end, told["site"], tuple(told["levels"]), told["side"], told["acuity"], told["certainty"],
            told["subject"],
        )  # fmt: skip


Read = Callable[[str], tuple[Mention, ...]]


def score(rows: Iterable[Row], read: Read = read_text, on_error: Callable[[Row, str], None] | None = None) -> Scores:
    """The figures over all rows; ``on_error`` hears of whatever is read otherwise than expected."""
    scores = Scores()
    for row in rows:
        mentions = read(row.text)
        _of_text(scores, row, mentions, on_error)
        _of_mentions(scores, row, mentions, on_error)
    return scores


def _of_text(scores: Scores, row: Row, mentions: tuple[Mention, ...], on_error: Any) -> None:
    for confusion, name, vertebral in ((scores.present, "a fracture", False), (scores.vertebral, "a vertebra", True)):
        truth = any(one.claims and (not vertebral or one.site == BodySite.SPINE) for one in row.expected)
        told = any(one.claims and (not vertebral or one.body_site is BodySite.SPINE) for one in mentions)
        confusion.add(truth, told)
        if on_error and truth is not told:
            on_error(row, f"TEXT {'misses' if truth else 'wrongly sees'} {name}")


def _of_mentions(scores: Scores, row: Row, mentions: tuple[Mention, ...], on_error: Any) -> None:
    for one in row.expected:
        match = max(mentions, key=lambda m: _overlap(one, m), default=None)
        matched = match is not None and _overlap(one, match) > 0
        scores.found[matched] += 1
        if match is not None and matched:
            _of_pair(scores, row, one, match, on_error)
        elif on_error:
            on_error(row, f"not found: {row.text[one.start : one.end]!r} ({one.certainty})")
    for mention in mentions:
        matched = any(_overlap(one, mention) > 0 for one in row.expected)
        scores.read_rightly[matched] += 1
        if on_error and not matched:
            on_error(row, f"not expected: {row.text[mention.start : mention.end]!r} ({mention.certainty})")


def _of_pair(scores: Scores, row: Row, one: Expected, match: Mention, on_error: Any) -> None:
    told = {
        "site": match.body_site.value, "levels": match.levels, "side": match.side.value, "acuity": match.acuity.value,
        "certainty": match.certainty.value, "subject": match.subject.value,
    }  # fmt: skip
    for name in ATTRIBUTES:
        if name in OF_CLAIMS and not (one.claims and match.claims):
            continue
        right = told[name] == getattr(one, name)
        scores.right[name][right] += 1
        if on_error and not right:
            on_error(row, f"{name}: {told[name]!r}, expected {getattr(one, name)!r}: {row.text[one.start : one.end]!r}")


def _overlap(one: Expected, mention: Mention) -> int:
    return min(one.end, mention.end) - max(one.start, mention.start)


def lines(scores: Scores) -> Iterator[str]:
    """The figures for people."""
    for name, confusion in (("a fracture of the patient", scores.present), ("a vertebral fracture", scores.vertebral)):
        told = [f"{what} {_percent(getattr(confusion, what))}" for what in ("sensitivity", "specificity", "ppv")]
        yield f"{name}: {', '.join(told)}, F1 {confusion.f1:.3f}"
    for name, counted in (
        ("expected mentions found", scores.found),
        ("mentions read that were expected", scores.read_rightly),
    ):
        yield f"{name}: {_percent(wilson(counted[True], counted.total()))} of {counted.total()}"
    for name in ATTRIBUTES:
        yield f"{name} right: {_percent(scores.share(name))} of {scores.right[name].total()}"


def _percent(share: Interval | None) -> str:
    return f"{share.value:.1%} ({share.low:.1%} to {share.high:.1%})" if share else "of nothing"


def _print_error(row: Row, words: str) -> None:
    print(f"{row.id} {words}   [{row.text[:150]!r}]" if len(row.text) < 150 else f"{row.id} {words}")


if __name__ == "__main__":
    asked = [Path(word) for word in sys.argv[1:] if not word.startswith("--")] or [CHALLENGE / "building.jsonl"]
    for told_file in asked:
        figures = score(rows_of(told_file), on_error=_print_error if "--errors" in sys.argv else None)
        print(told_file.name, *lines(figures), sep="\n  ")
