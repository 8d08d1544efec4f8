"""The study map names only what there is: every path, page, command and test."""

import re
from pathlib import Path

import pytest
from django.urls import Resolver404, resolve

from docs.generating.commands import commands
from openfls.clinical.standards import Component

HOUSE = Path(__file__).parents[2]
MAP = (HOUSE / "docs/study-map.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| (\d+) \| (.+) \|$", MAP, re.MULTILINE)
QUOTED = sorted(set(re.findall(r"`([^`]+)`", MAP)))
TESTS = [quoted for quoted in QUOTED if quoted.startswith("tests/")]
ADDRESSES = [quoted for quoted in QUOTED if quoted.startswith("/")]
COMMANDS = [quoted for quoted in QUOTED if quoted.startswith("openfls ")]
A_KEY = "0" * 64


def test_every_sentence_is_numbered_and_says_how_it_stands():
    assert [int(number) for number, _ in ROWS] == list(range(1, 21))
    for number, row in ROWS:
        cells = [cell.strip() for cell in row.split("|")]
        assert len(cells) == 5, number
        assert "built" in cells[-1], number
        assert any(cells[1:4]) or cells[-1].startswith("not built"), number


def test_everything_in_code_marks_is_a_test_a_page_or_a_command():
    assert [quoted for quoted in QUOTED if quoted not in [*TESTS, *ADDRESSES, *COMMANDS]] == []


@pytest.mark.parametrize("named", TESTS)
def test_a_test_that_is_named_exists(named):
    path, _, function = named.partition("::")
    text = (HOUSE / path).read_text(encoding="utf-8")
    assert f"def {function}(" in text if function else "def test_" in text


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_page_that_is_named_exists(address):
    try:
        resolve(address.replace("PERSON", A_KEY))
    except Resolver404:
        pytest.fail(f"no page at {address}")


def test_every_command_that_is_named_exists():
    assert COMMANDS
    assert {named.removeprefix("openfls ") for named in COMMANDS} - set(commands()) == set()


def test_the_four_components_are_those_of_the_study():
    assert [component.value for component in Component] == [
        "case finding",
        "osteoporosis assessment",
        "treatment initiation",
        "monitoring and coordination",
    ]
