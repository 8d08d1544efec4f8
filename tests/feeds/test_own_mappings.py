"""A hospital's own mappings: the same format and checks as those of the program, each fault with its place."""

import json
import re
from collections.abc import Callable
from copy import deepcopy
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from openfls.clinical.facts import Finder, FractureSighting
from openfls.feeds import csv
from openfls.feeds.csv.audit_records import BONES
from openfls.feeds.csv.mapping import Mapping
from openfls.feeds.csv.mapping_files import LONGEST, STAND_FOR, mapping_in, schema
from openfls.feeds.csv.mappings import MappingFile, Mappings, packaged, packaged_files
from openfls.feeds.declaring import Declaration, declaration_of, mappings_beside, mappings_in
from openfls.feeds.doors import files, read, readings
from openfls.feeds.reading import Origin, Reading, Unreadable

KNOWN = datetime(2026, 3, 20, 9, tzinfo=UTC)
ROUND: dict[str, Any] = json.loads(next(file.content for file in packaged_files() if file.name == "ward_round"))
OURS: dict[str, Any] = ROUND | {"name": "our_round", "title": "Our round", "authored_by": "A. Coordinator"} | {
    "columns": {"full_name": ["Pt"], "birth_date": ["Born"], "admission_date": ["In"], "diagnosis": ["Problem"]},
    "needs": [["full_name"], ["diagnosis"], ["admission_date"]],
    "fracture_dates": [["admission_date", "admission"]],
    "ignored": ["Jobs"],
}  # fmt: skip
LIST = b"Pt,Born,In,Problem,Jobs\r\nSMITH Anne,01/02/1940,11/03/2026,# NOF,bloods\r\n"

Change = Callable[[dict[str, Any]], Any]


def file(plain: object, name: str = "our_round", folder: str = "mappings") -> MappingFile:
    return MappingFile(f"{folder}/{name}.json", json.dumps(plain).encode())


def with_ours(*own: MappingFile) -> Mappings:
    return packaged().with_own(own or (file(OURS),))


def sightings(reading: Reading | Unreadable) -> list[FractureSighting]:
    assert isinstance(reading, Reading), reading
    return [fact for fact in reading.facts if isinstance(fact, FractureSighting)]


def test_a_list_is_read_by_a_mapping_that_is_passed_in_and_by_nothing_else():
    origin = Origin("X9A/round", KNOWN, site="X9A01", mapping="our_round")
    [sighting] = sightings(csv.read(LIST, origin, with_ours()))
    assert (sighting.finder, sighting.record.name) == (Finder.WARD_ROUND, "SMITH, Anne")
    without = csv.read(LIST, origin)
    assert isinstance(without, Unreadable)
    assert without.reason == "No mapping 'our_round'."


def test_its_name_finds_its_lists_as_others_do():
    own = with_ours()
    assert own.of_file("Our Round 12 March.csv") == "our_round"
    assert sightings(read(LIST, "our_round_2026-03-12.csv", Origin("X9A/round", KNOWN), own))
    assert own.of_file("ward_round.csv") == "ward_round"
    assert set(own.names) == {*packaged().names, "our_round"}


# ---- what is wrong, where, and how to mend it


def changed(change: Change) -> dict[str, Any]:
    plain = deepcopy(OURS)
    change(plain)
    return plain


WRONG: dict[str, tuple[Change, str, str]] = {
    "a finder that there is not": (lambda p: p.update(finder="crystal ball"), "finder", '"crystal ball" is none'),
    "a part left out": (lambda p: p.pop("columns"), "", "'columns' is missing"),
    "a part that nothing reads": (lambda p: p.update(colums={}), "", "'colums' was unexpected"),
    "a column that can't be meant": (lambda p: p["columns"].update(shoe_size=["Size"]), "columns", "shoe_size"),
    "headers that are no list": (lambda p: p["columns"].update(sex="Sex"), "columns.sex", "is not of type 'array'"),
    "a header that is no text": (lambda p: p["columns"].update(sex=[1]), "columns.sex[0]", "1 is not of type 'string'"),
    "no header": (lambda p: p["columns"].update(sex=[]), "columns.sex", "[]"),
    "a header without letters": (lambda p: p["columns"].update(row_id=["#"]), "columns.row_id", "without a letter"),
    "one header, two columns": (lambda p: p["columns"].update(sex=["PT."]), "columns.sex", "with two meanings: PT."),
    "read and ignored": (lambda p: p["ignored"].append("born"), "ignored", "Headers with two meanings: born"),
    "a need without a column": (lambda p: p["needs"].append(["sex"]), "needs[3]", "No column has a header for sex"),
    "an empty need": (lambda p: p["needs"].append([]), "needs[3]", "[]"),
    "a date that is no column":
        (lambda p: p.update(fracture_dates=[["injury_date", "injury"]]), "fracture_dates", "None"),
    "a date of what is no date":
        (lambda p: p.update(fracture_dates=[["admission_date", "x"]]), "fracture_dates[0][1]", '"x" is none'),
    "nobody's row": (lambda p: p["columns"].pop("full_name"), "columns", "No column says whose row it is"),
    "nothing broken": (lambda p: p["columns"].pop("diagnosis"), "columns", "No column says what is broken"),
    "a date without a year": (lambda p: p["dates"].update(formats=["dd/mm"]), "dates.formats[0]", "lacks a day"),
    "a wrong delimiter": (lambda p: p.update(delimiter="|"), "delimiter", '"|" is none'),
    "a word for no side":
        (lambda p: p["values"].update(side={"li": "lefft"}), "values.side.li", '"lefft" is none'),
    "words for no column": (lambda p: p["values"].update(shoe={"a": "b"}), "values", "No column can mean shoe"),
    "another name":
        (lambda p: p.update(name="their_round"), "name", "calls itself 'their_round', its file 'our_round'"),
    "a name that is none": (lambda p: p.update(name="../x"), "name", "does not match"),
}  # fmt: skip


@pytest.mark.parametrize(("change", "at", "says"), WRONG.values(), ids=WRONG.keys())
def test_a_fault_says_the_file_the_place_in_it_and_how_to_mend_it(change: Change, at: str, says: str):
    own = with_ours(file(changed(change)))
    faults = own.faults["our_round"]
    place = f"mappings/our_round.json, {at}" if at else "mappings/our_round.json"
    told = [fault for fault in faults if says in fault.reason]
    assert [fault.place for fault in told] == [place], faults
    assert all(fault.mend for fault in faults)
    assert own.known.keys() == packaged().known.keys()


def test_all_that_is_wrong_is_said_at_once():
    own = with_ours(file(OURS | {"finder": "luck", "delimiter": "|", "dates": {}}))
    assert len(own.faults["our_round"]) >= 5


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b'{"name": "our_round",}', "line 1 column"),
        (b"\xff\xfe", "utf-8"),
        (b"[" * 100_000, "no JSON"),
        (b"[]", "is not of type 'object'"),
        (b" " * (LONGEST + 1), "more than"),
        (b"", "no JSON"),
    ],
)
def test_a_file_that_is_no_mapping_says_so(content: bytes, says: str):
    [fault] = with_ours(MappingFile("m/our_round.json", content)).faults["our_round"]
    assert says in fault.reason
    assert fault.place.startswith("m/our_round.json")


def test_nobodys_own_takes_the_place_of_one_that_comes_with_the_program():
    mine = OURS | {"name": "theatre"}
    own = with_ours(file(mine, "theatre"))
    assert own.named("theatre") == packaged().named("theatre")
    [fault] = own.faults["theatre"]
    assert fault.reason == "A mapping 'theatre' comes with the program."
    assert "Name yours otherwise" in fault.mend


def test_of_two_of_one_name_the_first_stands_and_the_other_is_told_unless_they_are_the_same():
    here, there = file(OURS), file(OURS | {"title": "Another"}, folder="lists")
    own = with_ours(here, there)
    assert own.named("our_round").title == "Our round"
    assert "mappings/our_round.json is another mapping of the name" in own.faults["our_round"][0].reason
    assert not with_ours(here, file(OURS, folder="lists")).faults


def test_a_list_whose_mapping_is_wrong_waits_and_says_why():
    own = with_ours(file(OURS | {"finder": "luck"}))
    [wrong] = read(LIST, "our_round_march.csv", Origin("X9A/round", KNOWN), own).unreadable
    assert wrong.reason.startswith("The mapping 'our_round' can't be used: mappings/our_round.json, finder: \"luck\"")
    declared = csv.read(LIST, Origin("X9A/round", KNOWN, mapping="our_round"), own)
    assert declared == wrong


# ---- where they lie


def put(path: Path, content: object) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return path


def test_a_mapping_beside_its_lists_is_no_message_and_the_manifest_may_name_it(tmp_path):
    listed = put(tmp_path / "X9A/march.csv", LIST)
    put(tmp_path / "X9A/feed.json", {"source": "X9A/round", "mapping": "our_round"})
    put(tmp_path / "X9A/our_round.mapping.json", OURS)
    own = packaged().with_own(mappings_beside(tmp_path))
    assert list(files(tmp_path, own)) == [(listed, Declaration("X9A/round", mapping="our_round"))]
    [(path, reading)] = readings([tmp_path], KNOWN, own)
    assert path == listed
    assert sightings(reading)
    unknown = declaration_of(listed, tmp_path, packaged())
    assert isinstance(unknown, Unreadable)
    assert "no mapping is called 'our_round'; there are coded_discharges" in unknown.reason


def test_one_file_brings_the_mappings_beside_it(tmp_path):
    listed = put(tmp_path / "march.csv", LIST)
    put(tmp_path / "our_round.mapping.json", OURS)
    assert [own.name for own in mappings_beside(listed)] == ["our_round"]


def test_a_folder_of_mappings_gives_each_by_its_name(tmp_path):
    put(tmp_path / "our_round.json", OURS)
    put(tmp_path / ".hidden.json", OURS)
    put(tmp_path / "README.txt", b"ours")
    assert [own.name for own in mappings_in(tmp_path)] == ["our_round"]
    assert mappings_in(tmp_path / "nosuch") == []


# ---- whatever the file


def test_the_schema_is_one_and_those_that_come_with_the_program_obey_it():
    Draft202012Validator.check_schema(schema())
    assert len(packaged().names) == len(packaged_files()) == 15


def test_every_value_that_the_readers_look_up_has_words_that_are_checked():
    readers = "".join(path.read_text() for path in Path(csv.__file__).parent.glob("*.py"))
    looked_up = set(re.findall(r"\.(?:value|answer)\(\"(\w+)\"\)|answer_in\((?:case\.)?row, \"(\w+)\"", readers))
    by_wave = re.findall(r"answer(?:_in)?\((?:case\.row, )?f\"(\w+)_\{wave\}\"", readers)
    found = {name for names in looked_up for name in names} - {""}
    found |= {f"{name}_{wave}" for name in by_wave for wave in (16, 52)} | set(BONES)
    assert found == {*STAND_FOR, "site"}


plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(st.sampled_from(sorted(OURS)), plain)
def test_no_part_of_a_file_makes_the_check_fail_and_what_it_lets_through_reads_any_list(part: str, value: object):
    found = mapping_in(json.dumps(OURS | {part: value}).encode(), "our_round", "our_round.json")
    if isinstance(found, Mapping):
        own = Mappings({found.name: found})
        reading = csv.read(LIST, Origin("X9A/round", KNOWN, mapping="our_round"), own)
        assert isinstance(reading, Reading | Unreadable)
    else:
        assert all(fault.reason and fault.place and fault.mend for fault in found)


@given(st.binary(max_size=300))
def test_any_bytes_are_a_mapping_or_say_why_not(content: bytes):
    assert mapping_in(content, "x", "x.json")
