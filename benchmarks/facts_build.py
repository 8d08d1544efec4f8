"""A bulk export in NDJSON to facts in Parquet, in megabytes a second of this machine, beside others on the same files:

- *bare parsing*: `orjson.loads` of every line and nothing else, in one process;
- *our feed's reader*: `fhir.read_files`, to facts in memory, in one process;
- *over Spark*: the same build on a real standalone cluster with one worker of one core, and with two;
- *fhir.resources*: every resource validated as a model, on a slice, for it is slow;
- *Pathling* 6.3.1 on PySpark 3.5.6: encoding, and id, subject and codes of every resource to Parquet, which is less
  than facts. Its encoder refuses MedicationRequest (its two forms of medication differ in type), so that it is given
  the others. It needs Java 17 and an environment of its own, made in the cache folder at the first run.

The export: public synthetic patients (Synthea), copied with other ids. First the files of the types that may tell
something, which all are given; then the whole export, of which two thirds are bills that nobody reads. Wall-clock time;
the start of Spark is not counted, ours or Pathling's. ``OPENFLS_COPIES`` says how many copies (12: about 280 MB).
"""

import gzip
import json
import os
import re
import shutil
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import orjson
from _machine import machine
from fhir.resources.R4B import get_fhir_model_class

from openfls.extracts import processes
from openfls.extracts.building import build
from openfls.extracts.pieces import Mapped
from openfls.feeds.fhir import read_files
from openfls.feeds.reading import Origin

SYNTHEA = Path(os.environ.get("OPENFLS_SYNTHEA", Path(__file__).parents[2] / "shared/data/synthea-r4"))
COPIES = int(os.environ.get("OPENFLS_COPIES", "12"))
TELLING = (
    "Patient", "Encounter", "Condition", "Procedure", "DiagnosticReport", "Observation", "MedicationRequest",
)  # fmt: skip
NOT_ENCODED = "MedicationRequest"
MODELLED = 1_000  # resources of each type that fhir.resources is given
KNOWN = datetime(2026, 6, 1, tzinfo=UTC)
MEGABYTE = 1_000_000
PATHLING = ("pathling==6.3.1", "pyspark==3.5.6", "setuptools<80")
CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "openfls" / "pathling-6.3.1"
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})")


class NotHere(Exception):
    """Pathling can't be had, and why."""


def by_type() -> dict[str, list[str]]:
    """The lines of each type, with references by type and id as bulk exports have."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in sorted(SYNTHEA.glob("*.json.gz")):
        entries = orjson.loads(gzip.decompress(path.read_bytes()))["entry"]
        names = {one["fullUrl"]: f"{one['resource']['resourceType']}/{one['resource']['id']}" for one in entries}
        for one in entries:
            line = orjson.dumps(one["resource"]).decode()
            line = re.sub(r"urn:uuid:[0-9a-f-]{36}", lambda url, names=names: names.get(url[0], url[0]), line)
            found[one["resource"]["resourceType"]].append(line)
    return found


def write(export: Path, lines: dict[str, list[str]]) -> None:
    """Copies of everybody: each copy's ids begin with its number."""
    export.mkdir()
    for kind, told in lines.items():
        text = "\n".join(told) + "\n"
        with (export / f"{kind}.ndjson").open("w") as file:
            for copy in range(COPIES):
                file.write(_ID.sub(lambda found, copy=copy: f"{copy:08x}{found[1]}", text) if copy else text)


def size(export: Path) -> float:
    return sum(file.stat().st_size for file in export.glob("*.ndjson")) / MEGABYTE


def timed(name: str, megabytes: float, ours: float | None, use) -> float:
    began = perf_counter()
    said = use()
    rate = megabytes / (perf_counter() - began)
    beside = f"; facts build has {ours / rate:.2f} of it" if ours and ours < rate else ""
    beside = f"; facts build is {ours / rate:.1f} times as fast" if ours and ours >= rate else beside
    print(f"  {name}: {rate:.1f} MB/s{beside}{f' ({said})' if said else ''}", flush=True)
    return rate


def built(export: Path, to: Path, mapped: Mapped = processes.mapped) -> str:
    told = build([export], to, KNOWN, mapped=mapped)
    shutil.rmtree(to)
    assert not told.unreadable, told.unreadable[:3]
    return f"{told.facts:,} facts"


def over_spark(export: Path, to: Path, megabytes: float, ours: float) -> None:
    sys.path.insert(0, str(Path(__file__).parents[1]))
    from tests import spark_cluster

    if spark_cluster.missing():
        print(f"  over Spark: skipped. {spark_cluster.missing()}")
        return
    from openfls.extracts import cluster, spark

    for workers in (1, 2):
        with spark_cluster.cluster(workers) as master, cluster.session(master) as session:
            use = partial(built, export, to, partial(spark.mapped, session))
            timed(f"over Spark, {workers} of one core", megabytes, ours, use)


def parsed(export: Path) -> None:
    for file in export.glob("*.ndjson"):
        with file.open("rb") as lines:
            for line in lines:
                orjson.loads(line)


def read(export: Path) -> str:
    named = ((str(file), file.read_bytes()) for file in export.glob("*.ndjson"))
    return f"{sum(len(one.facts) for one in read_files(named, Origin('bench', KNOWN)).values()):,} facts"


def slice_of(lines: dict[str, list[str]]) -> Iterator[tuple[str, str]]:
    for kind in TELLING:
        yield from ((kind, line) for line in lines[kind][:: max(1, len(lines[kind]) // MODELLED)])


def modelled(lines: list[tuple[str, str]]) -> None:
    for kind, line in lines:
        get_fhir_model_class(kind).model_validate_json(line)


def interpreter() -> Path:
    """The Python of Pathling's environment, made where it is missing. Raises `NotHere`."""
    if not shutil.which("java"):
        raise NotHere("Pathling needs Java 17, and there is none: sudo apt-get install openjdk-17-jre-headless")
    python, ready = CACHE / "bin" / "python", CACHE / "ready"
    if not ready.exists():
        print(f"making an environment for {' and '.join(PATHLING)} in {CACHE} …", flush=True)
        install = [str(python), "-m", "pip", "install", "-q", *PATHLING]
        for command in ([sys.executable, "-m", "venv", str(CACHE)], install):
            done = subprocess.run(command, capture_output=True, text=True)
            if done.returncode:
                told = "\n".join((done.stderr or done.stdout).splitlines()[-3:])
                raise NotHere(f"Pathling can't be installed here, so there is nothing to compare with:\n{told}")
        ready.touch()
    return python


def by_pathling(export: Path, to: Path) -> tuple[float, str]:
    python = interpreter()
    to.mkdir()
    (export / f"{NOT_ENCODED}.ndjson").unlink()
    types = [kind for kind in TELLING if kind != NOT_ENCODED]
    asked = json.dumps({"folder": str(export), "types": types, "to": str(to)})
    bare = {"PATH": os.environ["PATH"], "HOME": str(to)}
    script = Path(__file__).with_name("_pathling.py")
    done = subprocess.run([python, script], input=asked, capture_output=True, text=True, env=bare)
    if done.returncode:
        raise NotHere(f"Pathling failed:\n{done.stderr[-1500:]}")
    said = json.loads(done.stdout.splitlines()[-1])
    return size(export) / said["seconds"], said["versions"]


def main() -> None:
    lines = by_type()
    if not lines:
        print(f"no synthetic patients at {SYNTHEA}: set OPENFLS_SYNTHEA")
        return
    print(f"{machine()}; load {os.getloadavg()[0]:.1f} before")
    with TemporaryDirectory() as work:
        folder = Path(work)
        export, whole = folder / "export", folder / "whole"
        write(export, {kind: lines[kind] for kind in TELLING})
        print(f"types that may tell something: {size(export):.0f} MB")
        ours = timed("facts build", size(export), None, lambda: built(export, folder / "facts"))
        over_spark(export, folder / "facts", size(export), ours)
        timed("bare parsing", size(export), ours, lambda: parsed(export))
        timed("our feed's reader", size(export), ours, lambda: read(export))
        some = list(slice_of(lines))
        of_slice = sum(len(line) for _, line in some) / MEGABYTE
        timed(f"fhir.resources, on {of_slice:.1f} MB", of_slice, ours, lambda: modelled(some))
        try:
            rate, versions = by_pathling(export, folder / "pathling")
            print(f"  {versions}: {rate:.1f} MB/s; facts build is {ours / rate:.1f} times as fast")
        except NotHere as reason:
            print(f"  {reason}")
        shutil.rmtree(export)
        write(whole, lines)
        print(f"the whole export: {size(whole):.0f} MB")
        ours = timed("facts build", size(whole), None, lambda: built(whole, folder / "facts"))
        timed("bare parsing", size(whole), ours, lambda: parsed(whole))


if __name__ == "__main__":
    main()
