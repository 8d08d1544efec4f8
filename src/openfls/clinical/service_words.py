"""Which service a clinic's or document's name means: names differ from hospital to hospital, a few words recur.

General knowledge of the field, not confirmed; docs/safety/to-confirm.md. What no word names is no service of ours.
"""

import re

from openfls.clinical.facts import Service

# The first that fits stands: a "fracture liaison service letter to GP" is the service's, not the practice's.
TABLE: tuple[tuple[Service, str], ...] = (
    (Service.DXA, r"\bDXA\w*|\bDEXA\b|\bbone (?:mineral )?densi|\bdensitomet|\bBMD\b"),
    (Service.INJECTIONS, r"\bzoledron|\bdenosumab|\bprolia\b|\bromosozumab|\bteriparatide|\binjection clinic"),
    (Service.FLS, r"\bfracture liaison|\bFLS\b|\bfracture prevention|\bbone health"),
    (Service.OSTEOPOROSIS_CLINIC, r"\bosteopor|\bmetabolic bone"),
    (Service.STRENGTH_AND_BALANCE, r"\bstrength (?:and|&) balance|\botago\b|\bpostural stability"),
    (Service.FALLS, r"\bfalls\b"),
    (Service.FRACTURE_CLINIC, r"\b(?:fracture|fx|trauma) clinic|#\s?clinic|\bvirtual fracture|\bVFC\b"),
    (Service.RADIOLOGY, r"\bradiolog|\bx-?ray|\bXR\b|\bCT\b|\bMRI?\b|\bultrasound|\bimaging"),
    (Service.EMERGENCY, r"\bemergency (?:department|medicine)|\bA ?& ?E\b|\bED\b|\burgent treatment|\bminor injur"),
    (Service.GENERAL_PRACTICE, r"\bgeneral practi|\bGP\b"),
)
_PATTERNS = tuple((service, re.compile(pattern, re.IGNORECASE)) for service, pattern in TABLE)
LONGEST = 2_000  # characters that are looked at: a name has no more


def service_in_words(*names: str) -> Service | None:
    """The service that any of these names means; None where no word of the table stands in them."""
    text = " / ".join(filter(None, names))[:LONGEST]
    return next((service for service, pattern in _PATTERNS if pattern.search(text)), None)
