"""The command line: one module a command, one visible list of them.

A command module has ``NAME``, ``HELP``, ``EXAMPLE``, ``arguments(parser)`` and ``run(args) -> int``: 0 done, 1 done
with something to look at, 2 not done.
"""

import argparse
import sys
from collections.abc import Sequence
from types import ModuleType

from openfls.cli import (
    backstop,
    find,
    importing,
    link,
    listen,
    mappings,
    measures,
    organisations,
    query,
    read_report,
    rebuild,
    replay,
    running,
    sending,
    serve,
    systems,
    users,
    verify,
    watch,
    work,
)
from openfls.cli.asking import Refused

COMMANDS: tuple[ModuleType, ...] = (
    running, importing, find, read_report, mappings, link, backstop, measures, verify, rebuild, replay, organisations,
    users, systems, serve, work, listen, sending, watch, query,
)  # fmt: skip


def parser() -> argparse.ArgumentParser:
    """The whole command line, for `main` and for the reference page."""
    whole = argparse.ArgumentParser(prog="openfls", description="Secondary fracture prevention, from feed to worklist.")
    commands = whole.add_subparsers(title="commands", dest="command", required=True, metavar="COMMAND")
    for command in COMMANDS:
        own = commands.add_parser(
            command.NAME, help=command.HELP, description=command.HELP, epilog=f"Example: {command.EXAMPLE}"
        )
        command.arguments(own)
        own.set_defaults(run=command.run)
    return whole


def main(words: Sequence[str] | None = None) -> int:
    args = parser().parse_args(words)
    try:
        return int(args.run(args))
    except Refused as refused:
        print(f"openfls {args.command}: {refused}", file=sys.stderr)
        return 2
    except BrokenPipeError:  # the reader of our output went away: head, less
        sys.stderr.close()
        return 0
    except KeyboardInterrupt:
        return 130
