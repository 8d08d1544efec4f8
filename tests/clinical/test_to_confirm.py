"""docs/safety/to-confirm.md lists everything that has no published source, and only what there is."""

import re
from dataclasses import fields
from importlib import import_module
from pathlib import Path

import pytest

import openfls
from openfls.clinical.parameters import DEFAULTS, Parameters
from openfls.clinical.rulebook import STANDARDS
from tests.clinical import to_confirm

TEXT = to_confirm.PAGE.read_text(encoding="utf-8")
ROWS = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in TEXT.splitlines() if line.startswith("| ")]
BY_HAND = [row for row in ROWS if len(row) == 4 and row[0] != "Value"]
SOURCE = Path(openfls.__file__).parent

SAYS_SO = re.compile(
    r"no published source|to be confirmed|not confirmed\.|general knowledge of|waits for an? \S+ check"
    r"|to-confirm\.md",
    re.IGNORECASE,
)


def modules_that_say_so() -> dict[str, Path]:
    pure = [path for room in ("clinical", "feeds", "measures") for path in sorted((SOURCE / room).rglob("*.py"))]
    named = {".".join(("openfls", *path.relative_to(SOURCE).with_suffix("").parts)): path for path in pure}
    return {name: path for name, path in named.items() if SAYS_SO.search(path.read_text(encoding="utf-8"))}


@pytest.mark.parametrize("row", BY_HAND, ids=[row[0] for row in BY_HAND])
def test_a_row_names_a_place_that_there_is_its_source_and_who_confirms(row: list[str]):
    value, where, source, confirm = row
    module, _, name = where.strip("`").rpartition(".")
    assert hasattr(import_module(module), name), where
    assert value
    assert source
    assert confirm


@pytest.mark.parametrize("name", [field.name for field in fields(Parameters)])
def test_every_site_parameter_is_listed_with_its_default(name: str):
    default = getattr(DEFAULTS, name)
    shown = {True: "yes", False: "no"}[default] if isinstance(default, bool) else str(default)
    assert [row[0] for row in BY_HAND if f"`{name}` =" in row[0]] == [f"`{name}` = {shown}"]


@pytest.mark.parametrize("name", [standard.name for standard in STANDARDS])
def test_every_standard_is_listed_with_what_its_source_leaves_open(name: str):
    assert [row[0] for row in BY_HAND].count(f"`{name}`") == 1


def test_the_page_says_how_many_standards_no_clinician_has_checked():
    unchecked = [standard for standard in STANDARDS if not standard.checked_by]
    assert unchecked == list(STANDARDS)
    assert f"All {len(STANDARDS)} are not clinically checked." in TEXT


def test_every_code_that_waits_for_a_check_is_listed():
    assert to_confirm.page() == TEXT, f"run: python -m {to_confirm.__name__}"
    listed = {code for row in ROWS if len(row) == 3 for code in row[0].split()}
    for groups in to_confirm.unconfirmed().values():
        for codes in groups.values():
            assert set(codes) <= listed


@pytest.mark.parametrize("module", sorted(modules_that_say_so()))
def test_a_module_that_says_that_something_is_not_confirmed_has_a_row(module: str):
    codes = {"openfls.clinical.fracture_code_lists", "openfls.clinical.bone_measurements"}
    assert module in codes or any(f"`{module}." in row[1] for row in BY_HAND)


def test_only_a_few_modules_say_so_and_they_are_found():
    assert {"openfls.clinical.episodes", "openfls.clinical.silence", "openfls.clinical.tasks"} <= set(
        modules_that_say_so()
    )
