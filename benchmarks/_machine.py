"""The machine that figures are reported with, and a stopwatch."""

import os
import platform
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import perf_counter


def machine() -> str:
    return f"{os.cpu_count()} cores, Python {platform.python_version()}, {platform.system()} {platform.machine()}"


@contextmanager
def stopwatch() -> Iterator[Callable[[], float]]:
    """Gives a function that tells the seconds inside the block."""
    start = perf_counter()
    end: list[float] = []
    yield lambda: (end[0] if end else perf_counter()) - start
    end.append(perf_counter())
