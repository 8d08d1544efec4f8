"""Exports that the tests of whole populations are drawn with: NDJSON, a file a type, as a bulk export sends them."""

import gzip
import json
import os
import re
from collections import defaultdict
from pathlib import Path

import pytest

from openfls.clinical.facts import Fact
from openfls.extracts import store
from openfls.extracts.building import Built, build
from openfls.feeds.fhir import read_files
from openfls.feeds.reading import Origin, Reading
from tests.feeds.fhir_resources import KNOWN

SYNTHEA = Path(os.environ.get("OPENFLS_SYNTHEA", Path(__file__).parents[3] / "shared/data/synthea-r4"))
needs_synthea = pytest.mark.skipif(not SYNTHEA.is_dir(), reason=f"no synthetic patients at {SYNTHEA}")


def export(folder: Path, *resources: dict, source: str = "X9A/warehouse") -> Path:
    """The resources as an export in ``folder``."""
    folder.mkdir(exist_ok=True)
    (folder / "feed.json").write_text(json.dumps({"source": source, "site": "X9A01"}))
    by_type: dict[str, list[str]] = defaultdict(list)
    for resource in resources:
        by_type[resource["resourceType"]].append(json.dumps(resource))
    for kind, lines in by_type.items():
        (folder / f"{kind}.ndjson").write_text("\n".join(lines) + "\n")
    return folder


def synthea(number: int = 200) -> list[dict]:
    """The resources of public synthetic patients, with references by type and id as bulk exports have."""
    found: list[dict] = []
    for path in sorted(SYNTHEA.glob("*.json.gz"))[:number]:
        bundle = gzip.decompress(path.read_bytes()).decode()
        told = [(entry["fullUrl"], entry["resource"]) for entry in json.loads(bundle)["entry"]]
        names = {url: f"{resource['resourceType']}/{resource['id']}" for url, resource in told}
        renamed = re.sub(r"urn:uuid:[0-9a-f-]+", lambda url, names=names: names.get(url[0], url[0]), bundle)
        found += [entry["resource"] for entry in json.loads(renamed)["entry"]]
    return found


def built(folder: Path, to: Path) -> tuple[dict[str, Fact], Built]:
    """The facts that were built of a folder, by id, read back from Parquet."""
    told = build([folder], to, KNOWN)
    return {fact.id: fact for fact in store.read(to)}, told


def read_by_feed(folder: Path, site: str = "X9A01", source: str = "X9A/warehouse") -> tuple[dict[str, Fact], list[str]]:
    """The facts that the feed's reader gives of the same files, by id, and what it can't read."""
    files = ((file.name, file.read_bytes()) for file in sorted(folder.glob("*.ndjson*")))
    readings = list(read_files(files, Origin(source, KNOWN, site=site)).values())
    whole = [one for one in readings if isinstance(one, Reading)]
    faults = [fault.reason for one in whole for fault in one.unreadable]
    faults += [one.reason for one in readings if not isinstance(one, Reading)]
    return {fact.id: fact for one in whole for fact in one.facts}, sorted(faults)
