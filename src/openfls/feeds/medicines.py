"""What every feed asks of a medicine: whether it is a bone drug, and which. Other medicines give no facts, by rule."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from openfls.clinical.bone_drugs import bone_drug
from openfls.clinical.codes import Code
from openfls.clinical.facts import Answer

LONGEST_WORDS = 200  # letters of what the source wrote
MOST_DAYS = 1000  # days supplied at once; more is a slip of the keyboard
OTHERS_LEFT_OUT = "medicines that are no bone drugs were passed over by rule"
NAMELESS = "the medicine has no name, and its code is on no list of bone drugs."


@dataclass(frozen=True, slots=True)
class Medicine:
    """A medicine that is, or may be, a bone drug. ``drug``: its name in the list, else as the source wrote it."""

    drug: str
    bone_drug: Answer
    codes: tuple[Code, ...]
    words: str

    @property
    def nameless(self) -> bool:
        """Neither a name nor a listed code: nobody can tell what it is."""
        return not self.drug and self.bone_drug is Answer.UNKNOWN

    def said(self) -> dict[str, Any]:
        """What each fact of this medicine says."""
        return {"drug": self.drug, "bone_drug": self.bone_drug, "codes": self.codes, "words": self.words}


def medicine(codes: Iterable[Code], words: str) -> Medicine | None:
    """The bone drug that these codes and words name, or may name; None for another medicine."""
    codes = tuple(codes)
    found = bone_drug(codes, words)
    if found.answer is Answer.NO:
        return None
    wrote = (words or next((code.display for code in codes if code.display), ""))[:LONGEST_WORDS]
    return Medicine(found.drug or wrote, found.answer, codes, wrote)


def with_strength(name: str, amount: str, unit: str) -> str:
    """The name with its strength, unless it holds a number already: ``Alendronic acid`` and 70 mg."""
    if not name or not amount or not unit or re.search(r"\d", name):
        return name
    return f"{name} {amount} {unit}"
