"""``openfls link``: pairs and clusters of whole files, the error where the truth is known, and clear refusals."""

import json
import sys

import pytest

pytest.importorskip("splink", reason="the extra `linkage` is not installed")

HEADER = "id,surname,forename,dob,sex,postcode,who\n"
AUDIT = f"{HEADER}1,MacDonald,Anne,1940-05-06,F,XA5 7HL,a\n2,Brown,Ruth,1951-02-03,F,,b\n"
DISCHARGES = f"{HEADER}9,McDonald,Ann,06/05/1940,F,XA5 7HL,a\n8,Hill,Jo,1960-07-08,F,,c\n"


@pytest.fixture
def files(tmp_path):
    paths = tmp_path / "audit.csv", tmp_path / "discharges.csv"
    for path, text in zip(paths, (AUDIT, DISCHARGES), strict=True):
        path.write_text(text)
    return paths


def test_two_files_give_pairs_clusters_and_the_error(typed, files):
    report = json.loads(typed("link", *files, "--truth", "who", "--json"))
    (pair,) = report["pairs"]
    assert (pair["left"], pair["right"], pair["says"]) == ("audit.csv/1", "discharges.csv/9", "very likely one person")
    assert report["clusters"] == [["audit.csv/1", "discharges.csv/9"]]
    assert report["error"]["pairs"] | {"threshold": 0.5} == {
        "threshold": 0.5, "right": 1, "wrong": 0, "missed": 0, "precision": 1.0, "recall": 1.0, "f1": 1.0,
    }  # fmt: skip
    assert report["columns"]["audit.csv"]["birth_date"] == "dob"


def test_one_file_is_searched_for_its_duplicates_and_told_in_words(typed, files):
    files[0].write_text(AUDIT + "3,Macdonald,Anne,1940-05-06,F,,a\n")
    told = typed("link", files[0])
    assert "audit.csv/1  audit.csv/3  very likely one person" in told
    assert "1 pairs and 1 clusters of 3 rows" in told


def test_weights_are_kept_and_used_again(typed, files, tmp_path):
    kept = tmp_path / "weights.json"
    first = typed("link", *files, "--save", kept, "--json")
    assert typed("link", *files, "--weights", kept, "--json") == first


def test_a_cell_that_cannot_be_read_is_told_and_the_rest_is_linked(typed, files):
    files[1].write_text(DISCHARGES.replace("1960-07-08", "1960-13-08"))
    report = json.loads(typed("link", *files, "--json", ends=1))
    assert report["summary"]["pairs"] == 1
    assert report["unreadable"][0]["place"] == "discharges.csv, row 3"


REFUSED = [
    ("a file that isn't there", ["nowhere.csv"], "Give a CSV file that can be read"),
    ("one file twice", ["audit.csv", "audit.csv"], "named twice"),
    ("a column that isn't there", ["audit.csv", "--truth", "cluster"], "There is no column 'cluster'"),
    ("a detail that isn't known", ["audit.csv", "--column", "shoe=who"], "details are id, nhs_number"),
    ("a further detail without training", ["audit.csv", "--also", "who"], "Add --train"),
    ("too little to train on", ["audit.csv", "--train"], "Leave it out"),
    ("training and weights", ["audit.csv", "--train", "--weights", "w.json"], "one of them"),
    ("weights that aren't there", ["audit.csv", "--weights", "w.json"], "that --save wrote"),
    ("weights that are something else", ["audit.csv", "--weights", "audit.csv"], "that --save wrote"),
    ("no probability", ["audit.csv", "--lower", "2"], "above 0 and at most 1"),
]


@pytest.mark.parametrize(("what", "words", "says"), REFUSED, ids=[what for what, *_ in REFUSED])
def test_what_cannot_be_done_is_refused_with_how_to_mend_it(typed, files, monkeypatch, what, words, says):
    monkeypatch.chdir(files[0].parent)
    assert says in typed("link", *words, ends=2)


def test_without_splink_the_command_says_what_to_install(typed, files, monkeypatch):
    monkeypatch.setitem(sys.modules, "splink", None)
    assert "openfls[linkage]" in typed("link", *files, ends=2)
