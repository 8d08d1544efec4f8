"""``openfls facts build``: whole exports to facts in Parquet, for case finding and counting without the database."""

import argparse
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from openfls.cli import own_mappings, spark_master
from openfls.cli.asking import Refused
from openfls.cli.progress import Progress
from openfls.feeds import laboratory

if TYPE_CHECKING:
    from openfls.extracts.pieces import Mapped

HELP = "build facts in Parquet from whole exports (FHIR NDJSON, lists, OMOP); needs no database (extra: population)"
EXAMPLE = "openfls facts build exports/ --to facts/"
ENGINES = ("duckdb", "spark")
SHOWN = 20  # faults; the others stand in facts.json


def arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    build = actions.add_parser("build", help="build facts from files or folders", description=HELP)
    build.add_argument(
        "paths", nargs="+", type=Path, metavar="PATH", help="files or folders; a feed.json says whose they are"
    )
    build.add_argument("--to", required=True, type=Path, metavar="DIR", help="a folder that is new or empty")
    build.add_argument(
        "--mappings", action="append", default=[], type=Path, metavar="FOLDER", help=own_mappings.HELP
    )
    build.add_argument(
        "--engine", choices=ENGINES, default="duckdb", help="where facts are made: in processes of this machine beside"
        " DuckDB (duckdb, unless said otherwise), or over Spark",
    )  # fmt: skip
    spark_master.argument(build)


def run(args: argparse.Namespace) -> int:
    spark_master.check(args)
    try:
        from openfls.extracts.building import Occupied, build
    except ImportError:
        raise Refused("DuckDB is not installed. Install it: pip install 'openfls[population]'") from None
    laboratory.look_in(own_mappings.home() / laboratory.FOLDER)
    mappings = own_mappings.gathered(own_mappings.brought(args.mappings, args.paths))
    with Progress("files read") as progress:
        try:
            with _mapped(args) as mapped:
                built = build(args.paths, args.to, datetime.now(UTC), mappings, progress.step, mapped)
        except FileNotFoundError as error:
            raise Refused(f"{error}. Give a file or a folder that exists.") from None
        except Occupied as error:
            raise Refused(str(error)) from None
    if not built.files:
        shutil.rmtree(args.to)
        raise Refused(
            f"nothing under {', '.join(map(str, args.paths))} is a file: name the folder that the export was written to"
        )
    print(f"{built.facts:,} facts from {built.files:,} files in {args.to}")
    for fault in built.unreadable[:SHOWN]:
        print(f"unreadable: {fault['file']}, {fault['place']}: {fault['reason']} {fault['mend']}")
    if more := max(len(built.unreadable) - SHOWN, 0) + built.more_unreadable:
        print(f"{more:,} more can't be read: {args.to}/facts.json lists them")
    return 1 if built.unreadable else 0


@contextmanager
def _mapped(args: argparse.Namespace) -> Iterator["Mapped"]:
    """Where the pieces of the work are made. Raises `Refused`."""
    from openfls.extracts import processes

    if args.engine == "duckdb":
        yield processes.mapped
        return
    from openfls.extracts import cluster, spark

    try:
        with cluster.session(spark_master.of(args)) as session:
            yield partial(spark.mapped, session)
    except (cluster.NoSpark, spark.NotMade) as error:
        raise Refused(f"{error}") from None
