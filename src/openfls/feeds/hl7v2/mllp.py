"""MLLP, the minimal lower layer protocol: messages in frames ``<VT> message <FS><CR>`` on a stream of bytes.

Frames come out the same however the stream was cut into pieces. What senders really do is borne: line feeds and nothing
after the end, a missing start, a frame that begins before the one before it was ended.
"""

from dataclasses import dataclass
from enum import Enum, auto

from openfls.feeds.hl7v2.framing import LARGEST
from openfls.feeds.hl7v2.header import HEAD

START, END = b"\x0b", b"\x1c"
BETWEEN = b"\r\n"  # bytes between frames that mean nothing
BARE = (b"MSH", b"\xef\xbb\xbf")  # how a message begins whose frame has no start

_NEXT = b"\x0bMSH"  # no text holds this: the next frame begins
_LOOK_BACK = len(_NEXT)  # bytes in which its beginning and what stands before it may hide


def framed(content: bytes) -> bytes:
    """A message as it goes over the wire."""
    return START + content + END + b"\r"


class Kind(Enum):
    """How a frame ended."""

    WHOLE = auto()
    CUT = auto()  # another began in the middle of a line: nothing of it may be taken
    TOO_LARGE = auto()  # its content is its beginning alone
    NO_MLLP = auto()  # the stream begins as none does that holds messages


@dataclass(frozen=True, slots=True)
class Frame:
    content: bytes
    kind: Kind = Kind.WHOLE


class Frames:
    """Takes a stream in pieces and gives its frames; holds no more than the largest frame and the newest piece."""

    __slots__ = ("_buffer", "_head", "_inside", "_largest", "_opened", "_scanned", "_size", "_spoken")

    def __init__(self, largest: int = LARGEST) -> None:
        self._largest = largest
        self._buffer = bytearray()
        self._spoken = False
        self._begin(inside=False)

    def push(self, data: bytes) -> None:
        self._buffer += data

    def pop(self) -> Frame | None:
        """The next frame; None where more bytes are needed. Nothing follows ``NO_MLLP``."""
        if not self._inside and not self._enter():
            return None
        self._drop_starts()
        if not self._spoken and self._strays():
            return Frame(b"", Kind.NO_MLLP)
        end = self._buffer.find(END, self._scanned)
        look_from = max(0, self._scanned - _LOOK_BACK)
        following = self._buffer.find(_NEXT, look_from, end if end >= 0 else len(self._buffer))
        if following > 0:
            return self._ended_by_next(following)
        if end >= 0:
            return self._ended(end, len(END), Kind.WHOLE)
        self._wait()
        return None

    @property
    def unfinished(self) -> int:
        """Bytes of the frame that has begun and not ended; 0 between frames."""
        return self._size + len(self._buffer) + self._opened

    def _strays(self) -> bool:
        """Whether what begins is neither a frame nor a message without its start."""
        begins = self._head[:3] or bytes(self._buffer[:3])
        return not self._opened and not any(begins.startswith(bare[: len(begins)]) for bare in BARE)

    def _enter(self) -> bool:
        """Whether a frame has begun; who forgot its start byte has begun all the same."""
        blank = 0
        while blank < len(self._buffer) and self._buffer[blank] in BETWEEN:
            blank += 1
        del self._buffer[:blank]
        if not self._buffer:
            return False
        self._begin(inside=True)
        return True

    def _drop_starts(self) -> None:
        while not self._scanned and not self._size and self._buffer.startswith(START):
            self._opened = True
            del self._buffer[:1]

    def _begin(self, *, inside: bool) -> None:
        self._inside, self._opened, self._head = inside, False, b""
        self._scanned: int = 0
        self._size: int = 0

    def _ended_by_next(self, at: int) -> Frame:
        """The sender forgot the end, if a line was ended; else it broke off and begins anew."""
        whole = self._buffer[at - 1] in BETWEEN
        return self._ended(at, 0, Kind.WHOLE if whole else Kind.CUT)

    def _ended(self, at: int, mark: int, kind: Kind) -> Frame:
        content = bytes(self._buffer[:at])
        if kind is Kind.WHOLE and self._size + at > self._largest:
            kind, content = Kind.TOO_LARGE, (self._head or content)[:HEAD]
        del self._buffer[: at + mark]
        self._spoken = True
        self._begin(inside=False)
        return Frame(b"" if kind is Kind.CUT else content, kind)

    def _wait(self) -> None:
        """Go on from here when more has come. Of a frame that is too large only the beginning is kept."""
        if self._size + len(self._buffer) > self._largest:
            self._head = self._head or bytes(self._buffer[:HEAD])
            dropped = max(0, len(self._buffer) - _LOOK_BACK)
            self._size += dropped
            del self._buffer[:dropped]
        self._scanned = len(self._buffer)
