"""Commands as somebody types them: in this process where a test's database will do, else in a home of their own."""

import io
import subprocess
import sys
from collections.abc import Callable

import pytest

from openfls.cli import main

Env = dict[str, str]
Typed = Callable[..., str]


def typed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Typed:
    """What a command prints; it must end with ``ends``. Where it was refused: what it says about that."""
    monkeypatch.setattr("signal.signal", lambda *_: None)
    monkeypatch.setattr("openfls.record.databases.checkpoint", lambda: None)  # not inside a test's transaction

    def run(*words: object, given: str = "", ends: int = 0) -> str:
        monkeypatch.setattr("sys.stdin", io.StringIO(given))
        try:
            ended = main([str(word) for word in words])
        except SystemExit as refused:
            ended = refused.code
        told = capsys.readouterr()
        assert ended == ends, told.out + told.err
        return told.err if ends == 2 else told.out

    return run


def openfls(env: Env, *words: object, ends: int = 0) -> str:
    """The same in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "openfls", *map(str, words)], env=env, capture_output=True, text=True, timeout=180
    )
    assert done.returncode == ends, done.stdout + done.stderr
    return done.stderr if ends == 2 else done.stdout
