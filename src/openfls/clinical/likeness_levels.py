"""The levels of likeness of two records: of each detail whether it is the same, a slip of the pen apart, or another.

A detail that one of them lacks has no level: it says nothing. What each level weighs is in `clinical.likeness`. The
same levels in SQL, for whole files, are in `openfls.linkage.settings`; a test holds the two together.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from openfls.clinical.patients import PatientRecord, Sex, matching_name

SAME, DIFFERENT = "the same", "different"
SWAPPED = "given and family name changed places"
SHORT_FORM = "a short form"
ONE_LETTER, TWO_LETTERS = "one letter apart", "two letters apart"
TURNED = "day and month changed places"
ONE_DIGIT, TWO_DIGITS = "one digit apart", "two digits apart"
DISTRICT = "the same district"

LEVELS: Mapping[str, tuple[str, ...]] = {
    "family": (SAME, SWAPPED, ONE_LETTER, TWO_LETTERS, DIFFERENT),
    "given": (SAME, SHORT_FORM, ONE_LETTER, TWO_LETTERS, DIFFERENT),
    "born": (SAME, TURNED, ONE_DIGIT, TWO_DIGITS, DIFFERENT),
    "sex": (SAME, DIFFERENT),
    "postcode": (SAME, ONE_LETTER, DISTRICT, DIFFERENT),
}
LONG_ENOUGH = 5  # letters of either name from which two letters may be slips
INWARD = 3  # characters of a postcode after its district
NO_FIXED_PLACE = "ZZ99"  # the NHS's postcodes for no fixed abode, not known, abroad: they say nothing of where


@dataclass(frozen=True, slots=True)
class Details:
    """What is compared of one record, spelled for comparing; empty where it says nothing. ``born`` is an ISO date."""

    family: str = ""
    given: str = ""
    born: str = ""
    sex: str = ""
    postcode: str = ""


def details_of(record: PatientRecord, postcode: str = "") -> Details:
    family, given = matching_name(record.family_name), matching_name(record.given_name)
    return spelled(family, given, record.birth_date, record.sex, comparable_postcode(postcode))


def spelled(family: str, given: str, born: date | None, sex: str, postcode: str | None) -> Details:
    """From names and postcode that are spelled for comparing already."""
    known_sex = "" if sex == Sex.UNKNOWN else str(sex)
    return Details(family, given, born.isoformat() if born else "", known_sex, postcode or "")


def comparable_postcode(text: str) -> str:
    """In capitals without spaces; empty where the code names no place."""
    plain = "".join(c for c in text.upper() if c.isascii() and c.isalnum())
    return "" if plain.startswith(NO_FIXED_PLACE) else plain


def written_postcode(postcode: str) -> str:
    """A comparable postcode as people write it: ``XA5 7HL``."""
    return f"{district(postcode)} {postcode[-INWARD:]}".strip()


def district(postcode: str) -> str:
    """The outward half of a comparable postcode: ``XA5`` of ``XA57HL``."""
    return postcode[:-INWARD]


# ---- the levels


def family_level(a: Details, b: Details) -> str | None:
    if not (a.family and b.family):
        return None
    if a.family == b.family:
        return SAME
    if a.family == b.given and a.given == b.family:
        return SWAPPED
    return _name_apart(a.family, b.family) or DIFFERENT


def given_level(a: Details, b: Details) -> str | None:
    if not (a.given and b.given):
        return None
    if a.given == b.given:
        return SAME
    if a.given.startswith(b.given) or b.given.startswith(a.given):
        return SHORT_FORM
    return _name_apart(a.given, b.given) or DIFFERENT


def born_level(a: Details, b: Details) -> str | None:
    if not (a.born and b.born):
        return None
    if a.born == b.born:
        return SAME
    if (a.born[:4], a.born[5:7], a.born[8:]) == (b.born[:4], b.born[8:], b.born[5:7]):
        return TURNED
    return {1: ONE_DIGIT, 2: TWO_DIGITS}.get(edits(a.born, b.born), DIFFERENT)


def sex_level(a: Details, b: Details) -> str | None:
    return (SAME if a.sex == b.sex else DIFFERENT) if a.sex and b.sex else None


def postcode_level(a: Details, b: Details) -> str | None:
    if not (a.postcode and b.postcode):
        return None
    if a.postcode == b.postcode:
        return SAME
    if edits(a.postcode, b.postcode) == 1:
        return ONE_LETTER
    return DISTRICT if district(a.postcode) and district(a.postcode) == district(b.postcode) else DIFFERENT


COMPARE: Mapping[str, Callable[[Details, Details], str | None]] = {
    "family": family_level,
    "given": given_level,
    "born": born_level,
    "sex": sex_level,
    "postcode": postcode_level,
}


def _name_apart(a: str, b: str) -> str:
    apart = edits(a, b)
    if apart == 1:
        return ONE_LETTER
    return TWO_LETTERS if apart == 2 and min(len(a), len(b)) >= LONG_ENOUGH else ""


@lru_cache(maxsize=1 << 16)
def edits(a: str, b: str) -> int:
    """Letters to put in, leave out or change (Levenshtein), counted to 3, which stands for more.

    Counted over bytes, as the engines that read whole files do: an accented letter that `matching_name` left is two.
    """
    one, other = a.encode(), b.encode()
    if abs(len(one) - len(other)) > 2:
        return 3
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        before, row[0] = row[0], i
        for j, against in enumerate(other, start=1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (letter != against))
        if min(row) > 2:
            return 3
    return min(row[-1], 3)
