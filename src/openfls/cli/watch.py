"""``openfls watch``: take files from folders that others fill."""

import argparse
import fcntl
import signal
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from hashlib import sha256
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from openfls.cli.asking import Refused
from openfls.cli.home import opened

if TYPE_CHECKING:
    from openfls.inbox.watching import Look, Watcher

HELP = "watch folders, as an SFTP server fills them: store each file once it is whole, then move it to received/"
EXAMPLE = "openfls watch /srv/sftp/x9a"

EVERY, SETTLE = 5.0, 10.0


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER", help="folders; feed.json in them declares")
    parser.add_argument("--every", type=_seconds, default=EVERY, help=f"seconds between two looks (default {EVERY:g})")
    parser.add_argument(
        "--settle", type=_seconds, default=SETTLE,
        help=f"a file is whole when nobody has touched it for so many seconds, over two looks (default {SETTLE:g})",
    )  # fmt: skip
    parser.add_argument(
        "--marker", default="", metavar=".done",
        help="take a file only when its sender has put a second one beside it: list.csv.done or list.done",
    )  # fmt: skip
    parser.add_argument("--leave", action="store_true", help="leave what was stored where it is")
    parser.add_argument("--once", action="store_true", help="take what is whole now, and end")
    parser.add_argument("--forget", action="store_true", help="no longer expect these folders to be watched, and end")


def run(args: argparse.Namespace) -> int:
    folders = [_checked(folder, args) for folder in args.folders]
    opened()
    from openfls.inbox.watching import Watcher
    from openfls.inbox.watching.patience import Patience

    if args.forget:
        return _forget(folders)
    watchers = [Watcher(folder, Patience(args.settle, args.marker), args.leave) for folder in folders]
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with ExitStack() as places:
        for folder in folders:
            places.enter_context(_only_watcher(folder))
        return _once(watchers, args) if args.once else _watch(watchers, args, stop)


def _seconds(words: str) -> float:
    try:
        seconds = float(words)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds <= 86_400:
        raise argparse.ArgumentTypeError(f"{words!r} is no number of seconds up to a day")
    return seconds


def _checked(folder: Path, args: argparse.Namespace) -> Path:
    if args.forget:
        return folder.resolve()
    try:
        if not folder.is_dir():
            raise Refused(f"{folder} is no folder: make it, or name another")
        next(folder.iterdir(), None)
    except PermissionError as error:
        raise Refused(f"{folder} can't be opened: {error.strerror}: let this account read it") from None
    if args.marker and not args.marker.startswith("."):
        raise Refused(f"--marker {args.marker}: an ending begins with a full stop, such as .done")
    return folder.resolve()


def _forget(folders: Sequence[Path]) -> int:
    from openfls.inbox import lookouts

    for folder in folders:
        known = lookouts.forget(lookouts.FOLDER, str(folder))
        print(f"{folder}: {'no longer expected to be watched' if known else 'was not watched'}")
    return 0


@contextmanager
def _only_watcher(folder: Path) -> Iterator[None]:
    """Two watchers of one folder would move each other's files away."""
    from django.conf import settings

    name = f"watch-{sha256(str(folder).encode()).hexdigest()[:16]}.lock"
    with (settings.OPENFLS_HOME / name).open("w") as place:
        try:
            fcntl.flock(place, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refused(f"{folder} is being watched already: stop that watcher first") from None
        yield


def _once(watchers: Sequence["Watcher"], args: argparse.Namespace) -> int:
    from openfls.inbox.watching.round import Round

    round_ = Round(watchers, args.every, lambda _: None)
    for watcher in watchers:
        round_.look(watcher)
    time.sleep(max(args.settle, 0.001))
    looks = [round_.look(watcher) for watcher in watchers]
    for look in looks:
        print(_line(look))
        for trouble in look.troubles:
            print(f"  {trouble.place}: {trouble.reason} {trouble.mend}")
    return 1 if any(look.troubles for look in looks) else 0


def _watch(watchers: Sequence["Watcher"], args: argparse.Namespace, stop: Event) -> int:
    from openfls.inbox.watching.round import Round

    print(f"watching {', '.join(str(watcher.folder) for watcher in watchers)}; Ctrl-C stops", flush=True)
    Round(watchers, args.every, _told).go(stop)
    print("stopped")
    return 0


def _told(look: "Look") -> None:
    """Counts alone: the name of a file may be somebody's name."""
    if look.files:
        print(_line(look), flush=True)


def _line(look: "Look") -> str:
    troubles = f", {len(look.troubles)} in trouble (see Feeds)" if look.troubles else ""
    return f"{look.files} files: {look.stored} messages stored, {look.known_already} known already{troubles}"
