"""A hospital's own mappings on the command line: listed, shown, checked, tried by ``find``, kept by ``import``."""

import json
from pathlib import Path
from typing import Any

import pytest

from openfls.feeds.csv.mappings import packaged, packaged_files
from openfls.inbox.models import Message
from openfls.inbox.reading import read
from openfls.record.models import FactRow, Trust

pytestmark = pytest.mark.django_db(databases="__all__")

CLINIC: dict[str, Any] = json.loads(next(f.content for f in packaged_files() if f.name == "fracture_clinic")) | {
    "name": "our_clinic",
    "title": "Our clinic",
    "columns": {"full_name": ["Pt"], "birth_date": ["Born"], "attendance_date": ["Seen"], "diagnosis": ["Problem"]},
    "needs": [["full_name"], ["diagnosis"], ["attendance_date"]],
    "fracture_dates": [["attendance_date", "attendance"]],
    "ignored": [],
}
ROWS = "Pt,Born,Seen,Problem\r\nSMITH Anne,01/02/1940,11/03/2026,distal radius fracture\r\n"


@pytest.fixture(autouse=True)
def home(monkeypatch, settings, tmp_path) -> Path:
    """A home of the test's own."""
    monkeypatch.setenv("OPENFLS_HOME", str(tmp_path / "home"))
    settings.OPENFLS_HOME = tmp_path / "home"
    Trust.objects.create(code="X9A", name="A Trust").sites.create(code="X9A01", name="A Hospital")
    return tmp_path / "home"


@pytest.fixture
def lists(tmp_path) -> Path:
    put(tmp_path / "lists/feed.json", {"source": "X9A/clinic", "site": "X9A01", "mapping": "our_clinic"})
    return put(tmp_path / "lists/march.csv", ROWS).parent


def put(path: Path, content: object) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    return path


@pytest.fixture
def ours(tmp_path) -> Path:
    return put(tmp_path / "ours/our_clinic.json", CLINIC).parent


def found(typed, *words: object, ends: int = 0) -> dict:
    return json.loads(typed("find", "--json", *words, ends=ends))


# ---- listed, shown, checked


def test_those_of_the_program_the_home_and_a_folder_are_listed_with_where_they_lie(typed, home, ours):
    put(home / "mappings/kept.json", CLINIC | {"name": "kept", "checked_by": "A. Coder"})
    told = {one["name"]: one for one in json.loads(typed("mappings", ours, "--json"))["mappings"]}
    assert told.keys() == {*packaged().names, "kept", "our_clinic"}
    assert told["theatre"]["file"] is None
    assert told["kept"]["file"] == str(home / "mappings/kept.json")
    said = typed("mappings", ours)
    assert "our_clinic: Our clinic (fracture clinic), checked by nobody yet" in said
    assert "kept: Our clinic (fracture clinic), checked by A. Coder" in said


def test_a_wrong_one_is_told_with_file_place_and_mending_and_ends_with_1(typed, ours):
    put(ours / "our_clinic.json", CLINIC | {"finder": "luck"})
    put(ours / "theatre.json", CLINIC | {"name": "theatre"})
    said = typed("mappings", ours, ends=1)
    assert f'WRONG  {ours}/our_clinic.json, finder: "luck" is none of the values' in said
    assert f"WRONG  {ours}/theatre.json: A mapping 'theatre' comes with the program. Name yours otherwise" in said


def test_one_is_shown_to_begin_with_and_is_right_under_a_name_of_ones_own(typed, tmp_path):
    shown = json.loads(typed("mappings", "--show", "trauma_meeting"))
    put(tmp_path / "mine.json", shown | {"name": "mine"})
    assert "mine: Trauma meeting list" in typed("mappings", tmp_path / "mine.json")
    assert "no mapping is called 'nosuch'" in typed("mappings", "--show", "nosuch", ends=2)
    assert json.loads(typed("mappings", "--schema"))["required"]


def test_a_folder_without_any_is_refused(typed, tmp_path):
    (tmp_path / "empty").mkdir()
    assert "holds no mapping" in typed("mappings", tmp_path / "empty", ends=2)
    assert "there is no file or folder" in typed("mappings", tmp_path / "nix", ends=2)


# ---- tried


def test_find_reads_by_a_mapping_from_a_folder_the_home_or_beside_the_list(typed, home, lists, ours):
    assert "no mapping is called 'our_clinic'" in found(typed, lists, ends=1)["unreadable"][0]["reason"]
    assert found(typed, lists, "--mappings", ours)["summary"]["episodes"] == 1
    put(home / "mappings/our_clinic.json", CLINIC)
    assert found(typed, lists)["summary"]["episodes"] == 1
    (home / "mappings/our_clinic.json").unlink()
    put(lists / "our_clinic.mapping.json", CLINIC)
    assert found(typed, lists)["summary"]["episodes"] == 1


def test_what_one_brings_stands_above_the_home_while_one_tries(typed, home, lists, ours):
    put(home / "mappings/our_clinic.json", CLINIC | {"columns": CLINIC["columns"] | {"diagnosis": ["Complaint"]}})
    assert found(typed, lists, ends=1)["unreadable"]
    assert found(typed, lists, "--mappings", ours)["summary"]["episodes"] == 1


def test_a_wrong_one_that_is_brought_is_refused_and_one_in_the_home_holds_up_its_own_lists_alone(
    typed, home, lists, ours
):
    put(ours / "our_clinic.json", CLINIC | {"finder": "luck"})
    refused = typed("find", lists, "--mappings", ours, ends=2)
    assert "these mappings can't be used:" in refused
    assert 'our_clinic.json, finder: "luck" is none of the values' in refused
    put(home / "mappings/our_clinic.json", CLINIC | {"finder": "luck"})
    other = next(Path(str(p)) for p in Path(packaged_samples()).glob("trauma_meeting.csv"))
    put(lists / "other/feed.json", {"source": "X9A/trauma", "mapping": "trauma_meeting"})
    put(lists / "other/trauma_meeting.csv", other.read_text())
    told = found(typed, lists, ends=1)
    assert told["summary"]["episodes"] > 1
    [wrong] = [one for one in told["unreadable"] if one["file"].endswith("march.csv")]
    assert "The mapping 'our_clinic' can't be used" in wrong["reason"]


def packaged_samples() -> str:
    import openfls.feeds.csv as lists_of_hospitals

    return str(Path(lists_of_hospitals.__file__).parent / "samples")


# ---- kept


def test_import_keeps_what_is_brought_so_that_every_later_reading_is_alike(typed, home, lists, ours):
    done = json.loads(typed("import", lists, "--mappings", ours, "--json"))
    assert (done["states"], done["mappings_kept"]) == ({"done": 1}, ["our_clinic"])
    assert json.loads((home / "mappings/our_clinic.json").read_text()) == CLINIC
    assert FactRow.objects.filter(kind="fracture sighting").count() == 1
    assert [fact.kind for fact in read(Message.objects.get()).facts] == ["fracture sighting"]
    assert json.loads(typed("import", lists, "--mappings", ours, "--json"))["mappings_kept"] == []
    typed("verify")


def test_a_list_that_waits_for_its_mapping_is_read_once_it_is_mended(typed, home, lists):
    broken = put(home / "mappings/our_clinic.json", CLINIC | {"finder": "luck"})
    done = json.loads(typed("import", lists, "--json", ends=1))
    assert done["states"] == {"quarantined": 1}
    assert "The mapping 'our_clinic' can't be used" in Message.objects.get().reason
    put(broken, CLINIC)
    assert typed("work", "--once", "--retry", "X9A/clinic") == "1 messages are read again\n1 done\n"


def test_import_never_puts_another_mapping_in_the_place_of_one_that_the_home_keeps(typed, home, lists, ours):
    kept = put(home / "mappings/our_clinic.json", CLINIC | {"title": "As it was"})
    refused = typed("import", lists, "--mappings", ours, ends=2)
    assert "the home keeps another mapping 'our_clinic'" in refused
    assert "Copy yours over it if yours is the newer one" in refused
    assert json.loads(kept.read_text())["title"] == "As it was"
    assert not Message.objects.exists()


def test_a_mapping_may_be_named_on_the_command_line(typed, lists, ours, home):
    (lists / "feed.json").unlink()
    words = ("--mappings", ours, "--mapping", "our_clinic", "--source", "X9A/clinic", "--site", "X9A01")
    assert json.loads(typed("import", lists, *words, "--json"))["states"] == {"done": 1}


@pytest.mark.django_db(databases="__all__", transaction=True)
def test_a_replay_reads_by_the_mapping_that_was_kept(typed, lists, ours):
    json.loads(typed("import", lists, "--mappings", ours, "--json"))
    assert typed("replay").endswith("the same people, episodes and tasks\n")
