"""Which reader a file gets, what its manifests declare, and what a folder of feeds gives."""

import json
from datetime import UTC, datetime
from functools import partial
from importlib.resources import files as package_files
from pathlib import Path

import pytest

from openfls.clinical.facts import Finder, FractureSighting
from openfls.feeds import csv, fhir
from openfls.feeds.declaring import Declaration
from openfls.feeds.doors import files, messages, read, reader_for, readings
from openfls.feeds.reading import Origin, Reading, Unreadable

KNOWN = datetime(2026, 3, 20, tzinfo=UTC)
ORIGIN = Origin("X9A/feed", KNOWN, site="X9A01")
LIST = (package_files("openfls.feeds.csv") / "samples/trauma_meeting.csv").read_bytes()
ADMISSION = (
    b"MSH|^~\\&|PAS|X9A|FLS|X9A|20260311120000||ADT^A01|%s|P|2.4\rEVN|A01|20260311120000\r"
    b"PID|1||%s^^^X9A^MR||SMITH^ANNE||19400201|F\rPV1|1|I|T1^^^X9A01"
)
PATIENT = {"resourceType": "Patient", "id": "p1", "birthDate": "1940-02-01", "name": [{"family": "SMITH"}]}
FRACTURE = {
    "resourceType": "Condition", "id": "c1", "subject": {"reference": "Patient/p1"},
    "code": {"coding": [{"system": "http://snomed.info/sct", "code": "5913000"}]}, "onsetDateTime": "2026-03-11",
}  # fmt: skip


def admissions(*numbers):
    return b"\r".join(ADMISSION % (f"M{n}".encode(), f"H{n}".encode()) for n in numbers)


@pytest.fixture
def folder(tmp_path):
    """A folder with files as ``folder(name, content)`` writes them; what is no bytes is written as JSON."""

    def write(name, content):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
        return path

    write.root = tmp_path
    return write


def declared(path, root):
    return dict(files(root))[path]


@pytest.mark.parametrize("name", ["a.json", "A.NDJSON", "b.json.gz", "c.ndjson.gz", "in/folder/a.json"])
def test_json_files_are_fhir(name):
    assert reader_for(name, b"", ORIGIN) is fhir.read


@pytest.mark.parametrize("name", ["a.txt", "notes.docx", "old.xls", "a.csv.gz", "a.pdf"])
def test_what_nothing_reads_says_what_is_read(name):
    found = reader_for(name, b"MSH|", ORIGIN)
    assert isinstance(found, Unreadable)
    assert ".csv" in found.mend
    assert read(b"MSH|", name, ORIGIN) == Reading(unreadable=(found,))


def test_a_message_without_a_name_is_known_by_its_first_bytes():
    assert read(admissions(1), "", ORIGIN).facts
    assert reader_for("", b'{"resourceType": "Bundle"}', ORIGIN) is fhir.read
    by_mapping = reader_for("", LIST, Origin("X9A", KNOWN, mapping="trauma_meeting"))
    assert isinstance(by_mapping, partial)
    assert by_mapping.func is csv.read
    assert isinstance(reader_for("", b"hello", ORIGIN), Unreadable)


def test_a_file_of_several_messages_gives_the_facts_of_each():
    one, two = read(admissions(1), "a.hl7", ORIGIN), read(admissions(2), "a.hl7", ORIGIN)
    assert one.facts
    assert read(admissions(1, 2), "both.hl7", ORIGIN).facts == one.facts + two.facts


def test_a_broken_message_in_a_file_names_which_and_the_others_count():
    broken = admissions(1, 2).replace(b"PID|1||H1^^^X9A^MR||SMITH^ANNE", b"PID|1||||")
    found = read(broken, "both.hl7", ORIGIN)
    assert [wrong.place[:10] for wrong in found.unreadable] == ["message 1,"]
    assert {str(fact.record.hospital_numbers[0]) for fact in found.facts} == {"X9A H2"}


def test_a_list_is_read_by_the_declared_mapping_else_by_its_name():
    by_name = read(LIST, "trauma_meeting_march.csv", ORIGIN)
    by_declaration = read(LIST, "march.csv", Origin("X9A/feed", KNOWN, site="X9A01", mapping="trauma_meeting"))
    assert by_name.facts
    assert by_name == by_declaration
    assert "trauma_meeting" in read(LIST, "march.csv", ORIGIN).unreadable[0].mend


def test_a_list_that_can_not_be_read_as_a_whole_stands_among_the_unreadable():
    [wrong] = read(b"\xff\xfe", "trauma_meeting.csv", ORIGIN).unreadable
    assert "mark of UTF-16" in wrong.reason


def test_a_manifest_speaks_for_its_folder_and_those_below_and_a_nearer_one_stands(folder):
    folder("X9A/feed.json", {"source": "X9A/all", "site": "X9A01", "encoding": "cp1252"})
    folder("X9A/lists/feed.json", {"source": "X9A/lists"})
    above, below = folder("X9A/a.csv", b""), folder("X9A/lists/b.csv", b"")
    alone = folder("X9A/lists/c.csv", b"")
    folder("X9A/lists/c.csv.feed.json", {"mapping": "theatre", "finder": "theatre list"})
    assert declared(above, folder.root) == Declaration("X9A/all", "X9A01", None, "cp1252")
    assert declared(below, folder.root) == Declaration("X9A/lists", "X9A01", None, "cp1252")
    assert declared(alone, folder.root) == Declaration("X9A/lists", "X9A01", Finder.THEATRE_LIST, "cp1252", "theatre")


def test_without_a_manifest_folder_and_name_speak(folder):
    listed, bundle = folder("X9A/ward_round 12 March.xlsx", b""), folder("X9A/bundle.json", b"")
    assert declared(listed, folder.root) == Declaration("X9A/ward_round", mapping="ward_round")
    assert declared(bundle, folder.root) == Declaration("X9A")


def test_one_file_is_declared_by_the_manifests_beside_it(folder):
    folder("feed.json", {"source": "X9A/pas"})
    path = folder("a.hl7", admissions(1))
    assert list(files(path)) == [(path, Declaration("X9A/pas"))]


@pytest.mark.parametrize(
    "content",
    [
        b"{",
        b"[]",
        b'{"colour": "red"}',
        b'{"mapping": "nosuch"}',
        b'{"finder": "luck"}',
        b'{"site": 5}',
        b"\xff",
        b"[" * 100_000,
    ],
)
def test_a_manifest_that_can_not_be_read_stops_its_files_and_says_why(folder, content):
    folder("feed.json", content)
    path = folder("trauma_meeting.csv", LIST)
    found = declared(path, folder.root)
    assert isinstance(found, Unreadable)
    assert "feed.json" in found.place
    assert list(messages(folder.root)) == [(path, b"", found)]
    assert list(readings([folder.root], KNOWN)) == [(path, Reading(unreadable=(found,)))]


def test_messages_come_in_the_order_of_their_names_each_of_a_file_by_itself(folder):
    folder("b.csv", LIST)
    folder("a.hl7", admissions(1, 2))
    folder("a/z.json", PATIENT)
    folder(".hidden/x.csv", LIST)
    folder(".DS_Store", b"x")
    found = [(str(path.relative_to(folder.root)), content) for path, content, _ in messages(folder.root)]
    assert found == [
        ("a.hl7", admissions(1)),
        ("a.hl7", admissions(2)),
        ("b.csv", LIST),
        ("a/z.json", json.dumps(PATIENT).encode()),
    ]


def test_messages_read_one_by_one_give_what_the_file_gives(folder):
    path = folder("X9A/a.hl7", admissions(1, 2))
    one_by_one = [f for _, content, d in messages(path) for f in read(content, path.name, d.origin(KNOWN)).facts]
    [(_, whole)] = readings([path], KNOWN)
    assert tuple(one_by_one) == whole.facts
    assert whole.facts


def test_the_files_of_an_export_are_read_together_so_that_references_lead_across(folder):
    folder("export/Condition.ndjson", FRACTURE)
    folder("export/Patient.ndjson", PATIENT)
    found = {path.name: reading for path, reading in readings([folder.root], KNOWN)}
    [sighting] = [fact for fact in found["Condition.ndjson"].facts if isinstance(fact, FractureSighting)]
    assert sighting.record.family_name == "SMITH"


def test_a_folder_of_every_kind_of_feed_is_read_whole(folder):
    folder("X9A/trauma_meeting.csv", LIST)
    folder("X9A/adt.hl7", admissions(1))
    folder("X9A/notes.txt", b"see above")
    folder("fhir/Condition.ndjson", FRACTURE)
    folder("fhir/Patient.ndjson", PATIENT)
    found = {path.name: reading for path, reading in readings([folder.root], KNOWN)}
    assert set(found) == {"trauma_meeting.csv", "adt.hl7", "notes.txt", "Condition.ndjson", "Patient.ndjson"}
    assert found["notes.txt"].unreadable
    assert all(found[name].facts for name in ("trauma_meeting.csv", "adt.hl7", "Condition.ndjson"))


def test_hospital_numbers_of_a_list_and_of_a_message_have_the_same_authority(folder):
    folder("X9A/trauma_meeting.csv", LIST)
    folder("X9A/adt.hl7", admissions(100))
    found = {path.name: reading for path, reading in readings([folder.root], KNOWN)}
    listed, admitted = found["trauma_meeting.csv"].facts[0], found["adt.hl7"].facts[0]
    assert listed.record.hospital_numbers == admitted.record.hospital_numbers


def test_a_file_that_can_not_be_opened_is_named(folder, monkeypatch):
    path = folder("a.hl7", admissions(1))

    def refuse(self):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refuse)
    [(_, found)] = readings([path], KNOWN)
    assert "Permission denied" in found.unreadable[0].reason


def test_a_file_that_is_not_there_is_an_error(tmp_path):
    with pytest.raises(FileNotFoundError):
        list(files(tmp_path / "nothing"))
