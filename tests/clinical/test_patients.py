"""How a source names a person: identifiers that hold, names as they are compared, the record's key."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openfls.clinical.patients import HospitalNumber, PatientRecord, Sex, checked_nhs_number, matching_name

ANNE = PatientRecord(
    nhs_number="9990000018",
    hospital_numbers=(HospitalNumber("RX1", "1"), HospitalNumber("RX2", "7")),
    family_name="O'Neill",
    given_name="Béla",
    birth_date=date(1940, 5, 6),
    sex=Sex.FEMALE,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("485 777 3457", "4857773457"),
        ("4857773457", "4857773457"),
        ("485-777-3457", "4857773457"),
        ("485 777 3456", None),
        ("9990000018", "9990000018"),
        ("485777345", None),
        ("48577734570", None),
        ("485777345X", None),
        ("0000000000", None),
        ("4444444444", None),
        ("٤٨٥٧٧٧٣٤٥٧", None),
        ("", None),
    ],
)
def test_an_nhs_number_holds_by_its_check_digit(text, expected):
    assert checked_nhs_number(text) == expected


@given(st.integers(0, 10**9 - 1))
def test_at_most_one_last_digit_fits_any_nine(nine):
    fitting = [digit for digit in range(10) if checked_nhs_number(f"{nine:09}{digit}")]
    assert len(fitting) <= 1


@given(st.integers(0, 10**9 - 1), st.integers(0, 8), st.integers(1, 9))
def test_one_mistyped_digit_is_always_noticed(nine, place, shift):
    for last in range(10):
        number = f"{nine:09}{last}"
        wrong = f"{number[:place]}{(int(number[place]) + shift) % 10}{number[place + 1 :]}"
        assert not (checked_nhs_number(number) and checked_nhs_number(wrong))


@pytest.mark.parametrize(
    ("one", "other", "agree"),
    [
        ("O'Neill", "ONEILL", True),
        ("Béla", "Bela", True),
        ("Smith-Jones", "SMITH JONES", True),
        ("Strauß", "STRAUSS", True),
        ("Smith", "Smyth", False),
        ("Łukasz", "LUKASZ", True),
    ],
)
def test_names_agree_without_case_accents_and_punctuation(one, other, agree):
    assert (matching_name(one) == matching_name(other)) is agree


def test_records_that_differ_only_in_spelling_share_a_key():
    assert replace(ANNE, family_name="ONEILL", given_name="bela").key == ANNE.key


@pytest.mark.parametrize(
    "change",
    [
        {"nhs_number": None},
        {"doubtful_nhs_number": "9990000017"},
        {"hospital_numbers": (HospitalNumber("RX1", "1"),)},
        {"hospital_numbers": (HospitalNumber("RX1", "7"), HospitalNumber("RX2", "1"))},
        {"family_name": "Neill"},
        {"given_name": ""},
        {"birth_date": date(1940, 5, 7)},
        {"sex": Sex.UNKNOWN},
    ],
    ids=str,
)
def test_any_other_detail_gives_another_key(change):
    assert replace(ANNE, **change).key != ANNE.key


def test_hospital_numbers_are_a_set():
    numbers = (HospitalNumber("RX2", "7"), HospitalNumber("RX1", "1"), HospitalNumber("RX2", "7"))
    assert replace(ANNE, hospital_numbers=numbers) == ANNE


def test_a_worklist_shows_family_name_first_and_says_when_there_is_none():
    assert ANNE.name == "O'NEILL, Béla"
    assert replace(ANNE, given_name="").name == "O'NEILL"
    assert PatientRecord().name == "name not given"


@pytest.mark.parametrize("unseen", ["\u202e", "\u2067", "\u200b", "\u200d", "\ufeff", "\u00ad"])
def test_characters_that_nobody_sees_stand_in_no_name_and_no_number(unseen):
    number = HospitalNumber(f"R{unseen}X1", f"{unseen}1")
    written = PatientRecord(hospital_numbers=(number,), family_name=f"{unseen}Smith", given_name=unseen)
    assert (written.family_name, written.given_name) == ("Smith", "")
    assert written.hospital_numbers == (HospitalNumber("RX1", "1"),)


@pytest.mark.parametrize("name", ["Béla", "Łukasz", "Nguyễn", "محمد", "李", "O’Neill", "Zoë-Jane"])
def test_names_of_any_script_stay_as_they_are_written(name):
    assert PatientRecord(family_name=name).family_name == name
