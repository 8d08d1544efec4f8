"""No text, however made, takes long, holds much, or raises; what is read of it lies inside it."""

import re
import re._constants as sre
import re._parser as sre_parser
import time
import tracemalloc
from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openfls.feeds import reports
from openfls.feeds.reports import LONGEST, read_text, reading
from openfls.feeds.reports.reading import MOST_MENTIONS

MEGABYTE = 1_000_000

PIECES = [
    "fracture ", "no fracture, ", "mother ", "mild ", "\n", "\n ", " ", "no ", "#", "loss of ", "a", "history:\n",
    "? ", "hip,", "XR ", "T12 ", "T1-", "T12,L1 and ", "possible ", "neck of the left ", "compression ", "wedge ",
    "height ", "clinical details: ", "?fracture\n", "request: ?\n", ".", "!", "(", "fracture?", "İ", "ß", "\x00",
    "fracture of the ", "addendum: no fracture. should read left\n", "1. ", "findings ", "no fracture other than ",
    "fracture\n\n", "- ", "superior and inferior ", "A b\n",
    "no evidence of a fracture of the left neck of femur or right distal radius ",
]  # fmt: skip


def patterns() -> dict[str, re.Pattern[str]]:
    modules = [import_module(f"{reports.__name__}.{module.name}") for module in iter_modules(reports.__path__)]
    return {
        f"{module.__name__.rpartition('.')[2]}.{name}": value
        for module in modules
        for name, value in vars(module).items()
        if isinstance(value, re.Pattern)
    }


def repeats(parsed: object, inside: int = 0) -> Iterator[int]:
    """How deep each unbounded repetition of a pattern stands inside others."""
    for operator, argument in parsed:  # type: ignore[attr-defined]
        if operator in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
            unbounded = argument[1] is sre.MAXREPEAT
            if unbounded:
                yield inside
            yield from repeats(argument[2], inside + unbounded)
        elif operator is sre.BRANCH:
            for branch in argument[1]:
                yield from repeats(branch, inside)
        elif operator is sre.SUBPATTERN:
            yield from repeats(argument[-1], inside)
        elif operator in (sre.ASSERT, sre.ASSERT_NOT):
            yield from repeats(argument[1], inside)


@pytest.mark.parametrize("name", patterns())
def test_no_pattern_repeats_what_repeats(name):
    """Such a pattern (``(a+)+``) can take for ever; one that only repeats letters can't."""
    assert set(repeats(sre_parser.parse(patterns()[name].pattern))) <= {0}


def test_the_check_of_patterns_finds_one_that_can_take_for_ever():
    assert set(repeats(sre_parser.parse(r"(?:\w+\s?)+$"))) == {0, 1}


def read_for_long(piece: str, size: int) -> float:
    """The seconds that so many letters of a piece take."""
    text = (piece * (size // len(piece) + 1))[:size]
    start = time.perf_counter()
    assert len(read_text(text)) <= MOST_MENTIONS
    return time.perf_counter() - start


@pytest.mark.parametrize("piece", PIECES)
def test_a_megabyte_of_anything_is_read_soon(piece):
    assert read_for_long(piece, MEGABYTE) < 20  # a tenth of a second; a runaway takes hours


@pytest.mark.parametrize("piece", PIECES)
def test_it_would_be_read_soon_even_if_longer_texts_were_read(piece, monkeypatch):
    monkeypatch.setattr(reading, "LONGEST", MEGABYTE)
    assert read_for_long(piece, MEGABYTE // 4) < 20


@pytest.mark.parametrize("piece", ["fracture of the ", "no fracture, ", "\n", "a "])
def test_a_megabyte_takes_little_memory(piece, monkeypatch):
    monkeypatch.setattr(reading, "LONGEST", MEGABYTE)
    tracemalloc.start()
    try:
        read_for_long(piece, MEGABYTE)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 100 * MEGABYTE


def test_what_is_longer_than_any_report_is_not_read():
    assert read_text(" " * LONGEST + "fracture of the hip") == ()


LIKELY = st.lists(
    st.sampled_from(
        ["no ", "fracture ", "of ", "the ", "left ", "hip", ", ", ". ", "\n", "? ", "# ", "T12", "/", "-", "L1 ",
         "old ", "acute ", "without ", "loss of height ", "wedging ", "and ", "or ", "clinical details: ", "report: ",
         "addendum: ",         "should read ",
         "mother ", "possible ", "cannot be excluded ", "(", ")", "other than ", "if ", "5th ", "rib ",
         "FRACTURE ", "Schmorl's node ", "in 2014 ", ":", ";", "İ", "5", "th"]
    ),
    max_size=40,
).map("".join)  # fmt: skip


@given(st.one_of(st.text(max_size=300), LIKELY), st.one_of(st.just(""), LIKELY))
def test_any_text_gives_mentions_inside_it_in_its_own_words(text, exam):
    for mention in read_text(text, exam):
        assert 0 <= mention.start < mention.end <= len(text)
        assert mention.words in text
        assert mention.words.strip() == mention.words
    assert read_text(text, exam) == read_text(text, exam)
