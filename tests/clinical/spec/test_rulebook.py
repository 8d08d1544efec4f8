"""The rulebook: every drawn history gets the answer that its table expects, and the reference page shows them all."""

import pytest

from openfls.clinical.rulebook import STANDARDS
from tests.clinical.spec import rulebook
from tests.clinical.spec.tables import Row, Table

ROWS = [(table, row) for chapter in rulebook.CHAPTERS for table in chapter.tables for row in table.rows]


@pytest.mark.parametrize(("table", "row"), ROWS, ids=[f"{table.title}: {row.sentence}" for table, row in ROWS])
def test_the_rule_answers_as_its_table_says(table: Table, row: Row):
    said = table.ask(row.drawn)
    assert said.answer == row.answer, said
    assert row.due is None or said.due == row.due, said
    assert row.reason in "; ".join(said.because), said


def test_every_standard_has_a_table():
    titles = " ".join(table.title for chapter in rulebook.CHAPTERS for table in chapter.tables)
    assert [standard.name for standard in STANDARDS if f"`{standard.name}`" not in titles] == []


def test_no_table_says_one_sentence_twice():
    for table in {table for table, _ in ROWS}:
        sentences = [row.sentence for row in table.rows]
        assert len(set(sentences)) == len(sentences), table.title


def test_the_reference_page_is_up_to_date():
    assert rulebook.PAGE.read_text() == rulebook.page(), f"run: python -m {rulebook.__name__}"
