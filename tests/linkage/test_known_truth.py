"""The measured error is what the reference page says: public data of known truth, measured again.

FEBRL 4 and fake_1000 (moj-analytical-services/splink_datasets, MIT) are read from ``../shared/data/linkage``; without
them these tests skip. The region's figures take minutes: ``python -m docs.generating.linkage_measured``.
"""

import json
from dataclasses import asdict

import pytest

pytest.importorskip("splink", reason="the extra `linkage` is not installed")

from docs.generating import linkage_measured as measured
from openfls.linkage.arrivals import Known, arrivals_error
from tests.linkage.test_linking import ANNE, changed

needs_data = pytest.mark.skipif(not measured.PUBLIC.is_dir(), reason="the public data are not beside the project")
SAID = json.loads(measured.FIGURES.read_text(encoding="utf-8"))


@needs_data
def test_arrivals_of_febrl_ask_what_the_page_says():
    found = arrivals_error(measured.as_known(measured.held_out(measured.febrl())))
    assert json.loads(json.dumps(asdict(found))) == SAID["arriving"]["FEBRL 4"]


@needs_data
def test_arrivals_of_fake_1000_ask_what_the_page_says():
    found = arrivals_error(measured.as_known(measured.fake_1000(), postcodes=False))
    assert json.loads(json.dumps(asdict(found))) == SAID["arriving"]["fake_1000"]


@needs_data
def test_files_linked_with_the_shipped_weights_err_as_the_page_says():
    name = "FEBRL 4, a against b"
    found = measured.files_error(measured.held_out(measured.febrl()), "link_only", (), trained=False)
    assert found == SAID["files"][name]


@needs_data
def test_training_on_the_file_reaches_the_floor():
    """A floor, not a figure: training draws pairs at random, and engines may draw otherwise."""
    found = measured.files_error(measured.fake_1000(), "dedupe_only", ("email",), trained=True)
    assert found["clusters"]["f1"] > 0.92
    assert found["upper"]["precision"] > 0.99


def test_the_page_promises_no_wrong_join_and_few_wrong_questions():
    region = SAID["arriving"]["region"]
    wrong = sum(asked["wrong"] for asked in region["asked"].values())
    assert region["joined_wrong"] == 0
    assert 1000 * wrong / region["messages"] < 1
    assert region["missed"] == 0


def test_a_doubt_counts_as_right_or_wrong_by_whom_the_records_are_about():
    of_a, of_b = [ANNE, changed(family_name="McDonald")], [changed(given_name="A")]
    found = arrivals_error([*(Known(one, "", "a") for one in of_a), *(Known(one, "", "b") for one in of_b)])
    assert (found.records, found.pieces, found.apart, found.missed) == (3, 3, 1, 0)
    assert sum(asked.wrong for asked in found.asked.values()) == 2
