"""What comparing each arriving record with the register adds to the door: facts a second with and without, in one run.

Without: the same facts and database, but no record gets blocks and none is compared. The register fills as it goes, so
the last batches are compared with all records before them. Processor time, since others may use the machine.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from time import process_time
from unittest.mock import patch

from _machine import machine
from _people import people

PEOPLE = 4_000
BATCH = 2_000
TODAY = date(2026, 6, 1)


@contextmanager
def comparing_nobody() -> Iterator[None]:
    """The door as it would be without likeness."""
    from openfls.coordination import deriving

    with patch.multiple(deriving, keep_blocks=lambda *_, **__: set(), alike_to=lambda _: []):
        yield


def measure(compares: bool) -> None:
    """In a process of its own, on a database of its own."""
    import django
    from django.conf import settings
    from django.core.management import call_command

    django.setup()
    for alias in settings.DATABASES:
        call_command("migrate", database=alias, verbosity=0)
    facts = [fact for facts in people(PEOPLE) for fact in facts]
    if compares:
        seconds = _enter(facts)
    else:
        with comparing_nobody():
            seconds = _enter(facts)
    print(f"{len(facts) / seconds:.0f}")


def _enter(facts: list[object]) -> float:
    from openfls.coordination import enter

    began = process_time()
    for start in range(0, len(facts), BATCH):
        enter(facts[start : start + BATCH], by="benchmark", today=TODAY)  # type: ignore[arg-type]
    return process_time() - began


def at_the_door() -> None:
    rates: dict[str, list[float]] = {}
    for way in ("without", "with", "with", "without"):
        with tempfile.TemporaryDirectory() as home:
            env = os.environ | {"OPENFLS_HOME": home, "DJANGO_SETTINGS_MODULE": "openfls.settings"}
            done = subprocess.run([sys.executable, __file__, way], env=env, check=True, capture_output=True, text=True)
        rates.setdefault(way, []).append(float(done.stdout))
    mean = {way: sum(found) / len(found) for way, found in rates.items()}
    share = mean["without"] / mean["with"] - 1
    print(f"at the door (SQLite, batches of {BATCH}): {mean['without']:.0f} facts a second without, ", end="")
    print(f"{mean['with']:.0f} with comparing; it adds {share:.0%} to the time")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        measure(sys.argv[1] == "with")
    else:
        print(machine())
        at_the_door()
