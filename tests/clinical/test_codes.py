"""Codes of one coding system each: never compared across systems."""

import pytest

from openfls.clinical.codes import SYSTEMS, Icd10, Icd10Cm, Snomed, bare


def test_the_same_characters_in_two_systems_are_two_codes():
    codes = {kind("S720") for kind in SYSTEMS.values()}
    assert len(codes) == len(SYSTEMS)
    assert Icd10("S720") != Icd10Cm("S720")
    assert Icd10("S720") != "S720"


def test_the_words_beside_a_code_are_never_compared():
    assert Snomed("5913000", "Fracture of neck of femur") == Snomed("5913000")
    assert str(Snomed("5913000", "Hip")) == "SNOMED CT 5913000 (Hip)"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("S72.0", "S720"),
        ("S72.0X", "S720"),
        ("S72X", "S72"),
        ("X59", "X59"),
        ("X59X", "X59"),
        (" m49.5* ", "M495"),
        ("A17.0+", "A170"),
        ("S72.0 1", "S7201"),
        ("", ""),
    ],
)
def test_a_code_without_dot_dagger_asterisk_and_filler(written, expected):
    assert bare(written) == expected
