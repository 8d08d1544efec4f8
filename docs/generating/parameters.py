"""The reference page of the site parameters, with the comment that stands beside each."""

import inspect
import re
from dataclasses import fields

from docs.generating.tables import document, table
from openfls.clinical.parameters import DEFAULTS, Parameters

INTRODUCTION = """A rule without a published source is a site parameter: it has a default, and a site may set
its own value. Each is listed in [to-confirm](../safety/to-confirm.md) until somebody confirms it. Days are
whole calendar days. How to set one: [change a site parameter](../how-to/change-a-site-parameter.md)."""


def page() -> str:
    rows = [(f"`{name}`", _words(getattr(DEFAULTS, name)), why) for name, why in explained().items()]
    return document("Site parameters", INTRODUCTION, table(("Name", "Default", "What it decides"), rows))


def explained() -> dict[str, str]:
    """Each parameter's name with the comment on its line."""
    source = inspect.getsource(Parameters)
    said = dict(re.findall(r"^    (\w+): [^#\n]*  # (.+)$", source, re.MULTILINE))
    return {field.name: said[field.name] for field in fields(Parameters)}


def _words(default: object) -> str:
    return {True: "yes", False: "no"}[default] if isinstance(default, bool) else str(default)
