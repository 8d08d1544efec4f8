"""What words say of a fracture where no code list speaks: a diagnosis in free text, a code that is on no list.

Words never confirm: what is found here is a suspected fracture for a person to triage. Not for radiology reports,
which argue and negate over whole sentences. The table is authored for this project and waits for a clinician's check.
"""

import re

from openfls.clinical.facts import Answer, BodySite, Side
from openfls.clinical.fracture_codes import FractureMeaning

_SAYS_FRACTURE = re.compile(
    r"fracture|\bnof\b|#\s?[a-z]|broken (?:\w+ )?(?:bone|hip|wrist|arm|leg|ankle|rib)|collapsed vertebra|"
    r"vertebral collapse|\bcolles",
    re.IGNORECASE,
)
_SAYS_NO_NEW_FRACTURE = re.compile(
    r"histor|\bno (?:evidence|fracture|bon[ey]|acute)|not (?:found|present|seen)|without (?:\w+ )*fracture|risk|"
    r"ruled out|excluded|absence|non-?union|mal-?union|delayed union|sequel|late effect|healed|aftercare|follow-?up|"
    r"screening|fear|tooth",
    re.IGNORECASE,
)

# Read from the top: a narrower name of a bone stands before a wider one that it contains (iliac spine before spine).
_SITES: tuple[tuple[BodySite, str], ...] = (
    (BodySite.HIP, r"neck of (?:the )?(?:\w+ )?(?:femur|thigh)|femoral neck|\bnof\b|trochanter|subcapital|"
                   r"intracapsular|transcervical|midcervical|basicervical|femoral head|head of (?:the )?femur|\bhip\b"),
    (BodySite.PELVIS, r"pelvi|sacr(?:um|al)|coccy|\bili(?:um|ac)\b|\bpub(?:is|ic)|ischi|acetabul"),
    (BodySite.CLAVICLE, r"clavic|scapul|collar ?bone|glenoid|acromi|coracoid"),
    (BodySite.LOWER_LEG, r"\btibial? (?:spine|plateau|shaft)"),
    (BodySite.SPINE, r"vertebr|\bspin(?:e|al)\b|odontoid|\baxis\b|\batlas\b"),
    (BodySite.HUMERUS, r"humer|upper arm|supracondylar|surgical neck|anatomical neck"),
    (BodySite.WRIST, r"wrist|colles|smith'?s|barton'?s|(?:distal|lower end of)[\w ]*(?:radius|radial|ulna)"),
    (BodySite.FOREARM, r"forearm|radi(?:us|al)\b|\bulnar?\b|olecranon|monteggia|galeazzi|elbow"),
    (BodySite.FEMUR, r"femur|femoral"),
    (BodySite.RIB, r"\bribs?\b|stern(?:um|al)|flail chest"),
    (BodySite.ANKLE, r"ankle|malleol"),
    (BodySite.LOWER_LEG, r"tibia|fibula|patell|lower leg|knee ?cap|\bshin\b"),
    (BodySite.FOOT, r"metatars|calcan|\btalus|tarsal|navicular of foot|\bheel\b"),
    (BodySite.HAND, r"metacarp|carpal|scaphoid"),
    (BodySite.DIGIT, r"finger|thumb|\btoes?\b|phalan|hallux|digit"),
    (BodySite.FOOT, r"\bfoot\b"),
    (BodySite.HAND, r"\bhand\b"),
    (BodySite.FACE, r"nasal|\bnose\b|mandib|maxill|zygom|malar|orbit|facial|\bface\b|\bjaw\b"),
    (BodySite.SKULL, r"skull|crani|temporal bone|parietal bone|occip"),
)  # fmt: skip
_COMPILED_SITES = tuple((site, re.compile(pattern, re.IGNORECASE)) for site, pattern in _SITES)

_OSTEOPOROTIC = re.compile(r"osteoporo|fragility|insufficiency", re.IGNORECASE)
_TUMOUR = re.compile(r"neoplas|metasta|tumou?r|malignan|myelom", re.IGNORECASE)
_LEFT = re.compile(r"\b(?:left|lt)\b", re.IGNORECASE)
_RIGHT = re.compile(r"\b(?:right|rt)\b", re.IGNORECASE)
_BOTH = re.compile(r"bilateral|\bboth\b", re.IGNORECASE)


def fracture_in_words(words: str) -> FractureMeaning | None:
    """What a short diagnosis in words says of a fracture; None where it says none, or history, sequelae, absence."""
    if not _SAYS_FRACTURE.search(words) or _SAYS_NO_NEW_FRACTURE.search(words):
        return None
    osteoporotic, tumour = bool(_OSTEOPOROTIC.search(words)), bool(_TUMOUR.search(words))
    return FractureMeaning(
        body_site=site_in_words(words),
        pathological=Answer.YES if tumour else Answer.NO if osteoporotic else Answer.UNKNOWN,
        low_trauma=Answer.YES if osteoporotic and not tumour else Answer.UNKNOWN,
        side=side_in_words(words),
        confirmed=False,
        because=f"words: {words}",
    )


def site_in_words(words: str) -> BodySite:
    """The first bone of the table that the words name; not given where they name none."""
    return next((site for site, pattern in _COMPILED_SITES if pattern.search(words)), BodySite.UNSPECIFIED)


def side_in_words(words: str) -> Side:
    """Left, right or both where the words say so."""
    left, right = bool(_LEFT.search(words)), bool(_RIGHT.search(words))
    if _BOTH.search(words) or (left and right):
        return Side.BOTH
    return Side.LEFT if left else Side.RIGHT if right else Side.UNKNOWN
