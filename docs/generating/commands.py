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
WIDTH = "100"  # columns: argparse breaks lines by the terminal's

INTRODUCTION = """Every capability is a command. Text is for people; `--json` is for programs ([its form](json.md)). A
command ends with 0 when all is well, 1 when it found something wrong, 2 when it was asked wrongly."""


def page() -> str:
    names = commands()
    with ThreadPoolExecutor() as several:
        helps = list(several.map(help_of, names))
    sections = [f"## openfls {name}\n\n```text\n{text}\n```" for name, text in zip(names, helps, strict=True)]
    return document("Commands", INTRODUCTION, f"```text\n{help_of()}\n```", *sections)


def commands() -> list[str]:
    """The names of all commands, in the order in which help lists them."""
    return re.findall(r"^  {2,4}([a-z][a-z-]*)(?=\s{2,}|$)", help_of(), re.MULTILINE)


@cache
def help_of(*command: str) -> str:
    told = subprocess.run(  # noqa: S603 (our own command)
        [OPENFLS, *command, "--help"],
        capture_output=True, text=True, check=True, env={**os.environ, "COLUMNS": WIDTH, "NO_COLOR": "1"},
    )  # fmt: skip
    return told.stdout.strip()
