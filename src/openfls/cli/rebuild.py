"""``openfls rebuild``: derive people, episodes and tasks again from the facts."""

import argparse

from openfls.cli.home import opened
from openfls.cli.progress import Progress

HELP = "derive everybody again from the facts, in steps beside which the service goes on; says whether anything changed"
EXAMPLE = "openfls rebuild"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Nothing to choose: all facts, as of today."""


def run(args: argparse.Namespace) -> int:
    """0: the same as before; 1: something differs that no new fact explains."""
    opened()
    from django.utils import timezone

    from openfls.coordination import new_day, rebuild
    from openfls.coordination.comparing import derived_digest
    from openfls.record.models import FactRow

    today = timezone.localdate()
    new_day(today)
    facts, before = FactRow.objects.count(), derived_digest()
    with Progress("records derived") as progress:
        people = rebuild(today, progress.at)
    after, meanwhile = derived_digest(), FactRow.objects.count() - facts
    different = [kind for kind in before if before[kind] != after[kind]]
    print(f"{people} people derived again; {_compared(different, meanwhile)}")
    return 1 if different and not meanwhile else 0


def _compared(different: list[str], meanwhile: int) -> str:
    if not different:
        return "the same as before"
    if meanwhile:
        return f"{meanwhile} facts came in meanwhile: run it again in a quiet hour to see whether anything else changed"
    return f"changed: {', '.join(different)}"
