"""A small bad file for each thing that goes wrong in hospitals: what it gives, and what the reader says of it.

To add one: put the file into ``corpus/`` and what it should give into ``corpus/expected.json``.
"""

import json
from pathlib import Path

import pytest

from openfls.feeds.doors import read
from tests.feeds.bad_input.confined import ORIGIN

CORPUS = Path(__file__).parent / "corpus"
EXPECTED = json.loads((CORPUS / "expected.json").read_text(encoding="utf-8"))


def test_every_file_has_its_expectation_and_the_other_way_round():
    assert {file.name for file in CORPUS.iterdir()} - {"expected.json"} == set(EXPECTED)


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_a_bad_file_gives_what_can_be_read_and_says_what_cannot(name):
    expected = EXPECTED[name]
    found = read((CORPUS / name).read_bytes(), name, ORIGIN)
    says = str(found.unreadable[0]) if found.unreadable else ""
    assert expected["says"] in says, says
    assert bool(expected["says"]) == bool(says), says
    assert len(found.facts) == expected["facts"]
    assert expected.get("note", "") in " ".join(found.notes), found.notes
    assert all(problem.reason and problem.place and problem.mend for problem in found.unreadable)


def test_a_name_that_is_written_backwards_by_a_hidden_mark_is_read_as_its_letters():
    for name in ("bidi-name.hl7", "bidi-name.csv"):
        [record] = {fact.record for fact in read((CORPUS / name).read_bytes(), name, ORIGIN).facts}
        assert record.family_name == "HTIMS"


def test_a_formula_in_a_list_stays_the_text_that_it_is():
    [fact] = read((CORPUS / "formulas.csv").read_bytes(), "formulas.csv", ORIGIN).facts
    assert fact.record.family_name == "=cmd|' /C calc'!A0"
