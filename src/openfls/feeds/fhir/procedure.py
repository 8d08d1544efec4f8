"""Procedure and DiagnosticReport resources: fracture surgery, and scans of bone density without a value."""

import re
from collections.abc import Iterator

from openfls.clinical.bone_measurements import names_dxa
from openfls.clinical.codes import Code
from openfls.clinical.facts import DxaResult, Fact, Surgery
from openfls.clinical.fracture_codes import fracture_operation, hip_operation, meaning
from openfls.clinical.fracture_words import Verdict, fracture_in_words
from openfls.clinical.when import When
from openfls.feeds.fhir.content import Entry
from openfls.feeds.fhir.elements import Json, child, codes, each, text, words
from openfls.feeds.fhir.export import File, begun, status_of, visit_of
from openfls.feeds.fhir.faults import CannotRead
from openfls.feeds.fhir.times import first_given

_DONE = frozenset({"completed", "in-progress", "stopped", "final", "amended", "corrected", "appended", "unknown"})
_TAKEN_BACK = frozenset({"entered-in-error", "cancelled"})
_SURGERY = re.compile(
    r"fixation|arthroplast|replacement|reduction|osteosynthesis|nailing|pinning|\bnail\b|\bscrew|\bplate|kyphoplast|"
    r"vertebroplast",
    re.IGNORECASE,
)


def is_dxa(concept: Json) -> bool:
    """Whether a concept is the study as a whole, by code or in words."""
    return names_dxa(codes(concept), words(concept))


def procedure_wanted(resource: Json) -> bool:
    concept = child(resource, "code")
    return bool(_SURGERY.search(words(concept))) or fracture_operation(_with_reasons(resource)) or is_dxa(concept)


def report_wanted(resource: Json) -> bool:
    return is_dxa(child(resource, "code"))


def procedure_facts(entry: Entry, file: File) -> Iterator[Fact]:
    """Surgery where codes or words say that a fracture was operated; a scan as a DXA result without a T-score."""
    resource = entry.resource
    if is_dxa(child(resource, "code")):
        yield from scan_facts(entry, file)
    elif _done(resource) and _on_a_fracture(resource, file):
        concept, encounter = child(resource, "code"), file.encounter(resource)
        yield Surgery(
            codes=codes(concept),
            procedure=words(concept),
            visit=visit_of(encounter),
            **file.common(
                entry,
                file.subject(entry),
                _when(resource, encounter, ("performedDateTime", "performedPeriod"), file),
                encounter,
                **status_of(text(resource.get("status"))),
            ),
        )


def scan_facts(entry: Entry, file: File) -> Iterator[Fact]:
    """A scan that was done: its T-scores come as Observations, and a site may send none. The scan itself counts."""
    resource = entry.resource
    if not _done(resource):
        return
    encounter = file.encounter(resource)
    names = ("performedDateTime", "performedPeriod", "effectiveDateTime", "effectivePeriod", "issued")
    yield DxaResult(
        code=next(iter(codes(child(resource, "code"))), None),
        **file.common(
            entry,
            file.subject(entry),
            _when(resource, encounter, names, file),
            encounter,
            **status_of(text(resource.get("status"))),
        ),
    )


def _done(resource: Json) -> bool:
    """Whether it was done, or said to be done and is now taken back."""
    return text(resource.get("status")) in _DONE | _TAKEN_BACK


def _on_a_fracture(resource: Json, file: File) -> bool:
    reasons = [
        child(file.find(resource, text(r.get("reference"))) or {}, "code")
        for r in each(resource.get("reasonReference"))
    ]
    together = _with_reasons(resource) + tuple(code for reason in reasons for code in codes(reason))
    if fracture_operation(together) or hip_operation(together):
        return True
    said = [child(resource, "code"), *each(resource.get("reasonCode")), *reasons]
    return bool(_SURGERY.search(words(said[0]))) and (
        meaning(together) is not None or any(_says_fracture(words(concept)) for concept in said)
    )


def is_reason(condition: Json) -> bool:
    """Whether a Condition to which a procedure points can make it an operation on a fracture."""
    concept = child(condition, "code")
    return meaning(codes(concept)) is not None or _says_fracture(words(concept))


def _with_reasons(resource: Json) -> tuple[Code, ...]:
    concepts = [child(resource, "code"), *each(resource.get("reasonCode"))]
    return tuple(code for concept in concepts for code in codes(concept))


def _says_fracture(shown: str) -> bool:
    return fracture_in_words(shown).verdict is Verdict.FRACTURE


def _when(resource: Json, encounter: Json, names: tuple[str, ...], file: File) -> When:
    found = first_given(resource, names, file.known) or begun(encounter, file.known)
    if found is None:
        raise CannotRead("It has no date.", f"Send it with {names[0]} or an encounter with a period.")
    return found
