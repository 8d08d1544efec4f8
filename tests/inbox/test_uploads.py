"""Uploads: tried first, confirmed by a person, harmless again, mended by their rows, undone and restored as a whole."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from openfls import coordination
from openfls.clinical.facts import FractureSighting, Source, Triage, TriageDecision, UploadUndone
from openfls.clinical.standards import Role
from openfls.clinical.when import on
from openfls.coordination.comparing import derived_digest
from openfls.feeds import csv
from openfls.inbox import long_lists, quarantine, work
from openfls.inbox.models import Message, State, Undo, Upload, UploadState
from openfls.inbox.own_mappings import folder, mappings_of_home
from openfls.inbox.receive import Incoming, receive
from openfls.inbox.replay import prove
from openfls.inbox.uploads import checking, confirming, desk, drafts, mappings, undoing
from openfls.inbox.uploads.checking import Checked
from openfls.inbox.uploads.desk import Desk
from openfls.inbox.verify import verify
from openfls.inbox.work import Worker
from openfls.record.access import NotVisible, Viewer
from openfls.record.models import EpisodeRow, FactRow, Person, RecordRow, Site, TaskRow, Trail, Trust

pytestmark = pytest.mark.django_db(databases="__all__")

SITE, SISTER, ELSEWHERE = "X1A01", "X1A02", "X1E01"
HEADERS = "Meeting Date,Referral ID,NHS No,Hosp No,Surname,Forename,DOB,Sex,Injury Date,Diagnosis,Side,Ward,Mechanism"
ROW = "12/03/2026,T{n},,H{n},SMITH{n},Anne,01/02/1940,F,11/03/2026,{what},L,T1,fell from standing"


def viewer(name: str = "carys", *sites: str, role: Role = Role.COORDINATOR) -> Viewer:
    at = frozenset(sites or {SITE})
    return Viewer(user=name, sites=at, memberships=at, roles=dict.fromkeys(at, frozenset({role})))


CARYS = viewer()


@pytest.fixture(autouse=True)
def settled_sites():
    for trust, sites in {"X1A": (SITE, SISTER), "X1E": (ELSEWHERE,)}.items():
        made = Trust.objects.create(code=trust, name=trust)
        for site in sites:
            Site.objects.create(code=site, name=site, trust=made)


def row(n: int, what: str = "# NOF") -> str:
    return ROW.format(n=n, what=what)


def listing(*rows: str) -> bytes:
    return "\r\n".join([HEADERS, *rows, ""]).encode()


GOOD = listing(row(1), row(2))
BAD = row(3).replace("11/03/2026", "31/02/2026")


def begin(content: bytes = GOOD, by: Viewer = CARYS, **told) -> Upload:
    details = {
        "site": SITE, "source": "X1A/trauma", "name": "list.csv", "mapping": "trauma_meeting", "encoding": "utf-8",
        "at": timezone.now(),
    }  # fmt: skip
    upload = drafts.begin(by, content, **details | told)
    checking.check_now(upload)
    upload.refresh_from_db()
    return upload


def confirm(content: bytes = GOOD, by: Viewer = CARYS, **told) -> Upload:
    upload = begin(content, by, **told)
    confirming.confirm(by, upload, at=timezone.now())
    upload.refresh_from_db()
    return upload


def settle(content: bytes = GOOD, **told) -> Upload:
    """Confirmed and read."""
    upload = confirm(content, **told)
    Worker().work_off()
    upload.message.refresh_from_db()
    return upload


def work_off_desk() -> None:
    at = Desk()
    while at.step():
        pass


def undo(upload: Upload, reason: str = "the wrong site") -> None:
    undoing.undo(CARYS, upload, reason, at=timezone.now())
    work_off_desk()


def restore(upload: Upload) -> None:
    undoing.restore(CARYS, upload.message, at=timezone.now())
    work_off_desk()


# --- The trial ---


def test_a_trial_says_what_would_count_and_enters_nothing():
    checked = Checked.of(begin(listing(row(1), row(2, "migraine"), BAD)))
    assert (checked.rows, checked.telling, checked.unreadable_rows, checked.done) == (3, 2, 1, True)
    assert checked.facts == {"fracture sighting": 2}
    assert checked.unreadable[0]["place"] == "row 4, column Injury Date"
    assert ["Surname", "family_name", "SMITH1"] in checked.columns
    assert ["Ward", "ignored", "T1"] in checked.columns
    (place, facts), _ = checked.first_rows()
    assert (place, facts[0].record.family_name) == ("row 2", "SMITH1")
    assert FactRow.objects.count() == Message.objects.count() == 0


def test_a_list_whose_headers_do_not_fit_says_what_is_wanted_and_cannot_be_confirmed():
    upload = begin(b"Pt,What\r\nSMITH,# NOF\r\n")
    checked = Checked.of(upload)
    assert not checked.fits
    assert "No column for" in checked.fault["reason"]
    assert checked.wanted
    assert checked.columns == [["Pt", "", "SMITH"], ["What", "", "# NOF"]]
    with pytest.raises(ValueError, match="match its columns"):
        confirming.confirm(CARYS, upload, at=timezone.now())


def test_a_row_whose_facts_stand_on_several_parts_of_it_is_one_row():
    sample = Path(csv.__file__).with_name("samples").joinpath("fls_db.csv").read_bytes()
    checked = Checked.of(begin(sample, mapping="fls_db"))
    assert len(sample.splitlines()) - 1 == checked.rows == checked.telling
    assert [place for place, _ in checked.first_rows()] == [f"row {at}" for at in range(2, checked.rows + 2)]


def test_another_encoding_is_told_with_its_place():
    checked = Checked.of(begin(listing(row(1).replace("Anne", "Zoë")).decode().encode("cp1252")))
    assert "are not utf-8" in checked.fault["reason"]


def test_what_this_feed_said_before_is_counted():
    settle()
    assert Checked.of(begin(listing(row(1), row(9)))).known == 1


def test_a_long_list_is_tried_by_the_worker_a_step_at_a_time(monkeypatch):
    monkeypatch.setattr(checking, "ROWS", 3)
    monkeypatch.setattr(desk, "A_STEP", 0)
    upload = drafts.begin(
        CARYS, listing(*map(row, range(10))), site=SITE, source="X1A/trauma", name="list.csv",
        mapping="trauma_meeting", encoding="utf-8", at=timezone.now(),
    )  # fmt: skip
    at = Desk()
    assert at.step()
    upload.refresh_from_db()
    assert (upload.state, Checked.of(upload).rows, Checked.of(upload).total) == (UploadState.CHECKING, 3, 11)
    while at.step():
        pass
    upload.refresh_from_db()
    assert (upload.state, Checked.of(upload).rows) == (UploadState.CHECKED, 10)


def test_a_reader_that_trips_is_said_and_the_trial_ends(monkeypatch):
    def trips(*_):
        raise RuntimeError("tripped")
        yield

    monkeypatch.setattr(checking, "list_pieces", trips)
    assert "RuntimeError: tripped" in Checked.of(begin()).fault["reason"]


@pytest.mark.parametrize(("content", "said"), [(b"", "is empty"), (b"x" * 11, "at most 10 are read")])
def test_nothing_and_too_much_are_refused(monkeypatch, content, said):
    monkeypatch.setattr(drafts, "LARGEST", 10)
    with pytest.raises(ValueError, match=said):
        begin(content)


# --- Confirming ---


def test_confirmed_it_is_a_message_byte_for_byte_and_the_draft_is_forgotten():
    upload = settle()
    message = upload.message
    assert (bytes(message.content), message.source, message.site, message.name) == (
        GOOD,
        "X1A/trauma",
        SITE,
        "list.csv",
    )
    assert message.origin == {"site": SITE, "mapping": "trauma_meeting", "encoding": "utf-8"}
    assert (upload.state, upload.settled_by, upload.content) == (UploadState.CONFIRMED, "carys", None)
    assert (message.state, message.facts, Checked.of(upload).first) == (State.DONE, 2, [])
    assert "SMITH" not in json.dumps(upload.check_result)


def test_the_same_file_again_is_harmless():
    first = settle()
    again = settle()
    assert again.message == first.message
    assert (Message.objects.count(), FactRow.objects.count()) == (1, 2)


def test_pressed_twice_it_is_confirmed_once():
    upload = begin()
    one = confirming.confirm(CARYS, upload, at=timezone.now())
    upload.refresh_from_db()
    assert confirming.confirm(CARYS, upload, at=timezone.now()) == one


def test_what_came_by_another_way_with_the_same_bytes_is_the_same_message():
    told = {"site": SITE, "mapping": "trauma_meeting"}
    (receipt,) = receive(
        [Incoming(source="X1A/trauma", content=GOOD, site=SITE, name="list.csv", origin=told)], at=timezone.now()
    )
    assert confirm().message.number == receipt.number


def test_a_discarded_draft_leaves_nothing_of_anybody():
    upload = begin()
    drafts.discard(CARYS, upload, at=timezone.now())
    upload.refresh_from_db()
    assert (upload.state, upload.content, upload.check_result) == (UploadState.DISCARDED, None, {})
    with pytest.raises(drafts.Settled):
        confirming.confirm(CARYS, upload, at=timezone.now())
    with pytest.raises(drafts.Settled):
        drafts.discard(CARYS, upload, at=timezone.now())


def test_a_draft_that_nobody_confirms_is_forgotten_after_a_day():
    old, new = begin(at=timezone.now() - timedelta(days=2)), begin(listing(row(7)))
    work_off_desk()
    old.refresh_from_db()
    new.refresh_from_db()
    assert (old.state, old.content, new.state) == (UploadState.DISCARDED, None, UploadState.CHECKED)


def test_the_same_bytes_declared_otherwise_are_refused_until_the_first_is_undone():
    first = settle()
    other = begin(site=SISTER)
    with pytest.raises(confirming.KnownOtherwise, match="undo that upload first"):
        confirming.confirm(CARYS, other, at=timezone.now())
    undo(first)
    message = confirming.confirm(CARYS, other, at=timezone.now())
    Worker().work_off()
    message.refresh_from_db()
    assert (message.origin["reading"], message.flagged, message.facts) == ("2", False, 2)
    assert sorted(EpisodeRow.objects.values_list("site", flat=True)) == [SISTER, SISTER]
    assert (FactRow.objects.filter(kind=FractureSighting.kind).count(), Person.objects.count()) == (4, 2)


def test_read_anew_it_can_be_undone_and_read_as_at_first_again():
    first = settle()
    undo(first)
    second = settle(site=SISTER)
    undo(second)
    assert Person.objects.count() == 0
    third = settle()
    work_off_desk()
    assert third.message.origin.get("reading") == "3"
    assert sorted(EpisodeRow.objects.values_list("site", flat=True)) == [SITE, SITE]


# --- Mending rows ---


def test_mended_rows_alone_count_and_the_others_stay_as_they_are():
    upload = settle(listing(row(1), row(2), BAD))
    assert (upload.message.state, upload.message.facts) == (State.QUARANTINED, 2)
    mended = settle(listing(row(3)), mends=upload.message, name="mended.csv")
    upload.message.refresh_from_db()
    assert upload.message.state == State.MENDED
    assert (mended.message.state, mended.message.facts, FactRow.objects.count()) == (State.DONE, 1, 3)


def test_the_whole_list_mended_gives_only_the_mended_rows():
    upload = settle(listing(row(1), row(2), BAD))
    mended = settle(listing(row(1), row(2), row(3)), mends=upload.message)
    assert (mended.message.facts, FactRow.objects.count()) == (1, 3)


def test_rows_mended_in_another_encoding_are_read_in_it():
    upload = settle(listing(row(1), BAD), encoding="cp1252")
    mended = settle(listing(row(3).replace("Anne", "Zoë")), mends=upload.message, encoding="utf-8", name="m.csv")
    assert mended.message.origin["encoding"] == "utf-8"
    assert "Zoë" in FactRow.objects.latest("number").to_fact().record.given_name


def test_what_somebody_else_mended_meanwhile_cannot_be_mended_again():
    upload = settle(listing(row(1), BAD))
    late = begin(listing(row(3)), mends=upload.message)
    quarantine.dismiss(upload.message, "not ours", by="nadia")
    with pytest.raises(quarantine.NotWaiting):
        confirming.confirm(CARYS, late, at=timezone.now())


# --- Undoing ---


def act_on_the_first() -> FractureSighting:
    sighting = FactRow.objects.filter(kind=FractureSighting.kind).order_by("number").first().to_fact()
    now = timezone.now()
    decision = TriageDecision(
        record=sighting.record, occurred=on(now.date()), known=now, by="carys", about=(sighting.id,), site=SITE,
        source=Source("hand/carys", "triage", "1"), answer=Triage.ENROL,
    )  # fmt: skip
    coordination.enter([decision], by="carys")
    return sighting


def test_undone_it_is_as_if_it_had_never_come_and_restored_as_if_it_had():
    settle(listing(row(1), row(5)), name="other.csv", source="X1A/ward")
    before = derived_digest()
    upload = settle(listing(row(1), row(2), row(3)))
    with_it = derived_digest()
    undo(upload)
    assert derived_digest() == before
    assert Undo.objects.get().done
    restore(upload)
    assert derived_digest() == with_it
    undo(upload, "wrong after all")
    assert derived_digest() == before
    assert [finding.invariant for finding in verify() if not finding.ok] == []


def test_every_undone_record_has_one_word_with_who_and_why():
    upload = settle()
    undo(upload, "it was last year's")
    words = [row.to_fact() for row in FactRow.objects.filter(kind=UploadUndone.kind)]
    assert {(word.by, word.reason, word.message) for word in words} == {
        ("carys", "it was last year's", upload.message.digest)
    }
    assert len(words) == 2
    acts = list(Trail.objects.exclude(action__in=["enter", "read an upload"]).values_list("user", "action"))
    assert ("carys", "undid an upload") in acts
    assert Trail.objects.filter(action="enter", purpose=f"undoing message {upload.message.number}").exists()


def test_a_patient_in_whose_care_somebody_acted_is_confirmed_not_dropped():
    upload = settle()
    act_on_the_first()
    undo(upload)
    assert [task.step for task in TaskRow.objects.all()] == ["confirm closing"]
    assert Person.objects.count() == 1
    assert [finding.invariant for finding in verify() if not finding.ok] == []


def test_undone_before_it_is_read_it_is_read_first():
    upload = confirm()
    undoing.undo(CARYS, upload, "a slip", at=timezone.now())
    work_off_desk()
    assert not Undo.objects.get().done
    Worker().work_off()
    work_off_desk()
    assert Undo.objects.get().done
    assert (FactRow.objects.filter(kind=FractureSighting.kind).count(), Person.objects.count()) == (2, 0)


def test_rows_that_waited_wait_for_nobody_while_it_is_undone_and_again_once_restored():
    upload = settle(listing(row(1), BAD))
    reason = upload.message.reason
    undo(upload)
    upload.message.refresh_from_db()
    assert upload.message.state == State.DISMISSED
    with pytest.raises(quarantine.NotWaiting, match="restore it first"):
        quarantine.retry(upload.message, by="carys")
    restore(upload)
    upload.message.refresh_from_db()
    assert (upload.message.state, upload.message.reason) == (State.QUARANTINED, reason)


def test_what_mended_it_is_undone_with_it():
    upload = settle(listing(row(1), BAD))
    mended = settle(listing(row(1), row(3)), mends=upload.message)
    assert Person.objects.count() == 2
    undo(Upload.objects.select_related("message").get(number=upload.number))
    assert Person.objects.count() == 0
    restore(Upload.objects.select_related("message").get(number=upload.number))
    assert Person.objects.count() == 2
    undo(mended)
    assert Person.objects.count() == 1


def test_the_same_file_again_restores_what_was_undone():
    upload = settle()
    with_it = derived_digest()
    undo(upload)
    again = confirm()
    work_off_desk()
    assert (again.message, derived_digest()) == (upload.message, with_it)


def test_nothing_is_undone_twice_without_a_reason_or_before_it_was_confirmed():
    upload = settle()
    with pytest.raises(ValueError, match="say why"):
        undo(upload, " ")
    undo(upload)
    with pytest.raises(undoing.CannotUndo, match="undone already"):
        undo(upload)
    restore(upload)
    with pytest.raises(undoing.CannotUndo, match="restored already"):
        restore(upload)
    with pytest.raises(undoing.CannotUndo, match="never confirmed"):
        undo(begin(listing(row(8))))


def test_many_facts_are_undone_a_step_at_a_time_and_a_step_done_twice_changes_nothing(monkeypatch):
    monkeypatch.setattr(undoing, "AT_ONCE", 2)
    upload = settle(listing(*map(row, range(1, 8))))
    undoing.undo(CARYS, upload, "a slip", at=timezone.now())
    at, seen = Desk(), []
    while at.step():
        seen.append(Person.objects.count())
    assert seen == [5, 3, 1, 0]
    asked = Undo.objects.get()
    Undo.objects.update(reached=0)
    facts = FactRow.objects.count()
    work_off_desk()
    assert (FactRow.objects.count(), Undo.objects.get().done, asked.done) == (facts, True, True)


def test_an_upload_that_cannot_be_worked_on_stops_neither_the_worker_nor_others(monkeypatch):
    upload = settle()
    undoing.undo(CARYS, upload, "a slip", at=timezone.now())
    true = undoing.step

    def trips(_):
        raise RuntimeError("tripped")

    monkeypatch.setattr(undoing, "step", trips)
    other = drafts.begin(
        CARYS, listing(row(40)), site=SITE, source="X1A/ward", name="x.csv", mapping="trauma_meeting", encoding="utf-8",
        at=timezone.now(),
    )  # fmt: skip
    work_off_desk()
    other.refresh_from_db()
    assert other.state == UploadState.CHECKED
    assert not Undo.objects.get().done
    monkeypatch.setattr(undoing, "step", true)
    Undo.objects.update(leased_until=None)
    work_off_desk()
    assert Undo.objects.get().done


def test_a_restore_asked_for_amid_the_undoing_wins(monkeypatch):
    monkeypatch.setattr(undoing, "AT_ONCE", 2)
    upload = settle(listing(*map(row, range(1, 8))))
    before = derived_digest()
    undoing.undo(CARYS, upload, "a slip", at=timezone.now())
    at = Desk()
    at.step()
    undoing.restore(CARYS, upload.message, at=timezone.now())
    while at.step():
        pass
    assert derived_digest() == before


@pytest.mark.django_db(databases="__all__", transaction=True)
def test_a_replay_in_any_order_gives_the_same(monkeypatch):
    for place in (long_lists, work):
        monkeypatch.setattr(place, "LONG", 300)
    monkeypatch.setattr(long_lists, "ROWS", 2)
    settle(listing(row(1), row(5)), name="other.csv", source="X1A/ward")
    undo(settle(listing(*map(row, range(1, 8)))))
    kept = settle(listing(row(11), row(12)), name="kept.csv")
    undo(kept)
    restore(kept)
    settle(listing(*map(row, range(1, 8))), site=SISTER)
    for seed in (1, 2):
        assert prove(timezone.localdate(), shuffle=seed).different == []
    assert RecordRow.every.filter(set_aside=True).count() == 0


# --- Who sees what ---


def test_uploads_are_seen_where_one_uploads_and_nowhere_else():
    upload = begin()
    for other in (viewer("eamon", ELSEWHERE), viewer("nadia", role=Role.NURSE), viewer("morag", role=Role.MANAGER)):
        assert list(drafts.uploads_seen_by(other)) == []
        with pytest.raises(NotVisible):
            drafts.upload_for(other, upload.number)
    assert drafts.upload_for(viewer("ada", role=Role.ADMINISTRATOR), upload.number) == upload


def test_every_look_at_an_upload_leaves_a_row_in_the_trail():
    upload = begin()
    drafts.upload_for(CARYS, upload.number)
    with pytest.raises(NotVisible):
        drafts.upload_for(viewer("eamon", ELSEWHERE), upload.number)
    acts = list(Trail.objects.order_by("number").values_list("user", "action"))[-2:]
    assert acts == [("carys", "read an upload"), ("eamon", "read of an upload refused")]


def test_the_feeds_to_choose_from_are_those_of_ones_own_sites():
    settle()
    begin(listing(row(4)), source="X1A/ward")
    receive([Incoming(source="X1E/theirs", content=b"x", site=ELSEWHERE)], at=datetime(2026, 3, 1, tzinfo=UTC))
    assert drafts.feeds_of([SITE]) == ["X1A/trauma", "X1A/ward"]
    assert drafts.new_feed(SITE, "clinic") == "X1A/clinic"


# --- Mappings made by hand ---


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "OPENFLS_HOME", tmp_path)
    return tmp_path


CHOSEN = {"Pt": "full_name", "No": "hospital_number", "Born": "birth_date", "What": "diagnosis", "When": "injury_date"}
FOREIGN = b"Pt,No,Born,What,When\r\nSMITH Anne,H1,01/02/1940,# NOF,11/03/2026\r\n"


def test_columns_matched_by_hand_are_remembered_for_the_feed(home):
    upload = begin(FOREIGN)
    made = mappings.remember("trauma_meeting", upload.source, CHOSEN, by="Carys Tester", on=timezone.localdate())
    drafts.check_otherwise(CARYS, upload, mapping=made.name)
    upload.refresh_from_db()
    checking.check_now(upload)
    upload.refresh_from_db()
    assert Checked.of(upload).fits
    confirming.confirm(CARYS, upload, at=timezone.now())
    Worker().work_off()
    assert Message.objects.get().state == State.DONE
    assert (made.name, mappings.remembered("X1A/trauma")) == ("x1a_trauma_1", "x1a_trauma_1")
    stored = json.loads((folder() / "x1a_trauma_1.json").read_text())
    assert (stored["authored_by"], stored["checked_by"]) == ("Carys Tester", None)


def test_another_choice_makes_another_mapping_and_leaves_the_first_alone(home):
    today = timezone.localdate()
    first = mappings.remember("trauma_meeting", "X1A/trauma", CHOSEN, by="C", on=today)
    text = (folder() / f"{first.name}.json").read_text()
    second = mappings.remember(first.name, "X1A/trauma", CHOSEN | {"Side": "side"}, by="C", on=today)
    assert (first.name, second.name) == ("x1a_trauma_1", "x1a_trauma_2")
    assert (folder() / "x1a_trauma_1.json").read_text() == text
    assert mappings_of_home().named("x1a_trauma_2").columns["full_name"][0] == "Pt"


def test_a_choice_that_cannot_be_is_refused_and_nothing_is_stored(home):
    with pytest.raises(ValueError, match="two columns mean the same"):
        mappings.remember(
            "trauma_meeting", "X1A/trauma", CHOSEN | {"MRN": "hospital_number"}, by="C", on=timezone.localdate()
        )
    assert not folder().exists()


def test_a_broken_file_among_ones_own_mappings_stops_no_list(home):
    folder().mkdir()
    (folder() / "broken.json").write_text("{")
    assert mappings_of_home().named("broken") is None
    assert settle().message.facts == 2


def test_a_feed_that_came_otherwise_is_remembered_by_its_last_message():
    told = {"site": SITE, "mapping": "theatre"}
    receive([Incoming(source="X1A/theatre", content=b"x", site=SITE, origin=told)], at=timezone.now())
    assert (mappings.remembered("X1A/theatre"), mappings.remembered("X1A/none")) == ("theatre", None)
