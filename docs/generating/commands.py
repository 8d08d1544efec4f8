"""The reference page of the command line, from each command's own ``--help``."""

import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

from docs.generating.tables import document

OPENFLS = Path(sys.executable).parent / "openfls"
TERMINAL = {"COLUMNS": "100", "NO_COLOR": "1"}  # help breaks its lines by the terminal's width

INTRODUCTION = """Every capability is a command. Text is for people; `--json` is for programs ([its form](json.md)). A
command ends with 0 when all is well, 1 when it found something to look at (a message that can't be read, a broken
promise), 2 when it was asked wrongly; then it says why on standard error. Commands that need databases find them by the
[settings](settings.md). Progress shows on a terminal only."""


def page() -> str:
    with ThreadPoolExecutor(max_workers=2) as two:
        helps = dict(zip(commands(), two.map(help_of, commands()), strict=True))
    sections = [f"## openfls {name}\n\n{_block(text)}" for name, text in helps.items()]
    return document("Commands", INTRODUCTION, _block(help_of()), *sections)


def commands() -> list[str]:
    """The names of all commands, in the order in which ``openfls --help`` lists them."""
    listed = help_of().split("\ncommands:\n", 1)[1]
    return re.findall(r"^ {2,4}([a-z][a-z-]*)(?: {2}|$)", listed, re.MULTILINE)


@cache
def help_of(*command: str) -> str:
    """What ``openfls COMMAND --help`` prints."""
    asked = subprocess.run(  # noqa: S603 (our own command)
        [OPENFLS, *command, "--help"], capture_output=True, text=True, check=True, env={**os.environ, **TERMINAL}
    )
    return asked.stdout.strip()


def _block(text: str) -> str:
    return f"```text\n{text}\n```"
