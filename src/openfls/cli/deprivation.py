"""``openfls deprivation``: the table by which a postcode tells a decile of deprivation."""

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from openfls.cli.asking import Refused
from openfls.cli.home import opened
from openfls.cli.operator import operator
from openfls.cli.progress import Progress

if TYPE_CHECKING:
    from openfls.record.models import DeprivationTable

HELP = "load the published table of deprivation by postcode, show or remove it"
EXAMPLE = 'openfls deprivation load postcodes.csv --index "IMD 2019"'
MOST_SHOWN = 20  # faults of a table that are printed
NONE = 'No table is loaded, so that deprivation is not known: openfls deprivation load FILE --index "IMD 2019"'


def arguments(parser: argparse.ArgumentParser) -> None:
    acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
    load = acts.add_parser("load", help="check the table in a CSV file and put it in force in place of the one before")
    load.add_argument("file", type=Path, help="CSV: postcode, decile from 1 (most deprived) to 10")
    load.add_argument("--index", required=True, help='the index and its year, as people read it: "IMD 2019"')
    load.add_argument("--encoding", default="utf-8-sig", help="of the file (default: UTF-8)")
    load.add_argument("--postcode-column", default="", help="its header, where it is none of those that are known")
    load.add_argument("--decile-column", default="", help="its header, likewise")
    shown = acts.add_parser("show", help="which table is in force")
    shown.add_argument("--json", action="store_true", help="one JSON document (docs/reference/json.md)")
    acts.add_parser("remove", help="take the table out of force: deprivation is not known again")


def run(args: argparse.Namespace) -> int:
    opened()
    match args.act:
        case "load":
            _load(args)
        case "show":
            print(_shown(args.json))
        case "remove":
            _remove()
    return 0


def _load(args: argparse.Namespace) -> None:
    from openfls.record import deprivation, locks

    columns = {"postcode": args.postcode_column, "decile": args.decile_column}
    try:
        with Progress("postcodes written") as progress:
            table, without = deprivation.load_file(
                args.file, args.index, by=operator(), encoding=args.encoding, columns=columns, progress=progress.at
            )
    except deprivation.TableRefused as refused:
        _tell(refused.faults)
        raise Refused(f"{args.file} is not taken; what was in force stays so") from None
    except (OSError, LookupError) as wrong:
        raise Refused(f"{args.file} can't be read: {wrong}") from None
    except locks.Taken:
        raise Refused("another table is being loaded; wait until it is done") from None
    blank = f"; {without:,} rows have no decile" if without else ""
    print(f"{table.index}: {table.postcodes:,} postcodes{blank}; decile 1 is the most deprived; it counts at once")


def _tell(faults: tuple[object, ...]) -> None:
    for fault in faults[:MOST_SHOWN]:
        print(fault, file=sys.stderr)
    if len(faults) > MOST_SHOWN:
        print(f"and {len(faults) - MOST_SHOWN:,} more", file=sys.stderr)


def _shown(as_json: bool) -> str:
    from openfls.record.deprivation import in_force

    table = in_force()
    if as_json:
        return json.dumps(_plain(table), indent=2, ensure_ascii=False)
    if table is None:
        return NONE
    return f"{table.index}: {table.postcodes:,} postcodes, loaded {table.loaded_at:%d %b %Y} by {table.loaded_by}"


def _plain(table: "DeprivationTable | None") -> dict[str, object]:
    if table is None:
        return {"index": None}
    return {
        "index": table.index,
        "postcodes": table.postcodes,
        "most_deprived": 1,
        "sha256": table.digest,
        "loaded_by": table.loaded_by,
        "loaded_at": table.loaded_at.isoformat(),
    }


def _remove() -> None:
    from openfls.record import deprivation, locks

    try:
        table = deprivation.remove(by=operator())
    except locks.Taken:
        raise Refused("a table is being loaded; wait until it is done") from None
    print(f"{table.index} is removed; deprivation is not known" if table else NONE)
