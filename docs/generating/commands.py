"""The reference page of the command line, from each command's own ``--help``."""

import argparse
import os
from collections.abc import Iterator
from contextlib import contextmanager

from docs.generating.tables import document
from openfls.cli import COMMANDS, parser

WIDTH = "100"  # columns: argparse breaks lines by the terminal's

INTRODUCTION = """Every capability is a command. Text is for people; `--json` is for programs ([its
form](json.md)). A command ends with 0 when it is done, 1 when it is done and there is something to look at (a
message that can't be read, a broken promise), 2 when it can't be done; then it says why on standard error.
Commands that need databases find them by the [settings](settings.md). Progress shows on a terminal only."""


def page() -> str:
    sections = [f"## openfls {name}\n\n{_block(help_of(name))}" for name in commands()]
    return document("Commands", INTRODUCTION, _block(help_of()), *sections)


def commands() -> list[str]:
    """The names of all commands, in the order in which help lists them."""
    return [command.NAME for command in COMMANDS]


def help_of(command: str = "") -> str:
    """What ``openfls --help`` or ``openfls COMMAND --help`` prints."""
    with _terminal_of_one_width():
        whole = parser()
        return (_parsers(whole)[command] if command else whole).format_help().strip()


def _parsers(whole: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    [commands] = [action for action in whole._actions if isinstance(action, argparse._SubParsersAction)]
    return dict(commands.choices)


def _block(text: str) -> str:
    return f"```text\n{text}\n```"


@contextmanager
def _terminal_of_one_width() -> Iterator[None]:
    before = os.environ.get("COLUMNS")
    os.environ["COLUMNS"] = WIDTH
    try:
        yield
    finally:
        if before is None:
            del os.environ["COLUMNS"]
        else:
            os.environ["COLUMNS"] = before
