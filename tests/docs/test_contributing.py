"""The worked examples of the contributor guide work when they are followed to the letter."""

import re
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openfls.feeds.reading import Origin, Reading, Unreadable

HOUSE = Path(__file__).parents[2]
GUIDE = (HOUSE / "CONTRIBUTING.md").read_text(encoding="utf-8")
BLOCKS = dict(re.findall(r"^In `([^`]+)`:\n\n```python\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL))

ASSESSMENT, SPEC = "src/openfls/clinical/assessment.py", "tests/clinical/spec/assessment.py"
FEED, FEED_TEST = "src/openfls/feeds/exercise/__init__.py", "tests/feeds/test_exercise.py"
ORIGIN = Origin("X9A/exercise", datetime(2026, 4, 1, tzinfo=UTC), site="X9A01")


def test_the_guide_has_both_examples():
    assert set(BLOCKS) == {ASSESSMENT, SPEC, FEED, FEED_TEST}


def add(path: Path, block: str, before: str) -> None:
    """Put a block before the line that begins with ``before``."""
    text = path.read_text(encoding="utf-8")
    assert text.count(f"\n{before}") == 1
    path.write_text(text.replace(f"\n{before}", f"\n{block}\n{before}"), encoding="utf-8")


def name_first(path: Path, named: str, among: str) -> None:
    """Put a name first among those that a list or an import begins with."""
    text = path.read_text(encoding="utf-8")
    assert text.count(f"\n{among}(") == 1
    path.write_text(text.replace(f"\n{among}(", f"\n{among}({named}, "), encoding="utf-8")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The clinical rules and their spec alone, where an example may change them."""
    for part in ("src/openfls/clinical", "tests/clinical"):
        shutil.copytree(HOUSE / part, tmp_path / part, ignore=shutil.ignore_patterns("__pycache__"))
    for package in ("src/openfls", "tests"):
        (tmp_path / package / "__init__.py").touch()
    return tmp_path


def run(copy: Path, *module: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", *module],
        cwd=copy, env={"PYTHONPATH": f"{copy / 'src'}:{copy}"}, capture_output=True, text=True,
    )  # fmt: skip


def test_the_standard_of_the_guide_judges_histories_as_its_table_says(copy):
    add(copy / ASSESSMENT, BLOCKS[ASSESSMENT], before="STANDARDS = (")
    name_first(copy / ASSESSMENT, "DXA_WITHIN_6_WEEKS_OF_REQUEST", among="STANDARDS = ")
    name_first(copy / SPEC, "DXA_WITHIN_6_WEEKS_OF_REQUEST", among="from openfls.clinical.assessment import ")
    add(copy / SPEC, BLOCKS[SPEC], before="TABLES = (")
    name_first(copy / SPEC, "DXA_6_WEEKS", among='TABLES = ')
    written = run(copy, "tests.clinical.spec.rulebook")
    assert written.returncode == 0, written.stderr
    assert "(`dxa-within-6-weeks-of-request`)" in (copy / "docs/reference/rulebook.md").read_text(encoding="utf-8")
    held = run(copy, "pytest", "-q", "-c", "/dev/null", "--rootdir", ".", "tests/clinical/spec")
    assert held.returncode == 0, held.stdout


@pytest.fixture(scope="module")
def feed() -> dict:
    names: dict = {"__name__": "exercise"}
    exec(compile(BLOCKS[FEED], FEED, "exec"), names)
    return names


def test_the_feed_of_the_guide_passes_the_tests_of_the_guide(feed):
    names = {"read": feed["read"], "ORIGIN": ORIGIN}
    exec(compile(BLOCKS[FEED_TEST], FEED_TEST, "exec"), names)
    tests = [test for name, test in names.items() if name.startswith("test_")]
    assert len(tests) == 2
    for test in tests:
        test()


@given(st.one_of(st.binary(max_size=60), st.text("0189-\t\nXë", max_size=60).map(str.encode)))
def test_the_feed_of_the_guide_never_raises(content):
    names: dict = {"__name__": "exercise"}
    exec(compile(BLOCKS[FEED], FEED, "exec"), names)
    assert isinstance(names["read"](content, ORIGIN), Reading | Unreadable)
