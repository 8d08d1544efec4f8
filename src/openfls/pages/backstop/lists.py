"""The names behind each count of the backstop, by the slug in the address: ``only`` this finder, ``late`` by it, …"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from openfls.clinical.facts import Finder
from openfls.measures.backstop import Backstop, Found
from openfls.pages.backstop.picture import FINDER_OF_SLUG, words_of_group


@dataclass(frozen=True)
class Listed:
    title: str
    explanation: str
    found: list[Found]


def listed(backstop: Backstop, which: str, what: str) -> Listed | None:
    """The list that an address names, None where there is no such list."""
    if which == "group":
        return _group(backstop, what)
    if which == "number":
        return _number(backstop, what)
    if which == "coded":
        return Listed(
            "Coded at discharge, on no list that a person keeps",
            "Nobody on the wards or in the clinics had these patients on a list; the coders found them.",
            backstop.coded_but_on_no_list,
        )
    if not what:
        return _whole(backstop, which)
    finder = FINDER_OF_SLUG.get(what)
    return _BY_FINDER[which](backstop, finder) if finder and which in _BY_FINDER else None


def _group(backstop: Backstop, what: str) -> Listed | None:
    finders = {FINDER_OF_SLUG.get(slug) for slug in what.split("+")}
    named = frozenset(finder for finder in finders if finder)
    if len(named) != len(finders):
        return None
    found = dict(backstop.overlap).get(named, [])
    return Listed(f"Found by exactly: {words_of_group(named)}", "", found)


def _number(backstop: Backstop, what: str) -> Listed | None:
    """Those seen by exactly so many finders."""
    if not (what.isascii() and what.isdigit()):
        return None
    finders = "one finder only" if what == "1" else f"{what} finders"
    return Listed(f"Found by {finders}", "", [one for one in backstop.found if len(one.finders) == int(what)])


def _whole(backstop: Backstop, which: str) -> Listed | None:
    """All finders together."""
    match which:
        case "seen":
            return Listed("Found by any finder", "", list(backstop.found))
        case "only":
            return Listed("Found by one finder only", "", [one for one in backstop.found if len(one.finders) == 1])
        case "late":
            return Listed("Found late", "Nobody knew in time.", [one for one in backstop.found if one.late])
    return None


def _seen(backstop: Backstop, finder: Finder) -> Listed:
    return Listed(f"Found by {finder}", "Alone or with others.", backstop.by_finder.get(finder, []))


def _only(backstop: Backstop, finder: Finder) -> Listed:
    words = "Without this finder nobody would have known of them."
    return Listed(f"Found by {finder} only", words, backstop.only_by_one.get(finder, []))


def _late(backstop: Backstop, finder: Finder) -> Listed:
    words = "Nobody knew in time; this finder was the first."
    return Listed(f"Found late, by {finder}", words, backstop.late.get(finder, []))


def _missed(backstop: Backstop, finder: Finder) -> Listed:
    words = "What this finder alone would have missed. Some it can't see: an inpatient list sees no outpatient."
    return Listed(f"Not found by {finder}", words, backstop.missed_by(finder))


_BY_FINDER: Mapping[str, Callable[[Backstop, Finder], Listed]] = {
    "seen": _seen,
    "only": _only,
    "late": _late,
    "missed": _missed,
}
