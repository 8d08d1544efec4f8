"""What an undone upload said counts as never stated, unless somebody has acted on it.

A retraction tells the service something: the sender takes a fracture back, and a person confirms closing. An upload
undone is a slip of our own: what it said should leave no trace in anybody's care. But a patient in whose care a person
has acted is never dropped in silence: then what was said counts as taken back, and somebody confirms closing.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from openfls.clinical.facts import Fact, Status, UploadUndone

READING = re.compile(r"reading (\d+), ")  # begins the place of a fact in a message that was declared anew

Said = tuple[str, str, str, int]  # about which record, by which feed, in which message, in which reading of it


def counting(facts: Iterable[Fact]) -> list[Fact]:
    """The facts of one person that count, in their order; give all of hers, for one may be an act on another."""
    everything = list(facts)
    words = _latest_words(everything)
    if words is None:
        return everything
    acted_on = {key for fact in everything if fact.by and not isinstance(fact, UploadUndone) for key in fact.about}
    counted = (_counted(fact, words, acted_on) for fact in everything if not isinstance(fact, UploadUndone))
    return [fact for fact in counted if fact is not None]


def reading_of(fact: Fact) -> int:
    """In which reading of its message the fact stands: the first, unless the message was declared anew."""
    told = READING.match(fact.source.position)
    return int(told[1]) if told else 1


def _latest_words(facts: Iterable[Fact]) -> dict[Said, UploadUndone] | None:
    """The latest word about each thing said; None where nobody ever undid anything."""
    words = [fact for fact in facts if isinstance(fact, UploadUndone)]
    if not words:
        return None
    in_order = sorted(words, key=lambda word: (word.said, word.id))
    return {(word.record.key, word.system, word.message, word.reading): word for word in in_order}


def _counted(fact: Fact, words: Mapping[Said, UploadUndone], acted_on: Collection[str]) -> Fact | None:
    word = words.get((fact.record.key, fact.source.system, fact.source.message, reading_of(fact)))
    if fact.by or word is None or word.retracted:
        return fact
    return _taken_back(fact, word) if fact.id in acted_on else None


def _taken_back(fact: Fact, word: UploadUndone) -> Fact:
    """As if its sender had taken it back then; below every other version, for what others say still stands."""
    return replace(fact, retracted=True, known=word.known, status=Status.PRELIMINARY, version=None)
