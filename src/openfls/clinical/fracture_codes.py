"""What codes say of a fracture: which bone, by which force, of what cause. The lists stand in `fracture_code_lists`."""

from collections.abc import Iterable
from dataclasses import dataclass

from openfls.clinical.casefinding import NEVER_COUNTED
from openfls.clinical.codes import Code, Icd10, Icd10Cm, Opcs4, Snomed, bare
from openfls.clinical.facts import Answer, BodySite, Side
from openfls.clinical.fracture_code_lists import (
    CAUSES,
    CM_CAUSES,
    HIP_FRACTURE_OPERATIONS,
    HIP_OPERATIONS_WITH_A_FRACTURE_CODE,
    ICD10,
    ICD10CM,
    ICD10CM_INITIAL_ENCOUNTER,
    OPERATIONS_WITH_A_FRACTURE_CODE,
    SNOMED,
    CauseEntry,
    FractureEntry,
)


@dataclass(frozen=True)
class FractureMeaning:
    """What a fracture's codes say together. ``because`` quotes each code that spoke.

    ``confirmed``: every code that spoke stands on a list that was read in its source.
    """

    body_site: BodySite
    pathological: Answer
    low_trauma: Answer
    side: Side
    confirmed: bool
    because: str


# Which site leads where one statement carries several; the last three are outside the service's scope, so that a
# broken nose coded first never hides a broken hip.
_FOREMOST = (
    BodySite.HIP, BodySite.SPINE, BodySite.FEMUR, BodySite.PELVIS, BodySite.HUMERUS, BodySite.WRIST, BodySite.FOREARM,
    BodySite.RIB, BodySite.CLAVICLE, BodySite.LOWER_LEG, BodySite.ANKLE, BodySite.FOOT, BodySite.HAND,
    BodySite.UNSPECIFIED, BodySite.SKULL, BodySite.FACE, BodySite.DIGIT,
)  # fmt: skip
_HIP_MAY_BE_MEANT = {BodySite.HIP, BodySite.FEMUR, BodySite.PELVIS, BodySite.UNSPECIFIED}


def meaning(codes: Iterable[Code]) -> FractureMeaning | None:
    """What the codes of one statement (a diagnosis with its external causes) say; None where none says fracture.

    Where they name several bones the foremost speaks (hip, spine, … before those out of scope): `meanings` has all.
    """
    return next(iter(meanings(codes)), None)


def meanings(codes: Iterable[Code]) -> tuple[FractureMeaning, ...]:
    """One meaning for each bone that the codes name, foremost first; external causes speak for each of them.

    A code without a site (osteoporotic fracture, site not given) speaks for the bone that another code names.
    """
    codes = tuple(codes)
    spoken = [(code, entry) for code in codes if (entry := fracture_entry(code))]
    sites = {entry.site for _, entry in spoken}
    if sites - NEVER_COUNTED - {BodySite.UNSPECIFIED}:
        sites.discard(BodySite.UNSPECIFIED)
    causes = [(code, cause) for code in codes if (cause := cause_entry(code))] if spoken else []
    return tuple(_together(site, spoken, causes) for site in _FOREMOST if site in sites)


def _together(
    site: BodySite, spoken: list[tuple[Code, FractureEntry]], causes: list[tuple[Code, CauseEntry]]
) -> FractureMeaning:
    mine = [(code, entry) for code, entry in spoken if entry.site in (site, BodySite.UNSPECIFIED)]
    entries = [entry for _, entry in mine]
    forces = [entry.low_trauma for entry in entries] + [cause.low_trauma for _, cause in causes]
    said = [(code, entry.words) for code, entry in mine] + [(code, cause.words) for code, cause in causes]
    return FractureMeaning(
        body_site=site,
        pathological=_said([entry.pathological for entry in entries]),
        low_trauma=_agreed(forces),
        side=_sides({entry.side for entry in entries}),
        confirmed=all(entry.confirmed for entry in entries),
        because="; ".join(f"{code.system} {code.value}: {words}" for code, words in said),
    )


def _said(answers: list[Answer]) -> Answer:
    """Yes where one says yes, else no where one says no: a tumour named once is not unsaid by another code."""
    return next((answer for answer in (Answer.YES, Answer.NO) if answer in answers), Answer.UNKNOWN)


def _agreed(answers: list[Answer]) -> Answer:
    """What the codes say where they don't contradict one another; a contradiction is unknown, for a person to see."""
    firm = {answer for answer in answers if answer is not Answer.UNKNOWN}
    return firm.pop() if len(firm) == 1 else Answer.UNKNOWN


def _sides(sides: set[Side]) -> Side:
    sides = sides - {Side.UNKNOWN}
    if len(sides) > 1:
        return Side.BOTH
    return sides.pop() if sides else Side.UNKNOWN


def fracture_entry(code: Code) -> FractureEntry | None:
    """What this one code says of a fracture, None where it says nothing of one."""
    if isinstance(code, Snomed):
        return SNOMED.entries.get(code.value.strip())
    if isinstance(code, Icd10):
        return _longest(ICD10.entries, bare(code.value))
    if isinstance(code, Icd10Cm):
        return _american(code.value.replace(".", "").strip().upper())
    return None


def cause_entry(code: Code) -> CauseEntry | None:
    """What an external cause code says of the force."""
    if not isinstance(code, Icd10 | Icd10Cm):
        return None
    value = bare(code.value)
    table = CM_CAUSES if isinstance(code, Icd10Cm) else CAUSES
    return table.get(value[:4]) or table.get(value[:3]) or table.get(value[:1])


def _longest(entries: dict[str, FractureEntry], value: str) -> FractureEntry | None:
    return entries.get(value[:5]) or entries.get(value[:4]) or entries.get(value[:3])


def _american(value: str) -> FractureEntry | None:
    """ICD-10-CM: the seventh character must say initial encounter; a code cut short before it waits for a check."""
    entry = _longest(ICD10CM.entries, value)
    if entry is None or (len(value) >= 7 and value[6] not in ICD10CM_INITIAL_ENCOUNTER):
        return None
    sided = FractureEntry(
        entry.site, entry.words, entry.confirmed, entry.pathological, entry.low_trauma, _american_side(value)
    )
    return sided if len(value) >= 7 else sided.waiting


_CM_SIDED = ("S42", "S52", "S72", "S82", "M80")
_CM_SIDES = {"1": Side.RIGHT, "4": Side.RIGHT, "2": Side.LEFT, "5": Side.LEFT}


def _american_side(value: str) -> Side:
    """ICD-10-CM tabular list: in these families the sixth character, or the fifth before a filler X, is the side."""
    if not value.startswith(_CM_SIDED) or value.startswith("S420") or len(value) < 6:
        return Side.UNKNOWN
    return _CM_SIDES.get(value[4] if value[5] == "X" else value[5], Side.UNKNOWN)


def fracture_operation(codes: Iterable[Code]) -> bool:
    """Whether the operation codes name surgery on a fracture; codes of any bone count only beside a fracture code."""
    codes = tuple(codes)
    if any(_operation(code) in HIP_FRACTURE_OPERATIONS for code in codes):
        return True
    return _starts(codes, OPERATIONS_WITH_A_FRACTURE_CODE) and meaning(codes) is not None


def hip_operation(codes: Iterable[Code]) -> bool:
    """Whether they name surgery on a hip fracture. Give the fracture codes too: a replacement of the hip counts only
    beside a code of a fracture that may be of the hip, for most replacements are elective."""
    codes = tuple(codes)
    if any(_operation(code) in HIP_FRACTURE_OPERATIONS for code in codes):
        return True
    return _starts(codes, HIP_OPERATIONS_WITH_A_FRACTURE_CODE) and any(
        m.body_site in _HIP_MAY_BE_MEANT for m in meanings(codes)
    )


def _operation(code: Code) -> Code:
    return Opcs4(bare(code.value)) if isinstance(code, Opcs4) else code


def _starts(codes: Iterable[Code], prefixes: tuple[str, ...]) -> bool:
    return any(isinstance(code, Opcs4) and bare(code.value).startswith(prefixes) for code in codes)
