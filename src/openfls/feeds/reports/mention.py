"""What is told of one mention of a fracture in a report."""

from dataclasses import dataclass
from enum import StrEnum

from openfls.clinical.facts import BodySite, Side


class Acuity(StrEnum):
    NEW = "new"
    OLD = "old"
    INDETERMINATE = "indeterminate"


class Certainty(StrEnum):
    DEFINITE = "definite"
    SUSPECTED = "suspected"
    NEGATED = "negated"


class Subject(StrEnum):
    PATIENT = "patient"
    FAMILY = "family"


@dataclass(frozen=True, slots=True)
class Mention:
    """One mention of a fracture. ``start`` and ``end`` are its place in the text; ``words`` is its sentence.

    ``known``: the report says that it was there before. ``asked``: it stands in the requester's words, no finding.
    ``part`` of the femur: subtrochanteric or shaft. ``marks``: pathological, periprosthetic, stress …
    """

    start: int
    end: int
    words: str
    body_site: BodySite
    levels: tuple[str, ...] = ()
    side: Side = Side.UNKNOWN
    acuity: Acuity = Acuity.INDETERMINATE
    certainty: Certainty = Certainty.DEFINITE
    subject: Subject = Subject.PATIENT
    known: bool = False
    asked: bool = False
    part: str = ""
    marks: tuple[str, ...] = ()

    @property
    def claims(self) -> bool:
        """It says that the patient has, or may have, a fracture."""
        return self.certainty is not Certainty.NEGATED and self.subject is Subject.PATIENT

    @property
    def may_be_atypical(self) -> bool:
        """A subtrochanteric or shaft fracture of the femur, which antiresorptive treatment can cause."""
        return self.body_site is BodySite.FEMUR and (bool(self.part) or "atypical" in self.marks)


@dataclass(slots=True)
class Draft:
    """A mention while what its sentence leaves out is filled in.

    ``age_said``: in words. ``of_vertebra``: its words are those of a vertebra that has lost its shape.
    """

    start: int
    end: int
    site: BodySite
    levels: tuple[str, ...]
    side: Side
    acuity: Acuity
    known: bool
    age_said: bool
    certainty: Certainty
    family: bool
    of_vertebra: bool
    part: str
    marks: tuple[str, ...]
    asked: bool = False

    @property
    def claims(self) -> bool:
        return self.certainty is not Certainty.NEGATED and not self.family

    def mention(self, words: str) -> Mention:
        subject = Subject.FAMILY if self.family else Subject.PATIENT
        return Mention(
            self.start, self.end, words, self.site, self.levels, self.side, self.acuity, self.certainty, subject,
            self.known, self.asked, self.part, self.marks,
        )  # fmt: skip
