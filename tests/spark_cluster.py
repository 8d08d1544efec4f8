"""A real Spark standalone cluster on the loopback, by the wheel's own programs: a master and workers."""

import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.error import URLError
from urllib.request import urlopen

import pytest

HOST = "127.0.0.1"
PATIENCE = 120  # seconds, on a busy machine


def missing() -> str:
    """What Spark lacks here, and how to get it; empty where it can run."""
    if find_spec("pyspark") is None:
        return "PySpark is not installed: make spark"
    if not (os.environ.get("JAVA_HOME") or shutil.which("java")):
        return "Spark needs Java 17: sudo apt-get install openjdk-17-jre-headless"
    return ""


# For ``pytestmark``. Those tests share one process, and in it one cluster: the fixture ``spark_master``.
NEEDED = [
    pytest.mark.spark,
    pytest.mark.skipif(bool(missing()), reason=missing() or "Spark is here"),
    pytest.mark.xdist_group("spark"),
]


@contextmanager
def cluster(workers: int, memory: str = "2g") -> Iterator[str]:
    """The address of a master with so many workers of one core each."""
    port, pages = _free_port(), _free_port()
    address = f"spark://{HOST}:{port}"
    with TemporaryDirectory(prefix="openfls-spark-") as folder, ExitStack() as running:
        master = ["master.Master", "--host", HOST, "--port", str(port), "--webui-port", str(pages)]
        running.enter_context(_process(master, Path(folder) / "master"))
        for number in range(workers):
            worker = ["worker.Worker", address, "--host", HOST, "--cores", "1", "--memory", memory]
            worker += ["--webui-port", str(_free_port())]
            running.enter_context(_process(worker, Path(folder) / f"worker-{number}"))
        _wait_for(workers, pages)
        yield address


@contextmanager
def _process(words: list[str], folder: Path) -> Iterator[None]:
    import pyspark

    folder.mkdir()
    home = Path(pyspark.__file__).parent
    command = [str(home / "bin/spark-class"), f"org.apache.spark.deploy.{words[0]}", *words[1:]]
    env = os.environ | {"SPARK_HOME": str(home), "SPARK_LOCAL_IP": HOST, "SPARK_WORKER_DIR": str(folder)}
    with (folder / "log").open("wb") as log, subprocess.Popen(command, env=env, stdout=log, stderr=log) as process:
        try:
            yield
        finally:
            process.terminate()
            process.wait(PATIENCE)


def _wait_for(workers: int, pages: int) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            with urlopen(f"http://{HOST}:{pages}/json/", timeout=5) as told:
                if json.load(told)["aliveworkers"] == workers:
                    return
        except (URLError, OSError, ValueError):
            pass
        time.sleep(0.3)
    raise TimeoutError(f"{workers} Spark workers did not register within {PATIENCE} s")


def _free_port() -> int:
    with socket.socket() as one:
        one.bind((HOST, 0))
        return int(one.getsockname()[1])
