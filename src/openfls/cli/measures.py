"""``openfls measures``: every standard counted over the record."""

import argparse
import json
from collections.abc import Iterator
from typing import Any

from openfls.cli.home import opened
from openfls.clinical.bands import Band
from openfls.clinical.national import NationalLine, national
from openfls.clinical.standards import Family
from openfls.measures.counting import Measure

HELP = "count every standard over the record, all sites or some"
DAILY = "What the tasks of every day ask for"
EXAMPLE = "openfls measures --site X1A01 --json"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--site", action="append", metavar="CODE", help="only episodes that this site answers for")
    parser.add_argument("--json", action="store_true", help="one JSON document (docs/reference/json.md)")


def run(args: argparse.Namespace) -> int:
    opened()
    measures = _counted(args.site)
    if args.json:
        print(json.dumps([_plain(measure) for measure in measures], indent=2))
    else:
        print("\n".join(_grouped(measures)))
    return 0


def _counted(sites: list[str] | None) -> list[Measure]:
    from django.utils import timezone

    from openfls.record.models import StandingRow
    from openfls.record.reckoning import measured

    rows = StandingRow.objects.filter(site__in=sites) if sites else StandingRow.objects.all()
    return list(measured(rows, timezone.localdate()).values())


def _plain(measure: Measure) -> dict[str, Any]:
    standard, share = measure.standard, measure.share
    return {
        "standard": standard.name,
        "family": standard.family.value,
        "title": standard.title,
        "component": standard.component.value,
        "source": standard.source,
        "edition": standard.edition,
        "also_known_as": list(standard.aliases),
        "direction": standard.direction.value,
        "checked": standard.checked,
        "makes_task": standard.makes_task,
        "choices": list(standard.choices),
        "band": measure.band.value,
        "bands": standard.bands.told() if standard.bands else None,
        "national": [_published(line) for line in national(standard.name)],
        "share": share and {"value": share.value, "low": share.low, "high": share.high},
        "if_all_unknown_missed_or_met": measure.if_all_unknown,
        **{name: getattr(measure, name) for name in CELLS},
    }


def _published(line: NationalLine) -> dict[str, Any]:
    told = {"year": line.year, "percent": line.percent, "records": line.records, "usable_as_check": line.usable}
    return told | {"source": line.source, "note": line.note}


CELLS = ("met", "met_late", "missed", "met_early", "waiting", "unknown", "excluded")


def _grouped(measures: list[Measure]) -> Iterator[str]:
    """First what the tasks ask for, then what only counts, by source."""
    yield f"{DAILY}:"
    for measure in measures:
        if measure.standard.makes_task:
            yield from _lines(measure)
    for family in Family:
        counting = [m for m in measures if m.standard.family is family and not m.standard.makes_task]
        if counting:
            yield from ("", f"{family.value[:1].upper()}{family.value[1:]}, counted beside it:")
        for measure in counting:
            yield from _lines(measure)


def _banded(measure: Measure) -> str:
    return "" if measure.band is Band.NONE else f", {measure.band}"


def _lines(measure: Measure) -> Iterator[str]:
    standard, share = measure.standard, measure.share
    told = f"{share.value:.0%} ({share.low:.0%} to {share.high:.0%})" if share else "nobody judged yet"
    also = f" [{', '.join(standard.aliases)}]" if standard.aliases else ""
    yield f"  {standard.title}{also}: {told}{_banded(measure)}; {standard.direction}, {standard.checked}"
    yield "    " + ", ".join(f"{name.replace('_', ' ')} {getattr(measure, name)}" for name in CELLS)
