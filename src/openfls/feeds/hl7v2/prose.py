"""The text of observations (OBX): running text, or a document of plain text; what else is embedded stays closed."""

import base64
import binascii
from collections.abc import Iterable

from openfls.feeds.hl7v2.faults import Fault
from openfls.feeds.hl7v2.message import Segment

TEXT_TYPES = {"TEXT", "TXT", "PLAIN", "TEXT/PLAIN"}
EMBEDDED, POINTER = "ED", "RP"  # OBX-2, HL7 table 0125: encapsulated data, reference pointer


def text_of(observations: Iterable[Segment]) -> tuple[str, list[Segment]]:
    """The text of all that is text, and the observations that are none. Raises `Fault` for embedded text that isn't."""
    texts, closed = [], []
    for obx in observations:
        if obx.text(2).upper() not in (EMBEDDED, POINTER):
            texts.append(obx.prose(5))
        elif {obx.text(5, 3).upper(), obx.text(5, 2).upper()} & TEXT_TYPES:
            texts.append(_embedded(obx))
        else:
            closed.append(obx)
    return "\n".join(texts), closed


def form_of(obx: Segment) -> str:
    """What a closed document is, as its sender calls it: ``PDF``."""
    return obx.text(5, 3) or obx.text(5, 2) or obx.text(2)


def _embedded(obx: Segment) -> str:
    """Encapsulated plain text (ED.4 the encoding, ED.5 the data)."""
    coded, data = obx.text(5, 4).upper(), obx.text(5, 5)
    try:
        if coded == "BASE64":
            return base64.b64decode(data, validate=True).decode(obx.delimiters.encoding)
        return bytes.fromhex(data).decode(obx.delimiters.encoding) if coded == "HEX" else data
    except (binascii.Error, ValueError) as error:
        mend = "Ask the sender for plain text."
        raise Fault(obx.place(5), f"the embedded text is not {coded} or not text.", mend) from error
