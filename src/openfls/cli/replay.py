"""``openfls replay``: the inbox and the facts entered by hand, through the one door once more."""

import argparse

from openfls.cli.home import opened
from openfls.cli.progress import Progress

HELP = "replay the inbox and the facts entered by hand into an empty record beside this one, and compare"
EXAMPLE = "openfls replay"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--heal", action="store_true",
        help="instead enter into the record whatever the inbox holds and it lacks, as after restoring a backup",
    )  # fmt: skip
    parser.add_argument("--shuffle", type=int, metavar="SEED", help="in another order than that of the receipt")


def run(args: argparse.Namespace) -> int:
    opened()
    with Progress("messages replayed") as progress:
        return _heal(args, progress) if args.heal else _compare(args, progress)


def _compare(args: argparse.Namespace, progress: Progress) -> int:
    from django.utils import timezone

    from openfls.inbox.replay import prove

    proof = prove(timezone.localdate(), shuffle=args.shuffle, progress=progress.at)
    done = proof.replayed
    print(f"{done.messages} messages and {done.by_hand} facts entered by hand, replayed beside the record")
    print(f"different: {', '.join(proof.different)}" if proof.different else "the same people, episodes and tasks")
    return 1 if proof.different else 0


def _heal(args: argparse.Namespace, progress: Progress) -> int:
    from openfls.inbox.replay import replay

    done = replay(shuffle=args.shuffle, progress=progress.at)
    print(f"{done.messages} messages read again, {done.facts} facts, of which {done.new} were missing")
    return 0
