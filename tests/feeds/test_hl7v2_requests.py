"""HL7 requests (ORM, OMG): a DXA asked for, spoken of in passing, taken back; nothing else is kept."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openfls.clinical.facts import DxaNeed, DxaRequest, Note, Status
from openfls.clinical.versions import current
from tests.feeds.hl7_messages import msh, obr, of, orc, pid, pv1, reading, refused


def orm(control: str, sent: str = "20250318102500", kind: str = "ORM^O01", **fields) -> DxaRequest:
    [found] = of(DxaRequest, reading(msh(kind, sent), pid(), pv1(), orc(control, f9=sent, **fields), obr()))
    return found


def test_a_request_tells_what_was_asked_when_and_why():
    order = obr(f31=["", "Hip fracture"])
    [found] = of(DxaRequest, reading(msh("ORM^O01"), pid(), pv1(), orc("NW"), order))
    assert (found.need, found.reason, found.occurred.start) == (DxaNeed.REQUESTED, "Hip fracture", date(2025, 3, 18))
    assert (found.key, found.site) == ("X9A/request/EPR P55", "X9A01")


@pytest.mark.parametrize("exam", [["DXAHS", "DXA hip"], ["X", "Bone density"], ["38268-9", "", "LN"], ["DXA"]])
def test_a_scan_is_known_by_its_code_or_its_words(exam):
    assert of(DxaRequest, reading(msh("ORM^O01"), pid(), orc("NW"), obr(exam)))
    assert of(DxaRequest, reading(msh("ORM^O01"), pid(), orc("NW"), obr(["77", "Scan"], f24="DXA")))


@pytest.mark.parametrize("exam", [["XCHES", "Chest X-ray"], ["DEX", "Dexamethasone suppression"], ""])
def test_what_else_is_ordered_is_not_kept(exam):
    found = reading(msh("ORM^O01"), pid(), orc("NW"), obr(exam))
    assert of(DxaRequest, found) == []
    assert "not kept" in found.notes[0]


@pytest.mark.parametrize("control", ["CA", "OC", "CR", "DC", "OD", "DR", "UA", "RP"])
def test_what_was_cancelled_discontinued_or_refused_is_taken_back(control):
    asked, ended = orm("NW"), orm(control, "20250430090000")
    [standing] = current([ended, asked])
    assert standing.retracted
    assert standing.occurred.start == date(2025, 3, 18)


@pytest.mark.parametrize("status", ["CA", "DC"])
def test_a_status_may_say_that_it_ended(status):
    assert orm("SC", f5=status).retracted
    assert not orm("SC", f5="IP").retracted


def test_why_it_ended_is_a_note():
    found = reading(msh("ORM^O01"), pid(), orc("OC", f16=["", "Did not attend twice"]), obr())
    assert [note.text for note in of(Note, found)] == [
        "The request for DXA hip and spine (EPR P55) was ended: Did not attend twice."
    ]
    assert of(Note, reading(msh("ORM^O01"), pid(), orc("NW", f16=["", "Screening"]), obr())) == []


STORY = (
    orm("NW", "20250318102500"),
    orm("OK", "20250318103000"),
    orm("SC", "20250320103000", f5="SC"),
    orm("CA", "20250430090000"),
    orm("UC", "20250430100000"),
)


@given(st.permutations(STORY))
def test_a_request_keeps_its_day_whatever_is_said_in_passing_and_in_whatever_order(arrived):
    in_passing = [fact for fact in arrived if fact in STORY[:3]]
    [standing] = current(in_passing)
    assert (standing.occurred.start, standing.status) == (date(2025, 3, 18), Status.FINAL)
    [ended] = current([fact for fact in arrived if fact in STORY[:4]])
    assert ended.retracted
    [revived] = current(arrived)
    assert not revived.retracted


def test_of_a_request_and_its_cancellation_in_one_second_the_cancellation_stands():
    assert [fact.retracted for fact in current([orm("CA"), orm("NW")])] == [True]


def test_a_word_in_passing_alone_still_tells_that_a_scan_was_asked_for():
    assert (orm("SC").need, orm("SC").status) == (DxaNeed.REQUESTED, Status.PRELIMINARY)


def test_enquiries_ask_for_nothing():
    assert of(DxaRequest, reading(msh("ORM^O01"), pid(), orc("SR"), obr())) == []


def test_orders_of_one_message_are_read_one_by_one_and_an_unknown_control_waits():
    first, second = orc("ZZ", f2=["P1", "EPR"]), orc("NW", f2=["P2", "EPR"])
    found = reading(msh("OMG^O19"), pid(), pv1(), first, obr(), second, obr())
    assert [u.place for u in found.unreadable] == ["ORC[1]-1"]
    assert [fact.key for fact in of(DxaRequest, found)] == ["X9A/request/EPR P2"]


def test_an_order_that_says_of_nothing_what_it_is_about_is_noted():
    found = reading(msh("ORM^O01"), pid(), orc("CA"))
    assert found.notes == ("ORC[1]: it doesn't say what was ordered (no OBR); it is not read.",)


@pytest.mark.parametrize(
    ("parts", "place"), [([pid(), obr()], "OBR[1]"), ([pid()], "ORC"), ([orc("NW"), obr()], "PID")]
)
def test_a_message_without_its_segments_is_refused(parts, place):
    assert refused(msh("ORM^O01"), *parts).place == place
