"""How a file or message is recognised and read: FHIR, HL7 v2, a structured report of a scanner, or a list.

Its name tells which; a message without a name is known by its first bytes, a DICOM file by them whatever it is called.
"""

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TypeAlias

from openfls.clinical.facts import Fact
from openfls.feeds import csv, dicom, fhir, hl7v2
from openfls.feeds.csv.mappings import Mappings, packaged
from openfls.feeds.declaring import Declaration, declaration_of, is_manifest
from openfls.feeds.dicom.lengths import is_dicom
from openfls.feeds.reading import Origin, Problems, Reading, ReportRead, Unreadable

Reader: TypeAlias = Callable[[bytes, Origin], Reading | Unreadable]

FHIR_NAMES = (".json", ".ndjson", ".json.gz", ".ndjson.gz")
HL7_NAMES = (".hl7", ".msg")
LIST_NAMES = (".csv", ".xlsx")
DICOM_NAMES = (".dcm",)
HL7_BEGINS = (b"MSH", b"\x0bMSH", b"FHS", b"BHS", b"\xef\xbb\xbfMSH")
FHIR_BEGINS = (b"{", b"\x1f\x8b", b"\xef\xbb\xbf{")
LARGEST = 1024 * 1024 * 1024  # bytes of one file


def read(content: bytes, name: str, origin: Origin, mappings: Mappings | None = None) -> Reading:
    """The facts of a file or message. What can't be read as a whole stands in ``unreadable``.

    ``name`` is the file's name, empty for a message that has none; ``mappings`` those by which lists may be read, by
    default those that come with the program.
    """
    reader = reader_for(name, content, origin, mappings)
    found = reader if isinstance(reader, Unreadable) else reader(content, origin)
    return Reading(unreadable=(found,)) if isinstance(found, Unreadable) else found


def pieces(
    content: bytes, name: str, origin: Origin, rows: int, mappings: Mappings | None = None
) -> Iterator[Reading]:
    """What `read` gives: a list ``rows`` at a time, anything else at once."""
    if is_list(name, content, origin):
        lists = mappings or packaged()
        yield from csv.pieces(content, _mapped(origin, Path(name).name.casefold(), lists), rows, lists)
    else:
        yield read(content, name, origin, mappings)


def is_list(name: str, content: bytes, origin: Origin) -> bool:
    """Whether it would be read as a list."""
    reader = reader_for(name, content, origin)
    return isinstance(reader, partial) and reader.func in (_list, csv.read)


def reader_for(
    name: str, content: bytes, origin: Origin, mappings: Mappings | None = None
) -> Reader | Unreadable:
    """What reads a file of this name; a list's mapping is the declared one, else the one that begins its name."""
    plain, lists = Path(name).name.casefold(), mappings or packaged()
    if plain.endswith(FHIR_NAMES):
        return fhir.read
    if plain.endswith(HL7_NAMES):
        return _hl7
    if plain.endswith(LIST_NAMES):
        return partial(_list, name=plain, mappings=lists)
    if plain.endswith(DICOM_NAMES) or is_dicom(content):
        return dicom.read
    if "." not in plain:
        return _by_content(content, origin, lists)
    known = ", ".join((*FHIR_NAMES, *HL7_NAMES, *LIST_NAMES, *DICOM_NAMES))
    return Unreadable(f"Nothing reads files named like {name[-80:]!r}.", "file", f"Name it as what it is: {known}.")


def files(path: Path, mappings: Mappings | None = None) -> Iterator[tuple[Path, Declaration | Unreadable]]:
    """The file, or every file in the folder and those below it, in order of their names, with what is declared of each.

    Manifests, mappings, hidden files and hidden folders are no messages. Raises ``FileNotFoundError`` where nothing is.
    """
    if not path.exists():
        raise FileNotFoundError(f"there is no file or folder {path}")
    known = mappings or packaged()
    if path.is_file():
        yield path, declaration_of(path, path.parent, known)
        return
    for folder, folders, names in os.walk(path):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            file = Path(folder) / name
            if not name.startswith(".") and not is_manifest(file):
                yield file, declaration_of(file, path, known)


def messages(
    path: Path, mappings: Mappings | None = None
) -> Iterator[tuple[Path, bytes, Declaration | Unreadable]]:
    """Each message under ``path`` with its bytes and what is declared of it; a file of HL7 messages gives each.

    Where a file or its manifest can't be read, the bytes are empty and why stands in place of the declaration.
    """
    for file, declared in files(path, mappings):
        if isinstance(declared, Unreadable):
            yield file, b"", declared
            continue
        content = _content(file)
        if isinstance(content, Unreadable):
            yield file, b"", content
            continue
        pieces = hl7v2.split(content) if file.name.casefold().endswith(HL7_NAMES) else []
        for piece in pieces if len(pieces) > 1 else [content]:
            yield file, piece, declared


def readings(
    paths: Iterable[Path], known: datetime, mappings: Mappings | None = None
) -> Iterator[tuple[Path, Reading]]:
    """What every file under the paths gives, received at ``known`` (aware, UTC).

    The FHIR files of one folder and declaration are read as one export, after the other files: their references lead
    from file to file.
    """
    yield from readings_of((pair for path in paths for pair in files(path, mappings)), known, mappings)


def readings_of(
    every: Iterable[tuple[Path, Declaration | Unreadable]], known: datetime, mappings: Mappings | None = None
) -> Iterator[tuple[Path, Reading]]:
    """As `readings`, for files with what is declared of each."""
    exports: dict[tuple[Path, Declaration], list[Path]] = {}
    for file, declared in every:
        if isinstance(declared, Unreadable):
            yield file, Reading(unreadable=(declared,))
        elif file.name.casefold().endswith(FHIR_NAMES):
            exports.setdefault((file.parent, declared), []).append(file)
        else:
            yield file, _of_file(file, declared.origin(known), mappings)
    for (_, declared), together in exports.items():
        yield from _export(together, declared.origin(known))


def _of_file(file: Path, origin: Origin, mappings: Mappings | None) -> Reading:
    content = _content(file)
    if isinstance(content, Unreadable):
        return Reading(unreadable=(content,))
    return read(content, file.name, origin, mappings)


def _export(together: list[Path], origin: Origin) -> Iterator[tuple[Path, Reading]]:
    broken: dict[str, Unreadable] = {}

    def named() -> Iterator[tuple[str, bytes]]:
        for file in together:
            content = _content(file)
            if isinstance(content, Unreadable):
                broken[str(file)] = content
            else:
                yield str(file), content

    for name, found in (fhir.read_files(named(), origin) | broken).items():
        yield Path(name), Reading(unreadable=(found,)) if isinstance(found, Unreadable) else found


def _content(file: Path) -> bytes | Unreadable:
    try:
        size = file.stat().st_size
        if size > LARGEST:
            return Unreadable(f"The file has {size:,} bytes; at most {LARGEST:,} are read.", str(file), "Divide it.")
        return file.read_bytes()
    except OSError as error:
        return Unreadable(f"The file can't be opened: {error.strerror}.", str(file), "Check that it may be read.")


def _by_content(content: bytes, origin: Origin, mappings: Mappings) -> Reader | Unreadable:
    begins = content[:64].lstrip()
    if begins.startswith(HL7_BEGINS):
        return _hl7
    if begins.startswith(FHIR_BEGINS):
        return fhir.read
    if origin.mapping:
        return partial(csv.read, mappings=mappings)
    reason = "The message has no name that tells its form, and its first bytes are of none that is read."
    return Unreadable(reason, "byte 0", "Name the file as what it is, or declare a mapping for a list.")


def _list(content: bytes, origin: Origin, name: str, mappings: Mappings) -> Reading | Unreadable:
    return csv.read(content, _mapped(origin, name, mappings), mappings)


def _mapped(origin: Origin, name: str, mappings: Mappings) -> Origin:
    """With the mapping that is declared, else the one that begins the file's name."""
    return replace(origin, mapping=origin.mapping or mappings.of_file(name))


def _hl7(content: bytes, origin: Origin) -> Reading | Unreadable:
    """One message, or the messages of a file together."""
    pieces = hl7v2.split(content)
    if len(pieces) < 2:
        return hl7v2.read(content, origin)
    facts: list[Fact] = []
    unreadable = Problems()
    notes: list[str] = []
    ignored: list[str] = []
    reports: list[ReportRead] = []
    for number, piece in enumerate(pieces, start=1):
        found = hl7v2.read(piece, origin)
        if isinstance(found, Unreadable):
            found = Reading(unreadable=(found,))
        facts += found.facts
        for one in found.unreadable:
            unreadable.append(replace(one, place=f"message {number}, {one.place}"))
        notes += [f"message {number}: {note}" for note in found.notes]
        reports += [replace(report, place=f"message {number}, {report.place}") for report in found.reports]
        ignored += [found.ignored] if found.ignored else []
    every = "; ".join(dict.fromkeys(ignored)) if len(ignored) == len(pieces) else ""
    notes += [] if every else list(dict.fromkeys(ignored))
    return Reading(tuple(facts), unreadable.told(), every, tuple(notes), tuple(reports))
