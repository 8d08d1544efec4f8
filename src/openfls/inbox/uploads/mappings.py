"""The mappings that people make while they upload: stored in the home, remembered for their feed, never changed.

A mapping that was once used stays as it is, for a replay reads by it again; another choice makes another mapping.
"""

import json
import os
import re
from collections.abc import Mapping as Table
from datetime import date
from importlib.resources import files
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from openfls.feeds.csv.mapping import Mapping, mapping_names, own_folder, parsed
from openfls.feeds.csv.matching import plain_from
from openfls.inbox.models import Message, Upload, UploadState


def remember(base: str, source: str, chosen: Table[str, str], *, by: str, on: date) -> Mapping:
    """Make and store the mapping by which this feed's columns were matched by hand. Raises ``ValueError``."""
    name = _free_name(source)
    plain = plain_from(_plain(base), name, f"{source}, matched by hand", chosen, by, on.isoformat())
    mapping = parsed(plain)
    _write(own_folder() / f"{name}.json", json.dumps(plain, indent=2, ensure_ascii=False) + "\n")
    return mapping


def remembered(source: str) -> str | None:
    """The mapping by which this feed was read last, if it is there still."""
    uploads = Upload.objects.filter(source=source, state=UploadState.CONFIRMED).order_by("-number")
    name = uploads.values_list("mapping", flat=True).first()
    if name is None:
        told = Message.objects.filter(source=source, origin__mapping__isnull=False).order_by("-number")
        name = told.values_list("origin__mapping", flat=True).first()
    return name if name in mapping_names() else None


def _plain(name: str) -> dict[str, Any]:
    own = own_folder() / f"{name}.json"
    packaged = files("openfls.feeds.csv") / "mappings" / f"{name}.json"
    plain: dict[str, Any] = json.loads((own if own.exists() else packaged).read_text(encoding="utf-8"))
    return plain


def _free_name(source: str) -> str:
    stem = re.sub(r"[^a-z0-9]+", "_", source.casefold()).strip("_") or "list"
    stem = stem if stem[0].isalpha() else f"list_{stem}"
    taken, number = set(mapping_names()), 1
    while f"{stem}_{number}" in taken:
        number += 1
    return f"{stem}_{number}"


def _write(path: Path, text: str) -> None:
    """Whole or not at all, and never over a mapping that is there."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with NamedTemporaryFile("w", dir=path.parent, prefix=".", encoding="utf-8") as new:
        new.write(text)
        new.flush()
        os.fsync(new.fileno())
        os.link(new.name, path)
