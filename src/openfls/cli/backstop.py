"""``openfls backstop``: who was found by which finder, by only one, late, and how many by none."""

import argparse
import json
from collections.abc import Iterator, Sequence
from typing import Any

from openfls.cli.home import opened
from openfls.measures.backstop import Backstop, Found, of_sites, reconcile
from openfls.measures.intervals import Interval
from openfls.measures.missed import Estimate, estimate

HELP = "reconcile the finders: who was found by which, by only one, late, and how many by none"
EXAMPLE = "openfls backstop --site X1A01"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--site", action="append", metavar="CODE", help="only episodes that this site answers for")
    parser.add_argument("--json", action="store_true", help="one JSON document (docs/reference/json.md)")


def run(args: argparse.Namespace) -> int:
    opened()
    found, today = _found(args.site)
    stop, estimates = reconcile(found), estimate(found, today)
    if args.json:
        print(json.dumps(_plain(stop, estimates), indent=2))
    else:
        print("\n".join(_lines(stop, estimates)))
    return 0


def _found(sites: Sequence[str] | None) -> tuple[list[Found], Any]:
    from django.utils import timezone

    from openfls.record.models import EpisodeRow
    from openfls.record.reckoning import found

    everything = found(EpisodeRow.objects.all())
    return (of_sites(everything, sites) if sites else everything), timezone.localdate()


def _plain(stop: Backstop, estimates: Sequence[Estimate]) -> dict[str, Any]:
    return {
        "episodes": len(stop.found),
        "by_number_of_finders": {str(number): count for number, count in sorted(stop.by_number_of_finders.items())},
        "overlap": [{"finders": sorted(finders), "episodes": len(found)} for finders, found in stop.overlap],
        "finders": [
            {
                "finder": finder.value,
                "saw": len(seen),
                "only_this_one_saw": len(stop.only_by_one.get(finder, ())),
                "first_but_late": len(stop.late.get(finder, ())),
                "alone_would_have_missed": len(stop.missed_by(finder)),
            }
            for finder, seen in stop.by_finder.items()
        ],
        "coded_but_on_no_list": len(stop.coded_but_on_no_list),
        "seen_by_nobody": [_plain_estimate(one) for one in estimates],
    }


def _plain_estimate(one: Estimate) -> dict[str, Any]:
    return {
        "group": one.stratum.name,
        "seen": one.seen,
        "estimate": _plain_interval(one.missed),
        "because": list(one.because),
        "sites": list(one.sites),
        "beside": [
            {
                "way": way.way,
                "estimate": _plain_interval(way.missed),
                "because": list(way.because),
                "sites": list(way.sites),
            }
            for way in one.beside
        ],
        "warnings": list(one.warnings),
    }


def _plain_interval(missed: Interval | None) -> dict[str, float] | None:
    return {"value": missed.value, "low": missed.low, "high": missed.high} if missed else None


def _lines(stop: Backstop, estimates: Sequence[Estimate]) -> Iterator[str]:
    plain = _plain(stop, estimates)
    yield f"{plain['episodes']} index fracture episodes found"
    for number, count in plain["by_number_of_finders"].items():
        yield f"  {count} by {number} finder{'s' * (number != '1')}"
    yield f"  {plain['coded_but_on_no_list']} coded at discharge, but on no list that people keep"
    for one in plain["finders"]:
        alone, late, missed = one["only_this_one_saw"], one["first_but_late"], one["alone_would_have_missed"]
        told = f"{one['finder']}: saw {one['saw']}, {alone} of them alone, {late} first but late"
        yield f"{told}; alone it would have missed {missed}"
    yield "Seen by nobody:"
    for one in plain["seen_by_nobody"]:
        yield f"  {one['group']}: {_told(one['estimate'])}; {'; '.join(one['because'])}"
        yield from (f"    {way['way']}: {_told(way['estimate'])}; {'; '.join(way['because'])}" for way in one["beside"])
        yield from (f"    take care: {warning}" for warning in one["warnings"])


def _told(estimate: dict[str, float] | None) -> str:
    return f"{estimate['value']:.0f} ({estimate['low']:.0f} to {estimate['high']:.0f})" if estimate else "can't be told"
