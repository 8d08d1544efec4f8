"""Quarantine: why a message waits, mending it, dismissing it with a reason; each only at one's own site."""

import pytest

from openfls.inbox.models import Message, State
from openfls.inbox.receive import Incoming, receive
from tests.pages.world import ELSEWHERE, HOME

LIST = b"Operation Date,DOB\r\n04/12/2025,31/02/1939\r\n"
FAULT = {"place": "row 2, column DOB", "reason": "'31/02/1939' is no day.", "mend": "Write the date with a real day."}


@pytest.fixture
def held(world):
    """A list with a row that could not be read."""
    return hold(world, HOME, LIST)


def hold(world, site: str, content: bytes) -> Message:
    named = {"source": f"X1A/{site}-theatre", "name": "list.csv", "message_id": f"{site}-1"}
    incoming = Incoming(content=content, site=site, **named)
    (receipt,) = receive([incoming], at=world.known(3))
    changes = {"state": State.QUARANTINED, "reason": "row 2: no day", "unreadable": [FAULT]}
    Message.objects.filter(number=receipt.number).update(**changes)
    return Message.objects.get(number=receipt.number)


def test_the_list_and_the_menu_count_it(carys, held):
    page = carys.get("/quarantine/").content.decode()
    assert f"Message {held.number}" in page
    assert "1 message, the longest waiting first" in page


def test_the_page_says_what_where_and_how_to_mend(carys, held):
    page = carys.get(f"/quarantine/{held.number}/").content.decode()
    for words in ("row 2, column DOB", "is no day", "Write the date with a real day"):
        assert words in page


def test_the_message_shows_as_text_and_never_as_markup(carys, world):
    held = hold(world, HOME, b"<script>alert(1)</script>")
    page = carys.get(f"/quarantine/{held.number}/").content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_mended_bytes_are_a_new_message_and_the_original_is_kept(carys, held):
    carys.post(f"/quarantine/{held.number}/mend/", {"text": "Operation Date,DOB\r\n04/12/2025,28/02/1939\r\n"})
    held.refresh_from_db()
    assert held.state == State.MENDED
    assert bytes(held.content) == LIST
    assert bytes(held.replaced_by.content) == LIST.replace(b"31/02", b"28/02")
    assert held.replaced_by.mended_by == "carys"


def test_an_unchanged_message_is_not_sent_again(carys, held):
    reply = carys.post(f"/quarantine/{held.number}/mend/", {"text": LIST.decode()})
    assert "Nothing was changed" in reply.content.decode()
    assert Message.objects.count() == 1


def test_dismissing_needs_a_reason(carys, held):
    assert "Enter why nothing will come of it" in carys.post(f"/quarantine/{held.number}/dismiss/").content.decode()
    carys.post(f"/quarantine/{held.number}/dismiss/", {"reason": "a test row of the sender"})
    held.refresh_from_db()
    assert (held.state, held.dismissed_by) == (State.DISMISSED, "carys")


def test_a_message_that_somebody_else_mended_meanwhile_says_so(carys, held):
    carys.post(f"/quarantine/{held.number}/dismiss/", {"reason": "a test row"})
    reply = carys.post(f"/quarantine/{held.number}/dismiss/", {"reason": "again"})
    assert "no longer waits" in reply.content.decode()


def test_messages_of_another_trust_are_not_found(carys, world):
    theirs = hold(world, ELSEWHERE, LIST)
    place = f"/quarantine/{theirs.number}/"
    sent = {"text": "x", "reason": "x"}
    assert carys.get(place).status_code == 404
    assert [carys.post(f"{place}{act}/", sent).status_code for act in ("mend", "dismiss")] == [404, 404]
    assert "Nothing waits here" in carys.get("/quarantine/").content.decode()


def test_a_manager_opens_no_message(signed_in, held):
    assert signed_in("morag").get(f"/quarantine/{held.number}/").status_code == 404
    assert signed_in("ada").get(f"/quarantine/{held.number}/").status_code == 200


@pytest.mark.parametrize(("user", "purpose"), [("carys", "direct care"), ("ada", "administration of the system")])
def test_who_reads_a_message_does_so_for_the_purpose_of_the_role(signed_in, held, user, purpose):
    from openfls.record.models import Trail

    signed_in(user).get(f"/quarantine/{held.number}/")
    row = Trail.objects.filter(action="read a message").latest("number")
    assert (row.user, row.purpose) == (user, purpose)
