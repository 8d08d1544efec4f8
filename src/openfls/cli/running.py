"""``openfls run``: the demonstration region, loaded and served by one command."""

import argparse
import os
import signal
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from openfls.cli.asking import Refused
from openfls.cli.demonstration import marking
from openfls.cli.demonstration.children import ChildDied, Children, openfls
from openfls.cli.home import opened
from openfls.cli.progress import Progress
from openfls.cli.serve import PORT, gunicorn, refuse_taken, share_figures
from openfls.demo.region import LARGEST_SCALE, Region, region

if TYPE_CHECKING:  # loads Django's models
    from openfls.cli.demonstration.attending import Staff

HELP = "load the demonstration region and serve it; a second time go on from what is there"
EXAMPLE = "openfls run --port 8080"

ADDRESS = "127.0.0.1"  # sign-ins that are printed are for this machine alone
LOOK_AGAIN = 0.5  # seconds


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, default=PORT, help=f"default {PORT}")
    parser.add_argument("--fresh", action="store_true", help="forget the demonstration that is there, and start anew")
    parser.add_argument("--seed", type=int, default=1, help="another seed gives other patients (default 1)")
    parser.add_argument(
        "--scale", type=float, default=1.0,
        help="size of the region: 1 is a year of eleven hospitals, 0.02 loads in seconds (default 1)",
    )  # fmt: skip


def run(args: argparse.Namespace) -> int:
    """Until it is stopped: 0; 1 where one of its processes failed."""
    home = Path(os.environ.get("OPENFLS_HOME", "var")).resolve()
    refuse_taken(ADDRESS, args.port)
    mark = _prepare(home, args)
    opened()
    share_figures()
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        _run(home, mark, args.port)
    except KeyboardInterrupt:
        print("\nstopped; openfls run goes on from here")
    except (ChildDied, TimeoutError) as failed:
        print(f"stopped: {failed}")
        return 1
    return 0


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def _prepare(home: Path, args: argparse.Namespace) -> marking.Mark:
    """The home marked as a demonstration, before Django looks. Raises `Refused` for anything that may be real."""
    if not 0 < args.scale <= LARGEST_SCALE:
        raise Refused(f"--scale {args.scale:g}: give a size above 0 and up to {LARGEST_SCALE:g}")
    if args.fresh:
        _refuse_on_postgresql("--fresh removes files only: drop and create the database yourself, and the home's files")
        marking.forget(home)
    mark = marking.mark_of(home)
    if mark is None:
        marking.refuse_real(home)
        _refuse_on_postgresql("the demonstration has files of its own: unset OPENFLS_DATABASE_URL")
        mark = marking.Mark(args.seed, args.scale, date.today())  # noqa: DTZ011 (the day on this machine's wall)
        marking.write(home, mark)
    return mark


def _refuse_on_postgresql(why: str) -> None:
    if os.environ.get("OPENFLS_DATABASE_URL"):
        raise Refused(why)


def _run(home: Path, mark: marking.Mark, port: int) -> None:
    """Serve at once, load behind, tell what was found, and stay."""
    from openfls.cli.demonstration import describing, loading

    print(f"The demonstration region, as of {mark.today:%d %B %Y}", flush=True)
    there = region(mark.seed, mark.scale, today=mark.today)
    loading.settle(there)
    describing.describe(there)
    with Children() as children:
        children.start("the server", gunicorn(ADDRESS, port))
        children.start("the worker", openfls("work"))
        children.wait_for_pages(port)
        print("\n".join(_welcome(there, port)), flush=True)
        if mark.told:
            print("\n".join(["", *mark.told]))
        else:
            marking.write(home, _load(there, mark, children))
        print(f"\nEverything is loaded. Ctrl-C stops. The pages: http://{ADDRESS}:{port}", flush=True)
        while True:
            children.check()
            time.sleep(LOOK_AGAIN)


def _welcome(there: Region, port: int) -> Iterator[str]:
    from openfls.cli.demonstration.loading import PASSWORD

    yield f"The pages stand at http://{ADDRESS}:{port}"
    yield f"Sign in with the password {PASSWORD} as"
    yield from (f"    {user.username:12} {user.about}" for user in there.users)


def _load(there: Region, mark: marking.Mark, children: Children) -> marking.Mark:
    from openfls.cli.demonstration import comparing, loading
    from openfls.cli.demonstration.attending import Staff

    began = time.monotonic()
    print("The feeds go on behind, and the staff with them; every page says as of when its data are.", flush=True)
    staff = Staff(there)
    with Progress("messages received") as progress:
        received = loading.send(there, _watched(children, progress, staff))
    with Progress("messages read", received) as progress:
        _wait_for_worker(children, progress, staff)
    with Progress("records that the staff have looked at") as progress:
        staff.finish(_watched(children, progress))
    minutes = (time.monotonic() - began) / 60
    told = (
        f"What was found in {received:,} messages, read in {minutes:.1f} minutes:",
        *comparing.report(there).lines(),
        f"{staff.answered:,} doubts of identity were answered by the staff, {staff.entered:,} facts of care entered",
    )
    print("\n".join(["", *told]), flush=True)
    return mark.finished(told)


def _watched(children: Children, progress: Progress, staff: "Staff | None" = None) -> Any:
    """Between two batches: are all processes alive; and the staff do what has come up."""
    from openfls.inbox.currency import progress as how_far

    def at(done: int, total: int | None = None) -> None:
        children.check()
        progress.at(done, total)
        if staff:
            staff.catch_up(how_far().as_of)

    return at


def _wait_for_worker(children: Children, progress: Progress, staff: "Staff") -> None:
    from openfls.inbox.currency import progress as how_far

    while True:
        children.check()
        far = how_far()
        progress.at(far.received - far.waiting, far.received)
        if not far.waiting:
            return
        staff.catch_up(far.as_of)
        time.sleep(LOOK_AGAIN)
