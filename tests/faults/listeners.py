"""``openfls listen`` in a process of its own, to be killed and starved; and senders that note what they heard."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from openfls.inbox.listener.sending import Hospital, NoAnswer
from tests.inbox.listening import adt

Env = dict[str, str]
HOUSE = Path(__file__).parents[2]
ORGANISATIONS = HOUSE / "docs/tutorials/files/organisations.json"  # of site X9A01
FEED = {"source": "X9A/pas", "site": "X9A01", "finder": "admission message"}


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


def openfls(env: Env, *words: object, ends: int | None = 0) -> str:
    """What a command prints; ``ends``: None where that doesn't matter."""
    done = subprocess.run(
        [sys.executable, "-m", "openfls", *map(str, words)], env=env, capture_output=True, text=True, timeout=180
    )
    assert ends is None or done.returncode == ends, done.stdout + done.stderr
    return done.stdout + done.stderr


def settle(env: Env, port: int | None = None) -> int:
    """A home with a site and a declared port, which is given."""
    port = port or free_port()
    openfls(env, "organisations", "load", ORGANISATIONS)
    (Path(env["OPENFLS_HOME"]) / "listeners.json").write_text(json.dumps({"listeners": [{"port": port, **FEED}]}))
    return port


class Listening:
    """The process. ``port`` is where it listens."""

    def __init__(self, env: Env, port: int) -> None:
        self.port = port
        program = [sys.executable, "-m", "openfls", "listen"]
        self._process = subprocess.Popen(
            program, env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=HOUSE
        )
        self.said = self._first_words()
        self._complained: list[str] = []
        self._reader = threading.Thread(target=lambda: self._complained.extend(self._process.stderr or ()), daemon=True)
        self._reader.start()

    def _first_words(self) -> str:
        said = ""
        for line in self._process.stdout or ():
            said += line
            if line.startswith("listening"):
                return said
        raise AssertionError(said + (self._process.stderr.read() if self._process.stderr else ""))

    @property
    def is_alive(self) -> bool:
        return self._process.poll() is None

    def kill(self) -> None:
        """As a power cut or the kernel's memory guard would."""
        self._end(signal.SIGKILL)

    def stop(self) -> int:
        """What it ends with when it is told to."""
        self.last_words = self._end(signal.SIGTERM)
        return self._process.returncode

    def _end(self, how: signal.Signals) -> str:
        self._process.send_signal(how)
        self._process.wait(60)
        self._reader.join(10)
        return self._process.stdout.read() if self._process.stdout else ""

    @property
    def complaints(self) -> str:
        return "".join(self._complained)


@contextmanager
def listening(env: Env, port: int) -> Iterator[Listening]:
    there = Listening(env, port)
    try:
        yield there
    finally:
        if there.is_alive:
            there.kill()


class Senders:
    """Hospitals that send for as long as they are let, over so many connections, each message again until it is
    answered; and what they know to have been taken."""

    def __init__(self, port: int, connections: int, *, timeout: float = 10) -> None:
        self.acknowledged: set[str] = set()  # digests
        self.refused: list[str] = []
        self._stop = threading.Event()
        self._port, self._timeout = port, timeout
        self._threads = [threading.Thread(target=self._send, args=[n]) for n in range(connections)]

    def __enter__(self) -> "Senders":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *fault: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(60)

    def _send(self, who: int) -> None:
        with Hospital("127.0.0.1", self._port, timeout=self._timeout) as hospital:
            number = 0
            while not self._stop.is_set():
                content = adt(f"{os.getpid()}-{id(self)}-{who}-{number}", "x" * 900)
                try:
                    answer = hospital.send(content)
                except NoAnswer:
                    self._stop.wait(0.02)  # and again the same
                    continue
                number += 1
                if answer.positive:
                    self.acknowledged.add(sha256(content).hexdigest())
                else:
                    self.refused.append(answer.code)


def stored(env: Env) -> list[str]:
    """The digest of every message in the inbox, as another process sees it."""
    asked = "import django; django.setup(); from openfls.inbox.models import Message; " \
            "print('\\n'.join(Message.objects.values_list('digest', flat=True)))"  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", asked], env={**env, "DJANGO_SETTINGS_MODULE": "openfls.settings"},
        capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    return done.stdout.split()


def nothing_lost(env: Env, acknowledged: set[str]) -> None:
    """Every acknowledged message is there exactly once, whole; every promise is kept."""
    there = stored(env)
    assert acknowledged <= set(there), f"{len(acknowledged - set(there))} acknowledged messages are lost"
    assert len(there) == len(set(there))
    openfls(env, "verify")
