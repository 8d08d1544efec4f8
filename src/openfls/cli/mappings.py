"""``openfls mappings``: the mappings by which lists are read, those of the hospital checked."""

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from openfls.cli.asking import Refused
from openfls.cli.own_mappings import faults, home, in_home
from openfls.feeds.csv.mapping import Mapping
from openfls.feeds.csv.mapping_files import schema
from openfls.feeds.csv.mappings import SUFFIX, MappingFile, Mappings, packaged, packaged_files
from openfls.feeds.declaring import mappings_beside, mappings_in

HELP = "list the mappings by which lists are read, and check your own; needs no database"
EXAMPLE = "openfls mappings our-lists/"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "paths", nargs="*", type=Path, metavar="PATH", help="files or folders of your own mappings, beside the home's"
    )
    parser.add_argument("--show", metavar="NAME", help="print the file of a mapping, to begin one of your own from")
    parser.add_argument("--schema", action="store_true", help="print the JSON schema of a mapping, for an editor")
    parser.add_argument("--json", action="store_true", help="one JSON document (docs/reference/json.md)")


def run(args: argparse.Namespace) -> int:
    if args.schema:
        print(json.dumps(schema(), indent=2))
        return 0
    if args.show:
        print(_shown(args.show), end="")
        return 0
    own = [*in_home(), *(file for path in args.paths for file in _files(path))]
    mappings = packaged().with_own(own)
    wrong = list(faults(mappings))
    listed = [_listed(mapping, mappings) for _, mapping in sorted(mappings.known.items())]
    if args.json:
        print(json.dumps({"mappings": listed, "faults": wrong, "home": str(home() / "mappings")}, indent=2))
    else:
        print("\n".join(_lines(listed, wrong)))
    return 1 if wrong else 0


def _shown(name: str) -> str:
    for file in (*packaged_files(), *in_home()):
        if file.name == name:
            return file.content.decode(errors="replace")
    raise Refused(f"--show: no mapping is called {name!r}; there are {', '.join(packaged().with_own(in_home()).names)}")


def _files(path: Path) -> list[MappingFile]:
    """A file as it is, a folder of mappings, or mappings among lists. Raises `Refused`."""
    if path.is_file():
        return [MappingFile(str(path), path.read_bytes())]
    if not path.is_dir():
        raise Refused(f"there is no file or folder {path}")
    beside = mappings_beside(path)
    return beside or mappings_in(path) or _refused(path)


def _refused(path: Path) -> list[MappingFile]:
    raise Refused(f"{path} holds no mapping: a mapping is a file NAME{SUFFIX}")


def _listed(mapping: Mapping, mappings: Mappings) -> dict[str, Any]:
    own = mappings.files.get(mapping.name)
    return {
        "name": mapping.name,
        "title": mapping.title,
        "gives": mapping.gives.value,
        "finder": mapping.finder.value if mapping.finder else None,
        "setting": mapping.setting.value,
        "file": own.place if own else None,
        "authored_by": mapping.authored_by,
        "checked_by": mapping.checked_by,
    }


def _lines(listed: list[dict[str, Any]], wrong: list[dict[str, Any]]) -> Iterator[str]:
    for one in listed:
        checked = f"checked by {one['checked_by']}" if one["checked_by"] else "checked by nobody yet"
        kind, place = one["finder"] or one["gives"], one["file"] or "comes with the program"
        yield f"{one['name']}: {one['title']} ({kind}), {checked}, {place}"
    for fault in wrong:
        yield f"WRONG  {fault['place']}: {fault['reason']} {fault['mend']}"
