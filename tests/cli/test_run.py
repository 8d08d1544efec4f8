"""``openfls run``: one command from nothing to pages, and again from what is there; it never touches a real record."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from openfls.cli.asking import Refused
from openfls.cli.demonstration import marking
from tests.cli.commands import Env, openfls

SCALE = "0.002"


@pytest.fixture
def env(tmp_path) -> Env:
    """Always in files: on PostgreSQL the demonstration refuses."""
    return {**os.environ, "OPENFLS_HOME": str(tmp_path / "home"), "OPENFLS_DATABASE_URL": ""}


@pytest.fixture
def port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]


class Running:
    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.said = ""

    def until(self, words: str, seconds: float = 150) -> str:
        """Everything said until these words are."""
        deadline = time.monotonic() + seconds
        for line in self.process.stdout:
            self.said += line
            if re.search(words, line):
                return self.said
            assert time.monotonic() < deadline, self.said
        raise AssertionError(f"ended without {words!r}:\n{self.said}{self.process.stderr.read()}")

    def stop(self, number: int = signal.SIGINT) -> int:
        self.process.send_signal(number)
        said, _ = self.process.communicate(timeout=120)
        self.said += said
        return self.process.returncode


def _hears_an_interrupt() -> None:
    """Tests that run in the background inherit an interrupt that is ignored; at a terminal it is heard."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@contextmanager
def running(env: Env, port: int, *words: str) -> Iterator[Running]:
    process = subprocess.Popen(
        [sys.executable, "-m", "openfls", "run", "--port", str(port), "--scale", SCALE, *words],
        env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, preexec_fn=_hears_an_interrupt,
    )  # fmt: skip
    try:
        yield Running(process)
    finally:
        process.terminate()
        process.communicate(timeout=120)


def answers(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/", timeout=20) as page:
            return page.status == 200
    except (URLError, ConnectionError):
        return False


def test_one_command_loads_and_serves_and_goes_on_from_what_is_there(env, port):
    with running(env, port) as interrupted:
        welcome = interrupted.until("The feeds go on behind")
        assert f"http://127.0.0.1:{port}" in welcome
        assert re.search(r"password \S+ as\n +coordinator +FLS coordinator", welcome)
        assert answers(port)
        assert interrupted.stop() == 0
    assert not answers(port)
    with running(env, port) as finished:
        told = finished.until("Everything is loaded")
        assert answers(port)
        assert finished.stop(signal.SIGTERM) == 0
    assert re.search(r"true index fractures +\d+\nfound +\d+ \(\d", told)
    assert "0 that a feed held" in told
    assert "only by a backstop" in told
    figures = told[told.index("What was found") : told.index("missed,")]
    openfls(env, "verify")
    with running(env, port) as again:
        assert figures in again.until("Everything is loaded", seconds=60)
        assert again.stop() == 0
    assert "the same people" in openfls(env, "replay", "--shuffle", "1")


def test_fresh_forgets_the_demonstration_and_nothing_else(tmp_path):
    marking.write(tmp_path, marking.Mark(1, 0.5, date(2026, 11, 23)).finished(("found 3",)))
    for name in ("record.sqlite3", "inbox.sqlite3-wal", "trail.key", "notes.txt"):
        (tmp_path / name).touch()
    assert marking.mark_of(tmp_path) == marking.Mark(1, 0.5, date(2026, 11, 23), ("found 3",))
    marking.forget(tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["notes.txt"]
    assert marking.mark_of(tmp_path) is None


def test_a_mark_that_cannot_be_read_says_how_to_go_on(tmp_path):
    (tmp_path / "demonstration").write_text("{")
    with pytest.raises(Refused, match="start anew with --fresh"):
        marking.mark_of(tmp_path)


@pytest.mark.parametrize("words", [[], ["--fresh"]])
def test_a_record_without_the_mark_is_never_touched(env, port, words):
    home = Path(env["OPENFLS_HOME"])
    home.mkdir()
    (home / "record.sqlite3").write_bytes(b"somebody's patients")
    refused = openfls(env, "run", "--port", port, *words, ends=2)
    assert "holds a record that is no demonstration, and stays untouched" in refused
    assert [file.name for file in home.iterdir()] == ["record.sqlite3"]
    assert (home / "record.sqlite3").read_bytes() == b"somebody's patients"


@pytest.mark.parametrize(("scale", "said"), [("0", "give a size above 0 and up to 8"), ("much", "invalid float value")])
def test_what_is_asked_wrongly_is_said_in_one_line_and_makes_no_home(env, port, scale, said):
    assert said in openfls(env, "run", "--port", port, "--scale", scale, ends=2).splitlines()[-1]
    assert not Path(env["OPENFLS_HOME"]).exists()


def test_a_port_that_is_taken_is_named_before_anything_is_made(env):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert f"port {port} at 127.0.0.1 can't be used" in openfls(env, "run", "--port", port, ends=2)
    assert not Path(env["OPENFLS_HOME"]).exists()


def test_on_postgresql_the_demonstration_refuses(env, port):
    env["OPENFLS_DATABASE_URL"] = "postgresql://nobody@localhost/nothing"
    assert "the demonstration has files of its own" in openfls(env, "run", "--port", port, ends=2)
