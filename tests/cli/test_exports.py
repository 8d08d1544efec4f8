"""``openfls export`` and ``openfls report``: what a command may ask for and write, and what it leaves to a person."""

import json
from datetime import timedelta

import pytest

from openfls.clinical.facts import Answer, OptOutChecked
from openfls.record.models import ExportRequest, Trail
from tests.measures.test_board_pictures import text_of
from tests.pages import world as made
from tests.pages.world import HOME, SISTER

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.fixture
def world(db):
    from django.utils import timezone

    made.staff()
    return made.people(timezone.localdate())


def checked(world) -> None:
    for who in ("Beryl", "Cyril", "Doris"):
        world.enter(world.said(OptOutChecked, world.sightings[who].record, 3, "X1A/opt-outs", opted_out=Answer.NO))


def run(capsys, *words: str) -> tuple[int, str]:
    from openfls.cli import main

    code = main(words)
    told = capsys.readouterr()
    return code, told.out + told.err


def period(world) -> tuple[str, ...]:
    return ("--from", str(world.today - timedelta(days=300)), "--to", str(world.today))


def test_the_command_asks_and_a_person_approves_before_it_may_be_taken(world, capsys, tmp_path):
    checked(world)
    code, told = run(capsys, "export", "fls-db", "--site", HOME, *period(world))
    assert (code, "waits for approval on the page" in told) == (0, True)
    number = str(ExportRequest.objects.get().number)
    assert ExportRequest.objects.get().asked_by.startswith("command line")
    code, told = run(capsys, "export", "take", number, "--out", str(tmp_path / "file.csv"))
    assert (code, "no approved export" in told) == (2, True)
    approved_by_morag(int(number))
    code, _ = run(capsys, "export", "take", number, "--out", str(tmp_path / "file.csv"))
    assert code == 0
    assert "NOT the official import specification" in (tmp_path / "file.csv").read_text("utf-8-sig")
    assert len(Trail.objects.get(action="export taken").patients) == 3


def approved_by_morag(number: int) -> None:
    from django.contrib.auth import get_user_model
    from django.utils import timezone

    from openfls.coordination.exports.asking import approve, built, export_for
    from openfls.record.access import viewer_of

    viewer, today = viewer_of(get_user_model().objects.get(username="morag")), timezone.localdate()
    shown = built(viewer, export_for(viewer, number), today).digest
    approve(viewer, number, shown, at=timezone.now(), today=today)


def test_without_checks_the_command_says_what_holds_it_up(world, capsys):
    code, told = run(capsys, "export", "hip-audit", "--site", HOME, *period(world))
    assert code == 1
    assert "2 people have no check for a national data opt-out" in told


@pytest.mark.parametrize("what", [("export", "fls-db"), ("export", "measure-report")])
def test_a_site_that_there_is_not_and_a_period_turned_round_are_refused(world, capsys, what):
    assert run(capsys, *what, "--site", "Z9Z99", *period(world))[0] == 2
    turned = ("--from", "2026-02-01", "--to", "2026-01-01")
    code, told = run(capsys, *what, "--site", HOME, *turned)
    assert (code, "turn the two round" in told) == (2, True)


def test_measure_reports_that_leave_hide_small_numbers(world, capsys):
    code, told = run(capsys, "export", "measure-report", "--site", HOME, *period(world))
    entries = json.loads(told)["entry"]
    assessed = next(e["resource"] for e in entries if "assessed-within-90-days|" in e["resource"]["measure"])
    assert code == 0
    assert all("count" not in population for population in assessed["group"][0]["population"])


def test_an_exemption_wants_a_reference_and_is_in_the_trail(world, capsys):
    assert run(capsys, "export", "exempt", "--site", HOME, "--reference", " ")[0] == 2
    assert run(capsys, "export", "exempt", "--site", HOME, "--reference", "Board 7", "--wales")[0] == 0
    assert Trail.objects.get(action="opt-out exemption stored").detail["basis"] == "the site is in Wales"


def test_the_report_is_written_where_it_is_wanted(world, capsys, tmp_path):
    code, _ = run(capsys, "report", "--site", HOME, "--to", str(tmp_path / "board.pdf"))
    assert code == 0
    assert (tmp_path / "board.pdf").read_bytes().startswith(b"%PDF-")
    code, told = run(capsys, "report", "--site", HOME, "--to", str(tmp_path / "nowhere" / "board.pdf"))
    assert (code, "can't be written" in told) == (2, True)


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--site", "Z9Z99"), "there is no site 'Z9Z99'"),
        (("--site", HOME, "--beside", "Z9Z99"), "there is no site 'Z9Z99'"),
        (("--site", HOME, "--until", "2999-01-01"), "which is still to come: end it today"),
        (("--site", HOME, "--from", "2026-02-01", "--until", "2026-01-01"), "turn the two round"),
    ],
)
def test_a_report_of_what_there_is_not_is_refused_with_the_way_out(world, capsys, tmp_path, words, why):
    code, told = run(capsys, "report", *words, "--to", str(tmp_path / "board.pdf"))
    assert (code, why in told) == (2, True)
    assert not (tmp_path / "board.pdf").exists()
    assert not Trail.objects.filter(action="board report made").exists()


def test_a_day_that_is_none_is_refused_by_its_name(world, capsys, tmp_path):
    with pytest.raises(SystemExit):
        run(capsys, "report", "--site", HOME, "--from", "the first", "--to", str(tmp_path / "board.pdf"))
    assert "'the first' is no day; write it like 2026-11-01" in capsys.readouterr().err


def test_a_site_without_any_fracture_gets_a_report_that_says_so(world, capsys, tmp_path):
    code, _ = run(capsys, "report", "--site", SISTER, "--to", str(tmp_path / "board.pdf"))
    told = " ".join(text_of((tmp_path / "board.pdf").read_bytes()).split())
    assert code == 0
    assert "The record holds no fracture of this period that counts or may count here." in told
    assert "was missed in this period" not in told


def test_who_stands_beside_is_in_the_report_and_in_the_trail(world, capsys, tmp_path):
    code, _ = run(capsys, "report", "--site", HOME, "--beside", SISTER, "--to", str(tmp_path / "board.pdf"))
    assert code == 0
    assert Trail.objects.get(action="board report made").detail["beside"] == [SISTER]
    told = " ".join(text_of((tmp_path / "board.pdf").read_bytes()).split())
    assert "Beryl" not in told
    assert "Jones" not in told
