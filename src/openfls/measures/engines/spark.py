"""The plan on Spark: the same statements, over all parts at once, on this machine, on a cluster, or through Connect.

Nothing is handed over through pandas, which would turn nulls into words: Spark reads the Parquet files itself.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pyarrow as pa

from openfls.clinical.rulebook import STANDARDS
from openfls.clinical.standards import Standard
from openfls.extracts.cluster import HERE, NoSpark, gist, session
from openfls.measures.engines.layout import Layout, facts_schema, table_of
from openfls.measures.engines.plan import Plan, plan
from openfls.measures.engines.tallying import EVERYWHERE, OnlyAt, Tally

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

DIALECT = "pyspark"

_TYPES = {"int64": "BIGINT", "int32": "INT", "string": "STRING", "date32[day]": "DATE"}


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

    Each step is written out beside the layout, where every worker reaches it: one that is only cached drags the plans
    of those before it along, and planning would take longer than counting.
    """
    _read(spark, layout, made)
    with TemporaryDirectory(dir=layout.folder.parent, prefix=".counting-") as work:
        for name, query in made.statements(DIALECT):
            spark.sql(query).write.parquet(f"{work}/{name}")
            spark.read.parquet(f"{work}/{name}").createOrReplaceTempView(name)
        yield


def _read(spark: "SparkSession", layout: Layout, made: Plan) -> None:
    episodes = spark.read.parquet(*layout.episode_files(layout.parts))
    episodes.createOrReplaceTempView("episodes")
    for kind in made.kinds:
        files = layout.fact_files(kind, layout.parts)
        schema = facts_schema(kind, made.standards)
        told = spark.read.parquet(*files) if files else spark.createDataFrame([], _columns(schema))
        told.createOrReplaceTempView(table_of(kind))


def _columns(schema: pa.Schema) -> str:
    return ", ".join(f"`{field.name}` {_TYPES[str(field.type)]}" for field in schema)
