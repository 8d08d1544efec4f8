"""A site's own standard from its file: the same declaration and tree as those of the rulebook, written as JSON.

What is wrong is told with what, where in the file (``counts.all[1].recorded``) and how to mend it; a file with a fault
makes no standard. Nothing here runs what a file says: it is read into the closed set of expressions.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from openfls.clinical.bands import Bands, Edge
from openfls.clinical.expressions import All
from openfls.clinical.own_trees import (
    Plain,
    Wrong,
    day,
    expression,
    many,
    moment,
    name_of,
    object_of,
    one_of,
    recorded,
    truth,
    unknown,
    window_from_index,
    words,
)
from openfls.clinical.rulebook import BY_NAME
from openfls.clinical.standards import ENROLLED, Direction, Family, Standard, Step

LONGEST = 64 * 1024  # characters
WORDS = ("title", "why", "source", "edition", "authored_by")
NEEDED = ("name", *WORDS, "step", "counts", "met_by", "window", "next_review")
OPTIONAL = ("excludes", "late_until", "makes_task", "direction", "bands", "choices", "checked_by", "notes", "sites")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a file, where in it, and how to mend it."""

    place: str
    reason: str
    mend: str

    def __str__(self) -> str:
        return f"{self.place}: {self.reason} {self.mend}"


@dataclass(frozen=True, slots=True)
class OwnStandard:
    """``sites``: the codes for which it holds; empty for every site of this installation."""

    standard: Standard
    sites: frozenset[str] = frozenset()

    def holds_at(self, site: str | None) -> bool:
        return not self.sites or site in self.sites


def read(text: str, place: str) -> OwnStandard | list[Fault]:
    """The standard of a file, or all that is wrong with it, a fault for each entry."""
    if len(text) > LONGEST:
        return [Fault(place, f"It is longer than {LONGEST} characters.", "A standard is a page at most.")]
    try:
        plain = json.loads(text)
    except (ValueError, RecursionError) as error:
        return [Fault(place, f"It is no JSON: {error}.", "Mend it there; an editor for JSON helps.")]
    if not isinstance(plain, dict):
        return [Fault(place, "It holds no JSON object.", "Begin it from the example in the how-to page.")]
    faults: list[Wrong] = []
    read_entries = {name: _tried(read_entry, plain, name, faults) for name, read_entry in ENTRIES.items()}
    faults += unknown(plain, (*NEEDED, *OPTIONAL), "")
    if not faults:
        faults += _contradictions(read_entries)
    if faults:
        return [Fault(f"{place}, {wrong.at}", wrong.reason, wrong.mend) for wrong in faults]
    sites = frozenset(read_entries.pop("sites") or ())
    given = {name: value for name, value in read_entries.items() if value is not None}
    return OwnStandard(Standard(family=Family.OWN, **given), sites)


def _tried(read_entry: Callable[[Any, str], Any], plain: Plain, name: str, faults: list[Wrong]) -> Any:
    if name not in plain:
        if name in NEEDED:
            faults.append(Wrong(name, "It is missing.", "Every standard says it."))
        return None
    try:
        return read_entry(plain[name], name)
    except Wrong as wrong:
        faults.append(wrong)
    except RecursionError:
        faults.append(Wrong(name, "It is nested too deeply.", "Say it with fewer levels."))
    return None


def _contradictions(entries: Plain) -> list[Wrong]:
    faults = []
    if entries["name"] in BY_NAME:
        faults.append(Wrong("name", f"{entries['name']!r} comes with the program.", "Choose another name."))
    counts = entries["counts"]
    if counts != ENROLLED and not (isinstance(counts, All) and ENROLLED in counts.parts):
        mend = 'Write {"all": ["enrolled", …]}, so that nobody is asked whom the service has not taken.'
        faults.append(Wrong("counts", "It does not begin with enrolment.", mend))
    if entries["window"].closes is None:
        faults.append(Wrong("window", "It has no closing day, so nothing ever falls due.", 'Add "closes".'))
    return faults


def _bands(value: Any, at: str) -> Bands:
    plain = object_of(value, at, ("green", "red", "lower_is_better", "choice"))
    green, red = (_percent(plain.get(edge), f"{at}.{edge}") for edge in ("green", "red"))
    lower = truth(plain.get("lower_is_better", False), f"{at}.lower_is_better")
    if (green < red) is not lower and green != red:
        raise Wrong(at, f"Green from {green:g} and red from {red:g} cross.", "Let amber lie between them.")
    choice = plain.get("choice", "green holds its own edge, red doesn't")
    return Bands(Edge(green), Edge(red, included=False), "by the site itself", words(choice, f"{at}.choice"), lower)


def _percent(value: Any, at: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 100:
        raise Wrong(at, f"It holds {value!r}.", "Write percent, from 0 to 100.")
    return float(value)


ENTRIES: Mapping[str, Callable[[Any, str], Any]] = {
    "name": name_of,
    **dict.fromkeys(WORDS, words),
    "step": one_of(Step),
    "counts": expression,
    "met_by": many(recorded),
    "window": window_from_index,
    "next_review": day,
    "excludes": expression,
    "late_until": moment,
    "makes_task": truth,
    "direction": one_of(Direction),
    "bands": _bands,
    "choices": many(words),
    "checked_by": words,
    "notes": words,
    "sites": many(words),
}
