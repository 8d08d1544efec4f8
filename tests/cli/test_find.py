"""``openfls find`` on records that nobody here wrote: everyone who counts, no one else, and why.

The 109 synthetic patients (Synthea, Apache-2.0) are read from ``../shared/data/synthea-r4``; without them tests skip.
What is right is worked out here by itself, from the bundles' JSON, by code and age.
"""

import gzip
import json
from datetime import date
from pathlib import Path

import pytest

from openfls.cli import main

BUNDLES = Path(__file__).parents[2].parent / "shared" / "data" / "synthea-r4"
needs_bundles = pytest.mark.skipif(not BUNDLES.is_dir(), reason="the synthetic patients are not beside the project")

# SNOMED CT conditions met in the bundles, which of them count at 50 or over, and why.
COUNTS = {
    "359817006": "closed fracture of hip",
    "65966004": "fracture of forearm",
    "263102004": "fracture subluxation of wrist: a fracture is in it",
    "443165006": "pathological fracture due to osteoporosis: pathological by osteoporosis counts",
    "33737001": "fracture of rib",
    "58150001": "fracture of clavicle: another site",
    "16114001": "fracture of ankle: another site",
}
COUNTS_NOT = {
    "39848009": "whiplash injury to neck: no fracture",
    "64859006": "osteoporosis: a disease, no fracture",
    "44465007": "sprain of ankle: no fracture",
    "47505003": "posttraumatic stress disorder: no injury of a bone",
}
OTHER_SITE = {"58150001", "16114001", "33737001"}


@pytest.fixture
def find(capsys):
    def run(*words, code=0):
        assert main(["find", *map(str, words)]) == code
        return json.loads(capsys.readouterr().out)

    return run


def fractures_by_patient() -> dict[str, set[tuple[date, bool]]]:
    """Each patient's number with the days of counted fractures at 50 or over, and whether only other sites broke."""
    patients: dict[str, set[tuple[date, bool]]] = {}
    for file in sorted(BUNDLES.glob("*.json.gz")):
        resources = [entry["resource"] for entry in json.loads(gzip.decompress(file.read_bytes()))["entry"]]
        patient = next(r for r in resources if r["resourceType"] == "Patient")
        days: dict[date, set[str]] = {}
        for condition in (r for r in resources if r["resourceType"] == "Condition"):
            code = condition["code"]["coding"][0]["code"]
            day = date.fromisoformat(condition["onsetDateTime"][:10])
            if code in COUNTS and completed_years(date.fromisoformat(patient["birthDate"]), day) >= 50:
                days.setdefault(day, set()).add(code)
        if days:
            patients[patient["id"]] = {(day, codes <= OTHER_SITE) for day, codes in days.items()}
    return patients


def completed_years(born: date, day: date) -> int:
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def number_of(episode: dict) -> str:
    """The medical record number that the bundles' patients share with their file."""
    numbers = episode["person"]["hospital_numbers"]
    return next(n["value"] for n in numbers if n["authority"] == "http://hospital.smarthealthit.org")


def medical_record_numbers() -> dict[str, str]:
    numbers = {}
    for file in sorted(BUNDLES.glob("*.json.gz")):
        patient = next(
            entry["resource"]
            for entry in json.loads(gzip.decompress(file.read_bytes()))["entry"]
            if entry["resource"]["resourceType"] == "Patient"
        )
        of_patient = (i["value"] for i in patient["identifier"] if i["system"] == "http://hospital.smarthealthit.org")
        numbers[patient["id"]] = next(of_patient)
    return numbers


@needs_bundles
def test_everyone_who_counts_is_found_and_no_one_else(find):
    numbers = medical_record_numbers()
    expected = {(numbers[key], day, other) for key, days in fractures_by_patient().items() for day, other in days}
    episodes = find(BUNDLES, "--json")["episodes"]
    assert {(number_of(e), date.fromisoformat(e["index_date"]), e["other_site"]) for e in episodes} == expected
    assert len(expected) == len(episodes) > 10


@needs_bundles
def test_a_service_may_leave_the_other_sites_out(find):
    everything = find(BUNDLES, "--json")["episodes"]
    named = find(BUNDLES, "--json", "--set", "takes_other_sites=false")["episodes"]
    assert named == [episode for episode in everything if not episode["other_site"]]
    assert len(named) < len(everything)


@needs_bundles
def test_every_condition_that_speaks_of_bones_is_decided_on_above():
    words = ("fractur", "sprain", "whiplash", "osteopor", "posttraum")
    met = set()
    for file in BUNDLES.glob("*.json.gz"):
        for entry in json.loads(gzip.decompress(file.read_bytes()))["entry"]:
            if entry["resource"]["resourceType"] == "Condition":
                coding = entry["resource"]["code"]["coding"][0]
                if any(word in coding["display"].casefold() for word in words):
                    met.add(coding["code"])
    assert met <= COUNTS.keys() | COUNTS_NOT.keys()
    assert COUNTS.keys() <= met


@pytest.mark.parametrize("code", sorted(COUNTS), ids=COUNTS.get)
def test_a_condition_that_counts(find, tmp_path, code):
    (tmp_path / "one.json").write_text(json.dumps(bundle(code)))
    assert len(find(tmp_path, "--json")["episodes"]) == 1


@pytest.mark.parametrize("code", sorted(COUNTS_NOT), ids=COUNTS_NOT.get)
def test_a_condition_that_does_not_count(find, tmp_path, code):
    (tmp_path / "one.json").write_text(json.dumps(bundle(code)))
    assert find(tmp_path, "--json")["summary"]["episodes"] == 0


@pytest.mark.parametrize(("born", "episodes"), [("1970-03-01", 1), ("1970-03-02", 0)])
def test_fifty_is_counted_in_completed_years_on_the_day_of_the_fracture(find, tmp_path, born, episodes):
    (tmp_path / "one.json").write_text(json.dumps(bundle("359817006", born=born, onset="2020-03-01")))
    report = find(tmp_path, "--json", "--all")
    assert report["summary"]["episodes"] == episodes
    assert report["episodes"][0]["counts"] == ("unknown" if episodes else "no")


def test_what_cannot_be_read_is_named_with_its_file_and_the_rest_counts(find, tmp_path):
    (tmp_path / "good.json").write_text(json.dumps(bundle("359817006")))
    (tmp_path / "bad.json").write_text("{ not json")
    report = find(tmp_path, "--json", code=1)
    assert report["summary"]["episodes"] == 1
    assert report["unreadable"][0]["file"].endswith("bad.json")
    assert report["unreadable"][0]["mend"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["/no/such/folder"], "there is no file or folder"),
        (["--set", "takes_other_sites=perhaps", "."], "wants bool"),
        (["--set", "no_such=1", "."], "no such site parameter"),
        (["--set", "nonsense", "."], "NAME=VALUE"),
    ],
)
def test_wrong_input_is_one_clear_line_and_exit_code_2(capsys, words, told):
    assert main(["find", *words]) == 2
    error = capsys.readouterr().err
    assert told in error
    assert error.count("\n") == 1


def bundle(code: str, born: str = "1940-05-06", onset: str = "2020-03-01") -> dict:
    patient = {
        "resourceType": "Patient",
        "id": "p1",
        "identifier": [{"system": "urn:hospital", "value": "1"}],
        "name": [{"family": "Smith", "given": ["Anne"]}],
        "birthDate": born,
    }
    condition = {
        "resourceType": "Condition",
        "id": "c1",
        "subject": {"reference": "Patient/p1"},
        "code": {"coding": [{"system": "http://snomed.info/sct", "code": code}]},
        "onsetDateTime": onset,
    }
    return {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [{"resource": patient}, {"resource": condition}],
    }


def test_what_readers_passed_over_is_noted_once_with_how_often(tmp_path, capsys):
    one = (
        "MSH|^~\\&|LIMS|X9A|||20260304121500||ORU^R01|M1|P|2.4\rPID|||H1^^^X9A^MR\rOBR|1||L1|UE|||||||||||||||||||||LAB|F\r"
        "OBX|1|NM|CREA^Creatinine^L||98|umol/L|||||F\r"
    )
    (tmp_path / "day.hl7").write_text(one + one.replace("|M1|", "|M2|"), newline="")
    main(["find", str(tmp_path), "--notes"])
    [note] = [line for line in capsys.readouterr().out.splitlines() if line.startswith("note: ")]
    assert "result CREA passed over: not known by LOINC" in note
    assert note.endswith(" (2 times)")
    main(["find", str(tmp_path)])
    assert "note: " not in capsys.readouterr().out
