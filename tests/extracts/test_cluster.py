"""Where Spark can't be used, the command says in a line why, and what to do: nothing was begun."""

import socket
import sys
from pathlib import Path

import pytest

from openfls.extracts import cluster, store
from tests import spark_cluster
from tests.cli.commands import typed
from tests.extracts.exports import export
from tests.extracts.test_building import TOLD
from tests.feeds.fhir_resources import condition, patient

needs_spark = pytest.mark.skipif(bool(spark_cluster.missing()), reason=spark_cluster.missing() or "Spark is here")


@pytest.fixture
def refused(monkeypatch, capsys, tmp_path):
    """What is said when facts should be built over Spark at an address; nothing may be left of it."""
    folder = export(tmp_path / "export", patient(), condition())
    run = typed(monkeypatch, capsys)

    def build(*more: str) -> str:
        said = run("facts", "build", folder, "--to", tmp_path / "facts", *more, ends=2)
        assert list(tmp_path.iterdir()) == [folder]
        return said

    return build


@pytest.fixture
def nobody() -> str:
    """A port at which nobody answers."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{one.getsockname()[1]}"


@needs_spark
@pytest.mark.parametrize("scheme", ["spark://", "sc://"])
def test_an_address_at_which_nobody_answers(refused, nobody, scheme):
    said = refused("--engine", "spark", "--master", scheme + nobody)
    assert f"nobody answers at {scheme}{nobody}: Connection refused. Start the cluster" in said


@needs_spark
def test_one_of_two_masters_is_enough(nobody):
    with socket.create_server(("127.0.0.1", 0)) as other:
        cluster.check(f"spark://{nobody},127.0.0.1:{other.getsockname()[1]}")
    with pytest.raises(cluster.NoSpark, match="nobody answers"):
        cluster.check(f"spark://{nobody},{nobody}")


@needs_spark
@pytest.mark.parametrize("address", ["spark://", "spark://host:port", "sc://:15002"])
def test_what_is_no_address(refused, address):
    assert "is no address of Spark. Write it as spark://HOST:7077" in refused("--engine", "spark", "--master", address)


def test_no_pyspark(refused, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyspark", None)
    assert "pip install 'openfls[spark]'" in refused("--engine", "spark")


@needs_spark
def test_no_java(refused, monkeypatch):
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setattr(cluster, "which", lambda name: None)
    assert "openjdk-17-jre-headless" in refused("--engine", "spark", "--master", "spark://127.0.0.1:7077")


def test_a_master_for_another_engine(refused):
    assert "add --engine spark" in refused("--master", "spark://host:7077")


@pytest.mark.parametrize(
    ("told", "gist"),
    [
        (
            "An error occurred.\n: X\nCaused by: java.io.IOException: A.\nCaused by: B: no disk.\n\tat C",
            "B: no disk",
        ),
        ("Traceback\n  File x\nKeyError: 'id'\n", "KeyError: 'id'"),
        ("", "ValueError"),
    ],
)
def test_a_traceback_is_told_by_its_last_cause(told, gist):
    assert cluster.gist(ValueError(told)) == gist


@needs_spark
@pytest.mark.spark
@pytest.mark.xdist_group("spark")
def test_a_master_that_gives_no_worker(monkeypatch, spark_master):
    from pyspark import SparkContext

    SparkContext._ensure_initialized()  # else what the first session asks for holds for all of this process
    monkeypatch.setattr(cluster, "PATIENCE", 2)
    more_than_they_have = {"spark.executor.memory": "64g"}
    with (
        pytest.raises(cluster.NoSpark, match="gave no worker in 2 s. Start workers with a free core"),
        cluster.session(spark_master, more_than_they_have),
    ):
        pass


@needs_spark
@pytest.mark.spark
@pytest.mark.xdist_group("spark")
def test_the_command_builds_over_the_cluster(tmp_path, monkeypatch, capsys, spark_master):
    export(tmp_path / "export", *TOLD)
    monkeypatch.chdir(tmp_path)
    run = typed(monkeypatch, capsys)
    one = run("facts", "build", "export", "--to", "facts", ends=1)
    other = run("facts", "build", "export", "--to", "same", "--engine", "spark", "--master", spark_master, ends=1)
    assert other == one.replace("in facts", "in same")
    assert {fact.id for fact in store.read(Path("same"))} == {fact.id for fact in store.read(Path("facts"))}
