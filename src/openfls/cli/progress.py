"""How far long work has come, in one line of a terminal that is written over; silent where nobody looks."""

import sys
from time import monotonic
from types import TracebackType

EVERY = 0.1  # seconds between two drawings


class Progress:
    """A counter on standard error: ``with Progress("files read") as progress: progress.step()``."""

    def __init__(self, what: str, total: int | None = None) -> None:
        self._what, self._total = what, total
        self._done, self._drawn = 0, 0.0
        self._seen = sys.stderr.isatty()

    def __enter__(self) -> "Progress":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._seen and self._drawn:
            sys.stderr.write("\r\x1b[K")

    def step(self, by: int = 1) -> None:
        self.at(self._done + by)

    def at(self, done: int, total: int | None = None) -> None:
        self._done, self._total = done, total or self._total
        if self._seen and monotonic() - self._drawn > EVERY:
            self._drawn = monotonic()
            of = f" of {self._total}" if self._total else ""
            sys.stderr.write(f"\r\x1b[K{self._what}: {self._done}{of}")
            sys.stderr.flush()
