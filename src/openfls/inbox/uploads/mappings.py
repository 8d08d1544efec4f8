"""The mappings that people make while they upload: stored in the home, remembered for their feed, never changed.

A mapping that was once used stays as it is, for a replay reads by it again; another choice makes another mapping.
"""

import json
import re
from collections.abc import Mapping as Table
from datetime import date
from importlib.resources import files
from typing import Any

from openfls.feeds.csv.mapping import Mapping
from openfls.feeds.csv.mapping_files import mapping_in
from openfls.feeds.csv.mappings import SUFFIX, MappingFile
from openfls.feeds.csv.matching import plain_from
from openfls.inbox.models import Message, Upload, UploadState
from openfls.inbox.own_mappings import folder, keep, mappings_of_home


def remember(base: str, source: str, chosen: Table[str, str], *, by: str, on: date) -> Mapping:
    """Make and store the mapping by which this feed's columns were matched by hand. Raises ``ValueError``."""
    name = _free_name(source)
    plain = plain_from(_plain(base), name, f"{source}, matched by hand", chosen, by, on.isoformat())
    content = (json.dumps(plain, indent=2, ensure_ascii=False) + "\n").encode()
    made = mapping_in(content, name, f"{name}{SUFFIX}")
    if not isinstance(made, Mapping):
        raise ValueError("; ".join(f"{fault.reason} {fault.mend}" for fault in made))
    keep([MappingFile(str(folder() / f"{name}{SUFFIX}"), content)])
    return made


def remembered(source: str) -> str | None:
    """The mapping by which this feed was read last, if it is there still."""
    uploads = Upload.objects.filter(source=source, state=UploadState.CONFIRMED).order_by("-number")
    name = uploads.values_list("mapping", flat=True).first()
    if name is None:
        told = Message.objects.filter(source=source, origin__mapping__isnull=False).order_by("-number")
        name = told.values_list("origin__mapping", flat=True).first()
    return name if name in mappings_of_home().known else None


def _plain(name: str) -> dict[str, Any]:
    own = mappings_of_home().files.get(name)
    content = own.content if own else (files("openfls.feeds.csv") / "mappings" / f"{name}{SUFFIX}").read_bytes()
    plain: dict[str, Any] = json.loads(content.decode("utf-8-sig"))
    return plain


def _free_name(source: str) -> str:
    stem = re.sub(r"[^a-z0-9]+", "_", source.casefold()).strip("_") or "list"
    stem = stem if stem[0].isalpha() else f"list_{stem}"
    held = mappings_of_home()
    taken, number = {*held.known, *held.faults}, 1
    while f"{stem}_{number}" in taken:
        number += 1
    return f"{stem}_{number}"
