"""The reference page of the feeds: every folder, every mapping of a list, and what may be declared."""

import ast
import re
from pathlib import Path

from docs.generating.tables import document, plain, table
from openfls import feeds
from openfls.clinical.facts import Finder
from openfls.clinical.laboratory import ANALYTES, Analyte
from openfls.feeds import doors
from openfls.feeds.csv.mapping import Mapping
from openfls.feeds.csv.mappings import packaged
from openfls.feeds.dicom.makers import Maker, makers
from openfls.feeds.laboratory import CodeMap, code_map, code_map_names
from openfls.feeds.units import shown

FOLDER = Path(feeds.__file__).parent

INTRODUCTION = """A feed is a source that sends messages or files. Each form has a folder with the same shape:
`read` (bytes to facts, or *Unreadable* with reason, place and how to mend it), samples, a README and tests.
Reading is pure: no database, no clock. [Load your own lists](../how-to/load-your-own-lists.md) says how to
declare one."""

DECLARING = """## What a folder declares
`feed.json` in a folder speaks for its files and for the folders below it; `<file name>.feed.json` speaks for one file.
Any of these may be given; the nearer one stands. Without any, the source is the folder's name, and a list is read by
the mapping whose name begins the file's.

| Name | What it says |
| --- | --- |
| `source` | the feed's name, such as `RX9/trauma` |
| `site` | the site where things happened unless the message names one |
| `finder` | the method of case finding that the feed stands for, where the format doesn't settle it |
| `encoding` | utf-8 (default), utf-16 or cp1252, for lists and for HL7 messages that name none |
| `mapping` | the mapping of a list, or the code map of a laboratory (for HL7 and FHIR) |
| `reference` | the population with which a scanner's T-scores compare, where its reports don't say |"""

CODE_MAPS = """A laboratory result is known by LOINC, or by the laboratory's own code in the code map that its feed
declares ([bring laboratory results in](../how-to/bring-laboratory-results-in.md)). Those of a deployment stand in
`laboratory-maps/` in its home. A result of another code is passed over, and the reading names the code."""


def page() -> str:
    folders = table(("Folder", "What it reads"), [(_link(folder), _about(folder)) for folder in folders_of_feeds()])
    names = table(
        ("File names that end in", "Read as"),
        [
            (_names(doors.FHIR_NAMES), "FHIR"),
            (_names(doors.HL7_NAMES), "HL7 v2"),
            (_names(doors.LIST_NAMES), "a list, by its mapping"),
            (f"{_names(doors.DICOM_NAMES)}, or any with the first bytes of DICOM", "a structured report of a scanner"),
        ],
    )
    mappings = table(
        ("Mapping", "List", "Gives", "Finder", "Setting", "Needs one of each group", "Checked by"),
        [_mapping(mapping) for _, mapping in sorted(packaged().known.items())],
    )
    scanners = table(
        ("Table", "Scanners", "Edition", "Read", "Checked by"),
        [(f"`{one.name}`", one.title, one.edition, _scanner(one), one.checked_by or "nobody yet") for one in makers()],
    )
    maps = table(
        ("Code map", "Laboratory", "Codes", "Checked by"),
        [_code_map(code_map(name)) for name in code_map_names()],
    )
    measurements = table(
        ("Measurement", "Compared in", "What nobody can have lies outside"),
        [(a.name, shown(a.unit) or ("text" if a.is_text else "no unit"), _bounds(a)) for a in ANALYTES.values()],
    )
    finders = table(("Finder",), [(finder,) for finder in Finder])
    parts = [INTRODUCTION, folders, "## How a file is recognised", names, DECLARING]
    parts += ["## Mappings of lists", mappings, "## Code maps of laboratories", CODE_MAPS, maps]
    parts += ["## Measurements of the laboratory", measurements, "## Tables of scanners", scanners]
    parts += ["## Finders", finders]
    return document("Feeds", *parts)


def folders_of_feeds() -> list[Path]:
    return sorted(folder for folder in FOLDER.iterdir() if (folder / "__init__.py").exists())


def _link(folder: Path) -> str:
    readme = folder / "README.md"
    address = f"../../src/openfls/feeds/{folder.name}/README.md"
    return f"[`{folder.name}`]({address})" if readme.exists() else f"`{folder.name}`"


def _about(folder: Path) -> str:
    docstring = ast.get_docstring(ast.parse((folder / "__init__.py").read_text(encoding="utf-8")))
    return plain(re.split(r"\n\n", docstring or "")[0])


def _names(endings: tuple[str, ...]) -> str:
    return ", ".join(f"`{ending}`" for ending in endings)


def _scanner(maker: Maker) -> str:
    return f"refused: {maker.refused}" if maker.refused else ", ".join(maker.scans or {})


def _mapping(mapping: Mapping) -> tuple[str, ...]:
    needs = "; ".join(" or ".join(group) for group in mapping.needs)
    checked = mapping.checked_by or "nobody yet"
    finder = mapping.finder or "none"
    return (
        f"`{mapping.name}`", mapping.title, mapping.gives, finder, mapping.setting, needs.replace("_", " "), checked
    )  # fmt: skip


def _code_map(codes: CodeMap) -> tuple[str, ...]:
    return f"`{codes.name}`", codes.title, str(len(codes.codes)), codes.checked_by or "nobody yet"


def _bounds(analyte: Analyte) -> str:
    return "" if analyte.is_text else f"{analyte.low:g} to {analyte.high:g}"
