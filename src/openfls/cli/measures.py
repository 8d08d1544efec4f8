"""``openfls measures``: every standard counted over the record."""

import argparse
import json
from collections.abc import Iterator
from typing import Any

from openfls.cli.home import opened
from openfls.measures.counting import Measure

HELP = "count every standard over the record, all sites or some"
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
        print("\n".join(line for measure in measures for line in _lines(measure)))
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
        "title": standard.title,
        "component": standard.component.value,
        "source": standard.source,
        "edition": standard.edition,
        "also_known_as": list(standard.aliases),
        "direction": standard.direction.value,
        "checked": standard.checked,
        "share": share and {"value": share.value, "low": share.low, "high": share.high},
        "if_all_unknown_missed_or_met": measure.if_all_unknown,
        **{name: getattr(measure, name) for name in CELLS},
    }


CELLS = ("met", "met_late", "missed", "met_early", "waiting", "unknown", "excluded")


def _lines(measure: Measure) -> Iterator[str]:
    standard, share = measure.standard, measure.share
    told = f"{share.value:.0%} ({share.low:.0%} to {share.high:.0%})" if share else "nobody judged yet"
    yield f"{standard.title}: {told}; {standard.direction}, {standard.checked}"
    yield "    " + ", ".join(f"{name.replace('_', ' ')} {getattr(measure, name)}" for name in CELLS)
