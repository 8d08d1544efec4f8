"""A site's own standard in force: judged behind the door, counted, taken away; a faulty file holds up no other."""

import json
from datetime import date

import pytest

from openfls.coordination import enter, rebuild
from openfls.record.models import StandingRow
from openfls.record.own_standards import in_force, own_standards
from openfls.record.reckoning import measured
from tests.clinical.histories import hip
from tests.clinical.test_own_standards import OURS

pytestmark = pytest.mark.django_db(databases="__all__")
TODAY, NAME = date(2026, 6, 1), OURS["name"]


@pytest.fixture
def folder(settings, tmp_path):
    settings.OPENFLS_HOME = tmp_path
    (tmp_path / "standards").mkdir()
    return tmp_path / "standards"


def enter_somebody() -> None:
    enter(hip().enrolled().dxa_requested(10).scanned(52).facts, by="test", today=TODAY)


def test_it_is_judged_and_counted_like_any_other_at_its_site(folder):
    (folder / "ours.json").write_text(json.dumps(OURS))
    enter_somebody()
    assert measured(StandingRow.objects.all(), TODAY)[NAME].met == 1


def test_at_another_site_nobody_is_judged_by_it(folder):
    (folder / "ours.json").write_text(json.dumps({**OURS, "sites": ["RX999"]}))
    enter_somebody()
    assert measured(StandingRow.objects.all(), TODAY)[NAME].asked == 0


def test_once_taken_away_it_counts_nowhere_and_goes_with_the_next_rebuild(folder):
    (folder / "ours.json").write_text(json.dumps(OURS))
    enter_somebody()
    (folder / "ours.json").unlink()
    assert NAME not in measured(StandingRow.objects.all(), TODAY)
    rebuild(today=TODAY)
    assert not StandingRow.objects.filter(standard=NAME).exists()


def test_a_faulty_file_is_told_and_holds_up_no_other(folder, caplog):
    (folder / "a.json").write_text(json.dumps({**OURS, "step": "scan"}))
    (folder / "b.json").write_text(json.dumps(OURS))
    (folder / "c.json").write_text(json.dumps(OURS))
    (folder / "d.json").write_bytes(b"\xff")
    _, faults = own_standards()
    assert NAME in in_force()
    assert [fault.place.split(",")[0].rpartition("/")[2] for fault in faults] == ["a.json", "c.json", "d.json"]
    assert "'scan' is not known" in caplog.text


def test_a_file_that_changes_is_read_again(folder):
    (folder / "ours.json").write_text(json.dumps(OURS))
    assert in_force()[NAME].title == OURS["title"]
    (folder / "ours.json").write_text(json.dumps({**OURS, "title": "Scanned soon"}))
    assert in_force()[NAME].title == "Scanned soon"
