"""Templates: Jinja2 with the NHS design system's components; filters write dates and numbers as the NHS does."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from jinja2 import ChainableUndefined, ChoiceLoader, Environment, FileSystemLoader, PackageLoader

from openfls.measures.intervals import Interval
from openfls.pages.forms.drawing import FILTERS
from openfls.pages.forms.fields import sentence

HERE = Path(__file__).parent


def environment(**options: Any) -> Environment:
    """The environment of every page. Templates are named from this folder: ``today/worklist.html``.

    ``ChainableUndefined``: the design system's components ask for options that a page didn't give.
    """
    options["loader"] = ChoiceLoader([FileSystemLoader(HERE), PackageLoader("nhsuk_frontend_jinja")])
    options["undefined"] = ChainableUndefined
    made = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True, **_without_autoescape(options))
    made.filters.update(
        day=day, moment=moment, nhs_number=nhs_number, count=count, plural=plural, percents=percents, sentence=sentence,
        **FILTERS,
    )
    made.globals.update(static=static, address=address)
    return made


def _without_autoescape(options: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in options.items() if name != "autoescape"}


def address(name: str, *args: object, **kwargs: object) -> str:
    """The address of a page by its name in `urls`."""
    return reverse(name, args=args, kwargs=kwargs)


def day(value: date | datetime | None, missing: str = "") -> str:
    """``03 Feb 2025``: two-digit day, short month, as NHS user interface guidance asks."""
    if value is None:
        return missing
    if isinstance(value, datetime):
        value = timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return f"{value:%d %b %Y}"


def moment(value: datetime | None, missing: str = "") -> str:
    """``03 Feb 2025, 14:05`` by the clock on the wall."""
    if value is None:
        return missing
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    return f"{local:%d %b %Y, %H:%M}"


def nhs_number(value: str | None, missing: str = "no NHS number") -> str:
    """``485 777 3457``; the spaces don't break, so that it stays on one line."""
    if not value:
        return missing
    return f"{value[:3]}\N{NO-BREAK SPACE}{value[3:6]}\N{NO-BREAK SPACE}{value[6:]}"


def count(value: int) -> str:
    """``12,345``"""
    return f"{value:,}"


def percents(share: Interval) -> str:
    """``3.3% (95% interval 0.9% to 11.4%)``"""
    return f"{share.value:.1%} (95% interval {share.low:.1%} to {share.high:.1%})"


def plural(value: int, one: str, many: str = "") -> str:
    """``1 person``, ``2 people``."""
    return f"{value:,} {one if value == 1 else many or one + 's'}"
