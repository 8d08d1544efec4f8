"""The reference page of the command line, from each command's own ``--help``."""

import argparse
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from docs.generating.tables import document
from openfls.cli import parser

WIDTH = "100"  # columns: argparse breaks lines by the terminal's

INTRODUCTION = """Every capability is a command. Text is for people; `--json` is for programs ([its form](json.md)). A
command ends with 0 when all is well, 1 when it found something to look at (a message that can't be read, a broken
promise), 2 when it was asked wrongly; then it says why on standard error. Commands that need databases find them by the
[settings](settings.md). Progress shows on a terminal only."""


def page() -> str:
    sections = [part for name in commands() for part in _section(name)]
    return document("Commands", INTRODUCTION, _block(help_of()), *sections)


def _section(name: str) -> Iterator[str]:
    """The command, and where it has several acts, each of them."""
    yield f"## openfls {name}\n\n{_block(help_of(name))}"
    for act in acts(name):
        yield f"### openfls {name} {act}\n\n{_block(help_of(name, act))}"


def commands() -> list[str]:
    """The names of all commands, in the order in which ``openfls --help`` lists them."""
    return list(_within(_whole()))


def acts(command: str) -> list[str]:
    """What a command of several acts can do: ``openfls users add``."""
    return list(_within(_whole(), command))


def help_of(*words: str) -> str:
    """What ``openfls COMMAND ACT --help`` prints."""
    with _terminal_of_one_width():
        asked = _whole()
        for word in words:
            asked = _within(asked)[word]
        return asked.format_help().strip()


@cache
def _whole() -> argparse.ArgumentParser:
    return parser()


def _within(asked: argparse.ArgumentParser, *words: str) -> dict[str, argparse.ArgumentParser]:
    """The commands of the whole, or the acts of the command that the words name."""
    for word in words:
        asked = _within(asked)[word]
    branches = [action for action in asked._actions if isinstance(action, argparse._SubParsersAction)]
    return dict(branches[0].choices) if branches else {}


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
