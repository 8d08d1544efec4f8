"""Units of laboratory values: spellings, conversion in decimals, what nobody can have, and what is never assumed."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openfls.clinical.facts import LaboratoryResult, Source
from openfls.clinical.laboratory import ANALYTES, PLACEHOLDERS
from openfls.clinical.patients import PatientRecord
from openfls.clinical.when import on
from openfls.feeds.units import Unmeasured, canonical, checked, convert, known_unit

KNOWN = datetime(2026, 3, 1, tzinfo=UTC)


def result(value: str, unit: str, analyte: str) -> LaboratoryResult:
    return LaboratoryResult(
        record=PatientRecord(nhs_number="9990000018"),
        occurred=on(KNOWN.date()),
        known=KNOWN,
        source=Source("X9A/lab", "m", "OBX[1]-5"),
        value=value,
        unit=unit,
        analyte=analyte,
    )


def read(value: str, unit: str, analyte: str) -> str:
    """As people see it, after it was found to be possible."""
    checked(value, unit, ANALYTES[analyte])
    found = canonical(result(value, unit, analyte))
    return str(found.rounded()) if found else "as written"


def wrong_with(value: str, unit: str, analyte: str) -> Unmeasured | None:
    try:
        checked(value, unit, ANALYTES[analyte])
    except Unmeasured as wrong:
        return wrong
    return None


@pytest.mark.parametrize(
    ("value", "unit", "analyte", "shown"),
    [
        ("98", "umol/L", "creatinine", "98 µmol/L"),
        ("98", "µmol/L", "creatinine", "98 µmol/L"),  # micro sign
        ("98", "μmol/l", "creatinine", "98 µmol/L"),  # Greek mu
        ("98", "micromol/L", "creatinine", "98 µmol/L"),
        ("0.098", "mmol/L", "creatinine", "98 µmol/L"),
        ("1.2", "mg/dL", "creatinine", "106 µmol/L"),  # 88.4 by the usual factor
        ("2.31", "mmol/L", "adjusted calcium", "2.31 mmol/L"),
        ("9.4", "mg/dL", "calcium", "2.35 mmol/L"),
        ("20", "ng/mL", "25-hydroxyvitamin D", "49.9 nmol/L"),  # 2.496 by the usual factor
        ("20", "ug/L", "25-hydroxyvitamin D", "49.9 nmol/L"),
        ("65", "pg/mL", "parathyroid hormone", "6.9 pmol/L"),
        ("65", "ng/L", "parathyroid hormone", "6.9 pmol/L"),
        ("1.0", "mg/dL", "bilirubin", "17.1 µmol/L"),
        ("1.2", "ng/dL", "free thyroxine", "15.4 pmol/L"),
        ("13.2", "g/dL", "haemoglobin", "132 g/L"),
        ("132", "g/L", "haemoglobin", "132 g/L"),
        ("7.1", "x10^9/L", "white cell count", "7.1 10⁹/L"),
        ("7.1", "10*9/L", "white cell count", "7.1 10⁹/L"),
        ("7.1", "10e9/L", "white cell count", "7.1 10⁹/L"),
        ("7.1", "10*3/uL", "white cell count", "7.1 10⁹/L"),
        ("2.5", "mIU/L", "thyroid stimulating hormone", "2.5 mU/L"),
        ("2.5", "u[IU]/mL", "thyroid stimulating hormone", "2.5 mU/L"),
        ("85", "IU/L", "alkaline phosphatase", "85 U/L"),
        ("55", "mL/min/1.73m2", "eGFR", "55 mL/min/1.73 m²"),
        ("55", "mL/min/{1.73_m2}", "eGFR", "55 mL/min/1.73 m²"),
        ("55", "ml/min/1.73 m²", "eGFR", "55 mL/min/1.73 m²"),
        ("55", "mL/min", "eGFR", "as written"),  # not said per body surface: nothing turns it into that
        ("1.65", "", "kappa to lambda ratio", "1.65"),
        (">90", "mL/min/1.73m2", "eGFR", ">90 mL/min/1.73 m²"),
        ("< 10", "nmol/L", "25-hydroxyvitamin D", "<10 nmol/L"),
        ("≥200", "nmol/L", "25-hydroxyvitamin D", ">=200 nmol/L"),
        ("<0.01", "mIU/L", "thyroid stimulating hormone", "<0.01 mU/L"),
        ("98 umol/L", "", "creatinine", "98 µmol/L"),  # the unit stands in the value
        ("Haemolysed", "", "creatinine", "as written"),  # words in place of a number
        ("No paraprotein detected.", "", "protein electrophoresis", "as written"),
    ],
)
def test_a_value_is_compared_in_one_unit_whatever_the_laboratory_writes(value, unit, analyte, shown):
    assert read(value, unit, analyte) == shown


@pytest.mark.parametrize(
    ("value", "unit", "analyte", "part", "reason"),
    [
        ("98", "", "creatinine", "unit", "The creatinine has no unit."),
        ("98", "mmol", "creatinine", "unit", "'mmol' is no unit that is known."),
        ("98", "g/L", "eGFR", "unit", "'g/L' can't be turned into mL/min/1.73 m²."),
        ("85", "mmol/L", "alkaline phosphatase", "unit", "'mmol/L' can't be turned into U/L."),
        ("38", "mmol/L", "albumin", "unit", "'mmol/L' can't be turned into g/L."),
        ("2,31", "mmol/L", "calcium", "value", "with a comma, which may part decimals or thousands."),
        ("9999", "umol/L", "creatinine", "value", "9999 is a placeholder, not a measurement."),
        ("1.2", "umol/L", "creatinine", "value", "1.2 µmol/L is no possible creatinine"),  # mg/dL, wrongly labelled
        ("98", "mg/dL", "creatinine", "value", "98 mg/dL is no possible creatinine"),
        ("13.2", "g/L", "haemoglobin", "value", "13.2 g/L is no possible haemoglobin (20 to 300 g/L)."),  # tenfold
        ("132", "g/dL", "haemoglobin", "value", "132 g/dL is no possible haemoglobin"),
        ("9.4", "mmol/L", "calcium", "value", "9.4 mmol/L is no possible calcium"),
        ("-5", "umol/L", "creatinine", "value", "is no possible creatinine"),
        ("98 H", "umol/L", "creatinine", "value", "in no form that a number has."),
        ("12/5", "umol/L", "creatinine", "value", "in no form that a number has."),
        (">9999", "umol/L", "creatinine", "value", "9999 is a placeholder"),
    ],
)
def test_what_cannot_be_says_which_part_and_how_to_mend_it(value, unit, analyte, part, reason):
    with pytest.raises(Unmeasured) as wrong:
        checked(value, unit, ANALYTES[analyte])
    assert wrong.value.part == part
    assert reason in wrong.value.reason
    assert wrong.value.mend
    assert canonical(result(value, unit, analyte)) is None or part == "value"


@pytest.mark.parametrize(
    ("value", "possible"),
    [("4.9", False), ("5", True), ("5000", True), ("5001", False), ("<5", True), ("<1", True), (">5000", True)],
)
def test_the_bounds_of_a_measurement_are_inside_it_and_below_a_limit_may_lie_lower(value, possible):
    assert (wrong_with(value, "umol/L", "creatinine") is None) == possible


def test_an_adjusted_calcium_is_a_measurement_of_its_own():
    assert ANALYTES["adjusted calcium"] is not ANALYTES["calcium"]
    assert canonical(result("2.31", "mmol/L", "adjusted calcium")) == canonical(result("2.31", "mmol/L", "calcium"))


@pytest.mark.parametrize("analyte", [a for a in ANALYTES.values() if not a.is_text], ids=lambda a: a.name)
def test_every_measurement_has_a_unit_that_is_known_and_bounds_in_order(analyte):
    assert known_unit(analyte.unit)
    assert all(known_unit(unit) for unit in analyte.as_written)
    assert 0 <= analyte.low < analyte.high


UNITS = {
    "creatinine": ["umol/L", "mmol/L", "mg/dL", "mg/L"],
    "calcium": ["mmol/L", "mg/dL", "umol/L"],
    "25-hydroxyvitamin D": ["nmol/L", "ng/mL", "ug/L", "ng/dL"],
    "parathyroid hormone": ["pmol/L", "pg/mL", "ng/L"],
    "haemoglobin": ["g/L", "g/dL", "mg/dL"],
    "white cell count": ["10*9/L", "10*3/uL", "10*6/L"],
    "thyroid stimulating hormone": ["mU/L", "uIU/mL", "mIU/L"],
}
pairs = st.sampled_from(sorted(UNITS)).flatmap(
    lambda name: st.tuples(st.just(ANALYTES[name]), st.sampled_from(UNITS[name]), st.sampled_from(UNITS[name]))
)
numbers = st.decimals(min_value=Decimal("0.001"), max_value=Decimal(100_000), places=4)


@given(pairs, numbers)
def test_a_value_turned_into_another_unit_and_back_is_the_same(pair, number):
    analyte, unit, other = pair
    there = convert(number, unit, other, analyte.molar_mass)
    back = convert(there, other, unit, analyte.molar_mass)
    assert abs(back - number) <= number * Decimal("1e-20")


@given(pairs, numbers, numbers)
def test_a_greater_value_stays_the_greater_in_every_unit(pair, one, two):
    analyte, unit, other = pair
    turned = [convert(number, unit, other, analyte.molar_mass) for number in sorted((one, two))]
    assert turned == sorted(turned)


@given(st.text(max_size=30), st.text(max_size=30), st.sampled_from(sorted(ANALYTES)))
def test_any_value_and_unit_are_possible_or_say_why_not_and_asking_for_one_unit_never_fails(value, unit, analyte):
    wrong = wrong_with(value, unit, analyte)
    assert wrong is None or (wrong.part in ("value", "unit") and wrong.reason and wrong.mend)
    canonical(result(value, unit, analyte))


@pytest.mark.parametrize("placeholder", sorted(PLACEHOLDERS))
def test_a_placeholder_is_no_value_of_anything(placeholder):
    with pytest.raises(Unmeasured):
        checked(placeholder, "umol/L", ANALYTES["creatinine"])
