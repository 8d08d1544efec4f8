"""Holds the parts of a workbook against bounds before a spreadsheet library opens it: an XLSX is an archive of XML.

Bytes are counted while they are read, since an archive's own figures may lie. Nothing is ever unpacked to a disk.
"""

from collections.abc import Iterator
from io import BytesIO
from zipfile import BadZipFile, ZipFile, ZipInfo
from zlib import error as ZlibError

from openfls.feeds.csv.faults import Fault
from openfls.feeds.csv.lines import LARGEST

MOST_MEMBERS = 2_000
MOST_PACKED = 100  # times that a member may unpack to its packed size
ALWAYS_ALLOWED = 1024 * 1024  # bytes, unpacked: below this a high ratio is no bomb
MOST_SHARED = 1_000_000  # texts that cells share: 200,000 rows with five texts each
LONGEST_ROW = 4 * 1024 * 1024  # bytes of one row's XML: 256 cells of the longest text
AT_ONCE = 1024 * 1024  # bytes read in one go
MEND = "Open the workbook in a spreadsheet program, save it as XLSX again and send that."

_DOCTYPES = tuple("<!DOCTYPE".encode(encoding) for encoding in ("ascii", "utf-16-le", "utf-16-be"))
_LAPS = max(map(len, _DOCTYPES))  # bytes that two chunks share, so that nothing hides on their border
_DAMAGED = (BadZipFile, ZlibError, EOFError, ValueError, NotImplementedError, OSError, RuntimeError)


def refuse_hostile(content: bytes) -> None:
    """Raises `Fault` for what is no archive, would unpack too large, or holds what no workbook holds."""
    try:
        with ZipFile(BytesIO(content)) as archive:
            members = archive.infolist()
            _refuse_figures(members)
            for member in members:
                _refuse_part(archive, member)
    except _DAMAGED as error:
        raise Fault(f"This is no readable XLSX workbook ({error}).", "workbook", MEND) from error


def holds(archive: ZipFile, name: str, needle: bytes) -> bool:
    """Whether a part holds these few bytes, without the whole of it in memory."""
    return any(needle in chunk for chunk, _ in _chunks(archive, archive.getinfo(name)))


def _refuse_figures(members: list[ZipInfo]) -> None:
    """What the archive itself says of its parts."""
    if len(members) > MOST_MEMBERS:
        raise Fault(f"The workbook has {len(members):,} parts; at most {MOST_MEMBERS:,} are read.", "workbook", MEND)
    total = sum(member.file_size for member in members)
    if total > LARGEST:
        raise Fault(f"The workbook unpacks to {total:,} bytes; at most {LARGEST:,} are read.", "workbook", MEND)
    for member in members:
        if member.file_size > _allowed(member):
            raise Fault(f"A part unpacks to more than {MOST_PACKED} times its packed size.", _place(member), MEND)
        if member.filename.startswith("/") or ".." in member.filename.replace("\\", "/").split("/"):
            raise Fault("A part's name leads out of the workbook.", _place(member), MEND)


def _allowed(member: ZipInfo) -> int:
    return max(ALWAYS_ALLOWED, MOST_PACKED * member.compress_size)


def _refuse_part(archive: ZipFile, member: ZipInfo) -> None:
    shared, row, read, has_rows = 0, 0, 0, False
    for chunk, new in _chunks(archive, member):
        read += new
        if read > _allowed(member):
            raise Fault(f"A part unpacks to more than {MOST_PACKED} times its packed size.", _place(member), MEND)
        if not member.filename.endswith(".svg") and any(doctype in chunk for doctype in _DOCTYPES):
            raise Fault("A part declares a document type (DTD), by which entities could be.", _place(member), MEND)
        shared += chunk.count(b"</si>")
        has_rows = has_rows or b"<row" in chunk
        row = row + new if (ends := chunk.rfind(b"</row>")) < 0 else len(chunk) - ends
        if shared > MOST_SHARED or (has_rows and row > LONGEST_ROW):
            what = f"more than {MOST_SHARED:,} texts" if shared > MOST_SHARED else f"a row of {row:,} bytes"
            raise Fault(f"The workbook has {what}.", _place(member), "Divide the list into several files.")


def _chunks(archive: ZipFile, member: ZipInfo) -> Iterator[tuple[bytes, int]]:
    """The part in pieces, each with the last bytes of the one before, and how many bytes are new."""
    with archive.open(member) as part:
        before = b""
        while piece := part.read(AT_ONCE):
            yield before + piece, len(piece)
            before = piece[-_LAPS:]


def _place(member: ZipInfo) -> str:
    return f"workbook, part {member.filename[:80]}"
