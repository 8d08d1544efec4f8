"""``openfls rebuild``: derive people, episodes and tasks again from the facts."""

import argparse

from openfls.cli.home import opened
from openfls.cli.progress import Progress

NAME = "rebuild"
HELP = "throw away what is derived and derive it again from the facts; says whether anything changed"
EXAMPLE = "openfls rebuild"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Nothing to choose: all facts, as of today."""


def run(args: argparse.Namespace) -> int:
    opened()
    from django.utils import timezone

    from openfls.coordination import new_day, rebuild
    from openfls.coordination.comparing import derived_digest

    today = timezone.localdate()
    new_day(today)
    before = derived_digest()
    with Progress("records derived") as progress:
        people = rebuild(today, progress.at)
    after = derived_digest()
    different = [kind for kind in before if before[kind] != after[kind]]
    print(f"{people} people derived again; {'changed: ' + ', '.join(different) if different else 'the same as before'}")
    return 1 if different else 0
