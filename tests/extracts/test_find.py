"""``openfls facts build`` and ``openfls find`` on what it built: the same people as in the files themselves."""

import json

import pytest

from openfls.cli import main
from tests.extracts.exports import export, needs_synthea, synthea
from tests.feeds.fhir_resources import condition, patient

TRAUMA_LIST = """NHS number,Family name,Given name,Date of birth,Sex,Date of injury,Diagnosis
9990000018,Hughes,Gwen,29/02/1944,F,14/03/2026,Left NOF
"""


@pytest.fixture
def run(capsys):
    def run(*words, code=0):
        assert main([*map(str, words)]) == code
        return capsys.readouterr().out

    return run


def found(run, *words, code=0) -> dict:
    told = json.loads(run("find", *words, "--json", "--all", code=code))
    del told["notes"]  # they say what was passed over, and by what
    for fault in told["unreadable"]:
        fault["place"] = fault["place"].split(", ")[-1]  # the resource; a whole export doesn't count its lines
    return told


def test_the_same_people_are_found_in_facts_as_in_files(run, tmp_path):
    folder = export(tmp_path / "export", patient(), condition(), condition(id="b", subject={"reference": "Patient/x"}))
    assert "2 facts from 2 files" in run("facts", "build", folder, "--to", tmp_path / "facts", code=1)
    of_files = found(run, folder, code=1)
    assert len(of_files["episodes"]) == len(of_files["unreadable"]) == 1
    assert found(run, tmp_path / "facts", code=1) == of_files


@needs_synthea
def test_the_same_public_patients_are_found(run, tmp_path):
    folder = export(tmp_path / "export", *synthea())
    run("facts", "build", folder, "--to", tmp_path / "facts")
    of_files = found(run, folder)
    assert len(of_files["episodes"]) > 20
    assert found(run, tmp_path / "facts") == of_files


def test_built_facts_and_files_are_read_together(run, tmp_path):
    folder = export(tmp_path / "export", patient(), condition())
    run("facts", "build", folder, "--to", tmp_path / "facts")
    assert found(run, tmp_path / "facts", folder)["summary"]["episodes"] == 1


def test_facts_of_another_version_are_refused_with_what_to_do(run, tmp_path, capsys):
    (tmp_path / "facts.json").write_text('{"schema": 0}')
    assert main(["find", str(tmp_path)]) == 2
    assert "Build the facts again" in capsys.readouterr().err


def test_a_folder_that_is_in_use_and_a_path_that_leads_nowhere_are_refused(tmp_path, capsys):
    (tmp_path / "mine.txt").write_text("mine")
    assert main(["facts", "build", str(tmp_path), "--to", str(tmp_path)]) == 2
    assert "new or empty" in capsys.readouterr().err
    assert main(["facts", "build", str(tmp_path / "none"), "--to", str(tmp_path / "to")]) == 2
    assert "exists" in capsys.readouterr().err


def test_a_folder_without_a_file_is_refused_and_nothing_stands_in_the_way_of_the_next_try(tmp_path, capsys):
    (tmp_path / "empty").mkdir()
    assert main(["facts", "build", str(tmp_path / "empty"), "--to", str(tmp_path / "to")]) == 2
    assert f"nothing under {tmp_path / 'empty'} is a file" in capsys.readouterr().err
    assert not (tmp_path / "to").exists()
