"""The code lists that say which bone is broken: ICD-10, ICD-10-CM, SNOMED CT, external causes, operations.

Each list names its source and edition. An entry with ``confirmed=False`` comes from general knowledge of the coding
system and waits for a coder's check; `docs/safety/to-confirm.md` lists these. ICD entries are prefixes: the longest
one that fits a code speaks. The codes of ICD-10 and ICD-10-CM look alike and mean different things: two lists.
"""

from dataclasses import dataclass, replace

from openfls.clinical.codes import Code, Icd10, Icd10Cm, Opcs4, Snomed
from openfls.clinical.facts import Answer, BodySite, Side


@dataclass(frozen=True, slots=True)
class FractureEntry:
    """What one code (or prefix) of a list says of a fracture."""

    site: BodySite
    words: str
    confirmed: bool = True
    pathological: Answer = Answer.UNKNOWN
    low_trauma: Answer = Answer.UNKNOWN
    side: Side = Side.UNKNOWN

    @property
    def waiting(self) -> "FractureEntry":
        """The same entry, not confirmed."""
        return replace(self, confirmed=False)


@dataclass(frozen=True, slots=True)
class CauseEntry:
    """What an external cause code says of the force: at most a fall from standing height, or more."""

    low_trauma: Answer
    words: str
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class CodeList:
    """A list of fracture codes or prefixes of one coding system, where it comes from and in which edition."""

    name: str
    system: type[Code]
    source: str
    edition: str
    entries: dict[str, FractureEntry]


def _entries(confirmed: bool, *rows: tuple[str, BodySite, str]) -> dict[str, FractureEntry]:
    """Entries from rows of (codes divided by spaces, site, words)."""
    return {code: FractureEntry(site, words, confirmed) for codes, site, words in rows for code in codes.split()}


def _osteoporotic(site: BodySite, words: str, confirmed: bool = True) -> FractureEntry:
    """A fracture that the code itself puts down to osteoporosis: low force, and no tumour."""
    return FractureEntry(site, words, confirmed, pathological=Answer.NO, low_trauma=Answer.YES)


# The fifth character of WHO ICD-10 chapter XIII. The body region is wider than one bone wherever none is named here.
ICD10_REGIONS = {
    "0": (BodySite.UNSPECIFIED, "multiple sites"),
    "1": (BodySite.CLAVICLE, "shoulder region"),
    "2": (BodySite.HUMERUS, "upper arm"),
    "3": (BodySite.FOREARM, "forearm, wrist joint included"),
    "4": (BodySite.HAND, "hand, fingers included"),
    "5": (BodySite.UNSPECIFIED, "pelvic region and thigh: hip, femur or pelvis"),
    "6": (BodySite.LOWER_LEG, "lower leg"),
    "7": (BodySite.UNSPECIFIED, "ankle and foot"),
    "8": (BodySite.UNSPECIFIED, "other: ribs, skull, neck or spine"),
    "9": (BodySite.UNSPECIFIED, "site not given"),
}


def _by_region(category: str, kinds: str, entry: FractureEntry) -> dict[str, FractureEntry]:
    """The entry for each kind (fourth character) at each region (fifth character); regions wait for a coder's check."""
    regions = {
        f"{category}{kind}{region}": replace(entry, site=site, words=f"{entry.words}, {words}", confirmed=False)
        for kind in kinds
        for region, (site, words) in ICD10_REGIONS.items()
    }
    return {category + kinds if len(kinds) == 1 else category: entry} | regions


ICD10 = CodeList(
    name="fractures in ICD-10",
    system=Icd10,
    source="HDR UK Phenotype Library, kuan_fracture_hip ICD-10 and sister lists (hip, wrist, M80); rest: WHO headings",
    edition="HDRUK/phenotypes 97e530d; ICD-10 5th edition",
    entries=_entries(
        True,
        ("S720", BodySite.HIP, "fracture of neck of femur"),
        ("S721", BodySite.HIP, "pertrochanteric fracture"),
        ("S722", BodySite.HIP, "subtrochanteric fracture"),
        ("S525", BodySite.WRIST, "fracture of lower end of radius"),
        ("S526", BodySite.WRIST, "fracture of lower end of both ulna and radius"),
    )
    | _entries(
        False,
        ("S02", BodySite.SKULL, "fracture of skull or facial bones"),
        ("S022 S023 S024 S025 S026 S028", BodySite.FACE, "fracture of facial bone, jaw or tooth"),
        ("S12 T08", BodySite.SPINE, "fracture of spine"),
        ("S128", BodySite.UNSPECIFIED, "fracture of other parts of neck (hyoid, larynx)"),
        ("S22", BodySite.UNSPECIFIED, "fracture of ribs, sternum or thoracic spine, part not given"),
        ("S220 S221", BodySite.SPINE, "fracture of thoracic vertebra"),
        ("S222 S223 S224 S225 S228", BodySite.RIB, "fracture of rib or sternum"),
        ("S32", BodySite.UNSPECIFIED, "fracture of lumbar spine or pelvis, part not given"),
        ("S320", BodySite.SPINE, "fracture of lumbar vertebra"),
        ("S327", BodySite.SPINE, "multiple fractures of lumbar spine and pelvis"),
        ("S321 S322 S323 S324 S325 S328", BodySite.PELVIS, "fracture of sacrum, coccyx or pelvis"),
        ("S42", BodySite.UNSPECIFIED, "fracture of shoulder or upper arm, part not given"),
        ("S420 S421", BodySite.CLAVICLE, "fracture of clavicle or scapula"),
        ("S422", BodySite.HUMERUS, "fracture of upper end of humerus"),
        ("S423 S424 S427", BodySite.HUMERUS, "fracture of humerus"),
        ("S52", BodySite.FOREARM, "fracture of forearm"),
        ("S62", BodySite.HAND, "fracture at wrist and hand level"),
        ("S625 S626 S627", BodySite.DIGIT, "fracture of thumb or finger"),
        ("S72", BodySite.FEMUR, "fracture of femur, part not given or not the hip"),
        ("S82", BodySite.LOWER_LEG, "fracture of lower leg"),
        ("S825 S826 S828", BodySite.ANKLE, "fracture of ankle"),
        ("S92", BodySite.FOOT, "fracture of foot"),
        ("S924 S925", BodySite.DIGIT, "fracture of toe"),
        ("T02", BodySite.UNSPECIFIED, "fractures involving multiple body regions"),
        ("T10", BodySite.UNSPECIFIED, "fracture of upper limb, level not given"),
        ("T12", BodySite.UNSPECIFIED, "fracture of lower limb, level not given"),
        ("T142", BodySite.UNSPECIFIED, "fracture of unspecified body region"),
        ("M484", BodySite.SPINE, "fatigue fracture of vertebra"),
        ("M485", BodySite.SPINE, "collapsed vertebra"),
        ("M495", BodySite.SPINE, "collapsed vertebra in diseases classified elsewhere"),
        ("M966", BodySite.UNSPECIFIED, "fracture after insertion of implant or prosthesis"),
    )
    | _by_region("M80", "01234589", _osteoporotic(BodySite.UNSPECIFIED, "osteoporosis with pathological fracture"))
    | _by_region("M84", "3", FractureEntry(BodySite.UNSPECIFIED, "stress fracture", False))
    | _by_region("M84", "4", FractureEntry(BodySite.UNSPECIFIED, "pathological fracture, cause not given", False))
    | _by_region(
        "M90",
        "7",
        FractureEntry(BodySite.UNSPECIFIED, "fracture of bone in neoplastic disease", False, pathological=Answer.YES),
    ),
)

# The fifth character in ICD-10-CM's M80; the sixth is the side.
CM_OSTEOPOROTIC_SITES = {
    "0": (BodySite.UNSPECIFIED, "site not given"),
    "1": (BodySite.CLAVICLE, "shoulder"),
    "2": (BodySite.HUMERUS, "humerus"),
    "3": (BodySite.FOREARM, "forearm, wrist included"),
    "4": (BodySite.HAND, "hand, fingers included"),
    "5": (BodySite.UNSPECIFIED, "femur, hip or not isn't said"),
    "6": (BodySite.LOWER_LEG, "lower leg"),
    "7": (BodySite.UNSPECIFIED, "ankle and foot"),
    "8": (BodySite.SPINE, "vertebra"),
    "A": (BodySite.UNSPECIFIED, "other site"),
    "B": (BodySite.PELVIS, "pelvis"),
}

ICD10CM = CodeList(
    name="fractures in ICD-10-CM",
    system=Icd10Cm,
    source="CMS MIPS quality measure 418, diagnosis codes (families M48, M80, M84, M97, S12 to S92; initial encounter)",
    edition="2025 performance year",
    entries=_entries(
        True,
        ("S12", BodySite.SPINE, "fracture of cervical vertebra"),
        ("S128", BodySite.UNSPECIFIED, "fracture of other parts of neck (hyoid, larynx)"),
        ("S22", BodySite.UNSPECIFIED, "fracture of ribs, sternum or thoracic spine, part not given"),
        ("S220", BodySite.SPINE, "fracture of thoracic vertebra"),
        ("S222 S223 S224 S225", BodySite.RIB, "fracture of rib or sternum"),
        ("S32", BodySite.UNSPECIFIED, "fracture of lumbar spine or pelvis, part not given"),
        ("S320", BodySite.SPINE, "fracture of lumbar vertebra"),
        ("S321 S322 S323 S324 S325 S326 S328", BodySite.PELVIS, "fracture of sacrum, coccyx or pelvis"),
        ("S42", BodySite.UNSPECIFIED, "fracture of shoulder girdle, part not given"),
        ("S420 S421", BodySite.CLAVICLE, "fracture of clavicle or scapula"),
        ("S422", BodySite.HUMERUS, "fracture of upper end of humerus"),
        ("S423 S424", BodySite.HUMERUS, "fracture of humerus"),
        ("S52", BodySite.FOREARM, "fracture of forearm"),
        ("S525 S526", BodySite.WRIST, "fracture of lower end of radius or ulna"),
        ("S62", BodySite.HAND, "fracture at wrist and hand level"),
        ("S625 S626", BodySite.DIGIT, "fracture of thumb or finger"),
        ("S72", BodySite.FEMUR, "fracture of femur, part not given or not the hip"),
        ("S720", BodySite.HIP, "fracture of head and neck of femur"),
        ("S721", BodySite.HIP, "pertrochanteric fracture"),
        ("S722", BodySite.HIP, "subtrochanteric fracture"),
        ("S82", BodySite.LOWER_LEG, "fracture of lower leg"),
        ("S825 S826 S8284 S8285", BodySite.ANKLE, "fracture of ankle (malleolus)"),
        ("S92", BodySite.FOOT, "fracture of foot"),
        ("S924 S925 S9291", BodySite.DIGIT, "fracture of toe"),
        ("M485", BodySite.SPINE, "collapsed vertebra"),
        ("M97", BodySite.UNSPECIFIED, "periprosthetic fracture"),
        ("M844", BodySite.UNSPECIFIED, "pathological fracture, cause not given"),
    )
    | _entries(
        False,
        ("S02", BodySite.SKULL, "fracture of skull or facial bones"),
        ("S022 S023 S024 S025 S026 S0292", BodySite.FACE, "fracture of facial bone, jaw or tooth"),
        ("M484", BodySite.SPINE, "fatigue fracture of vertebra"),
        ("M843", BodySite.UNSPECIFIED, "stress fracture"),
        ("M846", BodySite.UNSPECIFIED, "pathological fracture in other disease"),
        ("M8475", BodySite.FEMUR, "atypical femoral fracture"),
        ("M966", BodySite.UNSPECIFIED, "fracture after insertion of implant or prosthesis"),
    )
    | {
        "M845": FractureEntry(
            BodySite.UNSPECIFIED, "pathological fracture in neoplastic disease", pathological=Answer.YES
        ),
        "M80": _osteoporotic(BodySite.UNSPECIFIED, "osteoporosis with pathological fracture"),
    }
    | {
        f"M80{kind}{place}": _osteoporotic(site, f"osteoporosis with pathological fracture, {words}", confirmed=False)
        for kind in "08"
        for place, (site, words) in CM_OSTEOPOROTIC_SITES.items()
    },
)
ICD10CM_INITIAL_ENCOUNTER = frozenset("ABC")  # MIPS 418: injury codes of the initial encounter only

SNOMED = CodeList(
    name="fractures in SNOMED CT",
    system=Snomed,
    source="concept ids met in public code lists, and in the Synthea generator's records",
    edition="2026-07; not a complete subtree: an unlisted id whose words say fracture is a suspected fracture",
    entries=_entries(
        True,
        ("5913000", BodySite.HIP, "fracture of neck of femur"),
        ("359817006", BodySite.HIP, "closed fracture of hip"),
        ("263226008 263227004 263228009", BodySite.HIP, "subcapital, midcervical or basicervical fracture of femur"),
        ("700097003", BodySite.HIP, "fracture of bone of hip region"),
        ("263102004", BodySite.WRIST, "fracture subluxation of wrist"),
        ("65966004", BodySite.FOREARM, "fracture of forearm"),
        ("58150001", BodySite.CLAVICLE, "fracture of clavicle"),
        ("16114001", BodySite.ANKLE, "fracture of ankle"),
        ("33737001", BodySite.RIB, "fracture of rib"),
    )
    | {
        "431031001": _osteoporotic(BodySite.HIP, "osteoporotic fracture of neck of femur"),
        "240198002": _osteoporotic(BodySite.SPINE, "osteoporotic vertebral collapse"),
        "443165006": _osteoporotic(BodySite.UNSPECIFIED, "pathological fracture due to osteoporosis"),
    },
)

FRACTURE_LISTS = (ICD10, ICD10CM, SNOMED)

# External causes. FLS-DB: fragility means a fall from standing height or less. Where the heading doesn't give the
# height (stairs, skates, an unspecified fall) the answer is unknown and a person triages.
CAUSES_SOURCE = "WHO ICD-10 chapter XX headings, read against FLS-DB dataset v2.0: low trauma, standing height or less"
CAUSES: dict[str, CauseEntry] = {
    "W00": CauseEntry(Answer.YES, "fall on same level, ice or snow"),
    "W01": CauseEntry(Answer.YES, "fall on same level from slipping or tripping"),
    "W02": CauseEntry(Answer.UNKNOWN, "fall involving skates, skis or boards"),
    "W03": CauseEntry(Answer.YES, "fall on same level by collision with a person"),
    "W04": CauseEntry(Answer.UNKNOWN, "fall while being carried"),
    "W05": CauseEntry(Answer.YES, "fall involving wheelchair"),
    "W06": CauseEntry(Answer.YES, "fall involving bed"),
    "W07": CauseEntry(Answer.YES, "fall involving chair"),
    "W08": CauseEntry(Answer.YES, "fall involving other furniture"),
    "W09": CauseEntry(Answer.UNKNOWN, "fall involving playground equipment"),
    "W10": CauseEntry(Answer.UNKNOWN, "fall on stairs or steps, height not given"),
    "W11": CauseEntry(Answer.NO, "fall from ladder"),
    "W12": CauseEntry(Answer.NO, "fall from scaffolding"),
    "W13": CauseEntry(Answer.NO, "fall from building"),
    "W14": CauseEntry(Answer.NO, "fall from tree"),
    "W15": CauseEntry(Answer.NO, "fall from cliff"),
    "W16": CauseEntry(Answer.NO, "diving or jumping into water"),
    "W17": CauseEntry(Answer.NO, "other fall from one level to another"),
    "W18": CauseEntry(Answer.YES, "other fall on same level"),
    "W19": CauseEntry(Answer.UNKNOWN, "unspecified fall"),
    "X59": CauseEntry(Answer.UNKNOWN, "exposure to unspecified factor"),
    "V": CauseEntry(Answer.NO, "transport accident"),
}
CM_CAUSES: dict[str, CauseEntry] = CAUSES | {
    # In ICD-10-CM the fourth character of W00 is the kind of fall; in WHO ICD-10 it is the place.
    "W001": CauseEntry(Answer.UNKNOWN, "fall on stairs and steps due to ice or snow"),
    "W002": CauseEntry(Answer.NO, "fall from one level to another due to ice or snow"),
    "W009": CauseEntry(Answer.UNKNOWN, "unspecified fall due to ice or snow"),
}

OPERATIONS_SOURCE = "HDR UK Phenotype Library, kuan_fracture_hip OPCS-4 (97e530d); clinical cautions for replacements"
HIP_FRACTURE_OPERATIONS: dict[Code, str] = {
    Opcs4("W191"): "open reduction of fracture of neck of femur and fixation with pin and plate",
    Opcs4("W241"): "closed reduction of intracapsular fracture of neck of femur and fixation",
    Opcs4("O171"): "remanipulation of intracapsular fracture of neck of femur and fixation",
}
# Not confirmed. Whether a broken bone was the reason only a fracture code beside them says: most replacements of the
# hip (W37-39, W93-95) are elective.
HIP_OPERATIONS_WITH_A_FRACTURE_CODE = ("W37", "W38", "W39", "W46", "W47", "W48", "W93", "W94", "W95")
OPERATIONS_WITH_A_FRACTURE_CODE = (*HIP_OPERATIONS_WITH_A_FRACTURE_CODE, "W19", "W20", "W24", "W25")
