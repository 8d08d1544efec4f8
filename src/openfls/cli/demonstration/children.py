"""The processes that ``openfls run`` starts: they live and end with it."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from types import TracebackType

PATIENCE = 10.0  # seconds in which a process ends by itself
LOOK_AGAIN = 0.1  # seconds


class ChildDied(RuntimeError):
    """One of them ended although nobody asked it to; the words say which."""


class Children:
    """``with Children() as children: children.start("pages", [...])``: all are ended when the block ends."""

    def __init__(self) -> None:
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def __enter__(self) -> "Children":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for process in self._running.values():
            process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + PATIENCE
        for process in self._running.values():
            try:
                process.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def start(self, name: str, words: Sequence[str]) -> None:
        """In a group of its own: an interrupt at the terminal comes to us, and we end the others in order."""
        self._running[name] = subprocess.Popen(  # noqa: S603 (our own words)
            words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, start_new_session=True, env=os.environ.copy()
        )

    def check(self) -> None:
        """Raises `ChildDied`."""
        for name, process in self._running.items():
            if process.poll() is not None:
                raise ChildDied(f"{name} ended by itself with {process.returncode}; what it said stands above")

    def wait_for_pages(self, port: int, seconds: float = 60.0) -> None:
        """Until something answers at the port. Raises `ChildDied`, or ``TimeoutError``."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            self.check()
            try:
                with socket.create_connection(("127.0.0.1", port), 1):
                    return
            except OSError:
                time.sleep(LOOK_AGAIN)
        raise TimeoutError(f"no page at port {port} after {seconds:.0f} s")


def openfls(*words: str) -> list[str]:
    return [sys.executable, "-m", "openfls", *words]
