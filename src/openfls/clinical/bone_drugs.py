"""Which medicines are bone drugs: by ATC code, by name, by the few RxNorm ids met. Reviewed data, with its source.

Everything here waits for a pharmacist's check. dm+d ids are licensed and not at hand: such a medicine is known by the
name that stands beside its code, and one with neither name nor listed code is *unknown*, never "no".
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from openfls.clinical.codes import Atc, Code, RxNorm
from openfls.clinical.facts import Answer

SOURCE = "FLS-DB dataset field 4.01 (drug names); WHO ATC index; NICE technology appraisals 161, 204, 464, 791, 991"
EDITION = "FLS-DB 2024 values; ATC 2026"


@dataclass(frozen=True, slots=True)
class BoneDrug:
    """Whether a medicine is a drug for osteoporosis, which one, and because of what."""

    answer: Answer
    drug: str = ""
    because: str = ""


@dataclass(frozen=True, slots=True)
class Medicine:
    """One drug of the table. ``answer`` is unknown where it is given for other reasons about as often."""

    name: str
    atc: tuple[str, ...]
    words: str  # generic name and brands, a pattern of lower-case words
    answer: Answer = Answer.YES


MEDICINES = (
    Medicine("alendronate", ("M05BA04", "M05BB03", "M05BB05"), r"alendron\w*|fosamax|fosavance|binosto"),
    Medicine("risedronate", ("M05BA07",), r"risedron\w*|actonel"),
    Medicine("ibandronate", ("M05BA06",), r"ibandron\w*|bonviva|boniva"),
    Medicine("zoledronate", ("M05BA08",), r"zoledron\w*|aclasta|reclast"),
    Medicine("denosumab", ("M05BX04",), r"denosumab\w*|prolia"),
    Medicine("romosozumab", ("M05BX06",), r"romosozumab\w*|evenity"),
    Medicine("teriparatide", ("H05AA02",), r"teriparatide|forsteo|forteo|movymia|terrosa|sondelbay"),
    Medicine("abaloparatide", ("H05AA04",), r"abaloparatide|eladynos|tymlos"),
    Medicine("raloxifene", ("G03XC01",), r"raloxifene|evista"),
    Medicine("strontium ranelate", ("M05BX03",), r"strontium ranelate"),
    Medicine("alfacalcidol", ("A11CC03",), r"alfacalcidol|one-alpha", Answer.UNKNOWN),  # kidney disease too
    Medicine(
        "systemic oestrogens",
        ("G03CA", "G03FA"),
        r"(?<!ethinyl )o?estradiol|conjugated o?estrogens|tibolone",
        Answer.UNKNOWN,
    ),
)
# The same substances in the strengths of oncology; whether for bone disease of osteoporosis nobody says.
ONCOLOGY = re.compile(r"xgeva|zometa|bondronat|denosumab\w* 120 ?mg|zoledron\w*(?: acid)? 4 ?mg", re.IGNORECASE)
RXNORM = {"904419": "alendronate"}  # met in the Synthea generator's records

_BY_ATC = {code: medicine for medicine in MEDICINES for code in medicine.atc}
_BY_NAME = {medicine.name: medicine for medicine in MEDICINES}
_WORDS = tuple((medicine, re.compile(rf"\b(?:{medicine.words})\b", re.IGNORECASE)) for medicine in MEDICINES)
_ANY_WORD = re.compile("|".join(f"(?:{m.words})" for m in MEDICINES) + f"|{ONCOLOGY.pattern}", re.IGNORECASE)


def bone_drug(codes: Iterable[Code], name: str = "") -> BoneDrug:
    """Whether a medicine with these codes and this name is a drug for osteoporosis.

    Yes by a listed code or name; no where its name (or a code's words) names something else; unknown for a drug of
    several uses and for a medicine that gives neither a name nor a listed code.
    """
    codes = tuple(codes)
    words = " ".join(filter(None, [name, *(code.display for code in codes)]))
    named = _by_code(codes) or _by_words(words)
    if ONCOLOGY.search(words):
        return BoneDrug(Answer.UNKNOWN, named.name if named else "", f"{words}: a strength used in cancer")
    if named:
        return BoneDrug(named.answer, named.name, f"{words or codes[0]}: {named.name}")
    if words:
        return BoneDrug(Answer.NO, "", f"{words}: not on the list of bone drugs")
    return BoneDrug(Answer.UNKNOWN, "", "no name, and no code that the list knows")


def _by_code(codes: tuple[Code, ...]) -> Medicine | None:
    for code in codes:
        if isinstance(code, Atc) and (found := _BY_ATC.get(code.value) or _BY_ATC.get(code.value[:5])):
            return found
        if isinstance(code, RxNorm) and code.value in RXNORM:
            return _BY_NAME[RXNORM[code.value]]
    return None


def _by_words(words: str) -> Medicine | None:
    if not _ANY_WORD.search(words):
        return None
    return next((medicine for medicine, pattern in _WORDS if pattern.search(words)), None)
