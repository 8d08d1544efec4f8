"""Exports for audits: who is in the file, who asks and who approves, what holds it up, what the trail keeps."""

import csv
from datetime import timedelta
from io import StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from openfls.clinical.facts import Answer, FlsAssessment, OptOutChecked
from openfls.record.models import ExportRequest, FactRow, OptOutList, Trail
from tests.pages.world import HOME, NHS, PASSWORD, World


@pytest.fixture
def checked(world: World) -> World:
    """Beryl and Doris may be sent, Cyril has opted out."""
    check(world, "Beryl", Answer.NO)
    check(world, "Doris", Answer.NO)
    check(world, "Cyril", Answer.YES)
    return world


def check(world: World, who: str, answer: Answer, days_ago: int = 3) -> None:
    world.enter(world.said(OptOutChecked, world.sightings[who].record, days_ago, "X1A/opt-outs", opted_out=answer))


def ask(client, world: World, audit: str = "fls-db", days: int = 200) -> int:
    first, last = world.day(days), world.today
    answers = {"audit": audit, "site": HOME, **days_of("first", first), **days_of("last", last)}
    reply = client.post("/exports/new/", answers)
    assert reply.status_code == 302, reply.content.decode()[:3000]
    return int(reply["Location"].strip("/").split("/")[-1])


def days_of(name: str, day) -> dict[str, int]:
    return {f"{name}-day": day.day, f"{name}-month": day.month, f"{name}-year": day.year}


def shown(client, number: int) -> str:
    return client.get(f"/exports/{number}/").content.decode()


def digest_on(page: str) -> str:
    return page.partition('name="shown" value="')[2].partition('"')[0]


def approve(client, number: int, password: str = PASSWORD) -> str:
    answers = {"shown": digest_on(shown(client, number)), "password": password}
    return client.post(f"/exports/{number}/approve/", answers, follow=True).content.decode()


def state(number: int) -> str:
    return ExportRequest.objects.get(number=number).state


def rows(client, number: int) -> list[dict[str, str]]:
    reply = client.get(f"/exports/{number}/file.csv")
    assert reply.status_code == 200
    label, headers, *cells = csv.reader(StringIO(reply.content.decode("utf-8-sig")))
    assert "NOT the official import specification" in label[0]
    return [dict(zip(headers, row, strict=True)) for row in cells]


def test_an_export_holds_the_enrolled_of_the_period_and_nobody_who_opted_out(signed_in, checked):
    number = ask(signed_in("carys"), checked)
    assert "1</strong> left out: national data opt-out" in shown(signed_in("carys"), number)
    approve(signed_in("morag"), number)
    found = rows(signed_in("carys"), number)
    assert sorted(row["NHS Number"] for row in found) == [NHS[1], NHS[3]]  # not Anne, who waits for triage
    assert {row["1.11 SiteFirstFrac"] for row in found} == {"Wrist", "Hip"}


def test_who_asked_and_who_approved_stand_there_by_name(signed_in, checked):
    number = ask(signed_in("carys"), checked)
    approve(signed_in("morag"), number)
    listed = signed_in("carys").get("/exports/").content.decode()
    for page in (shown(signed_in("carys"), number), listed):
        assert "Carys Tester" in page
        assert "by Morag Tester" in page


def test_whoever_asked_can_not_approve(signed_in, checked):
    number = ask(signed_in("morag"), checked)
    page = signed_in("morag").post(
        f"/exports/{number}/approve/", {"shown": digest_on(shown(signed_in("deepak"), number)), "password": PASSWORD}
    )
    assert "Another person than the one who asked approves" in page.content.decode()
    assert state(number) == "waiting for approval"
    assert signed_in("morag").get(f"/exports/{number}/file.csv").status_code == 404
    approve(signed_in("deepak"), number)
    assert state(number) == "approved"


def test_approving_asks_for_the_password_again(signed_in, checked):
    number = ask(signed_in("carys"), checked)
    assert "The password is not right" in approve(signed_in("morag"), number, "wrong")
    assert state(number) == "waiting for approval"


def test_a_coordinator_does_not_approve(signed_in, checked):
    number = ask(signed_in("carys"), checked)
    assert signed_in("tara").post(f"/exports/{number}/approve/", {"password": PASSWORD}).status_code == 404


def test_a_stale_check_holds_the_file_up_until_somebody_checks_again(signed_in, checked):
    check(checked, "Beryl", Answer.NO, days_ago=2)
    number = ask(signed_in("carys"), checked)
    late = checked.today + timedelta(days=22)
    from django.contrib.auth import get_user_model
    from django.utils import timezone

    from openfls.coordination.exports.asking import ExportRefused
    from openfls.coordination.exports.asking import approve as approving
    from openfls.record.access import viewer_of

    viewer = viewer_of(get_user_model().objects.get(username="morag"))
    with pytest.raises(ExportRefused, match="2 people have no check for a national data opt-out"):
        approving(viewer, number, "", at=timezone.now(), today=late)
    assert state(number) == "waiting for approval"


def test_a_person_whom_nobody_has_checked_holds_the_file_up_and_is_named(signed_in, world):
    check(world, "Doris", Answer.NO)
    number = ask(signed_in("carys"), world)
    page = shown(signed_in("morag"), number)
    assert "can't leave now: 2 people have no check" in page
    assert "Approve: let it leave" not in page
    named = signed_in("carys").get(f"/exports/{number}/unchecked/").content.decode()
    assert "JONES, Beryl" in named
    assert "DORIS" not in named


def test_what_is_missing_is_told_before_anybody_is_checked_and_its_reading_is_recorded(signed_in, world):
    page = shown(signed_in("carys"), ask(signed_in("carys"), world))
    assert "whose check for an opt-out is awaited" in page
    assert "without 2.01 Height" in page
    read = Trail.objects.filter(action="export looked at").latest("pk")
    assert world.key("Beryl") in read.patients


def test_what_changed_after_the_page_was_shown_is_not_approved(signed_in, checked):
    number = ask(signed_in("carys"), checked)
    before = digest_on(shown(signed_in("morag"), number))
    beryl = checked.sightings["Beryl"]
    checked.enter(checked.by_hand(FlsAssessment, beryl, 30))
    reply = signed_in("morag").post(f"/exports/{number}/approve/", {"shown": before, "password": PASSWORD})
    assert "The record has changed since this page was opened" in reply.content.decode()
    assert state(number) == "waiting for approval"


def test_everybody_in_the_file_is_in_the_trail_when_it_is_approved_and_when_it_is_taken(signed_in, checked):
    number = ask(signed_in("carys"), checked)
    approve(signed_in("morag"), number)
    rows(signed_in("carys"), number)
    whom = {checked.key("Beryl"), checked.key("Doris")}
    for action, user in (("export asked for", "carys"), ("export approved", "morag"), ("export taken", "carys")):
        row = Trail.objects.get(action=action)
        assert (row.user, row.purpose) == (user, "national audit")
        assert len(row.patients) == len(whom)
        assert checked.key("Cyril") not in row.patients


def test_what_is_missing_of_a_field_opens_the_patients(signed_in, checked):
    number = ask(signed_in("carys"), checked)
    page = shown(signed_in("carys"), number)
    assert "2.05 Smoker" in page
    place = page.partition(f"/exports/{number}/missing/")[2].partition("/")[0]
    named = signed_in("carys").get(f"/exports/{number}/missing/{place}/").content.decode()
    assert "JONES, Beryl" in named
    assert checked.address("Beryl") in named


def test_an_answer_on_the_patients_page_fills_the_field(signed_in, checked):
    address = checked.address("Beryl", "enter/audit-answers/")
    page = signed_in("nadia").get(address).content.decode()
    assert "Smokes" in page
    asked = {"day-day": checked.today.day, "day-month": checked.today.month, "day-year": checked.today.year}
    assert signed_in("nadia").post(address, asked | {"answer-4": "Don't know"}).status_code == 302
    number = ask(signed_in("carys"), checked)
    approve(signed_in("morag"), number)
    [beryl] = [row for row in rows(signed_in("carys"), number) if row["NHS Number"] == NHS[1]]
    assert beryl["2.05 Smoker"] == "Don't know"


def test_an_export_of_another_trust_looks_like_none(signed_in, checked):
    number = ask(signed_in("carys"), checked)
    assert signed_in("eamon").get(f"/exports/{number}/").status_code == 404


def test_a_declined_export_says_why_and_never_leaves(signed_in, checked):
    number = ask(signed_in("carys"), checked)
    signed_in("morag").post(f"/exports/{number}/decline/", {"reason": "wrong year"})
    assert "wrong year" in shown(signed_in("carys"), number)
    assert signed_in("carys").get(f"/exports/{number}/file.csv").status_code == 404
    assert "settled it meanwhile" in str(
        signed_in("morag").post(f"/exports/{number}/decline/", {"reason": "again"}).content
    )


def test_a_check_by_hand_counts(signed_in, world):
    check(world, "Doris", Answer.NO)
    check(world, "Cyril", Answer.NO)
    address = f"/patients/{world.key('Beryl')}/enter/opt-out/"
    day = {"day-day": world.today.day, "day-month": world.today.month, "day-year": world.today.year}
    assert signed_in("carys").post(address, day | {"opted_out": "yes"}).status_code == 302
    assert "1</strong> left out: national data opt-out" in shown(signed_in("carys"), ask(signed_in("carys"), world))


def test_who_is_missing_from_the_answer_to_a_list_has_opted_out(signed_in, world):
    carys = signed_in("carys")
    reply = carys.post("/exports/checks/", {"site": HOME})
    numbers = reply.content.decode().replace(",", "").split()
    assert numbers == sorted([NHS[1], NHS[2], NHS[3]])
    made = OptOutList.objects.get()
    answer = SimpleUploadedFile("answer.csv", f"{NHS[1]},\r\n{NHS[3]},\r\n".encode())
    sent = {"file": answer, **days_of("day", world.today)}
    told = carys.post(f"/exports/checks/{made.number}/answer/", sent, follow=True)
    assert "Entered for 3 people: 1 opted out" in told.content.decode()
    number = ask(carys, world)
    approve(signed_in("morag"), number)
    assert sorted(row["NHS Number"] for row in rows(carys, number)) == [NHS[1], NHS[3]]


@pytest.mark.parametrize(
    ("content", "because"),
    [
        (f"{NHS[4]},\n", "not on list"),
        ("nonsense 12\n", "Line 1 begins with no valid NHS number"),
        ("\n\n", "everybody would count as opted out"),
    ],
)
def test_an_answer_that_is_not_to_this_list_enters_nothing(signed_in, world, content, because):
    carys = signed_in("carys")
    carys.post("/exports/checks/", {"site": HOME})
    before = FactRow.objects.count()
    number = OptOutList.objects.get().number
    sent = {"file": SimpleUploadedFile("a.csv", content.encode()), **days_of("day", world.today)}
    assert because in carys.post(f"/exports/checks/{number}/answer/", sent).content.decode()
    assert FactRow.objects.count() == before


def test_with_a_stored_approval_opt_outs_are_not_applied_and_the_page_says_by_which(signed_in, checked):
    from django.utils import timezone

    from openfls.coordination.exports.asking import BASES, ExportRefused, exempt

    told = {"begins": checked.day(1), "ends": None, "by": "a test", "at": timezone.now()}
    with pytest.raises(ExportRefused, match="give the reference"):
        exempt(HOME, BASES[0], " ", **told)
    exempt(HOME, BASES[0], "CAG 00/0000", **told)
    number = ask(signed_in("carys"), checked)
    assert "CAG 00/0000" in shown(signed_in("morag"), number)
    approve(signed_in("morag"), number)
    assert len(rows(signed_in("carys"), number)) == 3
    assert Trail.objects.get(action="opt-out exemption stored").detail["reference"] == "CAG 00/0000"


def test_the_hip_audit_takes_hips_alone(signed_in, checked):
    number = ask(signed_in("carys"), checked, "hip-audit")
    approve(signed_in("morag"), number)
    reply = signed_in("carys").get(f"/exports/{number}/file.csv").content.decode("utf-8-sig")
    label, headers, *found = csv.reader(StringIO(reply))
    assert "NOT the audit's official format" in label[0]
    assert [dict(zip(headers, row, strict=True))["NHS Number"] for row in found] == [NHS[3]]


@pytest.mark.parametrize("user", ["carys", "eamon", "tara", "nobody"])
def test_the_facts_of_many_are_those_of_each(world, user):
    from django.contrib.auth import get_user_model

    from openfls.clinical.facts import Demographics
    from openfls.record.access import facts_of, facts_of_many, viewer_of
    from openfls.record.models import Person
    from tests.pages.world import ELSEWHERE, two_spellings

    two_spellings(world)
    beryl = world.sightings["Beryl"].record
    world.enter(  # another trust saw her too, and somebody without a site says where she lives
        world.saw(beryl, 90, site=ELSEWHERE),
        world.said(Demographics, beryl, 80, site=None, postcode="ZZ1 1AA"),
        world.said(Demographics, world.sightings["Frank"].record, 10, site=None, postcode="ZZ2 2BB"),
    )
    viewer, people = viewer_of(get_user_model().objects.get(username=user)), list(Person.objects.all())
    many = facts_of_many(people, viewer)
    assert {p.key: [f.number for f in many[p.key]] for p in people} == {
        p.key: [f.number for f in facts_of(p, viewer)] for p in people
    }
    assert any(many.values()) is (user != "nobody")


def test_an_fls_db_upload_that_is_undone_leaves_nobody_enrolled(world):
    from openfls.clinical.caseload import derive
    from openfls.clinical.facts import UploadUndone
    from openfls.clinical.undoing import counting
    from openfls.feeds.csv import read
    from openfls.feeds.reading import Origin

    content = b"NHS Number,Date of Birth,1.09 Date Index Frac Diagnosed,1.11 SiteFirstFrac\n"
    content += b"9990000077,01/02/1940,10/01/2024,Hip\n"
    facts = read(content, Origin("X1A/flsdb", world.known(0), site=HOME, mapping="fls_db")).facts
    undone = world.said(
        UploadUndone, facts[0].record, 0, "hand/carys", by="carys", system="X1A/flsdb", message=facts[0].source.message
    )
    assert derive(counting(facts), world.today).episodes[0].status == "enrolled"
    assert derive(counting([*facts, undone]), world.today).episodes == ()
