"""Spark, wherever it runs: this machine's processors, a cluster's master, or a Connect server; and why it doesn't.

The session's clock is UTC and its arithmetic ANSI, as the engines' agreement assumes.
"""

import os
import socket
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from shutil import which
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

HERE = "local[*]"  # as many workers as this machine has processors
CONNECT = "sc://"
STANDALONE = "spark://"
PORTS = {CONNECT: 15002, STANDALONE: 7077}  # where none is given
KNOCKING = 10  # seconds for an address to answer
PATIENCE = 120  # seconds for a cluster to give the first worker
SETTINGS = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.shuffle.partitions": "16",
    "spark.sql.constraintPropagation.enabled": "false",  # takes minutes over so many columns
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.driver.memory": "4g",
    "spark.sql.parquet.compression.codec": "zstd",
}


class NoSpark(Exception):
    """Spark can't be used: what is missing or doesn't answer, and how to mend it, in one line."""


@contextmanager
def session(master: str = HERE, settings: Mapping[str, str] | None = None) -> Iterator["SparkSession"]:
    """A session of its own: ``sc://…`` is a Connect server, anything else a master. Raises `NoSpark`."""
    check(master)
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException
    from pyspark.sql import SparkSession

    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder.appName("openfls")
    builder = builder.remote(master) if master.startswith(CONNECT) else builder.master(master)
    for name, value in {**SETTINGS, **(settings or {})}.items():
        builder = builder.config(name, value)
    try:
        spark: Any = builder.getOrCreate()
    except (PySparkException, Py4JError, OSError) as error:
        raise NoSpark(f"Spark at {master} doesn't start: {gist(error)}. Spark 4 needs Java 17.") from None
    try:
        if master.startswith(STANDALONE):
            _await_worker(spark, master)
        yield spark
    finally:
        spark.stop()


def check(master: str) -> None:
    """Whether what Spark needs is here and somebody answers at the address. Raises `NoSpark`.

    Spark itself would try for three minutes, and then tell of its own inner life.
    """
    try:
        import pyspark  # noqa: F401
    except ImportError:
        raise NoSpark("Spark is not installed. Install it: pip install 'openfls[spark]'; it needs Java 17") from None
    if not master.startswith(CONNECT) and not (os.environ.get("JAVA_HOME") or which("java")):
        raise NoSpark("Spark needs Java 17: sudo apt-get install openjdk-17-jre-headless")
    answers = [_knocked(host, port) for host, port in _addresses(master)]
    if answers and all(answers):
        raise NoSpark(f"nobody answers at {master}: {answers[0]}. Start the cluster, or correct --master.")


def _addresses(master: str) -> list[tuple[str, int]]:
    """Those at which a cluster should answer: several where there are masters in waiting, none on this machine."""
    for begins, port in PORTS.items():
        if master.startswith(begins):
            every = master.removeprefix(begins).split("/")[0].split(";")[0].split(",")
            return [_address(one, port, master) for one in every]
    return []


def _address(host_and_port: str, port: int, master: str) -> tuple[str, int]:
    try:
        told = urlsplit(f"//{host_and_port}")
        host, port = told.hostname or "", told.port or port
    except ValueError:
        host = ""
    if not host:
        raise NoSpark(f"{master} is no address of Spark. Write it as spark://HOST:7077 or sc://HOST:15002.")
    return host, port


def _knocked(host: str, port: int) -> str:
    """Why nobody answers; empty where somebody does."""
    try:
        socket.create_connection((host, port), KNOCKING).close()
    except OSError as error:
        return error.strerror or str(error)
    return ""


def _await_worker(spark: Any, master: str) -> None:
    """A master without a free worker lets an application wait for ever, and says nothing."""
    tracker = spark.sparkContext._jsc.sc().statusTracker()
    until = time.monotonic() + PATIENCE
    while len(tracker.getExecutorInfos()) < 2:  # the first is this process
        if time.monotonic() > until:
            raise NoSpark(
                f"{master} gave no worker in {PATIENCE} s. Start workers with a free core and 1 GB each, or wait until "
                "others have finished."
            )
        time.sleep(0.2)


def gist(error: Exception) -> str:
    """Out of pages of traceback, of two languages, the line that says what was wrong."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()] or [type(error).__name__]
    causes = [line.removeprefix("Caused by: ") for line in lines if line.startswith("Caused by: ")]
    errors = [line for line in lines if "Error: " in line or "Exception: " in line]
    return (causes or errors or lines[:1])[-1][:500].rstrip(".")
