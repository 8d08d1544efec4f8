"""Pieces mapped over Spark partitions, one a partition, by the same function that processes run.

Only a piece's number and the name of the folder that it was made in go through Spark: the rest lies in folders that
every worker reaches. Each worker needs Python with this version of the program; `cluster.session` says which is called.
"""

import socket
from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa

from openfls.extracts.cluster import NoSpark, gist
from openfls.extracts.pieces import Maker, NotReached, Piece

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

TOLD = pa.schema([("piece", pa.int64()), ("made", pa.string()), ("fault", pa.string())])
_SQL = "piece BIGINT, made STRING, fault STRING"
SHARED = "Put files and facts where every worker reaches them under the same path"
INSTALL = "Install the same OpenFLS on every worker, pip install 'openfls[population,spark]', in the Python that "


class NotMade(Exception):
    """A worker could not make a piece: nothing counts. Says which worker, and why."""


def mapped(spark: "SparkSession", maker: Maker, pieces: Sequence[Piece]) -> Iterator[str]:
    """As `processes.mapped`, on a cluster. Raises `NotMade` and `NoSpark`."""
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    numbers = spark.range(0, len(pieces), 1, len(pieces))
    try:
        rows = numbers.mapInArrow(partial(_some, maker=maker, pieces=pieces), _SQL).collect()
    except (PySparkException, Py4JError) as error:
        raise _not_made(error) from None
    if faults := [row["fault"] for row in rows if row["fault"]]:
        raise NotMade(faults[0])
    return (row["made"] for row in sorted(rows, key=lambda row: int(row["piece"])))


def _some(batches: Iterator[pa.RecordBatch], maker: Maker, pieces: Sequence[Piece]) -> Iterator[pa.RecordBatch]:
    """On a worker: the pieces of these numbers."""
    for batch in batches:
        told = [_one(number, maker, pieces[number]) for number in batch.column(0).to_pylist()]
        yield pa.RecordBatch.from_pylist(told, TOLD)


def _one(number: int, maker: Maker, piece: Piece) -> dict[str, object]:
    """What would go wrong a second time as well is told, not raised: Spark would try it again and again."""
    try:
        return {"piece": number, "made": maker(piece), "fault": None}
    except NotReached as error:
        fault = f"{error} for the worker on {socket.gethostname()}. {SHARED}."
    except (OSError, duckdb.Error, MemoryError) as error:
        fault = f"the worker on {socket.gethostname()} failed: {gist(error)}"
    return {"piece": number, "made": None, "fault": fault}


def _not_made(error: Exception) -> Exception:
    """Out of the traceback of a worker, what a person can use."""
    words = str(error)
    if "No module named" in words:
        missing = next(line for line in words.splitlines() if "No module named" in line)
        return NoSpark(f"a worker lacks the program ({missing.strip()}). {INSTALL}PYSPARK_PYTHON names.")
    if "PYTHON_VERSION_MISMATCH" in words:
        return NoSpark(f"a worker has another version of Python than this process. {INSTALL}PYSPARK_PYTHON names.")
    return NotMade(f"Spark gave up: {gist(error)}")
