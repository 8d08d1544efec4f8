"""What lies in a watched folder, seen without following a link: files, whole or still coming, and what is neither."""

import getpass
import os
import stat
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from openfls.feeds.declaring import is_manifest
from openfls.feeds.reading import Unreadable
from openfls.inbox.intake import EXPORT_NAMES

# What programs that copy files call a file until it is whole.
COMING = (".part", ".partial", ".filepart", ".tmp", ".temp", ".crdownload", ".uploading", ".swp", "~")
Identity = tuple[int, int, int, int, int]


@dataclass(frozen=True, slots=True)
class Seen:
    """A file by its place below the folder, and what changes when anybody touches it."""

    place: PurePosixPath
    identity: Identity

    @property
    def coming(self) -> bool:
        """Whether its name says that it is not whole yet."""
        return self.place.name.casefold().endswith(COMING)

    @property
    def of_export(self) -> bool:
        """Whether it, once whole, is one of the files of an NDJSON export, which lead from one to the other."""
        name = self.place.name.casefold()
        for ending in COMING:
            name = name.removesuffix(ending)
        return name.endswith(EXPORT_NAMES)

    @property
    def touched(self) -> int:
        """When it was last touched, by this machine's clock, in nanoseconds: a sender can't set it."""
        return self.identity[4]


@dataclass
class Sight:
    """One look at a folder. ``troubles``: what could not be looked at, by place."""

    files: dict[PurePosixPath, Seen] = field(default_factory=dict)
    troubles: dict[str, Unreadable] = field(default_factory=dict)


def identity_of(status: os.stat_result) -> Identity:
    """The time of change is in it too: a copy that keeps its original's time of modification still shows its growth."""
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns


def sight_of(folder: Path, leave_out: str) -> Sight:
    """Every file below the folder, but for manifests, hidden ones, and what is in its folder ``leave_out``."""
    sight = Sight()
    walk = os.fwalk(folder, follow_symlinks=False, onerror=lambda error: _unopened(error, folder, sight))
    for path, folders, names, handle in walk:
        here = PurePosixPath(Path(path).relative_to(folder))
        _choose(folders, here, leave_out, handle, sight)
        for name in sorted(names):
            if not name.startswith(".") and not is_manifest(Path(name)):
                _see(here / name, name, handle, sight)
    return sight


def _choose(folders: list[str], here: PurePosixPath, leave_out: str, handle: int, sight: Sight) -> None:
    """Go on into folders that are in sight; the walk enters no link, and says here that it doesn't."""
    top = here == PurePosixPath()
    folders[:] = [name for name in sorted(folders) if not name.startswith(".") and not (top and name == leave_out)]
    for name in folders:
        if stat.S_ISLNK(os.lstat(name, dir_fd=handle).st_mode):
            sight.troubles[str(here / name)] = _link(here / name)


def _see(place: PurePosixPath, name: str, handle: int, sight: Sight) -> None:
    try:
        status = os.stat(name, dir_fd=handle, follow_symlinks=False)
    except FileNotFoundError:
        return  # its sender took it away again
    if stat.S_ISREG(status.st_mode):
        sight.files[place] = Seen(place, identity_of(status))
    elif stat.S_ISLNK(status.st_mode):
        sight.troubles[str(place)] = _link(place)
    else:
        sight.troubles[str(place)] = Unreadable("This is no file.", str(place), "Remove it, and put a file there.")


def _link(place: PurePosixPath) -> Unreadable:
    return Unreadable("This is a link, and links are not followed.", str(place), "Put the file itself there.")


def _unopened(error: OSError, folder: Path, sight: Sight) -> None:
    path = Path(str(error.filename or folder))
    place = str(path.relative_to(folder)) if path.is_absolute() and path.is_relative_to(folder) else path.name
    sight.troubles[place] = not_opened(error, place)


def not_opened(error: OSError, place: str) -> Unreadable:
    """What the machine refuses, and to whom."""
    mend = f"Let the account that watches ({_account()}) read and write there."
    return Unreadable(f"It can't be opened: {error.strerror}.", place, mend)


def _account() -> str:
    return getpass.getuser()
