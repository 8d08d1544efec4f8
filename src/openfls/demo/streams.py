"""Independent streams of chance, one for each patient and purpose: a smaller region is a part of a larger one."""

from collections.abc import Mapping
from hashlib import blake2b
from random import Random
from typing import TypeVar

Choice = TypeVar("Choice")


def stream(*parts: object) -> Random:
    """The stream of this name: the same parts give the same chances, whatever else is drawn elsewhere."""
    return Random("/".join(map(str, parts)))


def luck(*parts: object) -> float:
    """One chance of this name from 0 up to 1: quicker than a stream where a single one is wanted."""
    digest = blake2b("/".join(map(str, parts)).encode(), digest_size=7).digest()
    return int.from_bytes(digest, "big") / 2**56


def weighted(chance: Random, weights: Mapping[Choice, float]) -> Choice:
    """One key, as likely as its weight says; the weights need not add up to one."""
    left = chance.random() * sum(weights.values())
    for choice, weight in weights.items():
        left -= weight
        if left < 0:
            return choice
    return choice
