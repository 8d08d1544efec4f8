"""Files of reports: one as plain text, or one a line with its id, as JSON objects or after a tab."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

LONGEST_ID = 200  # letters
LOOKED_AT = 50  # lines by which the form of a file is told


@dataclass(frozen=True, slots=True)
class Report:
    """``id`` as the file has it, empty for a report by itself."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Unread:
    """A line that is no report: where, why, and how to mend it."""

    place: str
    reason: str
    mend: str


def reports_in(lines: Iterable[bytes], encoding: str = "utf-8", *, whole: bool = False) -> Iterator[Report | Unread]:
    """The reports of a file, line by line where it holds one a line: nothing but a line is held in memory then.

    A file holds one a line where each of its first lines is a JSON object, or has an id without spaces before a tab.
    """
    source = iter(lines)
    first = [line for line, _ in zip(source, range(LOOKED_AT), strict=False)]
    told = [line for line in first if line.strip()]
    everything = chain(first, source)
    if not whole and told and all(line.lstrip(b"\xef\xbb\xbf \t").startswith(b"{") for line in told):
        yield from _each(everything, encoding, _from_json)
    elif not whole and told and all(_has_id(line) for line in told):
        yield from _each(everything, encoding, _after_tab)
    else:
        yield _decoded(b"".join(everything), encoding, "file")


def _has_id(line: bytes) -> bool:
    name, tab, text = line.partition(b"\t")
    return bool(tab and name and text.strip()) and len(name) <= LONGEST_ID and not name.count(b" ")


def _each(
    lines: Iterable[bytes], encoding: str, read: Callable[[str, str], Report | Unread]
) -> Iterator[Report | Unread]:
    for number, line in enumerate(lines, start=1):
        if line.strip():
            found = _decoded(line.rstrip(b"\r\n"), encoding, f"line {number}")
            yield read(found.text, f"line {number}") if isinstance(found, Report) else found


def _decoded(content: bytes, encoding: str, place: str) -> Report | Unread:
    try:
        return Report("", content.decode(encoding).removeprefix("\ufeff"))
    except UnicodeDecodeError as error:
        mend = "Name the right one, for instance --encoding cp1252."
        return Unread(f"{place}, byte {error.start}", f"The bytes are not {encoding}.", mend)


def _after_tab(line: str, place: str) -> Report | Unread:
    name, tab, text = line.partition("\t")
    if not tab:
        return Unread(place, "The line has no tab between id and text.", "Write id, tab, text, each report in a line.")
    return Report(name.strip(), text)


def _from_json(line: str, place: str) -> Report | Unread:
    mend = 'Write {"id": "…", "text": "…"}, each report in a line.'
    try:
        told = json.loads(line)
    except (ValueError, RecursionError) as error:
        return Unread(place, f"This is no JSON: {str(error)[:100]}.", mend)
    if not isinstance(told, dict) or not isinstance(told.get("text"), str):
        return Unread(place, "The object has no text.", mend)
    name = told.get("id", "")
    return Report(name if isinstance(name, str) else json.dumps(name), told["text"])
