"""``openfls import`` and ``work``: stored byte for byte, read, entered; whatever is wrong is said in one line."""

import gzip
import json
import os
from pathlib import Path

import pytest

from openfls.inbox.models import Message
from openfls.record.models import FactRow, Trust

pytestmark = pytest.mark.django_db(databases="__all__")

SAMPLES = Path(__file__).parents[2] / "src/openfls/feeds"
LIST = (
    "Referral ID,NHS No,Patient Name,DOB,Injury Date,Diagnosis,Side,Mechanism\r\n"
    '1,999 000 0018,"SMITH, Anne",01/02/1940,11/03/2026,# NOF,L,fell from standing\r\n'
    '2,999 000 0026,"JONES, Bea",31/02/1941,11/03/2026,# NOF,R,fell from standing\r\n'
)


@pytest.fixture(autouse=True)
def site():
    return Trust.objects.create(code="X9A", name="A Trust").sites.create(code="X9A01", name="A Hospital")


@pytest.fixture
def lists(tmp_path) -> Path:
    """A folder with one list, one row of which has an impossible date."""
    folder = tmp_path / "lists"
    folder.mkdir()
    (folder / "feed.json").write_text(json.dumps({"source": "X9A/trauma", "site": "X9A01"}))
    (folder / "trauma_meeting_2026-03-12.csv").write_text(LIST)
    return folder


@pytest.fixture
def imported(typed):
    def run(*words: object, ends: int = 0) -> dict:
        return json.loads(typed("import", "--json", *words, ends=ends))

    return run


def test_the_readable_rows_of_a_list_count_and_the_rest_waits(imported, typed, lists):
    done = imported(lists, ends=1)
    assert (done["stored"], done["known_already"], done["states"], done["waiting"]) == (1, 0, {"quarantined": 1}, 0)
    stop = json.loads(typed("backstop", "--json"))
    assert [(finder["finder"], finder["saw"]) for finder in stop["finders"]] == [("trauma list", 1)]
    typed("verify")


def test_the_same_files_again_are_known_already(imported, typed, lists):
    imported(lists, ends=1)
    done = imported(lists)
    assert (done["stored"], done["known_already"], done["states"]) == (0, 1, {})


def test_what_is_said_on_the_command_line_stands_above_the_folder(imported, typed, lists):
    done = imported(lists, "--finder", "ward round", "--source", "X9A/round", ends=1)
    assert done["stored"] == 1
    assert "ward round: saw 1" in typed("backstop")
    flagged = imported(lists, "--source", "X9A/round", "--finder", "theatre list", ends=1)["flagged"]
    assert "declared as" in flagged[0]["why"]
    assert flagged[0]["file"].endswith("trauma_meeting_2026-03-12.csv")


def test_stored_only_then_read_by_the_worker_and_read_again_when_asked(imported, typed, lists):
    assert imported(lists, "--leave")["waiting"] == 1
    assert typed("work", "--once") == "1 quarantined\n"
    assert typed("work", "--once", "--retry", "X9A/trauma") == "1 messages are read again\n1 quarantined\n"
    assert typed("work", "--once") == "nothing waited\n"


def test_each_message_of_a_file_is_a_message_by_itself(imported, typed, tmp_path):
    files = sorted((SAMPLES / "hl7v2/samples").glob("*.hl7"))
    together = b"".join(b"\x0b" + file.read_bytes().rstrip() + b"\r\x1c\r" for file in files)
    (tmp_path / "day.hl7").write_bytes(together)
    done = imported(tmp_path / "day.hl7", "--source", "X9A/pas", "--site", "X9A01")
    assert (done["stored"], sum(done["states"].values())) == (len(files), len(files))
    typed("verify")


def test_the_files_of_an_export_whose_references_lead_from_file_to_file_come_as_one(imported, typed, tmp_path):
    export = tmp_path / "export"
    export.mkdir()
    for file in (SAMPLES / "fhir/samples/export").glob("*.ndjson"):
        packed = file.name.startswith("Pat")
        content = gzip.compress(file.read_bytes()) if packed else file.read_bytes()
        (export / (file.name + ".gz" * packed)).write_bytes(content)
    done = imported(export, "--source", "X9A/record", "--site", "X9A01")
    assert (done["stored"], done["states"]) == (1, {"done": 1})
    assert imported(export, "--source", "X9A/record", "--site", "X9A01")["known_already"] == 1
    typed("verify")


def test_history_keeps_the_time_of_its_files(imported, typed, lists):
    os.utime(lists / "trauma_meeting_2026-03-12.csv", (1_773_300_000, 1_773_300_000))  # 12 March 2026
    imported(lists, "--file-times", ends=1)
    assert FactRow.objects.first().known.date().isoformat() == "2026-03-12"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nix"], "there is no file or folder nix. Give a file or a folder that exists."),
        (["{lists}", "--site", "X9Z01"], "there is no site 'X9Z01': load it first (openfls organisations load FILE)"),
        (["{bare}"], "no site answers for it: name one (--site CODE, or site in a feed.json beside it)"),
        (["{lists}", "--finder", "magic"], "no finder is called 'magic'; there are trauma list"),
        (["{lists}", "--mapping", "magic"], "no mapping is called 'magic'; there are coded_discharges"),
        (["{lists}", "--mappings", "nix"], "--mappings nix: there is no such folder"),
        ([], "the following arguments are required: PATH"),
    ],
)
def test_what_is_asked_wrongly_is_said_in_one_line_and_nothing_is_stored(imported, typed, lists, words, said):
    bare = lists.parent / "bare"
    bare.mkdir()
    (bare / "trauma_meeting.csv").write_text(LIST)
    refused = typed("import", *(word.format(lists=lists, bare=bare) for word in words), ends=2)
    assert said in refused.splitlines()[-1]
    assert "Traceback" not in refused
    assert not Message.objects.exists()


def test_a_file_that_nothing_reads_is_stored_and_waits_with_its_reason(imported, typed, tmp_path):
    (tmp_path / "notes.docx").write_bytes(b"PK\x03\x04 something")
    done = imported(tmp_path / "notes.docx", "--source", "X9A/odd", "--site", "X9A01", ends=1)
    assert done["states"] == {"quarantined": 1}


@pytest.mark.django_db(databases="__all__", transaction=True)
def test_a_replay_in_another_order_gives_the_same(imported, typed, lists):
    """Not inside a transaction: the scratch record waits for its turn to write."""
    imported(lists, ends=1)
    assert typed("replay", "--shuffle", "1").endswith("the same people, episodes and tasks\n")
    assert typed("replay", "--heal") == "1 messages read again, 1 facts, of which 0 were missing\n"
    assert typed("rebuild") == "1 people derived again; the same as before\n"
