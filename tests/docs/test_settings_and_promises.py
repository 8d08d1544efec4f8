"""Settings and promises are documented as they stand in the code."""

import re
from pathlib import Path

HOUSE = Path(__file__).parents[2]
SOURCES = HOUSE / "src/openfls"


def read(path: str) -> str:
    return (HOUSE / path).read_text(encoding="utf-8")


def variables(text: str) -> set[str]:
    return set(re.findall(r"\bOPENFLS_[A-Z_]*[A-Z]\b", text))


def test_every_setting_from_the_environment_is_documented_and_no_other():
    code = "".join(path.read_text(encoding="utf-8") for path in SOURCES.rglob("*.py"))
    tests = read("tests/conftest.py") + read("Makefile")
    used = variables(code) | variables(tests)
    assert "OPENFLS_HOME" in used
    assert variables(read("docs/reference/settings.md")) == used


def test_every_variable_of_make_is_documented():
    known = set(re.findall(r"^([A-Z_]+) \?=", read("Makefile"), re.MULTILINE))
    page = read("docs/reference/settings.md")
    assert {"PORT", "PYTHON", "WORKERS"} <= known
    assert [name for name in known if f"`{name}`" not in page] == []


def test_every_promise_that_verify_checks_is_explained():
    sources = [path.read_text(encoding="utf-8") for path in (SOURCES / "inbox/verify").glob("*.py")]
    checked = re.findall(r'judged\("([^"]+)"', "".join(sources))
    page = read("docs/explanation/reliability.md")
    assert len(checked) > 8
    assert [words for words in checked if words not in page] == []
