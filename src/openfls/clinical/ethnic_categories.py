"""Ethnic category: which of the national categories a person named, and the broad group that it belongs to.

It serves one question, whether care falls short for some groups: no rule of care reads it, and records are never linked
by it. What no source says is *not known*; of a person who was asked and chose not to say it is *not stated*, an answer
of its own. Nothing is guessed, neither from a name nor from words that come near a category's.

Source: NHS Data Dictionary, ETHNIC CATEGORY: the 16+1 categories of the 2001 census, and the default code 99 (Change
Request 406, 2004). As read in November 2026.
"""

import re
from collections.abc import Iterable
from enum import StrEnum


class EthnicGroup(StrEnum):
    """The headings under which the Data Dictionary lists the categories, and the two ways of having none."""

    WHITE = "White"
    MIXED = "Mixed"
    ASIAN = "Asian or Asian British"
    BLACK = "Black or Black British"
    OTHER = "Other Ethnic Groups"
    NOT_STATED = "not stated"
    NOT_KNOWN = "not known"


class EthnicCategory(StrEnum):
    """A category by its national code."""

    BRITISH = "A"
    IRISH = "B"
    OTHER_WHITE = "C"
    WHITE_AND_BLACK_CARIBBEAN = "D"
    WHITE_AND_BLACK_AFRICAN = "E"
    WHITE_AND_ASIAN = "F"
    OTHER_MIXED = "G"
    INDIAN = "H"
    PAKISTANI = "J"
    BANGLADESHI = "K"
    OTHER_ASIAN = "L"
    CARIBBEAN = "M"
    AFRICAN = "N"
    OTHER_BLACK = "P"
    CHINESE = "R"
    ANY_OTHER = "S"
    NOT_STATED = "Z"
    NOT_KNOWN = "99"

    @property
    def group(self) -> EthnicGroup:
        return _DESCRIBED[self][0]

    @property
    def words(self) -> str:
        """As the Data Dictionary describes it: ``Mixed - White and Asian``."""
        group, within = _DESCRIBED[self]
        return f"{group} - {within}" if within else group.capitalize()


_DESCRIBED: dict[EthnicCategory, tuple[EthnicGroup, str]] = {
    EthnicCategory.BRITISH: (EthnicGroup.WHITE, "British"),
    EthnicCategory.IRISH: (EthnicGroup.WHITE, "Irish"),
    EthnicCategory.OTHER_WHITE: (EthnicGroup.WHITE, "Any other White background"),
    EthnicCategory.WHITE_AND_BLACK_CARIBBEAN: (EthnicGroup.MIXED, "White and Black Caribbean"),
    EthnicCategory.WHITE_AND_BLACK_AFRICAN: (EthnicGroup.MIXED, "White and Black African"),
    EthnicCategory.WHITE_AND_ASIAN: (EthnicGroup.MIXED, "White and Asian"),
    EthnicCategory.OTHER_MIXED: (EthnicGroup.MIXED, "Any other mixed background"),
    EthnicCategory.INDIAN: (EthnicGroup.ASIAN, "Indian"),
    EthnicCategory.PAKISTANI: (EthnicGroup.ASIAN, "Pakistani"),
    EthnicCategory.BANGLADESHI: (EthnicGroup.ASIAN, "Bangladeshi"),
    EthnicCategory.OTHER_ASIAN: (EthnicGroup.ASIAN, "Any other Asian background"),
    EthnicCategory.CARIBBEAN: (EthnicGroup.BLACK, "Caribbean"),
    EthnicCategory.AFRICAN: (EthnicGroup.BLACK, "African"),
    EthnicCategory.OTHER_BLACK: (EthnicGroup.BLACK, "Any other Black background"),
    EthnicCategory.CHINESE: (EthnicGroup.OTHER, "Chinese"),
    EthnicCategory.ANY_OTHER: (EthnicGroup.OTHER, "Any other ethnic group"),
    EthnicCategory.NOT_STATED: (EthnicGroup.NOT_STATED, ""),
    EthnicCategory.NOT_KNOWN: (EthnicGroup.NOT_KNOWN, ""),
}

# The second of the two characters is for local use and must be "able to be grouped" with the first. Letters are taken
# only behind the categories that local lists subdivide: NK, NA and NS are how people write not known, not asked and
# not stated, and none of them means African.
_WITH_LOCAL_PART = re.compile(r"([A-HJ-NPRSZ])[0-9]|([CGLPS])[A-Z]")


def ethnic_category(written: str) -> EthnicCategory | None:
    """The category that a source wrote, by its national code or in the Data Dictionary's own words; None where what it
    wrote is neither."""
    text = _plain(written)
    if found := _BY_TEXT.get(text):
        return found
    divided = _WITH_LOCAL_PART.fullmatch(text.upper())
    return EthnicCategory(divided[1] or divided[2]) if divided else None


def settled(read: Iterable[EthnicCategory | None]) -> EthnicCategory | None:
    """What a field says whose codes were read so; None where none of them is a category, or two are that differ."""
    told = set(read) or {EthnicCategory.NOT_KNOWN}
    known = told - {None, EthnicCategory.NOT_KNOWN}
    if not known and EthnicCategory.NOT_KNOWN in told:
        return EthnicCategory.NOT_KNOWN
    return known.pop() if len(known) == 1 else None


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", " ", text).strip().casefold()


_BY_TEXT = {
    _plain(text): category
    for category, (_, within) in _DESCRIBED.items()
    for text in (category.value, category.words, within)
    if text
}
