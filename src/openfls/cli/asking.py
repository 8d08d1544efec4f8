"""What a command refuses to do, and how values from the command line are read."""

import json
from argparse import ArgumentTypeError
from collections.abc import Iterable
from datetime import date

from openfls.clinical.parameters import Parameters, with_changes


class Refused(Exception):
    """The command can't do what was asked: what is wrong, where, and how to mend it, in one line. Exit code 2."""


def parameters_from(changes: Iterable[str]) -> Parameters:
    """Site parameters from ``NAME=VALUE`` words. Raises `Refused` where a name or value doesn't fit."""
    named: dict[str, object] = {}
    for change in changes:
        name, equals, value = change.partition("=")
        if not equals:
            raise Refused(f"--set {change}: write it as NAME=VALUE, for instance takes_other_sites=false")
        named[name] = _value(value)
    try:
        return with_changes(named)
    except ValueError as error:
        raise Refused(f"--set: {error}") from None


def day(text: str) -> date:
    """A day of the command line, for ``type=`` of an argument."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is no day; write it like 2026-11-01") from None


def _value(text: str) -> object:
    try:
        return json.loads(text.casefold())
    except ValueError:
        return text
