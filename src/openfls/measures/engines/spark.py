"""The plan on Spark: the same statements, over all parts at once, on this machine, on a cluster, or through Connect.

Nothing is handed over through pandas, which would turn nulls into words: Spark reads the Parquet files itself.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from openfls.clinical.rulebook import STANDARDS
from openfls.clinical.standards import Standard
from openfls.extracts.cluster import HERE, NoSpark, gist, session
from openfls.measures.engines.layout import Layout
from openfls.measures.engines.plan import HISTORIES, VERDICTS, Plan, plan
from openfls.measures.engines.tallying import EVERYWHERE, OnlyAt, Tally

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

DIALECT = "pyspark"
# What DuckDB has by this name.
LIST_BIT_OR = """
CREATE OR REPLACE TEMPORARY FUNCTION list_bit_or(numbers ARRAY<BIGINT>) RETURNS BIGINT
RETURN aggregate(numbers, 0L, (all, one) -> all | one)
"""


def count(
    layout: Layout,
    standards: Sequence[Standard] = STANDARDS,
    by: Sequence[str] = (),
    only_at: OnlyAt = EVERYWHERE,
    master: str = HERE,
    settings: dict[str, str] | None = None,
) -> Tally:
    """As `duck.count`. ``master``: where Spark runs. Raises `cluster.NoSpark`."""
    made = plan(layout.day, standards)
    tally = Tally(standards, by)
    with session(master, settings or {}) as spark, _told(layout), judged(spark, layout, made):
        tally.add_rows([tuple(row) for row in spark.sql(made.tally(DIALECT, by, only_at)).collect()])
    return tally


@contextmanager
def _told(layout: Layout) -> Iterator[None]:
    """What goes wrong on the way, in a line."""
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    try:
        yield
    except (PySparkException, Py4JError) as error:
        shared = "Every worker must reach the folder under the same path, and may write beside it"
        raise NoSpark(f"Spark could not count {layout.folder}: {gist(error)}. {shared}.") from None


@contextmanager
def judged(spark: "SparkSession", layout: Layout, made: Plan) -> Iterator[None]:
    """The verdicts of every episode in the table `plan.VERDICTS`.

    They are written out beside the layout, where every worker reaches it: otherwise each standard would be counted from
    the histories anew.
    """
    *before, (_, verdicts) = made.statements(DIALECT)
    spark.sql(LIST_BIT_OR)
    spark.read.parquet(*layout.files(layout.parts)).createOrReplaceTempView(HISTORIES)
    for name, query in before:
        spark.sql(query).createOrReplaceTempView(name)
    with TemporaryDirectory(dir=layout.folder.parent, prefix=".counting-") as work:
        spark.sql(verdicts).write.parquet(f"{work}/{VERDICTS}")
        spark.read.parquet(f"{work}/{VERDICTS}").createOrReplaceTempView(VERDICTS)
        yield
