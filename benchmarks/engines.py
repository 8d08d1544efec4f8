"""Every standard over 1, 10 and 100 million facts: seconds, processor seconds and peak memory, beside a bare scan.

The scan reads the same files and adds up the columns that the standards use: what no engine can do without. All in one
run and each in a process of its own, for others may use the machine: ratios hold where seconds don't. Spark counts on a
real cluster with one worker and with two; plain Python counts a sample.

    python benchmarks/engines.py [--millions 1 10 100] [--spark 10] [--in FOLDER]

Counting is to stay within 3 minutes, 12 GB and ten times the scan at 100 million, and to grow with the facts.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

from _machine import machine

DAY = date(2026, 11, 1)
SEED = 1
PER_PERSON = 10
SAMPLE = 200_000  # facts for plain Python


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--millions", type=float, nargs="+", default=[1, 10, 100])
    words.add_argument("--spark", type=float, default=10, help="millions of facts for Spark, 0 for none")
    words.add_argument("--in", dest="folder", type=Path, help="where the countries are written (a temporary folder)")
    args = words.parse_args()
    print(f"{machine()}, load {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory(dir=args.folder) as folder:
        counted = {facts: _on_duckdb(facts, Path(folder)) for facts in (int(m * 1e6) for m in args.millions)}
        _growth(counted)
        _plainly(Path(folder))
        if args.spark:
            _on_spark(int(args.spark * 1e6), Path(folder))


def _on_duckdb(facts: int, folder: Path) -> dict[str, float]:
    country = _country(facts, folder)
    scan, counted = _apart("scan", country), _apart("duckdb", country)
    print(
        f"{facts:>11,} facts  DuckDB: {_said(counted)}; bare scan: {_said(scan)}; "
        f"{counted['seconds'] / scan['seconds']:.1f} times the scan ({counted['processor'] / scan['processor']:.1f} in "
        f"processor seconds); load {os.getloadavg()[0]:.1f}",
        flush=True,
    )
    return counted


def _said(told: dict[str, float]) -> str:
    return f"{told['seconds']:.1f} s ({told['processor']:.1f} s of processors), {told['gigabytes']:.1f} GB"


def _growth(counted: dict[int, dict[str, float]]) -> None:
    sizes = sorted(counted)
    for less, more in zip(sizes, sizes[1:], strict=False):
        grew = counted[more]["processor"] / counted[less]["processor"]
        print(f"{more / less:.0f} times the facts: {grew:.1f} times the processor seconds")


def _plainly(folder: Path) -> None:
    told = _apart("python", _country(SAMPLE, folder))
    print(f"plain Python: {_said(told)} for {SAMPLE:,} facts, {SAMPLE / told['processor']:,.0f} facts a second")


def _on_spark(facts: int, folder: Path) -> None:
    sys.path.insert(0, str(Path(__file__).parents[1]))
    from tests import spark_cluster

    if spark_cluster.missing():
        print(f"Spark: skipped. {spark_cluster.missing()}")
        return
    country = _country(facts, folder)
    for workers in (1, 2):
        with spark_cluster.cluster(workers, memory="4g") as master:
            told = _apart("spark", country, master)
        print(
            f"Spark, {workers} of one core: {facts:,} facts in {told['seconds']:.1f} s; load {os.getloadavg()[0]:.1f}"
        )


def _country(facts: int, folder: Path) -> Path:
    from openfls.demo.country import write_country

    to = folder / f"facts-{facts}"
    if not to.exists():
        began = perf_counter()
        made = write_country(facts // PER_PERSON, facts, SEED, to, DAY, processes=os.cpu_count() or 1)
        size = sum(file.stat().st_size for file in to.rglob("*.parquet"))
        print(
            f"{made.facts:>11,} facts of {made.episodes:,} episodes generated in {perf_counter() - began:.0f} s, "
            f"{size / 1e6:,.0f} MB",
            flush=True,
        )
    return to


def _apart(what: str, country: Path, *more: str) -> dict[str, Any]:
    """Measured in a process of its own."""
    words = [sys.executable, __file__, "--measure", what, str(country), *more]
    done = subprocess.run(words, check=True, stdout=subprocess.PIPE, text=True)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def measure(what: str, country: str, *more: str) -> None:
    from openfls.measures.engines import duck, plain  # noqa: F401  (loading is no part of it)
    from openfls.measures.engines.layout import opened

    layout = opened(Path(country))
    began, used = perf_counter(), process_time()
    MEASURED[what](layout, *more)
    told = {"seconds": perf_counter() - began, "processor": process_time() - used}
    print(json.dumps(told | {"gigabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6}))


def _scan(layout: Any) -> None:
    """Every column that the standards use: read whole, and added up or counted, whichever is cheaper."""
    from openfls.measures.engines import duck
    from openfls.measures.engines.layout import DAYS, EPISODES, column_of, values_read

    with duck.database(layout.folder) as con:
        duck.read_parts(con, layout, layout.parts)
        used = [_added_up(field) for field in EPISODES if field.name not in {"id", *DAYS}]
        used += [f"sum(len({column_of(kind)}))" for kind in values_read()]
        con.execute(f"SELECT {', '.join(used)} FROM histories").fetchall()


def _added_up(field: Any) -> str:
    match str(field.type):
        case "string":
            return f"count(*) FILTER (\"{field.name}\" = 'yes')"
        case "date32[day]":
            return f"sum({field.name} - DATE '2000-01-01')"
        case "int64" | "int32":
            return f"sum({field.name})"
    return f"sum(len({field.name}))"


def _duckdb(layout: Any) -> None:
    from openfls.measures.engines import duck

    duck.count(layout)


def _python(layout: Any) -> None:
    from openfls.measures.engines import plain

    plain.count(layout)


def _spark(layout: Any, master: str) -> None:
    from openfls.measures.engines import spark

    spark.count(layout, master=master, settings={"spark.executor.memory": "3g"})


MEASURED: dict[str, Callable[..., None]] = {"scan": _scan, "duckdb": _duckdb, "python": _python, "spark": _spark}

if __name__ == "__main__":
    if sys.argv[1:2] == ["--measure"]:
        measure(*sys.argv[2:])
    else:
        main()
