"""The garbage collector rests while a batch is derived.

A batch makes millions of small objects, and none in cycles that would wait for the collector: looking through them
again and again took a third of the time. It looks between batches.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_resting() -> Iterator[None]:
    """No collection inside; where it rests already, whoever put it to rest wakes it."""
    was_awake = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_awake:
            gc.enable()
