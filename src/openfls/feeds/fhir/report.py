"""DiagnosticReport resources of imaging: their text, read for fractures; always suspected, for triage."""

import base64
import binascii
import re
from collections.abc import Iterator

from openfls.clinical.facts import Fact, Finder, FractureSighting, Note, Status
from openfls.clinical.when import When
from openfls.feeds import reports
from openfls.feeds.fhir.content import Entry
from openfls.feeds.fhir.elements import Json, child, each, symbols, text, words
from openfls.feeds.fhir.export import File, begun, setting_of, status_of
from openfls.feeds.fhir.faults import CannotRead
from openfls.feeds.fhir.times import first_given
from openfls.feeds.reading import ReportRead

# HL7 table 0074 (diagnostic service section); LOINC part "Radiology"; SNOMED CT radiology, imaging.
IMAGING = frozenset(
    {"RAD", "RX", "XRC", "CT", "CTH", "NMR", "NMS", "RUS", "VUS", "IMG", "LP29684-5", "394914008", "363679005"}
)
_NAMES_IMAGING = re.compile(
    r"\b(?:x-?ray|xr|radiograph\w*|ct|mri?|pet|fluoroscop\w+|skeletal survey|dxa|bone scan|tomograph\w+)\b",
    re.IGNORECASE,
)
_UNSENT = frozenset({"registered", "unknown"})
_DATED = ("effectiveDateTime", "effectivePeriod", "issued")


def wanted(resource: Json) -> bool:
    """Whether it is a report of imaging that tells something in words, or in a document."""
    return _is_imaging(resource) and bool(text(resource.get("conclusion")) or each(resource.get("presentedForm")))


def facts(entry: Entry, file: File) -> Iterator[Fact]:
    """A sighting for each bone that the report speaks of as broken; a corrected one without leaves a note."""
    resource = entry.resource
    written = text(resource.get("status"))
    if written in _UNSENT:
        return
    person, encounter = file.subject(entry), file.encounter(resource)
    occurred = _when(resource, encounter, file)
    told, exam, status = _text(resource), words(child(resource, "code")), status_of(written)
    mentions = reports.to_triage(reports.read_text(told, exam))
    if not status.get("retracted"):
        site = file.site(encounter)
        file.reports.append(ReportRead(entry.position, person, occurred, site, exam, told, bool(mentions)))
    for mention in mentions:
        yield FractureSighting(
            finder=file.origin.finder or Finder.RADIOLOGY_REPORT,
            setting=setting_of(encounter),
            **reports.suspicion(mention),
            **file.common(entry, person, occurred, encounter, f"fracture/{mention.body_site.name.lower()}", **status),
        )
    if not mentions and status["status"] is Status.CORRECTED:
        yield Note(
            text=f"The sender corrected the report; it reads without a new fracture now: {exam or 'imaging'}.",
            **file.common(entry, person, occurred, encounter, "note"),
        )


def _is_imaging(resource: Json) -> bool:
    said = {symbol for category in each(resource.get("category")) for symbol in symbols(category)}
    if said & IMAGING:
        return True
    return not said and bool(_NAMES_IMAGING.search(words(child(resource, "code"))))


def _when(resource: Json, encounter: Json, file: File) -> When:
    found = first_given(resource, _DATED, file.known) or begun(encounter, file.known)
    if found is None:
        raise CannotRead("The report has no date.", "Send it with effectiveDateTime or issued.")
    return found


def _text(resource: Json) -> str:
    """The report and its conclusion as one text. Raises `CannotRead` where it is only a document."""
    forms = each(resource.get("presentedForm"))
    plain = [form for form in forms if text(form.get("contentType")).lower().startswith("text/plain")]
    parts = [_decoded(form) for form in plain]
    if conclusion := text(resource.get("conclusion")):
        parts.append(f"Conclusion: {conclusion}" if parts else conclusion)
    if not any(parts):
        kind = next((text(form.get("contentType")) for form in forms), "") or "not told"
        mend = "Ask the sender for its text too, or look at it and enter what it says."
        raise CannotRead(f"The report is a document of type {kind[:40]!r}, which is not read.", mend)
    return "\n".join(parts)


def _decoded(form: Json) -> str:
    try:
        return base64.b64decode(text(form.get("data")), validate=True).decode("utf-8")
    except (binascii.Error, ValueError) as error:
        raise CannotRead("The report's text is not base64 of UTF-8.", "Ask the sender for plain text.") from error
