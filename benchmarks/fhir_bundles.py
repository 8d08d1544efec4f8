"""FHIR bundles to facts, in megabytes a second of one core, beside two others on the same bytes:

- *bare parsing*: `orjson.loads` and nothing else, the limit of any reader that goes through Python's objects;
- *fhir.resources*: the usual way in Python, every resource validated as a model, on the small end of the bundles.

The bundles: public synthetic patients (Synthea, years of care of which little concerns bone) where the folder is there,
and what the made-up region's hospital sends (nothing but what we read). Unpacked before; time is that of the processor.
"""

import gzip
import os
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path
from time import process_time

import orjson
from _machine import machine
from fhir.resources.R4B.bundle import Bundle

from openfls.clinical.facts import Finder
from openfls.demo.region import region
from openfls.feeds.fhir import read
from openfls.feeds.reading import Origin, Reading

SYNTHEA = Path(os.environ.get("OPENFLS_SYNTHEA", Path(__file__).parents[2] / "shared/data/synthea-r4"))
SECONDS = 5.0  # of the processor, each, at least
MODELLED = 20  # bundles that fhir.resources is given: the smallest, for it is slow
REGIONS = 2_000  # bundles of the region
ORIGIN = Origin("X9H/fhir", datetime(2026, 6, 1, tzinfo=UTC), site="X9H01")
MEGABYTE = 1_000_000


def rate(use: Callable[[bytes], object], bundles: Sequence[bytes]) -> float:
    """Megabytes a second over whole rounds of the bundles."""
    began, rounds = process_time(), 0
    while (used := process_time() - began) < SECONDS:
        for bundle in bundles:
            use(bundle)
        rounds += 1
    return rounds * sum(map(len, bundles)) / MEGABYTE / used


def facts(bundle: bytes) -> None:
    reading = read(bundle, ORIGIN)
    assert isinstance(reading, Reading), reading


def synthea() -> list[bytes]:
    return [gzip.decompress(path.read_bytes()) for path in sorted(SYNTHEA.glob("*.json.gz"))]


def of_the_region() -> list[bytes]:
    sendings = region(1, 1.0, today=date(2026, 6, 1)).sendings
    records = (sending for sending in sendings if sending.feed.finder is Finder.CODED_RECORD)
    return [sending.message(1).content for sending in islice(records, REGIONS)]


def compare(name: str, bundles: list[bytes]) -> None:
    if not bundles:
        print(f"{name}: none at {SYNTHEA}")
        return
    size = sum(map(len, bundles))
    found = sum(len(reading.facts) for bundle in bundles if isinstance(reading := read(bundle, ORIGIN), Reading))
    print(f"{name}: {len(bundles)} bundles, {size / MEGABYTE:.1f} MB, {found:,} facts")
    ours, bare = rate(facts, bundles), rate(orjson.loads, bundles)
    modelled = rate(Bundle.model_validate_json, sorted(bundles, key=len)[:MODELLED])
    print(f"  ours {ours:.0f} MB/s; bare parsing {bare:.0f}, {bare / ours:.1f} times ours; "
          f"fhir.resources {modelled:.1f}, ours {ours / modelled:.0f} times as fast")  # fmt: skip


if __name__ == "__main__":
    print(f"{machine()}; load {os.getloadavg()[0]:.1f} before")
    compare("Synthea", synthea())
    compare("the region", of_the_region())
