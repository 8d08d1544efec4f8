"""Uploads at which fault tests kill the worker: ``python -m tests.faults.uploads ACT [STEP]``, in a home of its own."""

import json
import sys
from collections.abc import Callable

import django

HEADERS = "Meeting Date,Referral ID,NHS No,Hosp No,Surname,Forename,DOB,Sex,Injury Date,Diagnosis,Side,Ward,Mechanism"
ROW = "12/03/2026,T{n},,H{n},SMITH{n},Anne,01/02/1940,F,{day},# NOF,L,T1,fell from standing"
SITE = "X1A01"


def listing(first: int, last: int) -> bytes:
    rows = [ROW.format(n=n, day="31/02/2026" if n % 7 == 0 else "11/03/2026") for n in range(first, last)]
    return "\r\n".join([HEADERS, *rows, ""]).encode()


def small_pieces() -> None:
    """Lists are long, and steps short, as in a month's work at once."""
    from openfls.inbox import long_lists, work
    from openfls.inbox.uploads import checking, desk, undoing

    long_lists.LONG = work.LONG = 300
    long_lists.ROWS = checking.ROWS = 3
    undoing.AT_ONCE = 3
    desk.A_STEP = 0.0


def prepare() -> None:
    """One list that stays, and one that is confirmed but not read yet."""
    from openfls.record import databases, organisations

    databases.prepare()
    sites = [{"code": SITE, "name": "One"}]
    organisations.load({"trusts": [{"code": "X1A", "name": "Trust", "sites": sites}]}, by="a test")
    _confirm(listing(0, 4), "kept.csv", "X1A/ward")
    work()
    _confirm(listing(2, 20), "wrong.csv", "X1A/trauma")


def _confirm(content: bytes, name: str, source: str) -> None:
    from django.utils import timezone

    from openfls.inbox.uploads import checking, confirming, drafts

    upload = drafts.begin(
        _viewer(), content, site=SITE, source=source, name=name, mapping="trauma_meeting", encoding="utf-8",
        at=timezone.now(),
    )  # fmt: skip
    checking.check_now(upload)
    upload.refresh_from_db()
    confirming.confirm(_viewer(), upload, at=timezone.now())


def _viewer():
    from openfls.clinical.standards import Role
    from openfls.record.access import Viewer

    site = frozenset({SITE})
    return Viewer(user="carys", sites=site, memberships=site, roles={SITE: frozenset({Role.COORDINATOR})})


def ask_to_undo() -> None:
    from django.utils import timezone

    from openfls.inbox.models import Upload
    from openfls.inbox.uploads import undoing

    work()
    undoing.undo(_viewer(), Upload.objects.get(name="wrong.csv"), "the wrong month", at=timezone.now())


def begin_a_trial() -> None:
    from django.utils import timezone

    from openfls.inbox.uploads import drafts

    drafts.begin(
        _viewer(), listing(30, 45), site=SITE, source="X1A/trauma", name="next.csv", mapping="trauma_meeting",
        encoding="utf-8", at=timezone.now(),
    )  # fmt: skip


def work(step: str = "") -> None:
    """What waits is done; ``step``: be killed there, the second time that it is reached. Leases end at once."""
    from datetime import timedelta
    from threading import Event

    from openfls.inbox import leases
    from openfls.inbox.shift import Shift
    from openfls.inbox.uploads import desk
    from tests.faults.acts import die, second_time

    desk.LEASE = leases.LEASE = timedelta(0)
    if step:
        steps()[step](second_time(die))
    Shift(Event()).work(once=True)


def steps() -> dict[str, Callable[[Callable[[], None]], None]]:
    from openfls import coordination
    from openfls.coordination import entering
    from openfls.inbox.long_lists import LongList
    from openfls.inbox.uploads import undoing
    from openfls.inbox.uploads.checking import Check
    from tests.faults.acts import after, before

    return {
        "before a piece is entered": before(coordination, "enter"),
        "inside the door, records set aside": after(entering, "set_aside"),
        "when a piece is entered": after(coordination, "enter"),
        "when it was told how far the list is": after(LongList, "told"),
        "when words of undoing were made": after(undoing, "_words"),
        "amid a trial": after(Check, "step"),
        "when a trial was told": after(Check, "tell"),
    }


def tell() -> None:
    """Print as JSON what there is now."""
    from openfls.coordination.comparing import derived_digest
    from openfls.inbox.models import Message, Undo, Upload
    from openfls.inbox.verify import verify
    from openfls.record.models import FactRow

    now = {
        "derived": derived_digest(),
        "facts": sorted(FactRow.objects.values_list("statement", flat=True)),
        "messages": sorted(Message.objects.values_list("digest", "state", "facts")),
        "uploads": [[one.name, one.state, one.check_result] for one in Upload.objects.order_by("number")],
        "undone": [one.done for one in Undo.objects.all()],
        "broken": [f"{f.invariant}: {f.detail}" for f in verify() if not f.ok],
    }
    print(json.dumps(now), flush=True)


def finish() -> None:
    work()
    tell()


if __name__ == "__main__":
    django.setup()
    small_pieces()
    acts = (prepare, ask_to_undo, begin_a_trial, work, finish)
    {act.__name__: act for act in acts}[sys.argv[1]](*sys.argv[2:])
