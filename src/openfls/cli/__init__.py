"""The command line: one module a command, one visible list of them.

A command module has ``HELP``, ``EXAMPLE``, ``arguments(parser)`` and ``run(args) -> int``: 0 done, 1 done
with something to look at, 2 not done. Only the module of the command that is called is loaded.
"""

import argparse
import sys
from collections.abc import Iterable, Sequence
from importlib import import_module

from openfls.cli.asking import Refused

COMMANDS = {  # each in the module of its name, but for what Python or another module would not let be called so
    "run": "running", "import": "importing", "find": "find", "facts": "facts", "histories": "histories",
    "read-report": "read_report", "mappings": "mappings", "link": "link", "backstop": "backstop",
    "measures": "measures", "grades": "grades", "standards": "standards", "report": "report",
    "export": "export", "verify": "verify", "rebuild": "rebuild",
    "replay": "replay", "organisations": "organisations", "deprivation": "deprivation", "users": "users",
    "systems": "systems", "serve": "serve",
    "work": "work", "listen": "listen", "send": "sending", "watch": "watch", "query": "query",
}  # fmt: skip


def parser(named: Iterable[str] = COMMANDS) -> argparse.ArgumentParser:
    """The command line of these commands; the whole of it for help and for the reference page."""
    whole = argparse.ArgumentParser(prog="openfls", description="Secondary fracture prevention, from feed to worklist.")
    commands = whole.add_subparsers(title="commands", dest="command", required=True, metavar="COMMAND")
    for name in named:
        command = import_module(f"openfls.cli.{COMMANDS[name]}")
        own = commands.add_parser(
            name, help=command.HELP, description=command.HELP, epilog=f"Example: {command.EXAMPLE}"
        )
        command.arguments(own)
        own.set_defaults(run=command.run)
    return whole


def main(words: Sequence[str] | None = None) -> int:
    words = sys.argv[1:] if words is None else words
    called = [word for word in words[:1] if word in COMMANDS]
    args = parser(called or COMMANDS).parse_args(words)
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
