"""What plain Python weighs as records arrive is what Splink weighs on DuckDB: the same levels, pairs and figures."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

pytest.importorskip("splink", reason="the extra `linkage` is not installed")

from openfls.clinical.candidates import block_number, candidates
from openfls.clinical.likeness import WEIGHTS, weigh
from openfls.clinical.likeness_levels import COMPARE, LEVELS, Details, district
from openfls.clinical.patients import PatientRecord, Sex, matching_name
from openfls.linkage.model import Model
from openfls.linkage.rows import Row, table_of
from openfls.linkage.settings import SQL
from openfls.linkage.training import linker_of

SAME_TO = 1e-9


def test_every_level_has_its_sql():
    assert {what: len(levels) for what, levels in LEVELS.items()} == {what: len(sql) for what, sql in SQL.items()}
    assert {sql[-1] for sql in SQL.values()} == {"ELSE"}


# Names that meet every level, letters that Unicode doesn't take apart, and another script.
NAMES = ["macdonald", "mcdonald", "mcdonalds", "anne", "ann", "a", "anna", "παππας", "παπας", "李", ""]
details = st.builds(
    Details,
    st.one_of(st.sampled_from(NAMES), st.text(max_size=8).map(matching_name)),
    st.one_of(st.sampled_from(NAMES), st.text(max_size=8).map(matching_name)),
    st.sampled_from(["1940-05-06", "1940-06-05", "1941-05-06", "1941-05-16", "1952-11-20", ""]),
    st.sampled_from(["female", "male", "other", ""]),
    st.sampled_from(["XA57HL", "XA57HJ", "XA51QQ", "XB11QQ", "HL", "4217", ""]),
)


@pytest.fixture(scope="module")
def duckdb():
    import duckdb

    return duckdb.connect()


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(a=details, b=details)
def test_a_level_in_python_is_the_level_in_sql(duckdb, a, b):
    told = {}
    for side, one in (("l", a), ("r", b)):
        for what in LEVELS:
            told[f"{what}_{side}"] = getattr(one, what) or None
        told[f"district_{side}"] = district(one.postcode) or None
    columns = ", ".join(f"${name}::VARCHAR AS {name}" for name in told)
    for what, conditions in SQL.items():
        cases = " ".join(f"WHEN {sql} THEN {place}" for place, sql in enumerate(conditions[:-1]))
        missing = f"WHEN {what}_l IS NULL OR {what}_r IS NULL THEN -1"
        asked = f"SELECT CASE {missing} {cases} ELSE {len(conditions) - 1} END FROM (SELECT {columns})"
        [(place,)] = duckdb.execute(asked, told).fetchall()
        assert COMPARE[what](a, b) == (LEVELS[what][place] if place >= 0 else None), what


def test_pairs_and_probabilities_are_those_of_splink():
    """Every pair that shares a block, of records with slips of every kind."""
    rows = [Row(f"{n:03}", record, postcode) for n, (record, postcode) in enumerate(_slips())]
    linker = linker_of(table_of(rows), Model(WEIGHTS, {}), "dedupe_only", tuple(LEVELS), ())
    scored = linker.inference.predict().as_pyarrow_table().to_pylist()
    by_id = {row.id: row.details for row in rows}
    assert len(scored) > 300
    for pair in scored:
        ours = weigh(by_id[pair["id_l"]], by_id[pair["id_r"]], WEIGHTS)
        assert ours.weight == pytest.approx(pair["match_weight"], abs=SAME_TO)
        assert ours.probability == pytest.approx(pair["match_probability"], abs=SAME_TO)
    compared = {tuple(sorted((pair["id_l"], pair["id_r"]))) for pair in scored}
    assert compared >= set(candidates(by_id))


def _slips():
    from datetime import date
    from itertools import product

    names = [("MacDonald", "Anne"), ("McDonald", "Anne"), ("Macdonald", "Ann"), ("Anne", "MacDonald"), ("Brown", "Ann")]
    born = [date(1940, 5, 6), date(1940, 6, 5), date(1941, 5, 6), None]
    for (family, given_name), day, (postcode, sex) in product(
        names, born, [("XA5 7HL", Sex.FEMALE), ("XA5 1QQ", Sex.UNKNOWN), ("", Sex.MALE)]
    ):
        yield PatientRecord(family_name=family, given_name=given_name, birth_date=day, sex=sex), postcode


def test_what_is_not_given_is_null_and_never_a_word():
    """The trap: NULL that becomes the text "NaN" on its way matches every other."""
    table = table_of([Row("1", PatientRecord()), Row("2", PatientRecord())]).arrow
    for what in (*LEVELS, "district", "truth"):
        assert table.column(what).null_count == 2, what


def test_blocks_are_one_number_each():
    rows = [Row(f"{n}", record, postcode) for n, (record, postcode) in enumerate(_slips())]
    words = {words for row in rows for words in row.blocks}
    assert len({block_number(one) for one in words}) == len(words)
