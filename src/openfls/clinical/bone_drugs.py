"""Which medicines are bone drugs: by ATC, dm+d or SNOMED CT code, by name. Reviewed data, with its source.

Everything here waits for a pharmacist's check. The dm+d ids are those of a public code list; others are licensed and
not at hand: such a medicine is known by the name that stands beside its code, and one with neither name nor listed
code is *unknown*, never "no".
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache

from openfls.clinical.codes import Atc, Code, Dmd, RxNorm, Snomed
from openfls.clinical.facts import Answer

SOURCE = "FLS-DB dataset field 4.01 (drug names); WHO ATC index; NICE technology appraisals 161, 204, 464, 791, 991"
EDITION = "FLS-DB 2024 values; ATC 2026"
DMD_SOURCE = "University of Manchester, gm-sde code set bisphosphonates/1 (ee258c8): the first code of each product"


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
    words: str  # generic name, brands and slips of the pen, a pattern of lower-case words
    answer: Answer = Answer.YES
    dmd: tuple[str, ...] = ()  # of virtual medicinal products


MEDICINES = (
    Medicine(
        "alendronate",
        ("M05BA04", "M05BB03", "M05BB05"),
        r"al[ea]ndr[oe]n\w*|alendranate|fosamax|fosavance|binosto|bentexo",
        dmd=(
            "39731311000001108",  # 70 mg tablets
            "39728011000001102",  # 10 mg tablets
            "39730811000001107",  # 5 mg tablets
            "9526611000001107",  # 70 mg with colecalciferol 70 micrograms
            "36508211000001106",  # 70 mg with colecalciferol 140 micrograms
            "30317811000001101",  # 70 mg effervescent tablets
            "15166911000001107",  # 70 mg/5 ml oral solution
            "18683211000001101",  # 70 mg/100 ml oral solution
            "20920711000001107",  # 70 mg/75 ml oral solution
            "15631411000001101",  # 35 mg/5 ml oral solution
        ),
    ),
    Medicine(
        "risedronate",
        ("M05BA07",),
        r"r[ie]s[ei]n?dron\w*|actonel",
        dmd=(
            "408027002",  # 35 mg tablets
            "325983009",  # 5 mg tablets
            "13210711000001100",  # 35 mg tablets with calcium and vitamin D sachets
            "16131211000001104",  # 35 mg/5 ml oral solution
            "16131311000001107",  # 35 mg/5 ml oral suspension
        ),
    ),
    Medicine(
        "ibandronate",
        ("M05BA06",),
        r"ibandron\w*|ibrandron\w*|bonviva|boniva|quodixor",
        dmd=("9553111000001105", "39716211000001101"),  # 150 mg tablets; 3 mg/3 ml syringes
    ),
    Medicine(
        "zoledronate",
        ("M05BA08",),
        r"zol(?:en|an|e)dron\w*|aclasta|reclast",
        dmd=("39720811000001105", "24055311000001109", "28991011000001109"),  # 5 mg/100 ml: bottles, vials, bags
    ),
    Medicine(
        "denosumab",
        ("M05BX04",),
        r"den[ou]s[uo]m[au]b\w*|prolia|prolea|jubbonti|stoboclo|ospomyv|obodence|conexxence|junod|osvyrti|izamby|evfraxy",
        dmd=("17313111000001106",),  # 60 mg/1 ml syringes
    ),
    Medicine(
        "romosozumab",
        ("M05BX06",),
        r"romos[ou]zumab\w*|evenity",
        dmd=("38196311000001101",),  # 105 mg/1.17 ml pens
    ),
    Medicine(
        "teriparatide",
        ("H05AA02",),
        r"terip[ae]r[ae]tide|forsteo|forteo|movymia|terrosa|sondelbay|livogiva|kauliv",
    ),
    Medicine("abaloparatide", ("H05AA04",), r"abaloparatide|eladynos|tymlos"),
    Medicine("raloxifene", ("G03XC01",), r"raloxifen\w*|evista|optruma"),
    Medicine(
        "strontium ranelate",
        ("M05BX03",),
        r"strontium ranelate|protelos",
        dmd=("8175711000001101",),  # 2 g sachets
    ),
    Medicine("alfacalcidol", ("A11CC03",), r"alfacalcidol|one-alpha", Answer.UNKNOWN),  # kidney disease too
    Medicine(
        "systemic oestrogens",
        ("G03CA", "G03FA"),
        r"(?<!ethinyl )o?estradiol|conjugated o?estrogens|tibolone",
        Answer.UNKNOWN,
    ),
    # Given for tumours, Paget's disease or high calcium as well, and not among the values of field 4.01.
    Medicine("etidronate", ("M05BA01", "M05BB01"), r"etidron\w*|didronel", Answer.UNKNOWN),
    Medicine("pamidronate", ("M05BA03",), r"pamidron\w*|aredia", Answer.UNKNOWN),
    Medicine("clodronate", ("M05BA02",), r"clodron\w*|bonefos|clasteon|loron", Answer.UNKNOWN),
    Medicine("calcitonin", ("H05BA01",), r"calcitonin|miacalcic", Answer.UNKNOWN),
)
# The same substances in strengths for something else (tumours, Paget's disease); for what in this patient nobody says.
OTHER_STRENGTHS = re.compile(
    r"xgeva|zometa|zerlinda|bondronat|iasibon|wyost|osenvelt|xbryk|bomyntra|denosumab\w* 120 ?mg"
    r"|zoledron\w*(?: acid)? 4 ?mg|ibandron\w*(?: acid)? (?:50|2|6) ?mg"
    r"|(?:risedron\w*(?: sodium)?|actonel) 30 ?mg",
    re.IGNORECASE,
)
OTHER_DMD = {
    "19448111000001109": "denosumab",  # 120 mg/1.7 ml vials
    "36151611000001104": "zoledronate",  # 4 mg vials
    "7335511000001105": "zoledronate",  # 4 mg/5 ml vials
    "19585611000001105": "zoledronate",  # 4 mg/100 ml bottles
    "23661711000001109": "zoledronate",  # 4 mg/100 ml vials
    "24408911000001102": "zoledronate",  # 4 mg/100 ml bags
    "39693511000001103": "ibandronate",  # 50 mg tablets
    "7540311000001108": "ibandronate",  # 2 mg/2 ml ampoules
    "39716111000001107": "ibandronate",  # 2 mg/2 ml vials
    "39716311000001109": "ibandronate",  # 6 mg/6 ml vials
    "325984003": "risedronate",  # 30 mg tablets
}
# A word within a letter or so of one of these is a slip of the pen that the table doesn't know: nobody says no to it.
NEARLY = (
    "alendronate", "alendronic", "risedronate", "ibandronate", "ibandronic", "zoledronate", "zoledronic", "denosumab",
    "romosozumab", "teriparatide", "abaloparatide", "raloxifene", "strontium", "fosamax", "aclasta", "bonviva",
)  # fmt: skip
NEAR_ENOUGH = 0.88  # of difflib's ratio: one letter in eight
RXNORM = {"904419": "alendronate"}  # met in the Synthea generator's records

_BY_ATC = {code: medicine for medicine in MEDICINES for code in medicine.atc}
_BY_DMD = {code: medicine for medicine in MEDICINES for code in medicine.dmd}
_BY_NAME = {medicine.name: medicine for medicine in MEDICINES}
_WORDS = tuple((medicine, re.compile(rf"\b(?:{medicine.words})\b", re.IGNORECASE)) for medicine in MEDICINES)
_ANY_WORD = re.compile("|".join(f"(?:{m.words})" for m in MEDICINES) + f"|{OTHER_STRENGTHS.pattern}", re.IGNORECASE)


def bone_drug(codes: Iterable[Code], name: str = "") -> BoneDrug:
    """Whether a medicine with these codes and this name is a drug for osteoporosis.

    Yes by a listed code or name; no where its name (or a code's words) names something else; unknown for a drug of
    several uses and for a medicine that gives neither a name nor a listed code.
    """
    codes = tuple(codes)
    words = " ".join(filter(None, [name, *(code.display for code in codes)]))
    named = _by_code(codes) or _by_words(words)
    other = next((OTHER_DMD[code] for code in _ids(codes) if code in OTHER_DMD), "")
    if other or OTHER_STRENGTHS.search(words):
        drug = named.name if named else other
        return BoneDrug(Answer.UNKNOWN, drug, f"{words or codes[0]}: a strength that has other uses")
    if named:
        return BoneDrug(named.answer, named.name, f"{words or codes[0]}: {named.name}")
    if words and (near := _nearly(words.casefold())):
        return BoneDrug(Answer.UNKNOWN, "", f"{words}: on no list, but written nearly like {near}")
    if words:
        return BoneDrug(Answer.NO, "", f"{words}: not on the list of bone drugs")
    return BoneDrug(Answer.UNKNOWN, "", "no name, and no code that the list knows")


def _by_code(codes: tuple[Code, ...]) -> Medicine | None:
    for code in codes:
        if isinstance(code, Atc) and (found := _BY_ATC.get(code.value) or _BY_ATC.get(code.value[:5])):
            return found
        if isinstance(code, RxNorm) and code.value in RXNORM:
            return _BY_NAME[RXNORM[code.value]]
    return next((_BY_DMD[code] for code in _ids(codes) if code in _BY_DMD), None)


def _ids(codes: tuple[Code, ...]) -> Iterator[str]:
    """dm+d ids: a dm+d id is the SNOMED CT id of the same medicine in the UK drug extension."""
    return (code.value for code in codes if isinstance(code, Dmd | Snomed))


def _by_words(words: str) -> Medicine | None:
    if not _ANY_WORD.search(words):
        return None
    return next((medicine for medicine, pattern in _WORDS if pattern.search(words)), None)


@lru_cache(maxsize=20_000)
def _nearly(words: str) -> str:
    """The name that a word of these is nearly; empty where none is."""
    long_enough = (word for word in re.findall(r"[a-z]{7,}", words))
    return next((near[0] for word in long_enough if (near := get_close_matches(word, NEARLY, 1, NEAR_ENOUGH))), "")
