"""Uploading on a page: what is seen before anything counts, by whom; confirming, mending, undoing."""

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from openfls.inbox.models import Message, State, Undo, Upload, UploadState
from openfls.inbox.uploads.desk import Desk
from openfls.inbox.work import Worker
from openfls.record.models import FactRow, Person, Trail
from tests.inbox.test_uploads import BAD, FOREIGN, GOOD, listing, row
from tests.pages.world import ELSEWHERE, HOME, SISTER


def send(client, content: bytes = GOOD, name: str = "trauma.csv", **told):
    answers = {"site": HOME, "feed": "", "new_feed": "trauma", "mapping": "trauma_meeting", "encoding": "utf-8"}
    file = SimpleUploadedFile(name, content)
    return client.post("/uploads/new/", {**answers, **told, "file": file}, follow=True)


def words(reply) -> str:
    return " ".join(reply.content.decode().split())


def last() -> Upload:
    return Upload.objects.latest("number")


def confirm(client) -> Upload:
    client.post(f"/uploads/{last().number}/confirm/")
    Worker().work_off()
    return last()


def work_off_desk() -> None:
    at = Desk()
    while at.step():
        pass


def test_before_anything_counts_the_page_says_what_would(carys, world):
    facts = FactRow.objects.count()
    page = words(send(carys, listing(row(1), BAD)))
    for said in (
        "<strong>1</strong> of 2 rows would give facts", "<strong>1</strong> can't be read", "SMITH1, Anne",
        "trauma list: hip (left); low trauma", "row 3, column Injury Date", "Fracture sighting: 1",
        "date of the injury", "nobody has checked it", "X1A/trauma",
    ):  # fmt: skip
        assert said in page, said
    assert FactRow.objects.count() == facts
    assert Message.objects.count() == 0


def test_confirmed_it_counts(carys, world):
    people = Person.objects.count()
    send(carys)
    upload = confirm(carys)
    assert (upload.message.state, Person.objects.count() - people) == (State.DONE, 2)
    assert "It gave <strong>2 facts</strong>" in words(carys.get(f"/uploads/{upload.number}/"))


def test_people_are_shown_to_those_who_care_for_them_alone(signed_in, world):
    ada = signed_in("ada")
    page = words(send(ada))
    assert "What the first rows say" in page
    assert "SMITH1" not in page
    assert "Who they are is shown to those who care for patients" in page


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"encoding": ""}, "Choose how the CSV was saved"),
        ({"new_feed": ""}, "Choose a feed or name a new one"),
        ({"new_feed": "Our Ward"}, "Use small letters, digits and hyphens"),
        ({"mapping": ""}, "Choose the kind of list"),
        ({"site": ELSEWHERE}, "Select a valid choice"),
        ({"name": "list.pdf"}, "The file must be a .csv or an .xlsx"),
        ({"content": b""}, "The file is empty"),
    ],
)
def test_what_is_missing_is_said_beside_its_field(carys, world, told, said):
    page = words(send(carys, **{"name": "list.csv", **told}))
    assert said in page
    assert "There is a problem" in page
    assert not Upload.objects.exists()


def test_a_feed_is_read_as_it_was_read_last(carys, world):
    send(carys)
    confirm(carys)
    page = words(send(carys, listing(row(9)), feed="X1A/trauma", new_feed="", mapping="", name="x.csv"))
    assert "Read as “Trauma meeting list”" in page


def test_a_workbook_needs_no_encoding(carys, world):
    from tests.feeds.test_csv_mending import workbook

    head = ["Meeting Date", "Referral ID", "Hosp No", "Surname", "DOB", "Injury Date", "Diagnosis"]
    content = workbook(one=[head, ["12/03/2026", "T1", "H1", "SMITH", "01/02/1940", "11/03/2026", "# NOF"]])
    page = words(send(carys, content, name="list.xlsx", encoding=""))
    assert "<strong>1</strong> of 1 row would give facts" in page


def test_the_same_file_again_is_told_and_harmless(carys, world):
    send(carys)
    confirm(carys)
    facts = FactRow.objects.count()
    page = words(send(carys, feed="X1A/trauma", new_feed=""))
    assert "This very file is message" in page
    confirm(carys)
    assert (Message.objects.count(), FactRow.objects.count()) == (1, facts)


def test_the_same_file_declared_otherwise_says_what_to_undo_first(signed_in, world):
    tara = signed_in("carys")
    send(tara)
    first = confirm(tara)
    page = words(send(tara, feed="X1A/trauma", new_feed="", encoding="cp1252"))
    assert "Undo that upload first" in page
    assert "Confirm: let it count" not in page
    reply = tara.post(f"/uploads/{last().number}/confirm/")
    assert "undo that upload first" in words(reply)
    assert first.message.number == Message.objects.get().number


def test_a_list_with_other_columns_is_matched_by_hand_and_remembered(carys, world, tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "OPENFLS_HOME", tmp_path)
    page = words(send(carys, FOREIGN))
    assert "This list can't be read as it is" in page
    place = f"/uploads/{last().number}/columns/"
    assert "Still without a column" in words(carys.get(place))
    assert "Such as “SMITH Anne”" in words(carys.get(place))
    chosen = {"column-0": "full_name", "column-1": "hospital_number", "column-2": "birth_date", "column-3": "diagnosis"}
    twice = chosen | {"column-4": "diagnosis"}
    assert "Two columns mean the same: diagnosis in words" in words(carys.post(place, twice))
    page = words(carys.post(place, chosen | {"column-4": "injury_date"}, follow=True))
    assert "Nobody else has checked that" in page
    assert "<strong>1</strong> of 1 row would give facts" in page
    assert "by Carys Tester" in page
    confirm(carys)
    page = words(send(carys, FOREIGN + b"JONES Bea,H2,01/02/1941,# NOF,11/03/2026\r\n", feed="X1A/trauma", new_feed="",
                      mapping=""))  # fmt: skip
    assert "matched by hand" in page


def test_rows_are_taken_mended_and_sent_and_they_alone_count(carys, world):
    send(carys, listing(row(1), BAD))
    upload = confirm(carys)
    assert upload.message.state == State.QUARANTINED
    reply = carys.get(f"/uploads/{upload.number}/rows-to-mend.csv")
    text = b"".join(reply.streaming_content).decode("utf-8-sig")
    assert (reply.headers["Content-Type"], len(text.splitlines())) == ("text/csv", 2)
    assert "SMITH3" in text
    people = Person.objects.count()
    mended = SimpleUploadedFile("mended.csv", text.replace("31/02/2026", "11/03/2026").encode())
    place = f"/uploads/mend/{upload.message.number}/"
    assert "1 row can't be read" in words(carys.get(place))
    page = words(carys.post(place, {"file": mended, "encoding": "utf-8"}, follow=True))
    assert "<strong>1</strong> of 1 row would give facts" in page
    confirm(carys)
    upload.message.refresh_from_db()
    assert (upload.message.state, Person.objects.count() - people) == (State.MENDED, 1)
    assert "Took the rows" not in page
    assert Trail.objects.filter(action="took the rows of an upload to mend them", user="carys").count() == 1


def test_undone_as_a_whole_in_ones_name_and_restored(carys, world):
    people = Person.objects.count()
    send(carys)
    upload = confirm(carys)
    place = f"/uploads/{upload.number}/"
    assert "Enter why it is undone" in words(carys.post(f"{place}undo/"))
    page = words(carys.post(f"{place}undo/", {"reason": "last month's list"}, follow=True))
    assert "What the list said is being undone" in page
    work_off_desk()
    assert Person.objects.count() == people
    assert "Undone by Carys Tester" in words(carys.get(place))
    assert "last month&#39;s list" in words(carys.get(place))
    assert "undone already" in words(carys.post(f"{place}undo/", {"reason": "again"}))
    carys.post(f"{place}restore/")
    work_off_desk()
    assert Person.objects.count() == people + 2
    assert Undo.objects.get().restores


def test_discarded_it_leaves_nothing(carys, world):
    send(carys)
    carys.post(f"/uploads/{last().number}/discard/")
    assert last().state == UploadState.DISCARDED
    page = words(carys.get(f"/uploads/{last().number}/"))
    assert "Discarded by Carys Tester" in page
    assert "SMITH" not in page
    assert "no longer" in words(carys.post(f"/uploads/{last().number}/confirm/")) or "meanwhile" in words(
        carys.post(f"/uploads/{last().number}/confirm/")
    )


def test_a_long_list_says_how_far_it_is_with_and_without_a_script(carys, world, monkeypatch):
    monkeypatch.setattr("openfls.inbox.uploads.checking.AT_ONCE", 0)
    page = words(send(carys))
    assert "The list is being checked" in page
    assert "See how far it is" in page
    place = f"/uploads/{last().number}/progress/"
    rows = Trail.objects.count()
    assert carys.get(place).json() == {"words": "The list is being checked.", "under_way": True}
    assert Trail.objects.count() == rows
    work_off_desk()
    assert carys.get(place).json() == {"words": "", "under_way": False}


def test_uploads_of_others_are_not_found_by_any_address(signed_in, carys, world):
    send(carys, listing(row(1), BAD))
    upload = confirm(carys)
    eamon = signed_in("eamon")
    for rest in ("", "columns/", "rows-to-mend.csv"):
        assert eamon.get(f"/uploads/{upload.number}/{rest}").status_code == 404
    for act in ("confirm", "discard", "undo", "restore"):
        assert eamon.post(f"/uploads/{upload.number}/{act}/", {"reason": "x"}).status_code == 404
    assert eamon.get(f"/uploads/mend/{upload.message.number}/").status_code == 404
    assert eamon.get(f"/uploads/{upload.number}/progress/").json() == {"words": "", "under_way": False}
    assert "Nobody has uploaded a list" in words(eamon.get("/uploads/"))
    assert eamon.get("/uploads/new/").content.decode().count("X1A/trauma") == 0


def test_nobody_uploads_into_the_feed_of_another_trust(carys, world):
    from openfls.inbox.receive import Incoming, receive

    receive([Incoming(source="X1E/theirs", content=b"x", site=ELSEWHERE)], at=world.known(1))
    assert "Select a valid choice" in words(send(carys, feed="X1E/theirs", new_feed=""))
    assert "Select a valid choice" in words(send(carys, site=SISTER))


def test_a_hostile_name_and_cell_show_as_text(carys, world):
    page = send(carys, listing(row(1).replace("SMITH1", "<script>alert(1)</script>")), name="<img src=x>.csv")
    shown = page.content.decode()
    assert "<script>alert(1)" not in shown
    assert "<img src=x>" not in shown


def test_the_list_of_uploads_says_where_each_is(carys, world):
    send(carys)
    confirm(carys)
    send(carys, listing(row(4)), feed="X1A/trauma", new_feed="")
    page = words(carys.get("/uploads/"))
    assert "2 uploads, the newest first" in page
    assert "waits for you to confirm it" in page


def test_a_file_beyond_the_limit_is_kept_nowhere_and_the_form_says_the_limit(carys, world, monkeypatch):
    monkeypatch.setattr("openfls.pages.uploads.bounded.LARGEST", 100)
    page = words(send(carys))
    assert "Choose the file" in page
    assert "at most 200 MB" in page
    assert not Upload.objects.exists()


def test_a_large_file_on_its_way_in_lies_in_the_home_alone():
    assert settings.FILE_UPLOAD_TEMP_DIR == settings.OPENFLS_HOME
