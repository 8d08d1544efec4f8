"""The published national rows: what they are lines for, where they come from, what they are no check for."""

from openfls.clinical.national import COLUMNS, ROWS, national
from openfls.clinical.rulebook import BY_NAME


def test_each_row_has_a_figure_for_every_column():
    assert {len(percents) for _, _, percents in ROWS} == {len(COLUMNS)} == {10}


def test_a_line_says_its_year_its_source_and_how_it_was_read():
    first, second = national("assessed-within-90-days")
    assert (first.year, first.percent, first.records) == (2019, 70.0, 69_926)
    assert (second.year, second.percent, second.records) == (2021, 72.7, 49_327)
    assert "FLS-DB" in first.source
    assert "lost its separators" in first.note


def test_the_spine_indicator_may_be_shown_but_nothing_is_checked_against_it():
    assert [line.usable for line in national("fls-db-spine-identification")] == [False, False]
    assert all(line.usable for name in COLUMNS if "spine" not in name for line in national(name))


def test_the_lines_stand_with_fls_dbs_own_declarations_alone():
    """In the order of its numbers: KPI 4 to 11 are about patients."""
    aliases = [BY_NAME[name].aliases for name in COLUMNS[2:]]
    assert aliases == [(f"FLS-DB KPI {number}",) for number in range(4, 12)]
    assert national("assessed-within-12-weeks") == ()
