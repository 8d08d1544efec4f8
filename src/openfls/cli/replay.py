"""``openfls replay``: enter again whatever the inbox holds; heals a record restored from an older backup."""

import argparse

from openfls.cli.home import opened
from openfls.cli.progress import Progress

NAME = "replay"
HELP = "read every message of the inbox again and enter what the record lacks, as after restoring a backup"
EXAMPLE = "openfls replay"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Nothing to choose: the whole inbox, in the order of receipt."""


def run(args: argparse.Namespace) -> int:
    opened()
    from openfls.inbox.replay import replay

    with Progress("messages replayed") as progress:
        done = replay(progress=progress.at)
    print(f"{done.messages} messages read again, {done.facts} facts, of which {done.new} were missing")
    return 0
