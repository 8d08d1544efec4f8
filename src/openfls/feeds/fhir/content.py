"""Bytes to resources: gzip within bounds, one JSON document or NDJSON, bundles opened entry by entry."""

import gzip
import io
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import orjson

from openfls.feeds.fhir.elements import Json, each, text
from openfls.feeds.fhir.faults import CannotRead
from openfls.feeds.fhir.keys import refuse_repeated_keys
from openfls.feeds.fhir.r4 import RESOURCE_TYPES
from openfls.feeds.reading import Unreadable

LARGEST = 512 * 1024 * 1024  # bytes; a bigger export is sent in parts
LARGEST_UNPACKED = 200 * 1024 * 1024  # bytes that a packed file may give
RATIO = 100  # unpacked to packed; FHIR JSON packs to about a twentieth
FREE_OF_RATIO = 16 * 1024 * 1024  # bytes below which any ratio may stand
MOST_VALUES = 5_000_000  # of one document, by its commas; a bundle of a hundred megabytes has about four million
BUNDLES = frozenset({"transaction", "batch", "collection", "searchset"})
DEEPEST = 3  # bundles within bundles
_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")  # an odd number of backslashes: an even one is text about it
_PROBED = 20  # lines that are tried before a file counts as neither JSON nor NDJSON


@dataclass(frozen=True, slots=True)
class Entry:
    """One resource and where it stands. ``position``: its own type and id, else its address or place."""

    resource: Json
    type: str
    place: str
    url: str = ""

    @property
    def id(self) -> str:
        return text(self.resource.get("id"))

    @property
    def position(self) -> str:
        return f"{self.type}/{self.id}" if self.id else self.url or self.place

    @property
    def where(self) -> str:
        return f"{self.place}, {self.position}" if self.position != self.place else self.place


def entries(content: bytes, encoding: str = "utf-8") -> Iterator[Entry | Unreadable]:
    """Each resource of the file, or why it is none. Raises `CannotRead` where the file as a whole can't be read."""
    plain = _utf8(unpacked(content), encoding)
    suspect = b"\\u0000" in plain
    for place, document in _documents(plain):
        if isinstance(document, CannotRead):
            yield document.at(place)
        else:
            found = _opened(document, place, "", 0)
            yield from map(_without_nul, found) if suspect else found


def _without_nul(entry: Entry | Unreadable) -> Entry | Unreadable:
    """No database can hold a NUL character: the resource with one waits, and the others count."""
    if isinstance(entry, Entry) and _NUL.search(orjson.dumps(entry.resource)):
        return Unreadable("A text holds a NUL character (\\u0000).", entry.where, "Send the resource without it.")
    return entry


def unpacked(content: bytes) -> bytes:
    """The bytes without gzip, if they are packed with it, never more than the bounds allow."""
    if content[:2] != b"\x1f\x8b":
        return _bounded(content, LARGEST)
    allowed = min(LARGEST, LARGEST_UNPACKED, max(FREE_OF_RATIO, RATIO * len(content)))
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(content)) as packed:
            return _bounded(packed.read(allowed + 1), allowed)
    except (EOFError, OSError, zlib.error) as error:
        raise CannotRead(f"The gzip data is damaged: {error}.", "Send the file again, whole.") from error


def _bounded(plain: bytes, allowed: int) -> bytes:
    if len(plain) > allowed:
        raise CannotRead(
            f"The file unpacks to more than {allowed // 2**20} MB.", "Send the export in parts, or not packed."
        )
    return plain


def _utf8(plain: bytes, encoding: str) -> bytes:
    if encoding.lower().replace("-", "") in ("utf8", "utf8sig"):
        return plain.removeprefix(b"\xef\xbb\xbf")
    try:
        return plain.decode(encoding).encode()
    except (UnicodeDecodeError, LookupError) as error:
        raise CannotRead(f"The file is not {encoding}: {error}.", "Declare the feed's encoding rightly.") from error


def _documents(plain: bytes) -> Iterator[tuple[str, Any]]:
    """The whole as one JSON document, else each line as one; with its place."""
    if not (_too_many_values(plain) and _is_ndjson(plain)):
        try:
            yield "file", _understood(plain)
            return
        except orjson.JSONDecodeError as error:
            if not _is_ndjson(plain):
                raise CannotRead(_bad_json(error), "Send a FHIR R4 bundle or NDJSON in UTF-8.") from error
    for number, line in enumerate(io.BytesIO(plain), start=1):
        if line.strip():
            yield f"line {number}", _line(line)


def _understood(written: bytes) -> Any:
    """One document. Raises `CannotRead` for one with too many values or a key twice, else what the library raises."""
    if _too_many_values(written):
        reason = f"The document has more than {MOST_VALUES:,} values."
        raise CannotRead(reason, "Send the export as NDJSON, or the bundle in parts.")
    document = orjson.loads(written)
    refuse_repeated_keys(written, document)
    return document


def _too_many_values(written: bytes) -> bool:
    """A document is understood as a whole, and small values take up far more room than their text."""
    return written.count(b",") > MOST_VALUES


def _is_ndjson(plain: bytes) -> bool:
    lines = (line for line in io.BytesIO(plain) if line.strip())
    return any(_names_a_type(line) for _, line in zip(range(_PROBED), lines, strict=False))


def _names_a_type(line: bytes) -> bool:
    document = _line(line)
    return isinstance(document, dict) and "resourceType" in document


def _line(line: bytes) -> Any:
    try:
        return _understood(line)
    except orjson.JSONDecodeError as error:
        return CannotRead(_bad_json(error), "Send this resource again as one line of JSON.")
    except CannotRead as error:
        return error


def _bad_json(error: orjson.JSONDecodeError) -> str:
    return f"This is no JSON: {error.msg.split(':')[0]}, line {error.lineno} column {error.colno}."


def _opened(document: Any, place: str, url: str, depth: int) -> Iterator[Entry | Unreadable]:
    kind = document.get("resourceType") if isinstance(document, dict) else None
    if not isinstance(kind, str) or kind not in RESOURCE_TYPES:
        found = f"resourceType {str(kind)[:40]!r}" if isinstance(document, dict) else "no object"
        yield Unreadable(f"This is no FHIR R4 resource: {found}.", place, "Send a resource of FHIR R4.")
    elif kind == "Bundle":
        yield from _bundled(document, place, depth)
    else:
        yield Entry(document, kind, place, url)


def _bundled(bundle: Json, place: str, depth: int) -> Iterator[Entry | Unreadable]:
    kind = text(bundle.get("type"))
    if kind not in BUNDLES or depth == DEEPEST:
        reason = f"A bundle of type {kind[:40]!r} is not read." if depth < DEEPEST else "Bundles are nested too deep."
        yield Unreadable(reason, place, f"Send a bundle of type {', '.join(sorted(BUNDLES))}.")
        return
    inside = "Bundle" if place == "file" else f"{place}, Bundle"
    listed = bundle.get("entry", [])
    if not isinstance(listed, list):
        yield Unreadable("Bundle.entry is no list.", inside, "Send the bundle as FHIR R4 says.")
        return
    for number, entry in enumerate(listed):
        yield from _entry(entry, f"{inside}.entry[{number}]", depth)


def _entry(entry: Any, place: str, depth: int) -> Iterator[Entry | Unreadable]:
    if not isinstance(entry, dict):
        yield Unreadable("The entry is no object.", place, "Send the bundle as FHIR R4 says.")
        return
    request = next(iter(each(entry.get("request"))), {})
    method = text(request.get("method")).upper()
    if method in ("DELETE", "PATCH"):
        asked = f"{method} {text(request.get('url'))[:80]}"
        mend = "Send the whole resource, with the status entered-in-error where it is taken back."
        yield Unreadable(f"{asked} says neither whose resource nor what it was.", place, mend)
    elif "resource" in entry:
        yield from _opened(entry["resource"], place, text(entry.get("fullUrl")), depth + 1)
    elif method not in ("GET", "HEAD") and "response" not in entry:
        yield Unreadable("The entry holds no resource.", place, "Send the entry with its resource.")
