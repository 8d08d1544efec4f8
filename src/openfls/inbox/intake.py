"""From files to what the inbox receives: each message of a file by itself, with what is declared of its feed.

The NDJSON files of one folder are one export, whose references lead from file to file: they come as one message.
"""

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from openfls.clinical.facts import Finder
from openfls.feeds import doors, hl7v2
from openfls.feeds.csv.mappings import Mappings
from openfls.feeds.declaring import Declaration
from openfls.feeds.fhir.content import unpacked
from openfls.feeds.fhir.faults import CannotRead
from openfls.feeds.reading import Unreadable
from openfls.inbox.receive import Incoming
from openfls.record.models import Site, Trust

EXPORT_NAMES = (".ndjson", ".ndjson.gz")


class NobodyAnswers(ValueError):
    """No site answers for a file: nobody would see it in quarantine. The words say how to name one."""


@dataclass(frozen=True, slots=True)
class Declared:
    """What whoever imports says of all files; it stands above what their folders say. None: the folder says."""

    source: str | None = None
    site: str | None = None
    finder: Finder | None = None
    mapping: str | None = None
    encoding: str | None = None

    def over(self, said: Declaration) -> Declaration:
        given = {name: value for name in self.__slots__ if (value := getattr(self, name))}
        return replace(said, **given)


def incoming(
    paths: Iterable[Path], declared: Declared, *, mappings: Mappings | None = None, file_times: bool = False
) -> Iterator[tuple[Path, Incoming | Unreadable]]:
    """Everything in these files and folders, in order; in place of a message why a file can't be taken.

    ``file_times``: each was received when its file was last changed, not now (history). Raises `NobodyAnswers`, and
    ``FileNotFoundError`` where nothing is.
    """
    paths, known = list(paths), known_owners()
    for file, said in (pair for path in paths for pair in doors.files(path, mappings)):
        if isinstance(said, Declaration):
            answering(declared.over(said), known, file)  # for all, before the first is stored
    exports: dict[tuple[Path, Declaration], list[tuple[Path, bytes]]] = {}
    for path in paths:
        for file, content, said in doors.messages(path, mappings):
            if isinstance(said, Unreadable):
                yield file, said
            elif file.name.casefold().endswith(EXPORT_NAMES):
                exports.setdefault((file.parent, declared.over(said)), []).append((file, content))
            else:
                yield file, _message(file, content, declared.over(said), known, file_times)
    for (folder, said), parts in exports.items():
        yield folder, _export(folder, parts, said, known, file_times)


def delivered(
    files: Sequence[tuple[Path, bytes]], said: Declaration, known: Container[str]
) -> list[Incoming] | Unreadable:
    """The messages of one file that has been read, or of the NDJSON files of one folder. Raises `NobodyAnswers`."""
    file, content = files[0]
    if file.name.casefold().endswith(EXPORT_NAMES):
        found = _export(file.parent, list(files), said, known, False)
        return found if isinstance(found, Unreadable) else [found]
    pieces = hl7v2.split(content) if file.name.casefold().endswith(doors.HL7_NAMES) else []
    return [_message(file, piece, said, known, False) for piece in (pieces if len(pieces) > 1 else [content])]


def _export(
    folder: Path, parts: list[tuple[Path, bytes]], said: Declaration, known: Container[str], file_times: bool
) -> Incoming | Unreadable:
    """One file as it is; several as one, a line each resource."""
    newest = max((file for file, _ in parts), key=lambda file: file.stat().st_mtime)
    if len(parts) == 1:
        return _message(newest, parts[0][1], said, known, file_times)
    try:
        together = b"\n".join(unpacked(part).rstrip() for _, part in parts)
    except CannotRead as fault:
        return fault.at(str(folder))
    return replace(_message(newest, together, said, known, file_times), name=f"{folder.resolve().name}.ndjson")


def _message(file: Path, content: bytes, said: Declaration, known: Container[str], file_times: bool) -> Incoming:
    return Incoming(
        source=said.source,
        content=content,
        site=answering(said, known, file),
        name=file.name,
        origin=origin_of(said),
        received=datetime.fromtimestamp(file.stat().st_mtime, UTC) if file_times else None,
    )


def origin_of(said: Declaration) -> dict[str, str]:
    """What the inbox keeps of a declaration beside each message."""
    told = {name: getattr(said, name) for name in ("site", "finder", "mapping", "encoding", "reference")}
    return {name: str(value) for name, value in told.items() if value}


def known_owners() -> set[str]:
    """The codes of all sites and trusts: who can answer for a feed."""
    return {*Site.objects.values_list("code", flat=True), *Trust.objects.values_list("code", flat=True)}


def answering(said: Declaration, known: Container[str], where: object) -> str:
    """The site or trust that answers: the declared site, else whoever the source begins with. Raises `NobodyAnswers`,
    which says that it was declared ``where``."""
    code = said.site or said.source.split("/")[0]
    if code in known:
        return code
    if said.site:
        raise NobodyAnswers(f"{where}: there is no site {said.site!r}: load it first (openfls organisations load FILE)")
    raise NobodyAnswers(f"{where}: no site answers for it: name one (--site CODE, or site in a feed.json beside it)")
