"""Spark gives what plain Python gives, on this machine and on a cluster of a master and two workers."""

import shutil
from dataclasses import replace

import pytest

from openfls.measures.engines import plain
from openfls.measures.engines.plan import plan
from tests import spark_cluster
from tests.engines.comparing import by_definition, differences, read_back, verdicts, written
from tests.engines.generating import DAY, histories

SOME = 3_000

pytestmark = spark_cluster.NEEDED


@pytest.fixture(scope="module")
def generated():
    return list(histories(SOME, seed=5))


@pytest.fixture(scope="module")
def layout(generated, tmp_path_factory):
    return written(generated, tmp_path_factory.mktemp("spark") / "histories", DAY)


def test_spark_gives_the_same_verdicts_history_by_history(generated, layout):
    from openfls.measures.engines import spark

    made = plan(layout.day, with_dues=True)
    with spark.session() as session, spark.judged(session, layout, made):
        rows = [tuple(row) for row in session.sql(verdicts(made)).collect()]
    assert len(rows) == SOME
    assert differences(by_definition(generated), read_back(rows, made)) == []


def test_a_cluster_of_two_workers_counts_the_same_by_site_and_month(layout, spark_master):
    from openfls.measures.engines import spark

    counted = spark.count(layout, by=("site", "month"), master=spark_master)
    right = plain.count(layout, by=("site", "month"))
    assert counted.cells.keys() == right.cells.keys()
    assert [counted.measures(group) for group in right.cells] == [right.measures(group) for group in right.cells]


def test_a_folder_that_workers_cant_read_is_told_in_a_line(layout, spark_master, tmp_path):
    from openfls.extracts.cluster import NoSpark
    from openfls.measures.engines import spark

    shutil.copytree(layout.folder, tmp_path / "histories")
    copied = replace(layout, folder=tmp_path / "histories")
    next((tmp_path / "histories/parts").iterdir()).write_text("no Parquet")
    with pytest.raises(NoSpark, match="Spark could not count .*histories: .*Parquet.* Every worker must reach"):
        spark.count(copied, master=spark_master)
