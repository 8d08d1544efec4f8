"""FHIR that is wrong: a clear word with its place, the readable rest counts, nothing crashes."""

import copy
import gzip
import json

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openfls.clinical.facts import Demographics, DxaResult, FractureSighting
from openfls.feeds.fhir import content as unpacking
from openfls.feeds.fhir import read, read_files
from openfls.feeds.fhir.faults import CannotRead
from openfls.feeds.fhir.keys import refuse_repeated_keys
from openfls.feeds.reading import Reading, Unreadable
from tests.feeds.fhir_resources import (
    ORIGIN,
    SAMPLES,
    bundle,
    coded,
    condition,
    encounter,
    ndjson,
    of,
    patient,
    reading,
    resource,
    told,
)


@pytest.mark.parametrize(
    ("bad", "says"),
    [
        ({"resourceType": "Condition", "id": "c2", "code": coded("5913000")}, "names no patient"),
        (condition(id="c2", subject={"reference": "Patient/nobody"}), "Patient/nobody is not in the file"),
        (condition(id="c2", subject={"reference": "Group/1"}), "Group/1 is not in the file"),
        (condition(id="c2", onsetDateTime="2027-03-14"), "in the future"),
        (condition(id="c2", onsetDateTime="14/03/2026"), "no FHIR date"),
        (condition(id="c2", onsetDateTime="2026-02-30"), "not in the calendar"),
        (condition(id="c2", onsetDateTime="1931"), "before the person's birth"),
        (condition(id="c2", onsetDateTime=None), "has no date"),
        (encounter("IMP", id="c2", period={}), "has no start"),
        (encounter("IMP", id="c2", period={"start": "2026-03-14", "end": "2026-33-01"}), "not in the calendar"),
        (
            resource("Observation", id="c2", status="final", code=coded("38264-8", "http://loinc.org"),
                     effectiveDateTime="2026-04-22", valueQuantity={"value": -270}),
            "no T-score",
        ),
        (
            resource("Observation", id="c2", status="final", code=coded("38261-4", "http://loinc.org"),
                     effectiveDateTime="2026-04-22", valueQuantity={"value": 0.8, "unit": "mg/mL"}),
            "no density in g/cm2",
        ),
    ],
)  # fmt: skip
def test_a_resource_that_cannot_be_read_says_why_and_where_and_the_rest_counts(bad: dict, says: str):
    found = reading(patient(), condition(), bad)
    assert says in told(found)
    assert "Bundle.entry[2]" in told(found)
    assert "/c2" in told(found)
    assert len(of(FractureSighting, found)) == 1


def test_a_future_birth_date_makes_the_patient_and_its_fracture_unreadable_and_nobody_else():
    found = reading(
        patient(birthDate="2031-01-01"),
        condition(),
        patient(id="q"),
        condition(id="d", subject={"reference": "Patient/q"}),
    )
    assert [u.place for u in found.unreadable] == ["Bundle.entry[0], Patient/p", "Bundle.entry[1], Condition/c"]
    assert all("in the future" in str(u) for u in found.unreadable)
    assert len(of(FractureSighting, found)) == 1


def test_a_birth_date_without_a_day_is_noted_and_not_guessed():
    found = reading(patient(birthDate="1944"), condition())
    assert [s.record.birth_date for s in of(FractureSighting, found)] == [None]
    assert "dates of birth without a day" in "".join(found.notes)


@pytest.mark.parametrize(
    ("entry", "says"),
    [
        ({"resource": {"resourceType": "Pateint"}}, "'Pateint'"),
        ({"resource": {"id": "x"}}, "'None'"),
        ({"resource": ["Patient"]}, "no object"),
        ({"resource": {"resourceType": ["Patient"]}}, "no FHIR R4 resource"),
        ({"request": {"method": "DELETE", "url": "Condition/7"}}, "DELETE Condition/7"),
        ({"request": {"method": "PATCH", "url": "Condition/7"}, "resource": {"resourceType": "Binary"}}, "PATCH"),
        ({}, "holds no resource"),
        ("entry", "no object"),
    ],
)
def test_an_entry_that_is_no_resource_says_so_and_the_rest_counts(entry: object, says: str):
    document = json.loads(bundle(patient(), condition()))
    document["entry"].insert(1, entry)
    found = read(json.dumps(document).encode(), ORIGIN)
    assert says in told(found)
    assert [u.place for u in found.unreadable] == ["Bundle.entry[1]"]
    assert len(of(FractureSighting, found)) == 1


@pytest.mark.parametrize("kind", ["history", "document", "message", "", "Transaction"])
def test_a_bundle_of_another_type_is_unreadable(kind: str):
    found = read(bundle(patient(), kind=kind), ORIGIN)
    assert "is not read" in told(found)
    assert found.facts == ()


def test_a_broken_line_of_an_export_costs_that_line_alone():
    lines = ndjson(patient(), condition()).splitlines()
    found = read(b"\n".join([lines[0], b'{"resourceType": "Condition", "id": ', b"", lines[1]]), ORIGIN)
    assert [u.place for u in found.unreadable] == ["line 2"]
    assert len(of(FractureSighting, found)) == 1


def test_a_truncated_export_keeps_all_whole_lines():
    whole = ndjson(patient(), condition(), condition(id="d"))
    found = read(whole[:-30], ORIGIN)
    assert [u.place for u in found.unreadable] == ["line 3"]
    assert len(of(FractureSighting, found)) == 1


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n\n",
        b"{",
        b"MSH|^~\\&|",
        b"<Bundle/>",
        bundle(patient())[:-5],
        json.dumps(json.loads(bundle(patient())), indent=1).encode()[:-5],
        b'{"resourceType": "Patient", "id": NaN}',
        bundle(patient()).decode().encode("utf-16"),
        b"\xff\xfe\x00",
        gzip.compress(b"{", mtime=0),
        gzip.compress(bundle(patient()), mtime=0)[:-9],
        b"\x1f\x8b not gzip",
        gzip.compress(gzip.compress(bundle(patient()), mtime=0), mtime=0),
    ],
)
def test_what_is_no_fhir_json_at_all_is_unreadable_as_a_whole(content: bytes):
    found = read(content, ORIGIN)
    assert isinstance(found, Unreadable)
    assert found.place == "file"
    assert found.mend


@pytest.mark.parametrize("content", [b"null", b"[]", b"3", b'"Bundle"', b"{}"])
def test_json_that_is_no_resource_says_so(content: bytes):
    assert "no FHIR R4 resource" in told(read(content, ORIGIN))


def test_a_declared_encoding_is_used_and_a_wrong_one_said():
    latin = json.dumps(json.loads(bundle(patient(name=[{"family": "Béla"}]))), ensure_ascii=False).encode("latin-1")
    origin = type(ORIGIN)("x", ORIGIN.known, encoding="latin-1")
    assert read(latin, origin).facts[0].record.family_name == "Béla"
    assert isinstance(read(latin, ORIGIN), Unreadable)
    assert isinstance(read(latin, type(ORIGIN)("x", ORIGIN.known, encoding="no such")), Unreadable)


def test_a_byte_order_mark_is_no_fault():
    assert len(of(Demographics, read(b"\xef\xbb\xbf" + bundle(patient()), ORIGIN))) == 1


def test_a_bomb_is_refused_before_it_is_unpacked(monkeypatch):
    monkeypatch.setattr(unpacking, "FREE_OF_RATIO", 100_000)
    bomb = gzip.compress(b" " * 20_000_000)
    assert "unpacks to more than" in told(read(bomb, ORIGIN))


def test_a_file_beyond_the_bound_is_refused_plain_or_packed(monkeypatch):
    monkeypatch.setattr(unpacking, "LARGEST", 1_000)
    large = bundle(patient(), *(condition(id=str(n)) for n in range(9)))
    for sent in (large, gzip.compress(large)):
        assert "unpacks to more than" in told(read(sent, ORIGIN))


def test_deep_nesting_and_enormous_numbers_do_not_crash():
    deep = b'{"resourceType": "Patient", "x": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"
    assert isinstance(read(deep, ORIGIN), Unreadable)
    digits = b"9" * 300
    huge = bundle(patient(), condition()).replace(b'"id": "c"', b'"id": "c", "x": ' + digits)
    assert len(of(FractureSighting, read(huge, ORIGIN))) == 1
    score = b'{"value": ' + digits + b"}"
    scan = resource("Observation", status="final", code=coded("38264-8", "http://loinc.org"),
                    effectiveDateTime="2026-04-22", valueQuantity="HERE")  # fmt: skip
    found = read(bundle(patient(), scan).replace(b'"HERE"', score), ORIGIN)
    assert of(DxaResult, found) == []
    assert "T-score" in told(found)


def test_bundles_nested_without_end_are_refused():
    nested = json.loads(bundle(patient()))
    for _ in range(6):
        nested = {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": nested}]}
    assert "nested too deep" in told(read(json.dumps(nested).encode(), ORIGIN))


@pytest.mark.parametrize(
    "twice",
    [
        b'"id": "first", "id": "p"',
        b'"id" : "first", "id" : "p"',
        b'"id": "a\\u0022:", "id": "p"',
        b'"\\u0069d":"f", "id": "p"',
    ],
)
def test_a_key_written_twice_is_refused_by_name(twice):
    found = read(bundle(patient()).replace(b'"id": "p"', twice), ORIGIN)
    assert isinstance(found, Unreadable)
    assert "'id' stands twice" in found.reason


def test_a_line_of_an_export_with_a_key_twice_costs_that_line_alone():
    good, bad = ndjson(patient()), b'{"resourceType": "Patient", "id": "x", "id": "y"}'
    found = read(bad + b"\n" + good, ORIGIN)
    assert [u.place for u in found.unreadable] == ["line 1"]
    assert found.facts


TEXTS = st.text(alphabet='ab":\\ \u00e9\n', max_size=4)
VALUES = st.recursive(
    TEXTS | st.integers(-9, 9) | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=12,
)


@given(VALUES, st.sampled_from([(",", ":"), (", ", ": "), (" ,\n", " :\t")]), st.booleans())
def test_no_object_with_its_keys_once_each_is_refused(value, separators, as_ascii):
    written = json.dumps(value, separators=separators, ensure_ascii=as_ascii).encode()
    refuse_repeated_keys(written, orjson.loads(written))


@given(VALUES, TEXTS, VALUES, VALUES, st.sampled_from([",", ", "]), st.sampled_from([":", ": ", " : "]), st.booleans())
def test_every_object_with_a_key_twice_is_refused_wherever_it_stands(outer, key, one, other, comma, colon, as_ascii):
    def text(part):
        return json.dumps(part, ensure_ascii=as_ascii)

    twice = f"{{{text(key)}{colon}{text(one)}{comma}{text(key)}{colon}{text(other)}}}"
    written = f"[{text(outer)}{comma}{twice}]".encode()
    with pytest.raises(CannotRead, match="twice"):
        refuse_repeated_keys(written, orjson.loads(written))


def test_two_different_patients_of_one_id_in_an_export_are_never_mixed_up():
    files = {
        "a/Patient.ndjson": ndjson(patient()),
        "b/Patient.ndjson": ndjson(patient(birthDate="1950-05-05", name=[{"family": "Other"}])),
        "Condition.ndjson": ndjson(condition()),
    }
    found = read_files(files.items(), ORIGIN)
    assert "two different resources" in told(found["Condition.ndjson"])
    assert found["Condition.ndjson"].facts == ()


def test_a_bundle_knows_its_own_patient_though_another_file_has_the_same_id():
    mine, other = bundle(patient(), condition()), bundle(patient(name=[{"family": "Other"}]), condition())
    found = read_files([("mine", mine), ("other", other)], ORIGIN)
    assert {name: [s.record.family_name for s in of(FractureSighting, r)] for name, r in found.items()} == {
        "mine": ["Hughes"],
        "other": ["Other"],
    }


def test_of_two_versions_of_a_patient_the_newer_is_the_subject():
    older = patient(name=[{"family": "Old"}], meta={"lastUpdated": "2026-01-01T00:00:00Z"})
    newer = patient(name=[{"family": "New"}], meta={"lastUpdated": "2026-02-01T00:00:00Z"})
    for order in ((older, newer), (newer, older)):
        assert [s.record.family_name for s in of(FractureSighting, reading(*order, condition()))] == ["New"]


def test_one_unreadable_file_of_an_export_leaves_the_others():
    found = read_files([("bad", b"{"), ("good", bundle(patient(), condition()))], ORIGIN)
    assert isinstance(found["bad"], Unreadable)
    assert len(of(FractureSighting, found["good"])) == 1


def test_a_version_from_the_future_cannot_stand_above_every_later_one():
    found = reading(patient(), condition(meta={"lastUpdated": "2999-01-01T00:00:00Z"}))
    assert [s.version for s in of(FractureSighting, found)] == [None]
    assert "after the receipt" in "".join(found.notes)


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
SAMPLE = json.loads((SAMPLES / "uk-core.json").read_bytes())


def places(node: object, path: tuple = ()) -> list[tuple]:
    inner = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    return [path, *(found for key, value in inner for found in places(value, (*path, key)))]


PLACES = [path for path in places(SAMPLE) if path]


@given(st.lists(st.tuples(st.sampled_from(PLACES), JUNK), min_size=1, max_size=3))
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_element_may_be_junk_and_the_reader_still_answers(changes):
    document = copy.deepcopy(SAMPLE)
    for path, junk in changes:
        target = document
        try:
            for key in path[:-1]:
                target = target[key]
            target[path[-1]] = junk
        except (KeyError, IndexError, TypeError):
            continue  # an earlier change removed the place
    assert isinstance(read(json.dumps(document).encode(), ORIGIN), Reading | Unreadable)


@given(st.binary(max_size=200))
def test_no_bytes_crash_the_reader(content: bytes):
    assert isinstance(read(content, ORIGIN), Reading | Unreadable)
    assert isinstance(read(gzip.compress(content), ORIGIN), Reading | Unreadable)


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_a_fracture_whose_patient_is_readable_is_a_sighting_or_unreadable_never_nothing(data):
    """Whatever junk stands in the rest of the Condition, the fracture is said in one way or the other."""
    hurt = condition()
    for name in data.draw(
        st.sets(st.sampled_from(["onsetDateTime", "verificationStatus", "bodySite", "encounter", "meta"]))
    ):
        hurt[name] = data.draw(JUNK)
    found = reading(patient(), hurt)
    assert len(of(FractureSighting, found)) + len(found.unreadable) >= 1
