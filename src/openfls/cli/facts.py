"""``openfls facts build``: whole exports to facts in Parquet, for case finding and counting without the database."""

import argparse
import shutil
from datetime import UTC, datetime
from pathlib import Path

from openfls.cli import own_mappings
from openfls.cli.asking import Refused
from openfls.cli.progress import Progress
from openfls.feeds import laboratory

HELP = "build facts in Parquet from whole exports (FHIR NDJSON, lists, OMOP); needs no database (extra: population)"
EXAMPLE = "openfls facts build exports/ --to facts/"
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


def run(args: argparse.Namespace) -> int:
    try:
        from openfls.extracts.building import Occupied, build
    except ImportError:
        raise Refused("DuckDB is not installed. Install it: pip install 'openfls[population]'") from None
    laboratory.look_in(own_mappings.home() / laboratory.FOLDER)
    mappings = own_mappings.gathered(own_mappings.brought(args.mappings, args.paths))
    with Progress("files read") as progress:
        try:
            built = build(args.paths, args.to, datetime.now(UTC), mappings, progress.step)
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
