"""The words that the report rules know: fractures, bones, sides, doubt, denial, age. Reviewed as data.

Own lists, written from the published descriptions of NegEx and ConText (a trigger, its direction, its scope) and of
vertebral report phrases. Not a clinical code list: what they find is suspected, and a person triages it.
"""

import re

from openfls.clinical.facts import BodySite, Side


def _any(*words: str) -> re.Pattern[str]:
    return re.compile("|".join(words), re.IGNORECASE)


FRACTURE = _any(
    r"\b\w*fractur(?:e[sd]?|ing)\b",
    r"#(?!\s*\d)(?=\s*\w)",
    r"\b(?:compression|wedge|vertebral)\s+(?:deformit(?:y|ies)|compression)\b",
    r"\b(?:(?:anterior|mild|moderate|severe)\s+){0,3}wedging\b",
    r"\bloss\s+of\s+(?:(?:anterior|central|posterior|vertebral|body)\s+){0,3}height\b",
    r"\b(?:vertebral\s+)?(?:body\s+)?height\s+loss\b",
    r"\bend\s?-?plate\s+(?:depression|collapse|impaction|concavity|deformity)\b",
    r"\b(?:vertebral|vertebral\s+body)\s+collapse\b|\bcollapsed?\s+(?:of\s+)?(?:the\s+)?(?:vertebra\w*|[TL]\d{1,2}\b)",
    r"\b[TL]\d{1,2}\s+collapse\b|\bvertebra\s+plana\b",
    r"\bbroken\s+(?:bone|hip|wrist|arm|leg|ankle|shoulder|rib|back|pelvis)\b|\bcolles'?(?!\w)",
)
# Deformities that have other causes than a fracture.
SHAPE = _any(r"deformit|compression|wedging|height|end\s?-?plate|plana")
OTHER_CAUSE = _any(r"\bphysiolog", r"\b(?:degenerative|developmental|congenital)\b", r"schmorl", r"scheuermann")

# The word fracture where nobody's bone is meant now. Blanked out before anything is read.
NOT_A_FRACTURE = _any(
    r"\bfracture[\s-]+(?:risk|clinic|liaison|prevention|protocol|pathway|service|team|list|series|follow[\s-]?up)\b",
    r"\b(?:risk|prevention|probability)\s+of\s+(?:\w+\s+){0,3}?fractures?\b",
    r"\b(?:screw|plate|nail|wire|rod|lead|catheter|stent|tooth|dental|cement)\s+fractures?\b",
    r"\bfractured?\s+(?:of\s+)?(?:the\s+)?(?:\w+\s+)?(?:screws?|plate|nail|wires?|rod|lead|catheter|stent|tooth|teeth|cement)\b",
    r"\b(?:family\s+history|FH|FHx|mother|father|parent(?:al|s)?|sister|brother|maternal|paternal)\b[^.;\n]{0,80}?fractur\w*",
    r"\bno\s+(?:relevant\s+)?(?:past\s+|previous\s+)?history\s+of\s+(?:\w+\s+){0,4}?fractures?\b",
)
CLINICAL_HEADING = _any(
    r"(?:^|(?<=\n))[ \t]*(?:(?:clinical\s+)?(?:history|details?|information|indications?|question|data)|"
    r"reason\s+for\s+(?:exam(?:ination)?|request|referral)|request(?:\s+details)?)\s*[:\-]",
)
REPORT_HEADING = _any(
    r"\b(?:findings?|report|conclusions?|impression|comments?|opinion|summary|comparison|technique|"
    r"(?:XR|x-?ray|CT|MRI|radiograph)\b[^:.\n]{0,40})\s*:",
)

# Where the reach of a denial or a doubt ends.
BREAK = _any(
    r"\b(?:but|however|although|though|whereas|yet)\b",
    r"\b(?:apart|aside)\s+from\b",
    r"\bother\s+than\b",
    r"\bexcept(?:ing)?\b",
    r"[;:]",
    r",\s*(?=(?:there\b|this\b|an?\b|the\b|with\b|and\s+(?:an?|the)\b|no\b|acute\b|new\b|old\b|known\b|displaced\b))",
    r"\band\s+(?=no\b|there\b)",
    r"\.\.+|\s-\s",
)

# A "no" that denies something else than the fracture.
NO_DENIAL = _any(
    r"\bno\s+(?:(?!fractur|n?or\b)\w+\s+){0,2}?(?:change|progression|increase|displacement)\b(?:\s+(?:in|of|to)\b)?",
    r"\bno(?:t)?\s+(?:doubt|only|significantly\s+(?:changed|displaced))\b",
    r"\bwithout\s+(?:\w+\s+)?(?:displacement|angulation)\b",
    r"\bno\s+(?:further\s+)?(?:comment|comparison)\b",
)
STILL_DOUBTED = _any(
    r"\b(?:can\s?not|can't|could\s+not|couldn't|not\s+possible\s+to)\s+(?:be\s+)?(?:completely\s+|entirely\s+|fully\s+)?"
    r"(?:exclude|rule)d?\b",
    r"\b(?:not|isn't|difficult\s+to)\s+(?:be\s+)?(?:completely\s+|entirely\s+)?(?:exclude|rule)d?\b",
)
DENIED_BEFORE = _any(
    r"\bno\b", r"\bnot\b", r"\bnil\b", r"\bwithout\b", r"\bneither\b", r"\bnor\b", r"\bnegative\s+for\b",
    r"\bfree\s+of\b", r"\babsen(?:ce|t)\b", r"\bexcluded\b", r"\bruled\s+out\b", r"\bdenies\b", r"\brather\s+than\b",
)  # fmt: skip
DENIED_AFTER = _any(
    r"\b(?:is|was|are|were|has\s+been|have\s+been)?\s*(?:not|never)\s+(?:\w+\s+)?(?:seen|identified|visible|visuali[sz]ed|"
    r"demonstrated|detected|shown|evident|present|found|apparent)\b",
    r"\b(?:is|was|are|were|has\s+been|have\s+been)?\s*(?:excluded|ruled\s+out|absent)\b",
    r":\s*(?:no|nil|none)\b|\bunlikely\b",
)
DOUBTED = _any(
    r"\?", r"\bquery\b", r"\bposs?ib\w*", r"\bprobabl[ey]\b", r"\blikely\b", r"\bsuspect\w*", r"\bsuspici\w*",
    r"\bsuggest\w*", r"\b(?:may|might|could)\b", r"\bquestionabl[ey]\b", r"\bequivocal\b", r"\bindeterminate\b",
    r"\bconcern\w*", r"\bto\s+exclude\b", r"\bexclude\b", r"\brule\s+out\b", r"\br/o\b", r"\bconsider\b",
)  # fmt: skip

_REPORTED = r"(?:noted|seen|documented|reported|demonstrated|identified)"
OLD = _any(
    r"\b(?:old|healed|united|malunited|chronic|remote|prior)\b", r"\blong[\s-]?standing\b", r"\bhistor(?:y|ic\w*)\b",
    rf"\bprevious(?:ly)?\b(?!\s+{_REPORTED})",
)  # fmt: skip
KNOWN = _any(
    r"\b(?:known|unchanged)\b", r"\bno\s+(?:\w+\s+){0,2}?change\b", r"\bas\s+before\b", r"\bstable\s+appearances?\b",
    rf"\b(?:previously|again)\s+{_REPORTED}\b",
)  # fmt: skip
NEW = _any(r"\bacute\b", r"\bnew\b", r"\brecent\b", r"\bfresh\b", r"\bsubacute\b")

BONES: tuple[tuple[BodySite, re.Pattern[str]], ...] = (
    (BodySite.HIP, _any(
        r"\bhips?\b", r"\bneck\s+of\s+(?:the\s+)?(?:left\s+|right\s+)?femur\b", r"\bfem(?:oral|ur)\s+(?:neck|head)\b",
        r"(?:\b|(?<=#))N\.?O\.?F\b", r"\b\w*trochanteric\b", r"\b(?:intra|extra)-?capsular\b", r"\bsubcapital\b",
        r"\b(?:trans|basi)cervical\b",
    )),
    (BodySite.SPINE, _any(
        r"\bvertebra\w*", r"\bspin(?:e|al)\b", r"\b[CTL]\d{1,2}\b", r"\b(?:thoracic|lumbar|dorsal)\b", r"\bodontoid\b",
        r"\bend\s?-?plate\b", r"\bwedg\w+", r"\bburst\b", r"\bbroken\s+back\b",
    )),
    (BodySite.PELVIS, _any(
        r"\bpelvi[sc]\b", r"\bpubic\b", r"\bram(?:us|i)\b", r"\bacetabul\w+", r"\bili(?:um|ac)\b", r"\bischi\w+",
        r"\bsacr\w+", r"\bcoccy\w+",
    )),
    (BodySite.WRIST, _any(
        r"\bwrists?\b", r"\bdistal\s+(?:radi\w+|ulnar?|forearm)\b", r"\b(?:radial|ulnar)\s+styloid\b", r"\bcolles",
        r"\bsmith'?s\b",
    )),
    (BodySite.HAND, _any(r"\bhands?\b", r"\bscaphoid\b", r"\bcarpal\b", r"\bmetacarp\w+")),
    (BodySite.HUMERUS, _any(r"\bhumer\w+", r"\bshoulder\b", r"\bsurgical\s+neck\b", r"\bgreater\s+tuberosity\b")),
    (BodySite.FOREARM, _any(r"\b(?:forearm|radius|radial|ulnar?|olecranon|elbow)\b")),
    (BodySite.RIB, _any(r"\bribs?\b", r"\bstern(?:um|al)\b")),
    (BodySite.CLAVICLE, _any(r"\bclavic\w+", r"\bscapul\w+", r"\bglenoid\b", r"\bacromi\w+")),
    (BodySite.FEMUR, _any(r"\bfemur\b", r"\bfemoral\b(?!\s+(?:neck|head))", r"\bsupracondylar\s+femor\w+")),
    (BodySite.ANKLE, _any(r"\bankles?\b", r"\b(?:bi|tri)?malleol\w+", r"\bweber\b")),
    (BodySite.LOWER_LEG, _any(r"\btibia\w*", r"\bfibula\w*", r"\bpatella\w*", r"\bknee\b")),
    (BodySite.FOOT, _any(r"\b(?:foot|feet)\b", r"\bmetatars\w+", r"\bcalcane\w+", r"\btalus\b", r"\bcuboid\b")),
    (BodySite.DIGIT, _any(r"\bfingers?\b", r"\bthumb\b", r"\btoes?\b", r"\bphalan\w+", r"\bhallux\b")),
    (BodySite.FACE, _any(
        r"\b(?:nasal|nose|facial|jaw)\b", r"\bmandib\w+", r"\bmaxill\w+", r"\bzygoma\w*", r"\borbit\w*",
    )),
    (BodySite.SKULL, _any(r"\bskull\b", r"\bcalvari\w+", r"\b(?:temporal|parietal|occipital|frontal)\s+bone\b")),
)  # fmt: skip

_BESIDE = r"(?=\s+(?:hip|NOF|#|wrist|femur|humerus|ankle|shoulder)\b)"  # a bare L or R is a side only before a bone
SIDES: tuple[tuple[Side, re.Pattern[str]], ...] = (
    (Side.BOTH, _any(r"\bbilateral\w*", r"\bboth\b", r"\bleft\s+and\s+right\b", r"\bright\s+and\s+left\b")),
    (Side.LEFT, re.compile(rf"\b(?:[Ll]eft|LEFT|[Ll]t)\b|\bL{_BESIDE}")),
    (Side.RIGHT, re.compile(rf"\b(?:[Rr]ight|RIGHT|[Rr]t)\b|\bR{_BESIDE}")),
)
