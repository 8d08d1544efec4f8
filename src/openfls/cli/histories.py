"""``openfls histories``: histories in Parquet, which every engine counts."""

import argparse
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from openfls.cli import own_standards
from openfls.cli.asking import Refused, day, parameters_from
from openfls.cli.operator import operator
from openfls.cli.progress import Progress

if TYPE_CHECKING:
    from openfls.measures.engines.layout import Layout

HELP = "write histories to a folder of Parquet files, for `openfls measures FOLDER` (extra: population)"
EXAMPLE = "openfls histories export --to histories"


def arguments(parser: argparse.ArgumentParser) -> None:
    which = parser.add_subparsers(title="what", dest="what", required=True, metavar="WHAT")
    export = which.add_parser("export", help="all histories of the record, as of today; patients can be told by them")
    export.set_defaults(write=_export)
    build = which.add_parser("build", help="those of a folder of facts that `openfls facts build` wrote")
    build.add_argument("facts", type=Path, metavar="FACTS", help="the folder of facts")
    build.add_argument("--today", type=day, metavar="DAY", help="as of which day, 2026-11-01 (today)")
    build.add_argument(
        "--set", action="append", default=[], metavar="NAME=VALUE", dest="changes", help="a site parameter"
    )
    build.set_defaults(write=_build)
    country = which.add_parser("country", help="a generated country, to see what a machine can count; nobody real")
    country.add_argument("--people", type=int, default=1_000_000, metavar="N", help="1000000")
    country.add_argument("--facts", type=int, metavar="N", help="about how many in all (ten for each of the people)")
    country.add_argument("--seed", type=int, default=1, metavar="N", help="the same seed gives the same country (1)")
    country.add_argument("--today", type=day, metavar="DAY", help="as of which day, 2026-11-01 (today)")
    country.set_defaults(write=_country)
    for one in (export, build):
        own_standards.argument(one)
    for one in (export, build, country):
        one.add_argument("--to", required=True, type=Path, metavar="FOLDER", help="a folder that is new or empty")


def run(args: argparse.Namespace) -> int:
    try:
        from openfls.measures.engines.writing import Occupied
    except ImportError:
        raise Refused("What reads Parquet is not installed. Install it: pip install 'openfls[population]'") from None
    try:
        layout = _written_whole(args)
    except (Occupied, FileNotFoundError) as error:
        raise Refused(str(error)) from None
    print(f"{layout.episodes:,} episodes with {layout.facts:,} facts as of {layout.day} in {args.to}")
    return 0


def _written_whole(args: argparse.Namespace) -> "Layout":
    """All or nothing: a new folder is taken away again where writing it is stopped or fails."""
    write: Callable[[argparse.Namespace], Layout] = args.write
    new = not args.to.exists()
    try:
        return write(args)
    except BaseException:
        if new:
            shutil.rmtree(args.to, ignore_errors=True)
        raise


def _export(args: argparse.Namespace) -> "Layout":
    from openfls.cli.home import opened

    opened()
    from django.utils import timezone

    from openfls.coordination.histories import histories
    from openfls.measures.engines.writing import write_all
    from openfls.record import trail
    from openfls.record.models import Person
    from openfls.record.own_standards import in_force

    standards = (*in_force().values(), *own_standards.over_folder(args.standards).standards)
    today = timezone.localdate()
    trail.write(user=operator(), action="histories exported", detail={"people": Person.objects.count()})
    with Progress("people", Person.objects.count()) as progress:
        return write_all(histories(today, progress.at), args.to, today, "the record", standards)


def _build(args: argparse.Namespace) -> "Layout":
    from openfls.extracts.store import NotFacts
    from openfls.measures.engines.facts_folder import write_histories

    parameters, today = parameters_from(args.changes), args.today or datetime.now(UTC).date()
    try:
        standards = own_standards.over_folder(args.standards).standards
        return write_histories(args.facts, args.to, today, parameters, standards=standards)
    except NotFacts as error:
        raise Refused(str(error)) from None


def _country(args: argparse.Namespace) -> "Layout":
    from openfls.demo.country import write_country
    from openfls.measures.engines.writing import processors

    if args.people < 1 or (args.facts or 1) < 1:
        raise Refused("--people and --facts are numbers from 1 on.")
    today = args.today or datetime.now(UTC).date()
    return write_country(args.people, args.facts or 10 * args.people, args.seed, args.to, today, processors())
