"""Which records are worth comparing: those that share a *block*, a rough detail that survives most slips of the pen.

Comparing everybody with everybody is out of reach. A record has a handful of blocks; two records without one in common
are never compared. A block that too many records share (a date of birth that a system puts where it has none) tells
nobody apart: it is *crowded*, compares nobody, and is shown to people as such.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from itertools import combinations

from openfls.clinical.likeness import WEIGHTS, Likeness, Weights, in_words, weigh
from openfls.clinical.likeness_levels import Details

CROWDED_FROM = 101  # records in one block: from here on it says too little, and comparing would take too long
SOUNDS = str.maketrans("bfpvcgjkqsxzdtlmnr", "111122222222334556")
SILENT_LETTERS = "aeiouyhw"


def blocks(details: Details) -> tuple[str, ...]:
    """The blocks of a record, in words, each once."""
    born, day = details.born, "-".join(sorted((details.born[5:7], details.born[8:])))
    family, given = details.family, details.given
    initials = sorted({name[0] for name in (family, given) if name})
    found = [f"born {born}, a name in {letter.upper()}" for letter in initials if born]
    found += [f"postcode {details.postcode}, a name in {letter.upper()}" for letter in initials if details.postcode]
    if family and given and born:
        one, other = sorted((family, given))
        found.append(f"a family name like {sound(family)}, given name in {given[0].upper()}, born in {born[:4]}")
        found.append(f"named {one} {other}, born on {day} of a year")
    return tuple(found)


def block_number(words: str) -> int:
    """A block as a whole number of 64 bits with a sign, as a database holds it."""
    return int.from_bytes(blake2b(words.encode(), digest_size=8).digest(), "big", signed=True)


def sound(name: str) -> str:
    """How a name sounds, roughly: its first letter and the first three consonant sounds after it (as Soundex)."""
    codes: list[str] = []
    last = name[:1].translate(SOUNDS)
    for letter in name[1:]:
        code = letter.translate(SOUNDS) if letter not in SILENT_LETTERS else ""
        if code.isdigit() and code != last:
            codes.append(code)
        if letter not in "hw":
            last = code
    return (name[:1].upper() + "".join(codes) + "000")[:4]


def candidates(details: Mapping[str, Details]) -> Iterator[tuple[str, str]]:
    """Each two records, by key, that share a block which isn't crowded; the smaller key first, each pair once."""
    seen: set[tuple[str, str]] = set()
    for members in _by_block(details).values():
        if len(members) < CROWDED_FROM:
            pairs = set(combinations(sorted(members), 2)) - seen
            seen |= pairs
            yield from pairs


def crowded(details: Mapping[str, Details]) -> dict[str, int]:
    """The crowded blocks in words, and how many records each holds."""
    return {words: len(members) for words, members in _by_block(details).items() if len(members) >= CROWDED_FROM}


def _by_block(details: Mapping[str, Details]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for key, one in details.items():
        for words in blocks(one):
            found[words].append(key)
    return found


@dataclass(frozen=True, slots=True)
class Alike:
    """Two records, the smaller key first, that are alike enough to ask about."""

    left: str
    right: str
    likeness: Likeness
    because: str


def alike(details: Mapping[str, Details], weights: Weights = WEIGHTS) -> Iterator[Alike]:
    """Of all these records the pairs to ask about, as `compared` finds them."""
    return compared(candidates(details), details, weights)


def compared(
    pairs: Iterable[tuple[str, str]], details: Mapping[str, Details], weights: Weights = WEIGHTS
) -> Iterator[Alike]:
    """Those of the pairs whose likeness reaches the lower threshold."""
    for left, right in pairs:
        found = weigh(details[left], details[right], weights)
        if found.probability >= weights.lower:
            yield Alike(left, right, found, in_words(found, weights))
