"""``openfls read-report``: one report, or an archive with a report a line."""

import json
import os
import subprocess
import sys

import pytest

from openfls.cli import main

WEDGE = "There is an old wedge fracture of T12.\nNo hip fracture.\n"


@pytest.fixture
def read(capsys, tmp_path):
    """What the command prints about these bytes."""

    def run(content: bytes, *words: str, ends: int = 0) -> list[dict]:
        file = tmp_path / "reports"
        file.write_bytes(content)
        assert main(["read-report", str(file), "--json", *words]) == ends
        return [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    return run


def test_a_report_is_told_mention_by_mention_with_its_place(read):
    (told,) = read(WEDGE.encode())
    wedge, hip = told["mentions"]
    assert WEDGE[wedge["start"] : wedge["end"]] == wedge["evidence"] == "old wedge fracture of T12"
    assert (wedge["site"], wedge["levels"], wedge["acuity"]) == ("spine", ["T12"], "old")
    assert wedge["certainty"] == "definite"
    assert (hip["site"], hip["certainty"]) == ("hip", "negated")
    assert [(one["site"], one["levels"]) for one in told["for_triage"]] == [("spine", ["T12"])]
    assert (told["id"], told["cut_short"]) == ("", False)


@pytest.mark.parametrize(
    "content",
    [
        b"r1\tWedge fracture of T12.\r\n\r\nr2\tNo fracture.\n",
        b'{"id": "r1", "text": "Wedge fracture of T12."}\n{"id": "r2", "text": "No fracture."}',
        b'\xef\xbb\xbf{"text": "Wedge fracture of T12.", "id": "r1", "x": 1}\n{"id": "r2", "text": "No fracture."}\n',
    ],
)
def test_one_report_a_line_keeps_its_id(read, content):
    assert [(told["id"], len(told["for_triage"])) for told in read(content)] == [("r1", 1), ("r2", 0)]


def test_several_processes_say_the_same_in_the_same_order(read):
    archive = "".join(f"r{number}\tFracture of L{number % 5 + 1}.\n" for number in range(1200)).encode()
    assert read(archive, "--jobs", "2") == read(archive)


def test_a_line_that_is_no_report_says_why_and_the_others_are_read(read):
    content = b'{"id": "r1", "text": "Fracture."}\n{"id": "r2"}\n{broken\n{"id": 4, "text": "x"}\n'
    told = read(content, ends=1)
    assert [one["id"] for one in told] == ["r1", None, None, "4"]
    assert [one["unread"]["place"] for one in told if "unread" in one] == ["line 2", "line 3"]
    assert all(one["unread"]["reason"] and one["unread"]["mend"] for one in told if "unread" in one)


def test_a_report_that_looks_like_a_list_is_read_whole_where_that_is_asked(read):
    content = b"Hip\tfracture\nWrist\tno fracture\n"
    assert len(read(content)) == 2
    assert len(read(content, "--whole")) == 1


def test_bytes_in_another_encoding_are_named_with_their_place(read):
    content = "Böhler's angle is lost: fracture of the calcaneus.".encode("cp1252")
    (told,) = read(content, ends=1)
    assert told["unread"]["place"] == "file, byte 1"
    (told,) = read(content, "--encoding", "cp1252")
    assert told["mentions"][0]["site"] == "foot, not toe"


def test_what_is_longer_than_any_report_is_cut_and_says_so(read):
    (told,) = read(b"Fracture of the hip. " + b"x " * 60_000)
    assert (told["cut_short"], len(told["mentions"])) == (True, 1)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nowhere.txt"], "can't be read"),
        (["--encoding", "elvish"], "no such encoding"),
        (["--jobs", "0"], "give 1 or more"),
    ],
)
def test_what_cannot_be_done_is_refused_with_the_reason(capsys, words, said):
    assert main(["read-report", *words]) == 2
    assert said in capsys.readouterr().err


def test_people_read_it_as_text_from_standard_input():
    text = "Displaced subtrochanteric fracture of the left femur. Her mother had a hip fracture. NBI elsewhere."
    done = subprocess.run(
        [sys.executable, "-m", "openfls", "read-report"], input=text, env=os.environ, capture_output=True, text=True,
        check=True,
    )  # fmt: skip
    assert "femur, not hip, left, definite, new, may be atypical, subtrochanteric" in done.stdout
    assert "hip, definite, age not said, family" in done.stdout
    assert "for a person to triage: femur, not hip" in done.stdout


def test_a_report_without_a_fracture_says_so(capsys, tmp_path):
    (tmp_path / "report.txt").write_text("Normal chest.")
    assert main(["read-report", str(tmp_path / "report.txt")]) == 0
    assert capsys.readouterr().out.splitlines()[1:] == ["  speaks of no fracture", "  for a person to triage: nothing"]
