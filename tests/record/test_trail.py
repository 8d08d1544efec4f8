"""The trail's chain: whatever is done to its rows afterwards shows."""

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connections, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openfls.record import append_only, trail
from openfls.record.models import Trail
from tests.record import own_database

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.fixture(autouse=True)
def own_key(settings, tmp_path):
    settings.TRAIL_KEY_FILE = tmp_path / "trail.key"


@pytest.fixture
def five_rows() -> trail.Head:
    return trail.write_many(trail.Entry(user="anne", action="read", detail={"n": n}) for n in range(1, 6))


def tampered(statement: str, *values: object) -> None:
    """Somebody who owns the tables lifts the triggers and changes rows."""
    connection = connections["audit"]
    with append_only.lifted(connection, append_only.TRAIL), connection.cursor() as cursor:
        cursor.execute(statement.replace("TABLE", append_only.TRAIL), values)


def broken_at(anchor: trail.Head | None = None) -> list[int]:
    return [fault.number for fault in trail.verify_chain(anchor).faults]


def test_an_empty_trail_is_sound_and_has_no_head():
    assert trail.head() is None
    assert trail.verify_chain() == trail.Verified(0, None, ())


def test_rows_written_one_by_one_or_together_make_one_chain_without_gaps(five_rows):
    last = trail.write(user="bob", action="enter", patients=["a", "b"], purpose="direct care")
    assert last.number == 6
    assert trail.verify_chain(five_rows) == trail.Verified(6, last, ())
    assert trail.head() == last


def test_nothing_can_be_written_as_no_entry_at_all():
    with pytest.raises(ValueError, match="no entry"):
        trail.write_many([])


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("user", "bob"), ("role", "nurse"), ("site", "RX902"), ("action", "write"), ("patient", "f" * 64),
        ("patients", '["x"]'), ("purpose", "curiosity"), ("request", "r2"), ("detail", '{"n": 4}'),
    ],
)  # fmt: skip
def test_an_edited_row_shows(five_rows, column, value):
    tampered(f'UPDATE TABLE SET "{column}" = %s WHERE number = 3', value)
    assert broken_at() == [3]


def test_an_edited_time_shows(five_rows):
    at = Trail.objects.get(number=3).at + timedelta(microseconds=1)
    tampered(
        "UPDATE TABLE SET at = %s WHERE number = 3",
        at if connections["audit"].vendor == "postgresql" else at.isoformat(),
    )
    assert broken_at() == [3]


def test_a_removed_row_shows(five_rows):
    tampered("DELETE FROM TABLE WHERE number = 3")
    assert broken_at() == [4]


def test_removed_first_rows_show(five_rows):
    tampered("DELETE FROM TABLE WHERE number <= 2")
    assert broken_at() == [3]


def test_a_removed_row_whose_gap_was_closed_shows(five_rows):
    tampered("DELETE FROM TABLE WHERE number = 3")
    tampered("UPDATE TABLE SET number = 3 WHERE number = 4")
    tampered("UPDATE TABLE SET number = 4 WHERE number = 5")
    assert set(broken_at()) == {3, 4}


def test_rows_in_another_order_show(five_rows):
    for was, becomes in ((2, 20), (3, 2), (20, 3)):
        tampered("UPDATE TABLE SET number = %s WHERE number = %s", becomes, was)
    assert {2, 3} <= set(broken_at())


def test_a_row_slipped_in_at_the_end_without_the_key_shows(five_rows, settings, tmp_path):
    settings.TRAIL_KEY_FILE = tmp_path / "other.key"
    (tmp_path / "other.key").write_text("guessed")
    trail.write(user="bob", action="read")
    settings.TRAIL_KEY_FILE = tmp_path / "trail.key"
    assert broken_at() == [6]


def test_a_cut_off_tail_shows_only_against_a_head_noted_elsewhere(five_rows):
    tampered("DELETE FROM TABLE WHERE number >= 4")
    assert broken_at() == []
    assert broken_at(five_rows) == [5]


def test_a_cut_off_tail_that_was_written_over_shows_too(five_rows):
    tampered("DELETE FROM TABLE WHERE number >= 4")
    trail.write_many([trail.Entry(user="mallory", action="read")] * 3)
    assert broken_at() == []
    assert broken_at(five_rows) == [5]


def test_an_emptied_trail_shows(five_rows):
    tampered("DELETE FROM TABLE")
    assert broken_at(five_rows) == [5]


def test_a_lost_key_is_not_replaced_in_silence(five_rows, settings):
    settings.TRAIL_KEY_FILE.unlink()
    with pytest.raises(trail.TrailKeyMissing, match="restore"):
        trail.write(user="anne", action="read")
    with pytest.raises(trail.TrailKeyMissing):
        trail.verify_chain()
    assert not settings.TRAIL_KEY_FILE.exists()


def test_a_row_outlives_the_transaction_of_the_record_that_failed():
    with transaction.atomic():
        trail.write(user="anne", action="read")
        transaction.set_rollback(True)
    assert trail.verify_chain().rows == 1


plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.text("a\0\ud800é😀"),
    lambda part: st.lists(part, max_size=3) | st.dictionaries(st.text(max_size=5), part, max_size=3),
    max_leaves=8,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.text(max_size=5), plain, max_size=4), st.text("ab\0\udfff'\"\\"))
def test_whatever_is_told_either_engine_gives_it_back_as_it_was_signed(detail, words):
    trail.write(user=words, action=words, purpose=words, patients=[words], detail=detail)
    assert trail.verify_chain().sound


WRITER = """
import django; django.setup()
from openfls.record import trail
for n in range(20):
    trail.write(user="{name}", action="one", detail={{"n": n}})
    trail.write_many(trail.Entry(user="{name}", action="many") for _ in range(5))
"""


def test_writers_at_the_same_time_make_one_chain(tmp_path: Path):
    with own_database.environment(tmp_path) as env:
        own_database.run("from openfls.record.databases import prepare; prepare()", env)
        writers = [
            subprocess.Popen(
                [sys.executable, "-c", WRITER.format(name=name)], env=env, stderr=subprocess.PIPE, text=True
            )
            for name in ("anne", "bob", "carl")
        ]
        errors = [writer.communicate(timeout=120)[1] for writer in writers]
        assert [writer.returncode for writer in writers] == [0, 0, 0], errors
        found = own_database.run(
            "from openfls.record import trail; from openfls.record.models import Trail;"
            "v = trail.verify_chain(); print(v.rows, v.sound, Trail.objects.filter(user='bob').count())",
            env,
        )
    assert found.split() == ["360", "True", "120"]
