"""Pathling on the same files, run by the interpreter of an environment of its own: see `facts_build.py`.

Takes ``{"folder": …, "types": […], "to": …}`` on standard input and prints ``{"seconds": …, "versions": …}``.
It encodes each type and writes id, subject and codes of every resource to Parquet: less than facts, the shortest way.
"""

import json
import os
import sys
import time
from importlib.metadata import version
from pathlib import Path

import pathling
from pathling import PathlingContext
from pyspark.sql import SparkSession

# Where the subject and the codes stand, for the types that have both.
COLUMNS = {
    "Condition": ("subject.reference", "code.coding"),
    "Procedure": ("subject.reference", "code.coding"),
    "DiagnosticReport": ("subject.reference", "code.coding"),
    "Observation": ("subject.reference", "code.coding"),
    "Encounter": ("subject.reference", "class.code"),
    "Patient": ("birthDate", "gender"),
}


def session() -> SparkSession:
    jar = next((Path(pathling.__file__).parent / "jars").glob("library-runtime-*.jar"))
    return (
        SparkSession.builder.master(f"local[{os.cpu_count()}]")
        .config("spark.jars", str(jar))
        .config("spark.driver.memory", "6g")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.mapKeyDedupPolicy", "LAST_WIN")
        .config("spark.scheduler.mode", "FAIR")
        .getOrCreate()
    )


def main() -> None:
    asked = json.load(sys.stdin)
    context = PathlingContext.create(session(), enable_terminology=False, enable_extensions=False)
    source = context.read.ndjson(asked["folder"])
    source.read("Patient").limit(1).count()  # what is loaded at the first resource is not counted
    begin = time.perf_counter()
    for kind in asked["types"]:
        table = source.read(kind).select("id", *COLUMNS[kind])
        table.toDF("id", "one", "other").write.mode("overwrite").parquet(f"{asked['to']}/{kind}")
    seconds = time.perf_counter() - begin
    versions = f"Pathling {version('pathling')} on PySpark {version('pyspark')}"
    json.dump({"seconds": seconds, "versions": versions}, sys.stdout)


if __name__ == "__main__":
    main()
