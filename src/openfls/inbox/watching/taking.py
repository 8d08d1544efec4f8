"""Reading a file of a watched folder, and moving it away, without following a link at any step.

Each folder on the way is opened from the one above it: whoever may write there can't lead us elsewhere meanwhile.
"""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path, PurePosixPath

from openfls.feeds.doors import LARGEST
from openfls.feeds.reading import Unreadable
from openfls.inbox.watching.seeing import Seen, identity_of

FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC  # a pipe in place of the file doesn't hold us up


class Changed(Exception):
    """The file is no longer as it was seen: it is looked at again."""


def read(folder: Path, seen: Seen) -> bytes | Unreadable:
    """The bytes of the file as it was seen. Raises `Changed` or ``OSError``."""
    with opened(folder, seen.place.parent) as handle:
        file = os.open(seen.place.name, FILE, dir_fd=handle)
        with os.fdopen(file, "rb") as source:
            _same(source.fileno(), seen)
            if (size := seen.identity[2]) > LARGEST:
                reason = f"The file has {size:,} bytes; at most {LARGEST:,} are read."
                return Unreadable(reason, str(seen.place), "Ask the sender to divide it.")
            content = source.read()
            _same(source.fileno(), seen)
            return content


def move(folder: Path, seen: Seen, to: PurePosixPath, spare: str) -> PurePosixPath:
    """Move the file below ``to``; where another of its name is there, below a folder ``spare``. Gives where it is."""
    target = to / seen.place.name
    with ExitStack() as open_folders:
        source = open_folders.enter_context(opened(folder, seen.place.parent))
        home = open_folders.enter_context(opened(folder, to, make=True))
        if _there(target.name, home):
            target = to / spare / target.name
            home = open_folders.enter_context(opened(folder, target.parent, make=True))
        os.rename(seen.place.name, target.name, src_dir_fd=source, dst_dir_fd=home)
    return target


@contextmanager
def opened(folder: Path, below: PurePosixPath, *, make: bool = False) -> Iterator[int]:
    """A handle of a folder below the watched one; ``make`` whatever is missing on the way."""
    handle = os.open(folder, FOLDER & ~os.O_NOFOLLOW)  # the watched folder itself may be named by a link
    try:
        for name in below.parts:
            if make and not _there(name, handle):
                os.mkdir(name, dir_fd=handle)
            inner = os.open(name, FOLDER, dir_fd=handle)
            os.close(handle)
            handle = inner
        yield handle
    finally:
        os.close(handle)


def _same(file: int, seen: Seen) -> None:
    if identity_of(os.fstat(file)) != seen.identity:
        raise Changed(str(seen.place))


def _there(name: str, handle: int) -> bool:
    try:
        os.stat(name, dir_fd=handle, follow_symlinks=False)
    except FileNotFoundError:
        return False
    return True
