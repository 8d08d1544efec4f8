"""A mapping: what each column of a list means, how it writes dates, which words stand for which value.

Those that come with the program and a hospital's own are gathered by `mappings` and checked by `mapping_files`.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from openfls.clinical.facts import Answer, BodySite, Finder, Setting
from openfls.feeds.csv.dates import DateFormats

# What a column can mean. Those in MANY stand in several numbered columns (Diag_01, Diag_02 …).
MEANINGS = frozenset({
    "list_date", "row_id", "nhs_number", "hospital_number", "family_name", "given_name", "full_name", "birth_date",
    "sex", "postcode", "address", "phone", "practice", "site", "ward", "injury_date", "diagnosis_date",
    "attendance_date", "admission_date", "discharge_date", "surgery_date", "diagnosis", "side", "mechanism",
    "procedure", "pathological", "session", "snomed_code", "opcs4_code", "icd10_codes", "opcs4_codes", "opcs4_dates",
    "admission_method", "discharge_method", "discharge_destination", "medicine", "strength", "dmd_code", "quantity",
    "days_supplied", "medicine_date", "stopped_date", "outcome", "reason", "supplier", "age", "care_home",
    "ethnic_category",
    "contact_date", "assessed_date", "admitted", "fracture_type", "first_bone", "second_bone", "third_bone", "dxa",
    "dxa_not_ordered", "dxa_date", "t_score", "bone_therapy", "falls_assessed", "falls_referrals", "followed_up_16",
    "follow_up_16_date", "bone_therapy_16", "strength_balance", "followed_up_52", "follow_up_52_date",
    "bone_therapy_52", "refractures", "audit_answers", "opted_out", "checked_date",
})  # fmt: skip
MANY = frozenset({"icd10_codes", "opcs4_codes", "opcs4_dates", "audit_answers"})


class Gives(StrEnum):
    """What the rows of a list tell of. An audit record is one fracture with all that was submitted of its care."""

    SIGHTINGS = "sightings"
    PRESCRIPTIONS = "prescriptions"
    SUPPLIES = "supplies"
    DOSES = "doses"
    AUDIT_RECORDS = "audit records"
    OPT_OUTS = "opt-outs"


@dataclass(frozen=True, slots=True)
class Accepted:
    """The headers of a mapping, simplified once: whole ones, and those with a number in them as expressions."""

    whole: dict[str, str]
    numbered: tuple[tuple[re.Pattern[str], str], ...]
    ignored: frozenset[str]

    def meaning(self, plain: str) -> str | None:
        """What a simplified header means, None where the mapping doesn't know it."""
        if plain in self.whole:
            return self.whole[plain]
        return next((meaning for pattern, meaning in self.numbered if pattern.fullmatch(plain)), None)


@dataclass(frozen=True)
class Mapping:
    """One list's mapping, as its file gives it.

    ``gives``: what its rows tell of; a list of medicines or of opt-outs has no ``finder`` and no ``fracture_dates``.
    ``looked_in`` names the record in which a row may say that nothing was found.
    ``columns``: meaning -> headers that are accepted for it. ``needs``: of each group one meaning must have a column.
    ``fracture_dates``: which column dates the fracture, the best first, with what it is the date of.
    ``values``: meaning -> word in a cell (small letters) -> value. ``checked_by`` is None until somebody has.
    """

    name: str
    title: str
    finder: Finder | None
    setting: Setting
    columns: dict[str, tuple[str, ...]]
    needs: tuple[tuple[str, ...], ...]
    fracture_dates: tuple[tuple[str, str], ...]
    dates: DateFormats
    values: dict[str, dict[str, str]]
    ignored: tuple[str, ...]
    delimiter: str | None
    authored_by: str
    authored_on: str
    checked_by: str | None
    body_site_if_unsaid: BodySite = BodySite.UNSPECIFIED
    fracture_if_unsaid: Answer = Answer.UNKNOWN
    gives: Gives = Gives.SIGHTINGS
    looked_in: str = ""

    @cached_property
    def accepted(self) -> Accepted:
        told = [(header, meaning) for meaning, headers in self.columns.items() for header in headers]
        return Accepted(
            whole={simplified(header): meaning for header, meaning in told if "{n}" not in header},
            numbered=tuple((_pattern(header), meaning) for header, meaning in told if "{n}" in header),
            ignored=frozenset(simplified(header) for header in self.ignored),
        )


def _pattern(header: str) -> re.Pattern[str]:
    """The header as an expression: ``Diag_{n}`` fits Diag_01 and DIAG 1."""
    before, _, after = header.partition("{n}")
    return re.compile(simplified(before) + r"0*\d{1,2}" + simplified(after))


def simplified(header: str) -> str:
    """A header without case, spaces and punctuation: ``NHS No.`` and ``nhs_no`` agree."""
    return re.sub(r"[\W_]", "", header.casefold())
