"""The reviewed tables of the makers' trees: which container is which scan, region and side, which item which value.

There is no template for bone density in the standard, and each maker builds a tree of its own. What no table knows is
refused: a number out of the wrong place is worse than none.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from openfls.clinical.facts import Side


@dataclass(frozen=True, slots=True)
class Scan:
    """A container: its regions by their names in the tree, and the side where the container's name tells it."""

    regions: Mapping[str, str]
    paired: bool
    side: Side


@dataclass(frozen=True)
class Maker:
    """One maker's tree, as its file in ``makers/`` gives it. ``refused``: why its reports are not read, if so."""

    name: str
    title: str
    source: str
    edition: str
    checked_by: str
    makers: tuple[str, ...]
    refused: str = ""
    titles: tuple[str, ...] = ()
    scans: Mapping[str, Scan] | None = None
    values: Mapping[str, str] | None = None
    reference: tuple[str, ...] = ()

    def made(self, manufacturer: str, model: str) -> bool:
        return any(re.search(rf"\b{re.escape(one)}\b", f"{manufacturer} {model}", re.IGNORECASE) for one in self.makers)

    def region(self, scan: str, name: str) -> tuple[str, Side, bool] | None:
        """Region, side and whether it has a side, of a container inside a scan's; None for one that isn't kept.

        ``Neck Left`` inside a scan of both femurs tells its side itself.
        """
        found = (self.scans or {}).get(scan)
        if found is None:
            return None
        for side, word in ((Side.LEFT, " Left"), (Side.RIGHT, " Right"), (found.side, "")):
            if name.endswith(word) and (region := found.regions.get(name.removesuffix(word))):
                return region, side if found.paired else Side.UNKNOWN, found.paired
        return None


@cache
def makers() -> tuple[Maker, ...]:
    """Every table, by name."""
    folder = files("openfls.feeds.dicom") / "makers"
    documents = sorted((file for file in folder.iterdir() if file.name.endswith(".json")), key=lambda file: file.name)
    return tuple(_maker(json.loads(file.read_text(encoding="utf-8"))) for file in documents)


def maker_of(manufacturer: str, model: str) -> Maker | None:
    return next((maker for maker in makers() if maker.made(manufacturer, model)), None)


def _maker(told: dict[str, Any]) -> Maker:
    regions, unpaired = told.pop("regions", {}), told.pop("unpaired", [])
    scans = {
        name: Scan(regions[scan["regions"]], scan["regions"] not in unpaired, Side(scan.get("side", "unknown")))
        for name, scan in told.pop("scans", {}).items()
    }
    lists: dict[str, Any] = {name: tuple(told.pop(name, ())) for name in ("makers", "titles", "reference")}
    return Maker(**told, **lists, scans=scans)
