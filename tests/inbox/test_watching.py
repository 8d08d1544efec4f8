"""A watched folder: what is whole is stored byte for byte, then moved; what is not waits; nothing is lost."""

import json
import os
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from openfls.inbox import lookouts
from openfls.inbox import receive as receiving
from openfls.inbox.currency import data_as_of
from openfls.inbox.models import Lookout, Message, State, Trouble
from openfls.inbox.watching import Watcher
from openfls.inbox.watching import watcher as watching
from openfls.inbox.watching.patience import STUCK, Patience
from openfls.inbox.watching.round import Round
from openfls.inbox.work import Worker
from openfls.record.models import FactRow, Site, Trust

pytestmark = pytest.mark.django_db(databases=["default", "inbox", "audit"])

SITE = "X1A01"
LIST = (Path(__file__).parents[2] / "src/openfls/feeds/csv/samples/trauma_meeting.csv").read_bytes()
MANIFEST = {"source": "X1A/trauma", "site": SITE, "mapping": "trauma_meeting"}
SETTLE = 10.0


@pytest.fixture(autouse=True)
def sites():
    Site.objects.create(code=SITE, name="One", trust=Trust.objects.create(code="X1A", name="Trust"))


@pytest.fixture
def folder(tmp_path) -> Path:
    """A watched folder with one feed's folder in it."""
    feed = tmp_path / "sftp/trauma"
    feed.mkdir(parents=True)
    (feed / "feed.json").write_text(json.dumps(MANIFEST))
    return tmp_path / "sftp"


@pytest.fixture
def watcher(folder) -> Watcher:
    return Watcher(folder, Patience(SETTLE))


def put(folder: Path, name: str, content: bytes = LIST) -> Path:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    return file


def left(folder: Path) -> list[str]:
    """What still lies there, but for manifests."""
    return sorted(
        str(file.relative_to(folder))
        for file in folder.rglob("*")
        if file.is_file() and "received" not in file.parts and not file.name.endswith("feed.json")
    )


def received(folder: Path) -> list[str]:
    day = f"{timezone.localdate():%Y-%m-%d}"
    return sorted(
        str(file.relative_to(folder / "received")).replace(day, "TODAY")
        for file in folder.glob("received/**/*")
        if file.is_file()
    )


def look(watcher: Watcher, *times: float):
    """The last of these looks."""
    return [watcher.look(time) for time in times][-1]


def test_a_whole_file_is_stored_byte_for_byte_and_moved(watcher, folder):
    put(folder, "trauma/list.csv")
    told = look(watcher, 0, SETTLE)
    assert (told.files, told.stored, told.troubles) == (1, 1, [])
    message = Message.objects.get()
    assert (message.source, message.site, message.name, message.state) == ("X1A/trauma", SITE, "list.csv", State.NEW)
    assert bytes(message.content) == LIST
    assert (left(folder), received(folder)) == ([], ["trauma/TODAY/list.csv"])
    Worker().work_off()
    assert FactRow.objects.count() == 5


def test_a_file_is_looked_at_twice_before_it_is_taken(watcher, folder):
    put(folder, "trauma/list.csv")
    assert look(watcher, 0).files == 0
    assert look(watcher, SETTLE - 1).files == 0
    assert look(watcher, SETTLE).files == 1


def test_even_without_any_patience_one_look_takes_nothing(folder):
    eager = Watcher(folder, Patience(0))
    put(folder, "trauma/list.csv")
    assert look(eager, 5).files == 0
    assert look(eager, 5.1).files == 1


def test_a_file_that_still_grows_is_not_taken_until_it_rests(watcher, folder):
    file = put(folder, "trauma/list.csv", b"")
    for second, start in enumerate(range(0, len(LIST), 100)):
        with file.open("ab") as growing:
            growing.write(LIST[start : start + 100])
        assert look(watcher, second * SETTLE).files == 0
    assert look(watcher, (second + 1) * SETTLE).files == 1
    assert bytes(Message.objects.get().content) == LIST


def test_a_copy_that_keeps_the_time_of_its_original_still_shows_that_it_was_touched(watcher, folder):
    file = put(folder, "trauma/list.csv", LIST[:-1] + b"?")
    os.utime(file, (1, 1))
    look(watcher, 0)
    file.write_bytes(LIST)  # as long as before
    os.utime(file, (1, 1))
    assert look(watcher, SETTLE).files == 0
    assert look(watcher, 2 * SETTLE).files == 1
    assert bytes(Message.objects.get().content) == LIST


def test_a_file_that_changes_while_it_is_read_is_left_for_the_next_look(watcher, folder, monkeypatch):
    file = put(folder, "trauma/list.csv", LIST[:300])
    look(watcher, 0)
    looks = iter(range(2))
    true = watching.read

    def read(*words):
        if next(looks) == 0:
            file.write_bytes(LIST)
        return true(*words)

    monkeypatch.setattr(watching, "read", read)
    assert look(watcher, SETTLE).files == 0
    assert Message.objects.count() == 0
    assert look(watcher, 2 * SETTLE, 3 * SETTLE).files == 1
    assert bytes(Message.objects.get().content) == LIST


@pytest.mark.parametrize("name", ["list.csv.part", "list.csv.filepart", "list.tmp", ".list.csv", "LIST.CSV.PART"])
def test_what_is_named_as_unfinished_is_taken_once_it_is_renamed(watcher, folder, name):
    file = put(folder, f"trauma/{name}")
    assert look(watcher, 0, SETTLE, 2 * SETTLE).files == 0
    file.rename(file.with_name("list.csv"))
    assert look(watcher, 3 * SETTLE, 4 * SETTLE).files == 1


def test_what_is_never_finished_is_told_after_an_hour(watcher, folder):
    put(folder, "trauma/list.csv.part")
    assert look(watcher, 0, STUCK - 1).troubles == []
    (trouble,) = look(watcher, STUCK).troubles
    assert (trouble.place, trouble.site) == ("trauma/list.csv.part", SITE)
    assert "not whole yet" in trouble.reason


@pytest.mark.parametrize("marker", ["list.csv.done", "list.done"])
def test_with_markers_a_file_waits_for_its_own(folder, marker):
    watcher = Watcher(folder, Patience(SETTLE, ".done"))
    put(folder, "trauma/list.csv")
    put(folder, "trauma/other.done", b"")
    assert look(watcher, 0, SETTLE).files == 0
    put(folder, f"trauma/{marker}", b"")
    assert look(watcher, 2 * SETTLE).files == 1
    assert received(folder) == [f"trauma/TODAY/{name}" for name in sorted(("list.csv", marker))]
    assert "waits for its marker" in look(put_again(watcher, folder), 3 * SETTLE, 3 * SETTLE + STUCK).troubles[0].reason


def put_again(watcher: Watcher, folder: Path) -> Watcher:
    put(folder, "trauma/second.csv")
    return watcher


def test_a_marker_that_is_older_than_the_file_is_another_files(folder):
    watcher = Watcher(folder, Patience(SETTLE, ".done"))
    put(folder, "trauma/list.csv.done", b"")
    put(folder, "trauma/list.csv")
    assert look(watcher, 0, SETTLE).files == 0
    put(folder, "trauma/list.csv.done", b"")
    assert look(watcher, 2 * SETTLE).files == 1


def test_the_same_file_again_is_stored_once_and_moved_again(watcher, folder):
    put(folder, "trauma/list.csv")
    look(watcher, 0, SETTLE)
    put(folder, "trauma/list.csv")
    told = look(watcher, 2 * SETTLE, 3 * SETTLE)
    assert (told.stored, told.known_already) == (0, 1)
    assert Message.objects.count() == 1
    assert left(folder) == []


def test_two_files_of_one_name_are_both_kept(watcher, folder):
    for start, content in ((0, LIST), (2 * SETTLE, LIST + b"\r\n")):
        put(folder, "trauma/list.csv", content)
        look(watcher, start, start + SETTLE)
    one, other = received(folder)
    assert {(folder / "received" / name.replace("TODAY", today())).read_bytes() for name in (one, other)} == {
        LIST, LIST + b"\r\n",
    }  # fmt: skip
    assert Message.objects.filter(name="list.csv").count() == 2


def today() -> str:
    return f"{timezone.localdate():%Y-%m-%d}"


def test_left_where_it_is_a_file_is_read_once_and_after_a_restart_known_already(folder, monkeypatch):
    watcher = Watcher(folder, Patience(SETTLE), leave=True)
    put(folder, "trauma/list.csv")
    assert look(watcher, 0, SETTLE).files == 1
    assert look(watcher, 2 * SETTLE, 3 * SETTLE).files == 0
    assert left(folder) == ["trauma/list.csv"]
    again = Watcher(folder, Patience(SETTLE), leave=True)
    assert (look(again, 0, SETTLE).known_already, Message.objects.count()) == (1, 1)


def test_what_no_reader_knows_is_stored_and_waits_in_quarantine(watcher, folder):
    put(folder, "trauma/scan.pdf", b"%PDF-1.7")
    put(folder, "trauma/cut.csv", LIST[:40])
    look(watcher, 0, SETTLE)
    Worker().work_off()
    held = Message.objects.filter(state=State.QUARANTINED)
    assert {message.name: "Nothing reads files" in message.reason for message in held} == {
        "scan.pdf": True, "cut.csv": False,
    }  # fmt: skip
    assert left(folder) == []


def test_without_a_manifest_nobody_answers_and_the_file_stays(watcher, folder):
    put(folder, "theatre/theatre.csv")
    look(watcher, 0)
    (trouble,) = look(watcher, SETTLE).troubles
    assert (trouble.place, trouble.site) == ("theatre/theatre.csv", "")
    assert "feed.json" in trouble.mend
    assert left(folder) == ["theatre/theatre.csv"]
    (folder / "theatre/feed.json").write_text(json.dumps(MANIFEST | {"source": "X1A/theatre", "mapping": "theatre"}))
    assert (look(watcher, 2 * SETTLE).files, left(folder)) == (1, [])


def test_a_manifest_that_cannot_be_read_is_told_and_nothing_is_taken(watcher, folder):
    (folder / "trauma/feed.json").write_text('{"source": 7}')
    put(folder, "trauma/list.csv")
    (trouble,) = look(watcher, 0, SETTLE).troubles
    assert "should be words in quotes" in trouble.reason
    assert (Message.objects.count(), left(folder)) == (0, ["trauma/list.csv"])


def test_a_sender_does_not_declare_himself(watcher, folder, monkeypatch):
    """A manifest of another account, or a link, is not believed."""
    secret = folder.parent / "elsewhere.json"
    secret.write_text(json.dumps(MANIFEST | {"source": "X9B/theirs"}))
    (folder / "trauma/feed.json").unlink()
    (folder / "trauma/feed.json").symlink_to(secret)
    put(folder, "trauma/list.csv")
    (trouble,) = look(watcher, 0, SETTLE).troubles
    assert "senders don't declare themselves" in trouble.mend
    assert Message.objects.count() == 0
    monkeypatch.setattr(os, "geteuid", lambda: 4711)
    (folder / "trauma/feed.json").unlink()
    shutil.copy(secret, folder / "trauma/feed.json")
    if os.stat(secret).st_uid:  # the administrator's own manifests are believed
        assert "another account" in look(watcher, 2 * SETTLE, 3 * SETTLE).troubles[0].reason


def test_links_are_not_followed_and_told(watcher, folder, tmp_path):
    outside = put(tmp_path, "outside/secret.csv")
    (folder / "trauma/link.csv").symlink_to(outside)
    (folder / "linked").symlink_to(outside.parent)
    told = look(watcher, 0, SETTLE, 2 * SETTLE)
    assert {trouble.place for trouble in told.troubles} == {"trauma/link.csv", "linked"}
    assert all("links are not followed" in trouble.reason for trouble in told.troubles)
    assert Message.objects.count() == 0


def test_a_file_swapped_for_a_link_or_a_pipe_after_it_was_seen_is_not_followed(watcher, folder, tmp_path):
    outside = put(tmp_path, "outside/secret.csv")
    file = put(folder, "trauma/list.csv")
    true = watcher.patience.whole

    def swap(*words):
        found = true(*words)
        if found:
            file.unlink()
            file.symlink_to(outside) if file.name == "list.csv" else os.mkfifo(file)
        return found

    watcher.patience.whole = swap
    told = look(watcher, 0, SETTLE)
    assert (told.files, Message.objects.count()) == (0, 0)
    file.unlink()
    file = put(folder, "trauma/pipe.csv")
    told = look(watcher, 2 * SETTLE, 3 * SETTLE)
    assert (told.files, Message.objects.count()) == (0, 0)


def test_a_received_folder_that_is_a_link_is_not_followed(watcher, folder, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (folder / "received").symlink_to(tmp_path / "elsewhere")
    put(folder, "trauma/list.csv")
    told = look(watcher, 0, SETTLE)
    assert told.stored == 1
    assert "stored, but can't be moved" in told.troubles[0].reason
    assert list((tmp_path / "elsewhere").iterdir()) == []
    assert left(folder) == ["trauma/list.csv"]


def test_what_cannot_be_moved_is_stored_once_and_told_until_it_can(watcher, folder, monkeypatch):
    reads = []
    true = watching.read
    monkeypatch.setattr(watching, "read", lambda *words: reads.append(words) or true(*words))
    with monkeypatch.context() as patch:
        patch.setattr(watching, "move", refusing)
        put(folder, "trauma/list.csv")
        told = look(watcher, 0, SETTLE, 2 * SETTLE)
        assert (told.stored, told.troubles[0].site) == (0, SITE)
        assert "Permission denied" in told.troubles[0].reason
    assert (len(reads), Message.objects.count()) == (1, 1)
    told = look(watcher, 3 * SETTLE)
    assert (told.troubles, left(folder), len(reads)) == ([], [], 1)


def refusing(*_):
    raise PermissionError(13, "Permission denied")


def test_what_may_not_be_read_is_told_with_the_account_that_may_not(watcher, folder, monkeypatch):
    monkeypatch.setattr(watching, "read", refusing)
    put(folder, "trauma/list.csv")
    (trouble,) = look(watcher, 0, SETTLE).troubles
    assert "can't be opened: Permission denied" in trouble.reason
    assert "read and write" in trouble.mend
    assert left(folder) == ["trauma/list.csv"]


def test_a_file_too_large_is_told_and_stays(watcher, folder, monkeypatch):
    monkeypatch.setattr("openfls.inbox.watching.taking.LARGEST", 100)
    put(folder, "trauma/list.csv")
    (trouble,) = look(watcher, 0, SETTLE).troubles
    assert ("at most 100 are read" in trouble.reason, trouble.site) == (True, SITE)


def test_a_file_of_many_messages_gives_each(watcher, folder):
    sample = Path(__file__).parents[2] / "src/openfls/feeds/hl7v2/samples"
    pieces = [file.read_bytes() for file in sorted(sample.glob("*.hl7"))[:3]]
    put(folder, "trauma/all.hl7", b"".join(pieces))
    assert look(watcher, 0, SETTLE).stored == 3


PATIENT = b'{"resourceType":"Patient","id":"p1"}\n'


def test_the_files_of_an_export_are_taken_together_once_all_are_whole(watcher, folder):
    put(folder, "trauma/Patient.ndjson", PATIENT)
    part = put(folder, "trauma/Condition.ndjson.part", b'{"resourceType":"Condition"')
    assert look(watcher, 0, SETTLE).files == 0
    part.write_bytes(b'{"resourceType":"Condition","subject":{"reference":"Patient/p1"}}\n')
    part.rename(part.with_name("Condition.ndjson"))
    assert look(watcher, 2 * SETTLE).files == 0
    told = look(watcher, 3 * SETTLE)
    assert (told.files, told.stored) == (2, 1)
    assert Message.objects.get().name == "trauma.ndjson"
    assert left(folder) == []


def test_one_feed_in_trouble_stops_no_other(watcher, folder):
    put(folder, "trauma/list.csv")
    put(folder, "unknown/list.csv")
    put(folder, "also/list.csv")
    (folder / "also/feed.json").write_text("{")
    told = look(watcher, 0, SETTLE)
    assert (told.stored, len(told.troubles)) == (1, 2)


def test_what_was_taken_away_meanwhile_is_no_trouble(watcher, folder, monkeypatch):
    def gone(*_):
        raise FileNotFoundError(2, "gone")

    monkeypatch.setattr(watching, "read", gone)
    put(folder, "trauma/list.csv")
    told = look(watcher, 0, SETTLE)
    assert (told.files, told.troubles) == (0, [])


def test_truncated_at_every_kilobyte_a_file_is_whole_or_waits_for_a_person(watcher, folder):
    """A file that its sender cut off: what it holds counts, the rest is told, and the whole file comes after."""
    rows = LIST.splitlines(keepends=True)
    whole = b"".join(rows[:2]) + b"".join(rows[2:]) * 8
    cuts = range(1024, len(whole), 1024)
    assert len(cuts) > 2
    for number, cut in enumerate(cuts):
        put(folder, f"trauma/list{number}.csv", whole[:cut])
    put(folder, "trauma/list.csv", whole)
    told = look(watcher, 0, SETTLE)
    assert (told.stored, told.troubles) == (len(cuts) + 1, [])
    Worker().work_off()
    for number, cut in enumerate(cuts):
        message = Message.objects.get(name=f"list{number}.csv")
        assert bytes(message.content) == whole[:cut]
        ends_a_row = whole[:cut].endswith(b"\n")
        assert (message.state == State.DONE) is ends_a_row, (number, message.reason)
    facts = FactRow.objects.count()
    put(folder, "trauma/list.csv", whole)
    look(watcher, 2 * SETTLE, 3 * SETTLE)
    Worker().work_off()
    assert FactRow.objects.count() == facts


def test_a_round_tells_what_troubles_it_and_when_it_looked(folder):
    put(folder, "trauma/scan.csv.part")
    patience = Patience(SETTLE)
    round_ = Round([watcher := Watcher(folder, patience)], 5, lambda look: None)
    round_.look(watcher)
    lookout = Lookout.objects.get()
    assert (lookout.kind, lookout.name, lookout.every) == (lookouts.FOLDER, str(folder), 60)
    assert Trouble.objects.count() == 0


def test_a_trouble_stands_since_it_began_and_goes_when_it_is_mended():
    at = datetime(2026, 3, 2, 8, tzinfo=UTC)
    stuck = lookouts.Troubled("trauma/list.csv", "It can't be opened.", "Let it.", SITE)
    for minutes in (0, 5):
        lookouts.looked("folder", "/srv", every=60, troubles=[stuck], at=at + timedelta(minutes=minutes))
    assert Trouble.objects.get().since == at
    assert lookouts.in_trouble([SITE], now=at) == (1, 0)
    assert lookouts.in_trouble(["X9B01"], now=at) == (0, 0)
    lookouts.looked("folder", "/srv", every=60, troubles=[], at=at + timedelta(minutes=10))
    assert lookouts.in_trouble([SITE], now=at) == (0, 0)


def test_a_lookout_that_stopped_is_noticed_and_can_be_forgotten():
    at = datetime(2026, 3, 2, 8, tzinfo=UTC)
    lookouts.looked("folder", "/srv", every=60, troubles=[], at=at)
    assert lookouts.in_trouble([], now=at + timedelta(minutes=5)) == (0, 0)
    assert lookouts.in_trouble([], now=at + timedelta(minutes=6)) == (0, 1)
    assert lookouts.forget("folder", "/srv")
    assert lookouts.in_trouble([], now=at + timedelta(minutes=6)) == (0, 0)


def test_a_folder_into_which_nothing_comes_any_more_is_a_silent_feed(watcher, folder, monkeypatch):
    """F14: the sender stops; the alarm comes by the feed's own rhythm of hours and weekdays."""
    monday = datetime(2026, 1, 5, 8, 5, tzinfo=UTC)
    days = [monday + timedelta(days=n) for n in range(5 * 7 - 2) if (monday + timedelta(days=n)).weekday() < 5]
    for number, day in enumerate(days):
        monkeypatch.setattr(watching.timezone, "now", lambda day=day: day)
        put(folder, f"trauma/list{number}.csv", LIST + b"\r\n" * number)
        look(watcher, number * 100.0, number * 100.0 + SETTLE)
    monkeypatch.undo()
    assert Message.objects.count() == len(days)
    silent = {
        days_after: data_as_of([SITE], now=days[-1] + timedelta(days=days_after, hours=1))[0].silent
        for days_after in (0, 2, 3, 4, 5, 6)
    }
    assert days[-1].weekday() == 4
    assert silent == {0: False, 2: False, 3: False, 4: False, 5: False, 6: True}


def test_nothing_is_moved_that_is_not_stored(watcher, folder, monkeypatch):
    put(folder, "trauma/list.csv")
    look(watcher, 0)

    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(watching, "receive", full)
    with pytest.raises(OSError, match="No space"):
        look(watcher, SETTLE)
    assert left(folder) == ["trauma/list.csv"]
    monkeypatch.setattr(watching, "receive", receiving.receive)
    assert (look(watcher, 2 * SETTLE).stored, left(folder)) == (1, [])
