"""``openfls standards``: the standards in force, and the site's own checked."""

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from openfls.cli import own_standards
from openfls.cli.own_mappings import home
from openfls.clinical.rulebook import STANDARDS
from openfls.clinical.standards import Standard

HELP = "list the standards in force, and check a site's own; needs no database"
EXAMPLE = "openfls standards our-standard.json"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("paths", nargs="*", type=Path, metavar="FILE", help="own standards to check, beside the home's")
    parser.add_argument("--json", action="store_true", help="one JSON document (docs/reference/json.md)")


def run(args: argparse.Namespace) -> int:
    """1 where a file can't be used."""
    own, faults = own_standards.gathered([*own_standards.in_folder(home() / "standards"), *args.paths])
    listed = [*(_plain(standard, ()) for standard in STANDARDS), *(_plain(o.standard, sorted(o.sites)) for o in own)]
    if args.json:
        print(json.dumps({"standards": listed, "faults": [str(fault) for fault in faults]}, indent=2))
    else:
        print("\n".join([*_lines(listed), *(str(fault) for fault in faults)]))
    return 1 if faults else 0


def _plain(standard: Standard, sites: Any) -> dict[str, Any]:
    return {
        "name": standard.name,
        "title": standard.title,
        "family": standard.family.value,
        "also_known_as": list(standard.aliases),
        "step": standard.step.value,
        "edition": standard.edition,
        "makes_task": standard.makes_task,
        "checked": standard.checked,
        "next_review": standard.next_review.isoformat(),
        "sites": list(sites),
    }


def _lines(listed: list[dict[str, Any]]) -> Iterator[str]:
    for one in listed:
        aliases = f" [{', '.join(one['also_known_as'])}]" if one["also_known_as"] else ""
        at = f"; at {', '.join(one['sites'])}" if one["sites"] else ""
        yield f"{one['name']}{aliases}: {one['title']} ({one['family']}, {one['edition']}; {one['checked']}{at})"
