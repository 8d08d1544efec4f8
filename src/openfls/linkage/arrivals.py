"""The error of the doubts that arriving records raise, held against whom they are truly about."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from openfls.clinical.candidates import alike
from openfls.clinical.likeness import Band
from openfls.clinical.likeness_levels import details_of
from openfls.clinical.patients import PatientRecord
from openfls.clinical.people import Doubt, LinkFact, People, people


@dataclass(frozen=True)
class Known:
    """A record with its postcode, and whom it is truly about; empty where nobody can tell."""

    record: PatientRecord
    postcode: str
    truth: str


@dataclass(frozen=True)
class Asked:
    """Doubts of one kind: about one person, or about two."""

    right: int
    wrong: int


@dataclass(frozen=True)
class ArrivalsError:
    """``joined_wrong``: pieces in which two people stand together. ``apart``: pairs of pieces that are one
    person, for someone to be asked about; ``asked``: by the reason to ask. ``missed``: of those apart."""

    records: int
    pieces: int
    joined_wrong: int
    apart: int
    asked: Mapping[str, Asked]
    missed: int


def arrivals_error(known: Iterable[Known], links: Iterable[LinkFact] = ()) -> ArrivalsError:
    """What the program asks once all these records have arrived, in any order."""
    by_key: dict[str, Known] = {}
    truths: dict[str, set[str]] = defaultdict(set)  # two people whose records say the same have one record
    for one in known:
        by_key[one.record.key] = one
        truths[one.record.key] |= {one.truth} - {""}
    details = {key: details_of(one.record, one.postcode) for key, one in by_key.items()}
    found = people([one.record for one in by_key.values()], links, alike(details))
    told = [set().union(*(truths[key] for key in group)) for group in found.groups]
    pieces = Counter(truth for own in told for truth in own)
    apart = sum(count * (count - 1) // 2 for count in pieces.values())
    asked = _asked(found, truths)
    missed = apart - sum(one.right for one in asked.values())
    return ArrivalsError(len(by_key), len(found.groups), sum(len(own) > 1 for own in told), apart, asked, missed)


def _asked(found: People, truths: Mapping[str, set[str]]) -> dict[str, Asked]:
    counted: dict[str, list[bool]] = defaultdict(list)
    group_of = {key: group for group in found.groups for key in group}
    for doubt in found.doubts:
        one, other = (set().union(*(truths[k] for k in group_of[key])) for key in (doubt.left, doubt.right))
        if one and other:
            counted[_reason(doubt)].append(not one.isdisjoint(other))
    return {reason: Asked(sum(answers), len(answers) - sum(answers)) for reason, answers in sorted(counted.items())}


def _reason(doubt: Doubt) -> str:
    """Which of the rules asks; the words are those of `clinical.people`."""
    for band in (Band.VERY_LIKELY, Band.MAY_BE):
        if doubt.because.startswith(band):
            return band.value
    return "the same number" if doubt.because.startswith("the same number") else "the same name and date of birth"

