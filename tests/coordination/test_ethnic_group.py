"""The ethnic group beside a person: derived like other demographics, and nothing else hangs on it."""

from datetime import date, timedelta
from itertools import permutations

import pytest

from openfls.clinical.ethnic_categories import EthnicCategory, EthnicGroup
from openfls.clinical.facts import Demographics, RecordsLinked, RecordsSeparated
from openfls.clinical.when import on
from openfls.coordination import enter, rebuild
from openfls.coordination.comparing import derived_lines
from openfls.record.models import DoubtRow, Person, TaskRow
from tests.coordination import stories
from tests.coordination.test_undoing import by_upload, words

TODAY = date(2026, 3, 20)
ANNE = stories.record()
BEA = stories.record("Bea", "9990000026", "2", date(1950, 1, 1))
pytestmark = pytest.mark.django_db(databases=["default", "audit"])


def tell(*facts) -> None:
    enter(facts, by="a test", today=TODAY)


def describes(of, code: str, day: int = 0, source: str = "X1A/pas") -> Demographics:
    known = stories.KNOWN + timedelta(days=day)
    return Demographics(
        record=of, occurred=on(TODAY), known=known, version=known, source=stories.source(source),
        ethnic_category=EthnicCategory(code),
    )  # fmt: skip


def groups() -> list[str]:
    return list(Person.objects.order_by("name").values_list("ethnic_group", flat=True))


def test_before_anybody_tells_it_is_not_known():
    tell(stories.sighting(ANNE))
    assert groups() == [EthnicGroup.NOT_KNOWN]


@pytest.mark.parametrize("order", [*permutations(range(3))])
def test_in_whatever_order_it_is_told_it_is_the_same(order):
    told = [describes(ANNE, "A", 1), describes(ANNE, "K", 2), describes(ANNE, "Z", 3, "X1B/pas")]
    tell(stories.sighting(ANNE))
    for place in order:
        tell(told[place])
    assert groups() == [EthnicGroup.ASIAN]
    before = {kind: list(lines) for kind, lines in derived_lines().items()}
    rebuild(today=TODAY)
    assert {kind: list(lines) for kind, lines in derived_lines().items()} == before


def test_two_records_joined_have_what_was_told_last_and_parted_each_has_its_own():
    tell(stories.sighting(ANNE), stories.sighting(BEA), describes(ANNE, "P", 2), describes(BEA, "D", 1, "X1B/pas"))
    assert groups() == [EthnicGroup.BLACK, EthnicGroup.MIXED]
    joined = RecordsLinked(
        record=ANNE, other=BEA, occurred=on(TODAY), known=stories.KNOWN, source=stories.source("hand/carys"),
        by="carys", key="link/1",
    )  # fmt: skip
    tell(joined)
    assert groups() == [EthnicGroup.BLACK]
    parted = RecordsSeparated(
        record=ANNE, other=BEA, occurred=on(TODAY), known=stories.KNOWN + timedelta(days=1),
        version=stories.KNOWN + timedelta(days=1), source=stories.source("hand/carys"), by="carys", key="link/1",
    )  # fmt: skip
    tell(parted)
    assert groups() == [EthnicGroup.BLACK, EthnicGroup.MIXED]


def test_what_an_undone_upload_told_counts_no_more():
    told = by_upload(describes(ANNE, "H"))
    tell(stories.sighting(ANNE), *told)
    assert groups() == [EthnicGroup.ASIAN]
    tell(*words(told))
    assert groups() == [EthnicGroup.NOT_KNOWN]


def test_neither_tasks_nor_doubts_of_identity_hang_on_it():
    twin = stories.record(number="88", nhs=None)
    tell(stories.sighting(ANNE), stories.sighting(twin))
    before = tasks_and_doubts()
    tell(describes(ANNE, "N"), describes(twin, "A"))
    assert tasks_and_doubts() == before
    assert before[1]


def tasks_and_doubts() -> tuple[list, list]:
    tasks = TaskRow.objects.order_by("episode", "step").values_list("episode", "step", "due", "rank", "because")
    return list(tasks), list(DoubtRow.objects.values_list("left", "right", "because"))
