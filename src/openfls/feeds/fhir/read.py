"""The reader: a bundle or NDJSON file to facts, one file alone or the files of one export together."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256

from openfls.clinical.facts import Fact
from openfls.feeds.fhir import (
    condition,
    encounter,
    medication,
    observation,
    patient,
    procedure,
    report,
    request,
)
from openfls.feeds.fhir.content import Entry, entries
from openfls.feeds.fhir.elements import Json
from openfls.feeds.fhir.export import File
from openfls.feeds.fhir.faults import CannotRead, ill_shaped
from openfls.feeds.fhir.references import Index
from openfls.feeds.reading import Origin, Reading, Unreadable


def _always(resource: Json) -> bool:
    return True


def _report_facts(entry: Entry, file: File) -> Iterator[Fact]:
    """That a scan was done, and what the text of a report says of fractures."""
    if procedure.report_wanted(entry.resource):
        yield from procedure.scan_facts(entry, file)
    if report.wanted(entry.resource):
        yield from report.facts(entry, file)


@dataclass(frozen=True, slots=True)
class _Reader:
    """``wanted`` looks at a resource alone, before anything else of it is touched; ``facts`` reads what is wanted."""

    facts: Callable[[Entry, File], Iterator[Fact]]
    wanted: Callable[[Json], bool] = _always


READERS = {
    "Patient": _Reader(patient.facts),
    "Encounter": _Reader(encounter.facts),
    "Condition": _Reader(condition.facts, condition.wanted),
    "Procedure": _Reader(procedure.procedure_facts, procedure.procedure_wanted),
    "DiagnosticReport": _Reader(_report_facts, lambda r: procedure.report_wanted(r) or report.wanted(r)),
    "Observation": _Reader(observation.facts, observation.wanted),
    "MedicationRequest": _Reader(medication.prescription_facts, medication.wanted),
    "MedicationDispense": _Reader(medication.supply_facts, medication.wanted),
    "MedicationStatement": _Reader(medication.prescription_facts, medication.wanted),
    "MedicationAdministration": _Reader(medication.dose_facts, medication.wanted),
    "ServiceRequest": _Reader(request.facts, request.wanted),
}
# What an element of a wrong type raises in a reader that trusted it.
_ILL_SHAPED = (AttributeError, KeyError, TypeError, ValueError, OverflowError, RecursionError)


def read(content: bytes, origin: Origin) -> Reading | Unreadable:
    """The facts of one file: a FHIR R4 bundle or NDJSON in UTF-8, plain or gzip.

    `Unreadable` where the file as a whole can't be read; else the resources that can't be read stand in
    ``unreadable`` with their place (entry or line, type and id) and the others count.
    """
    file = _load(content, origin)
    return file if isinstance(file, Unreadable) else _reading(file)


def read_files(files: Iterable[tuple[str, bytes]], origin: Origin) -> dict[str, Reading | Unreadable]:
    """The files of one export, by name: references resolve inside a file first, then across the others.

    Give bytes one by one (a generator): only the resources that may give facts are kept between the two passes.
    """
    loaded = {name: _load(content, origin) for name, content in files}
    _connect(file for file in loaded.values() if isinstance(file, File))
    return {name: file if isinstance(file, Unreadable) else _reading(file) for name, file in loaded.items()}


def read_entries(files: Mapping[str, Iterable[Entry]], origin: Origin) -> dict[str, Reading]:
    """As `read_files`, for resources that were taken out of their files before; by the sha256 of a file's bytes."""
    loaded = {digest: File(origin, digest) for digest in files}
    for digest, file in loaded.items():
        for entry in files[digest]:
            _retain(entry, file)
    _connect(loaded.values())
    return {digest: _reading(file) for digest, file in loaded.items()}


def may_tell(kind: str, resource: Json, mapping: str | None = None) -> bool:
    """Whether a resource of this type may give facts, or changes those of another, by the elements that decide it."""
    if kind == "Condition" and (condition.causes(resource) or procedure.is_reason(resource)):
        return True
    reader = READERS.get(kind)
    return reader is not None and (reader.wanted(resource) or _by_map(kind, resource, mapping))


def _by_map(kind: str, resource: Json, mapping: str | None) -> bool:
    return kind == "Observation" and observation.wanted(resource, mapping)


def _connect(files: Iterable[File]) -> None:
    """References lead from each to the others."""
    shared = Index()
    for file in files:
        file.elsewhere = shared
        for entry in file.index:
            shared.add(entry)


def _load(content: bytes, origin: Origin) -> File | Unreadable:
    """The first pass: what to read later, what others refer to, what is passed over by rule."""
    file = File(origin, sha256(content).hexdigest())
    try:
        for entry in entries(content, origin.encoding):
            if isinstance(entry, Unreadable):
                file.unreadable.append(entry)
            else:
                _retain(entry, file)
    except CannotRead as error:
        return error.at("file")
    return file


def _retain(entry: Entry, file: File) -> None:
    file.index.add(entry)
    reader = READERS.get(entry.type)
    try:
        if entry.type == "Condition":
            file.add_causes(entry.resource, condition.causes(entry.resource))
        by_map = _by_map(entry.type, entry.resource, file.origin.mapping)
        if reader and (by_map or reader.wanted(entry.resource)):
            file.entries.append(entry)
        else:
            file.passed_over[entry.type] += 1
    except _ILL_SHAPED as error:
        file.unreadable.append(ill_shaped(error).at(entry.where))


def _reading(file: File) -> Reading:
    """The second pass: facts."""
    facts: list[Fact] = []
    for entry in file.entries:
        try:
            for fact in READERS[entry.type].facts(entry, file):  # one by one: what came before a fault counts
                facts.append(fact)
        except CannotRead as error:
            file.unreadable.append(error.at(entry.where))
        except _ILL_SHAPED as error:
            file.unreadable.append(ill_shaped(error).at(entry.where))
    silent = not facts and not file.unreadable
    passed = ", ".join(f"{number} {kind}" for kind, number in sorted(file.passed_over.items()))
    return Reading(
        facts=tuple(facts),
        unreadable=file.unreadable.told(),
        ignored=f"no resource that tells of a patient, a fracture or bone care: {passed or 'empty'}" if silent else "",
        notes=tuple(_notes(file)),
        reports=tuple(file.reports),
    )


def _notes(file: File) -> Iterator[str]:
    yield from (f"{number} {kind} passed over by rule" for kind, number in sorted(file.passed_over.items()))
    yield from (f"{number} {words}" for words, number in sorted(file.notes.items()))
