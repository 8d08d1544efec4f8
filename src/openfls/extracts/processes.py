"""Pieces in processes of this machine, as many as it has processors."""

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import islice
from multiprocessing import get_context

from openfls.extracts.pieces import Maker, Piece


def mapped(maker: Maker, pieces: Sequence[Piece]) -> Iterator[str]:
    """Each piece in a process; never more of them waiting than there are processors. A single one stays in this."""
    workers = min(os.cpu_count() or 1, len(pieces))
    if workers < 2:
        yield from map(maker, pieces)
        return
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        rest = iter(pieces)
        waiting = [pool.submit(maker, piece) for piece in islice(rest, workers + 1)]
        while waiting:
            yield waiting.pop(0).result()
            waiting += [pool.submit(maker, piece) for piece in islice(rest, 1)]
