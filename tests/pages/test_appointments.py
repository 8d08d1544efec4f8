"""Appointments and letters on the patient page, from the hospital's own messages to what a nurse reads."""

from datetime import datetime, time, timedelta

import pytest

from openfls import coordination
from openfls.clinical.facts import DxaNeed, DxaRequest, FlsAssessment
from openfls.clinical.standards import Step
from openfls.feeds import hl7v2
from openfls.feeds.hl7v2.build import message
from openfls.feeds.reading import Origin
from openfls.record.models import TaskRow
from tests.feeds.hl7_messages import msh, obx, pid, pv1, sch, txa
from tests.pages.world import HOME

BERYL = {"f3": ["A101", "", "", "X1A", "MR"], "f5": ["Jones", "Beryl"], "f7": "19500101"}


def hl7(day, hour=9) -> str:
    return f"{datetime.combine(day, time(hour)):%Y%m%d%H%M%S}"


def send(world, *segments) -> None:
    origin = Origin("X1A/pas", world.known(0), site=HOME)
    found = hl7v2.read(message(segments), origin)
    assert found.facts, found
    coordination.enter(found.facts, by="inbox", today=world.today)


def appointment(world, trigger: str, days_ago: int, sent_days_ago: int, **fields) -> None:
    where = pv1(f3=["DXA1", "", "", HOME])
    sent, at = hl7(world.day(sent_days_ago)), hl7(world.day(days_ago), 10)
    send(world, msh(f"SIU^{trigger}", sent, f4="X1A"), sch(at, **fields), pid(**BERYL), where)


@pytest.fixture
def asked(world):
    """A scan was asked for."""
    beryl = world.sightings["Beryl"]
    world.enter(
        world.by_hand(FlsAssessment, beryl, 100, by="nadia"),
        world.by_hand(DxaRequest, beryl, 95, by="nadia", need=DxaNeed.REQUESTED),
    )
    return world


def scan_task() -> TaskRow:
    return TaskRow.objects.get(person__name="JONES, Beryl", step=Step.DXA)


def test_a_missed_scan_stands_beside_the_open_task_on_page_and_worklist(asked, carys):
    appointment(asked, "S12", 20, 40)
    appointment(asked, "S26", 20, 19)
    assert scan_task().state == "open"
    told = f"DXA: did not attend on {asked.day(20):%d %b %Y}"
    assert told in carys.get(asked.address("Beryl")).content.decode()
    assert told in carys.get("/?step=dxa-scan").content.decode()


def test_appointments_stand_on_the_page_what_is_ahead_first(asked, carys):
    appointment(asked, "S26", 20, 19)
    appointment(asked, "S12", -14, 10, f2=["A2", "PAS"])
    appointment(asked, "S12", 5, 30, f2=["A3", "PAS"])
    page = carys.get(asked.address("Beryl")).content.decode()
    section = page.split('id="appointments"')[1].split("</section>")[0]
    words = ["booked</span> <strong>DXA", "booked; nobody said what became of it", "did not attend</span>"]
    places = [section.index(word) for word in words]
    assert places == sorted(places)
    assert f"{asked.day(-14):%d %b %Y}</li>" not in section
    assert f"{asked.day(-14):%d %b %Y} at 10:00" in section
    assert "Aldermere Royal" in section


def test_a_patient_without_appointments_has_no_such_section(world, carys):
    assert 'id="appointments"' not in carys.get(world.address("Beryl")).content.decode()


def test_a_letter_is_read_on_the_timeline_and_its_html_stays_text(world, carys):
    written = "<b>Displaced fracture</b> of the left wrist.\nCast for six weeks."
    day = world.day(100)
    letter = (txa(f4=hl7(day)), obx("TX", written))
    send(world, msh("MDM^T02", hl7(day, 12), f4="X1A"), pid(**BERYL), pv1(f3=["FC", "", "", HOME]), *letter)
    page = carys.get(world.address("Beryl")).content.decode()
    assert "Fracture clinic letter; by Kofi Adeyemi" in page
    assert "&lt;b&gt;Displaced fracture&lt;/b&gt; of the left wrist." in page
    assert "<b>Displaced" not in page


def test_another_trust_sees_neither(asked, signed_in):
    appointment(asked, "S26", 20, 19)
    assert signed_in("eamon").get(asked.address("Beryl")).status_code == 404


def test_what_was_sent_in_the_wrong_order_reads_the_same(asked, carys):
    appointment(asked, "S13", -14, 10)
    appointment(asked, "S26", 20, 19)
    appointment(asked, "S12", 20, 40)
    because = "; ".join(scan_task().because)
    ahead = asked.today + timedelta(days=14)
    assert f"DXA: did not attend on {asked.day(20):%d %b %Y}; DXA: booked for {ahead:%d %b %Y}" in because
