"""``openfls measures``: every standard counted, over the record or over facts in Parquet."""

import argparse
import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from openfls.cli import own_standards, spark_master
from openfls.cli.asking import Refused, day
from openfls.cli.home import opened
from openfls.clinical.bands import Band
from openfls.clinical.national import NationalLine, national
from openfls.clinical.standards import Family
from openfls.measures.counting import WORDS, Measure

if TYPE_CHECKING:
    from openfls.measures.engines.layout import Layout
    from openfls.measures.engines.tallying import Tally

HELP = "count every standard over the record, or over facts in Parquet; all sites or some"
DAILY = "What the tasks of every day ask for"
EXAMPLE = "openfls measures --site X1A01 --json"


FACTS = "facts.json"  # what a folder of facts has
ENGINES = ("python", "duckdb", "spark")


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "path", nargs="?", type=Path, metavar="PATH",
        help="a folder of facts that `openfls facts build` wrote, or of histories that `openfls histories` wrote"
        " (the record)",
    )
    parser.add_argument("--engine", choices=ENGINES, help="what counts the folder: duckdb, unless said otherwise")
    spark_master.argument(parser)
    own_standards.argument(parser)
    parser.add_argument("--today", type=day, metavar="DAY", help="as of which day, 2026-11-01")
    parser.add_argument("--site", action="append", metavar="CODE", help="only episodes that this site answers for")
    parser.add_argument("--json", action="store_true", help="one JSON document (docs/reference/json.md)")


def run(args: argparse.Namespace) -> int:
    measures = _over_folder(args) if args.path else _over_record(args)
    if args.json:
        print(json.dumps([_plain(measure) for measure in measures], indent=2))
    else:
        print("\n".join(_grouped(measures)))
    return 0


def _over_record(args: argparse.Namespace) -> list[Measure]:
    if args.standards:
        raise Refused(
            "The record is counted by the standards of its home. Put the files into its folder `standards`, then: "
            "openfls rebuild"
        )
    if args.engine or args.master or args.today:
        raise Refused(
            "The record is counted as it stands today. For another engine write its histories first: "
            "openfls histories export --to FOLDER, then openfls measures FOLDER"
        )
    opened()
    return _counted(args.site)


def _over_folder(args: argparse.Namespace) -> list[Measure]:
    spark_master.check(args)
    try:
        from openfls.measures.engines import layout
    except ImportError:
        raise Refused("What reads Parquet is not installed. Install it: pip install 'openfls[population]'") from None
    if not args.path.exists():
        raise Refused(f"there is no {args.path}: name a folder that openfls facts build or openfls histories wrote")
    counted = own_standards.over_folder(args.standards)
    if (args.path / FACTS).is_file():
        return _over_facts(args, counted)
    try:
        folder = layout.opened(args.path, counted.standards)
    except layout.NotHistories as error:
        raise Refused(f"{error} Write it with openfls histories, or facts with openfls facts build.") from None
    if args.today and args.today != folder.day:
        raise Refused(
            f"{args.path} stands as of {folder.day}: what people had done by then, and who was enrolled. "
            f"Write it anew as of {args.today}, or leave --today out."
        )
    return _of_sites(args, folder, counted)


def _over_facts(args: argparse.Namespace, counted: own_standards.Counted) -> list[Measure]:
    """Grouped first, by the one definition; who counts a folder often keeps the histories."""
    from openfls.extracts.store import NotFacts
    from openfls.measures.engines.facts_folder import write_histories

    with TemporaryDirectory(dir=args.path.parent, prefix=".histories-") as to:
        try:
            today = args.today or datetime.now(UTC).date()
            folder = write_histories(args.path, Path(to), today, standards=counted.standards)
        except NotFacts as error:
            raise Refused(str(error)) from None
        return _of_sites(args, folder, counted)


def _of_sites(args: argparse.Namespace, folder: "Layout", counted: own_standards.Counted) -> list[Measure]:
    if not args.site:
        return list(_tallied(args, folder, counted, ()).measures().values())
    tally = _tallied(args, folder, counted, ("site",))
    there = sorted(str(site) for (site,) in tally.cells if site)
    for site in args.site:
        if site not in there:
            known = ", ".join(there) or "none"
            raise Refused(f"no episode of {args.path} is asked about at {site!r}; there are: {known}")
    return list(tally.of([(site,) for site in dict.fromkeys(args.site)]).values())


def _tallied(args: argparse.Namespace, folder: "Layout", counted: own_standards.Counted, by: Sequence[str]) -> "Tally":
    from openfls.measures.engines import duck, plain

    if args.engine == "python":
        return plain.count(folder, counted.standards, by, counted.only_at)
    if args.engine == "spark":
        return _on_spark(args, folder, counted, by)
    return duck.count(folder, counted.standards, by, counted.only_at)


def _on_spark(args: argparse.Namespace, folder: "Layout", counted: own_standards.Counted, by: Sequence[str]) -> "Tally":
    from openfls.extracts.cluster import NoSpark
    from openfls.measures.engines import spark

    try:
        return spark.count(folder, counted.standards, by, counted.only_at, spark_master.of(args))
    except NoSpark as error:
        raise Refused(str(error)) from None


def _counted(sites: list[str] | None) -> list[Measure]:
    from django.utils import timezone

    from openfls.record.models import Site, StandingRow
    from openfls.record.reckoning import measured

    known = set(Site.objects.values_list("code", flat=True))
    for site in sites or ():
        if site not in known:
            raise Refused(f"there is no site {site!r}: openfls organisations list names them")
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
        **{name: getattr(measure, name) for name in WORDS},
    }


def _published(line: NationalLine) -> dict[str, Any]:
    told = {"year": line.year, "percent": line.percent, "records": line.records, "usable_as_check": line.usable}
    return told | {"source": line.source, "note": line.note}


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
    yield "    " + "; ".join(f"{getattr(measure, name)} {words}" for name, words in WORDS.items())
