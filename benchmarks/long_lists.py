"""A long list through the worker: rows a second, the longest that a page waits to write, and the memory it takes.

Naive: the whole list in one transaction, as any short one is entered. Each in a process of its own, on SQLite, durably;
then an upload of the same list is undone. ROWS in the environment makes it longer (200000 for a year of a region).
"""

import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable
from time import perf_counter

from _machine import machine, stopwatch
from _people import name

ROWS = int(os.environ.get("ROWS", "20000"))
SITE, SOURCE = "X1A01", "X1A/trauma"
HEADERS = "Meeting Date,Referral ID,NHS No,Hosp No,Surname,Forename,DOB,Sex,Injury Date,Diagnosis,Side,Ward,Mechanism"
INJURIES = ("# NOF", "Colles #", "# prox humerus", "L1 wedge #", "hip pain ?#", "laceration", "ankle #")


def listing(rows: int) -> bytes:
    """Made-up rows, a few people twice."""
    lines = [
        f"{n % 28 + 1:02}/03/2026,T{n},,H{n // 2 if n % 5 == 0 else n},{name(n % 4000)},{name(n * 7919 % 900)},"
        f"{n % 28 + 1:02}/{n % 12 + 1:02}/{1930 + n % 53},F,{n % 28 + 1:02}/02/2026,{INJURIES[n % 7]},{'LR'[n % 2]},"
        f"T{n % 9},fell from standing"
        for n in range(rows)
    ]
    return "\r\n".join([HEADERS, *lines, ""]).encode()


def measure(way: str) -> None:
    import django

    django.setup()
    from openfls import coordination
    from openfls.inbox import long_lists, work
    from openfls.record import databases, organisations

    databases.prepare()
    sites = [{"code": SITE, "name": "One"}]
    organisations.load({"trusts": [{"code": "X1A", "name": "Trust", "sites": sites}]}, by="a benchmark")
    if way == "naive":
        long_lists.LONG = work.LONG = 10**12
    upload, viewer = confirmed()
    waits: list[float] = []
    coordination.enter = timed(coordination.enter, waits)
    with stopwatch() as seconds:
        work.Worker().work_off()
    told(way, seconds(), waits)
    if way != "naive":
        waits.clear()
        with stopwatch() as seconds:
            undo(upload, viewer)
        told("undoing it", seconds(), waits)


def confirmed():
    from django.utils import timezone

    from openfls.clinical.standards import Role
    from openfls.inbox.uploads import checking, confirming, drafts
    from openfls.record.access import Viewer

    site = frozenset({SITE})
    viewer = Viewer(user="carys", sites=site, memberships=site, roles={SITE: frozenset({Role.COORDINATOR})})
    declared = {"site": SITE, "source": SOURCE, "name": "list.csv", "mapping": "trauma_meeting", "encoding": "utf-8"}
    upload = drafts.begin(viewer, listing(ROWS), at=timezone.now(), **declared)
    with stopwatch() as seconds:
        checking.check_now(upload)
    print(f"trial: {ROWS / seconds():.0f} rows a second", flush=True)
    upload.refresh_from_db()
    confirming.confirm(viewer, upload, at=timezone.now())
    upload.refresh_from_db()
    return upload, viewer


def undo(upload, viewer) -> None:
    from django.utils import timezone

    from openfls.inbox.uploads import undoing
    from openfls.inbox.uploads.desk import Desk

    undoing.undo(viewer, upload, "a benchmark", at=timezone.now())
    desk = Desk()
    while desk.step():
        pass


def timed(act: Callable, waits: list[float]) -> Callable:
    def timed_act(*words, **more):
        began = perf_counter()
        try:
            return act(*words, **more)
        finally:
            waits.append(perf_counter() - began)

    return timed_act


def told(way: str, seconds: float, waits: list[float]) -> None:
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    usual = sorted(waits)[len(waits) // 2]
    print(
        f"{way}: {ROWS / seconds:.0f} rows a second; {len(waits)} transactions, usually {usual:.2f} s, "
        f"at most {max(waits):.2f} s; {memory} MB at most",
        flush=True,
    )


def run(way: str) -> None:
    with tempfile.TemporaryDirectory() as home:
        settings = {"OPENFLS_HOME": home, "OPENFLS_DATABASE_URL": "", "DJANGO_SETTINGS_MODULE": "openfls.settings"}
        subprocess.run([sys.executable, __file__, way], env=os.environ | settings, check=True)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        measure(sys.argv[1])
    else:
        print(machine(), f"{ROWS} rows", sep=", ")
        run("piece by piece")
        run("naive")
