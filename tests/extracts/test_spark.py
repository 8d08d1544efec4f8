"""Facts built over Spark partitions, on a cluster of a master and two workers, are those that processes build."""

import gzip
import json
import os
import shutil
import sys
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import pytest

from openfls.clinical.facts import LaboratoryResult
from openfls.extracts import blocks, pieces, store
from openfls.extracts.building import build
from openfls.extracts.spark import NotMade
from openfls.feeds import doors, laboratory
from tests import spark_cluster
from tests.extracts.exports import SYNTHEA, export, needs_synthea, synthea
from tests.extracts.test_building import TOLD
from tests.extracts.test_omop import TABLES
from tests.feeds.fhir_resources import KNOWN, coded, condition, patient

cloudpickle = pytest.importorskip("pyspark.cloudpickle")
pytestmark = spark_cluster.NEEDED

FEEDS = Path(doors.__file__).parent
BROKEN = '{"resourceType": "Condition", "id": \n'


@pytest.fixture(scope="module")
def over_spark(spark_master):
    """Where `build` sends its pieces, for all tests of this file."""
    from openfls.extracts import cluster, spark

    with cluster.session(spark_master) as session:
        yield partial(spark.mapped, session)


@pytest.fixture(autouse=True)
def small(monkeypatch):
    """Several pieces of even the smallest input; the other way in this process, for that is told elsewhere."""
    monkeypatch.setattr(os, "cpu_count", lambda: 1)
    monkeypatch.setattr(blocks, "ROWS", 5)
    monkeypatch.setattr(pieces, "FILES", 2)


def alike(folder: Path, to: Path, over_spark):
    """Builds both ways and holds them to be equal; what was built."""
    one = build([folder], to / "in processes", KNOWN)
    other = build([folder], to / "over Spark", KNOWN, mapped=over_spark)
    facts, same = ({fact.id: fact for fact in store.read(to / name)} for name in ("in processes", "over Spark"))
    assert same == facts
    assert store.manifest(to / "over Spark") == store.manifest(to / "in processes")
    assert other == one
    return facts, other


def test_an_export_with_faults_gives_the_same_facts_and_faults(tmp_path, over_spark):
    folder = export(tmp_path / "export", *TOLD)
    with (folder / "Condition.ndjson").open("a") as file:
        file.write(BROKEN + json.dumps(condition(id="b", bodySite={"text": "no list"})) + "\n")
    facts, built = alike(folder, tmp_path, over_spark)
    assert built.parts > 2
    assert len(facts) > 10
    assert any(fault["place"].startswith("line ") for fault in built.unreadable)


@needs_synthea
def test_public_patients_as_an_export_and_as_bundles_give_the_same(tmp_path, over_spark, monkeypatch):
    monkeypatch.setattr(blocks, "ROWS", 500)
    (tmp_path / "both").mkdir()
    folder = export(tmp_path / "both" / "export", *synthea(40))
    for number, path in enumerate(sorted(SYNTHEA.glob("*.json.gz"))[40:52]):
        bundles = folder.parent / f"bundles {number % 3}"
        bundles.mkdir(exist_ok=True)
        (bundles / path.name.removesuffix(".gz")).write_bytes(gzip.decompress(path.read_bytes()))
    facts, built = alike(folder.parent, tmp_path, over_spark)
    assert len(facts) > 1_000
    assert built.parts > 5


def test_lists_and_messages_give_the_same_and_each_row_that_cant_be_read(tmp_path, over_spark):
    for feed in ("csv", "hl7v2"):
        shutil.copytree(FEEDS / feed / "samples", tmp_path / "files" / feed)
    with (tmp_path / "files/csv/trauma_meeting.csv").open("a") as file:
        file.write("nobody\n")
    (tmp_path / "files/what.is.it").write_text("nothing reads this")
    facts, built = alike(tmp_path / "files", tmp_path, over_spark)
    assert len(facts) > 60
    assert built.parts > 20
    told = {Path(fault["file"]).name for fault in built.unreadable}
    assert {"trauma_meeting.csv", "what.is.it"} <= told


def test_tables_of_omop_give_the_same(tmp_path, over_spark):
    folder = tmp_path / "omop"
    folder.mkdir()
    for name, text in TABLES.items():
        (folder / f"{name}.csv").write_text(text + "\n")
    assert len(alike(folder, tmp_path, over_spark)[0]) > 10


def test_a_laboratorys_own_codes_are_known_wherever_they_are_read(tmp_path, over_spark, monkeypatch):
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    monkeypatch.setattr(laboratory, "_KNOWN", {})
    monkeypatch.setattr(laboratory, "_OWN", {})
    ours = {"name": "ours", "title": "", "codes": {"X1": "calcium"}, "authored_by": "", "authored_on": ""}
    (tmp_path / "maps").mkdir()
    (tmp_path / "maps/ours.json").write_text(json.dumps(ours | {"checked_by": None}))
    laboratory.look_in(tmp_path / "maps")
    result = {
        "resourceType": "Observation",
        "status": "final",
        "effectiveDateTime": "2026-03-16",
        "code": coded("X1", "http://our.laboratory"),
        "valueQuantity": {"value": 2.3, "unit": "mmol/L"},
    }
    some = [result | {"id": f"{n}", "subject": {"reference": f"Patient/{n}"}} for n in range(12)]
    folder = export(tmp_path / "export", *(patient(id=f"{n}") for n in range(12)), *some)
    (folder / "feed.json").write_text('{"source": "X9A/lab", "site": "X9A01", "mapping": "ours"}')
    facts, _ = alike(folder, tmp_path, over_spark)
    assert {fact.analyte for fact in facts.values() if isinstance(fact, LaboratoryResult)} == {"calcium"}


@dataclass(frozen=True)
class Dying(pieces.Maker):
    """Its process ends when the first piece was made, as if the machine were lost; done over, it goes on."""

    def __call__(self, piece):
        made = super().__call__(piece)
        try:
            (self.to.parent / "died").touch(exist_ok=False)
        except FileExistsError:
            return made
        os._exit(9)


def test_what_a_lost_worker_had_made_is_made_again_and_counts_once(tmp_path, over_spark):
    folder = export(tmp_path / "export", *TOLD)

    def dying(maker, pieces):
        return over_spark(Dying(**vars(maker)), pieces)

    with by_value(__name__):
        alike(folder, tmp_path, dying)


@contextmanager
def by_value(module):
    """Workers are given the classes of this module themselves, for they can't import it."""
    cloudpickle.register_pickle_by_value(sys.modules[module])
    yield
    cloudpickle.unregister_pickle_by_value(sys.modules[module])


def gone_folder(maker, files):
    return replace(maker, to=maker.to.parent / "elsewhere")


def gone_file(maker, files):
    next(files.glob("*.csv")).unlink()
    return maker


def mistaken(maker, files):
    return replace(maker, mappings="no mappings")


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        pytest.param(gone_folder, "the folder .*elsewhere is not there for the worker on .*same path", id="no folder"),
        pytest.param(gone_file, "the file .*csv is not there, or is another for the worker on", id="no file"),
        pytest.param(mistaken, "Spark gave up: .*AttributeError", id="a mistake of ours"),
    ],
)
def test_where_a_worker_fails_nothing_is_published(tmp_path, over_spark, spoil, says):
    files = tmp_path / "files"
    shutil.copytree(FEEDS / "csv" / "samples", files)

    def failing(maker, pieces):
        return over_spark(spoil(maker, files), pieces)

    with pytest.raises(NotMade, match=says):
        build([files], tmp_path / "facts", KNOWN, mapped=failing)
    assert list(tmp_path.iterdir()) == [files]
