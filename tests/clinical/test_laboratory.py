"""The latest laboratory result of each measurement."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from openfls.clinical.facts import LaboratoryResult, Source, Status
from openfls.clinical.laboratory import ANALYTES, latest
from openfls.clinical.patients import PatientRecord
from openfls.clinical.when import at, month, on

KNOWN = datetime(2026, 3, 1, tzinfo=UTC)


def result(day: date, value: str, analyte: str = "creatinine", **more) -> LaboratoryResult:
    return LaboratoryResult(
        record=PatientRecord(nhs_number="9990000018"), occurred=more.pop("occurred", on(day)), known=KNOWN,
        source=Source("X9A/lab", value, "1"), value=value, analyte=analyte, **more,
    )  # fmt: skip


def value_of(facts: list[LaboratoryResult], name: str = "creatinine") -> str | None:
    found = next(one.result for one in latest(facts) if one.analyte.name == name)
    return found.value if found else None


def test_without_results_each_core_measurement_is_unknown_and_no_other_is_asked():
    found = latest([])
    assert {one.analyte.name for one in found} == {a.name for a in ANALYTES.values() if a.core}
    assert all(one.result is None and one.age_in_days(KNOWN.date()) is None for one in found)


def test_the_latest_by_day_then_time_then_status_stands():
    first, second = result(date(2026, 1, 1), "90"), result(date(2026, 1, 2), "95")
    assert value_of([second, first]) == "95"
    times = ((8, "1"), (20, "2"))
    morning, evening = (result(date(2026, 1, 1), v, occurred=at(datetime(2026, 1, 1, h))) for h, v in times)  # noqa: DTZ001
    assert value_of([evening, morning]) == "2"
    final, early = result(date(2026, 1, 1), "9"), result(date(2026, 1, 1), "8", status=Status.PRELIMINARY)
    assert value_of([final, early]) == "9"


def test_what_was_taken_back_and_what_no_table_names_counts_for_nothing():
    fact = result(date(2026, 1, 1), "90")
    assert value_of([replace(fact, retracted=True)]) is None
    assert value_of([replace(fact, analyte="")]) is None


@pytest.mark.parametrize(("days", "age"), [(0, 0), (1, 1), (400, 400)])
def test_the_age_of_a_result_is_counted_from_its_last_possible_day(days, age):
    [one] = [one for one in latest([result(date(2026, 1, 31), "90", occurred=month(2026, 1))]) if one.result]
    assert one.age_in_days(date(2026, 1, 31) + timedelta(days=days)) == age
