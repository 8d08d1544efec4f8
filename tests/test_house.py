"""The house itself: what a newcomer types works, and what is committed agrees with itself."""

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[1]
VENDOR = HOUSE / "src/openfls/pages/static/openfls/vendor"


def declared() -> dict:
    return tomllib.loads((HOUSE / "pyproject.toml").read_text())


def locked() -> dict[str, dict]:
    packages = tomllib.loads((HOUSE / "uv.lock").read_text())["package"]
    return {package["name"]: package for package in packages}


def name_of(requirement: str) -> str:
    return re.match(r"[\w.-]+", requirement)[0].lower()


def test_bare_make_lists_every_target_that_has_a_line_of_help():
    listed = subprocess.run(["make"], cwd=HOUSE, capture_output=True, text=True, check=True).stdout
    targets = re.findall(r"^\.PHONY: (\S+)\n\1:.*##", (HOUSE / "Makefile").read_text(), re.MULTILINE)
    assert {"run", "fresh", "test", "check", "bench", "clean"} <= set(targets)
    assert [t for t in targets if f"make {t} " not in listed] == []


@pytest.mark.parametrize("target", ["run", "fresh"])
def test_make_passes_the_port_through(target):
    shown = subprocess.run(
        ["make", "-n", target, "PORT=8123"], cwd=HOUSE, capture_output=True, text=True, check=True
    ).stdout
    assert f"openfls run{' --fresh' * (target == 'fresh')} --port 8123" in shown


def test_continuous_integration_runs_what_a_developer_runs():
    script = HOUSE / ".ci/run"
    assert script.stat().st_mode & 0o111
    assert script.read_text().splitlines()[-1] == "make test"


def test_the_lock_holds_every_dependency_that_is_declared():
    project = declared()
    wanted = list(project["project"]["dependencies"])
    for extra in project["project"]["optional-dependencies"].values():
        wanted += extra
    for group in project["dependency-groups"].values():
        wanted += group
    assert {name_of(w) for w in wanted} - set(locked()) == set()


def test_the_lock_names_only_the_public_index():
    hosts = set(re.findall(r"\w+://([^/\"]+)", (HOUSE / "uv.lock").read_text()))
    assert hosts == {"pypi.org", "files.pythonhosted.org"}


def test_requirements_txt_pins_what_the_lock_pins():
    text = (HOUSE / "requirements.txt").read_text()
    pins = dict(re.findall(r"^([\w.-]+)(?:\[\w+\])?==([^\s;]+)", text, re.MULTILINE))
    packages = locked()
    assert {name_of(d) for d in declared()["project"]["dependencies"]} <= set(pins)
    assert {name: packages[name]["version"] for name in pins} == pins


def test_every_dependency_has_a_reason_beside_it():
    text = (HOUSE / "pyproject.toml").read_text()
    lines = re.findall(r'^  "[a-z][\w.\[\]-]*(?:[<>=~][^"]*)?",.*$', text.split("[tool.", 1)[0], re.MULTILINE)
    assert len(lines) > 20
    assert [line for line in lines if "# " not in line] == []


def test_imports_run_one_way():
    linted = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-logo"], cwd=HOUSE, capture_output=True, text=True
    )
    assert linted.returncode == 0, linted.stdout


def imported(source: Path) -> set[str]:
    """The absolute modules that a file imports, however deep inside it."""
    nodes = list(ast.walk(ast.parse(source.read_text())))
    plain = {alias.name for n in nodes if isinstance(n, ast.Import) for alias in n.names}
    return plain | {n.module for n in nodes if isinstance(n, ast.ImportFrom) and n.module and not n.level}


def test_the_clinical_rules_rest_on_the_standard_library_alone():
    sources = list((HOUSE / "src/openfls/clinical").rglob("*.py"))
    assert sources
    foreign = {
        f"{source.name}: {module}"
        for source in sources
        for module in imported(source)
        if module.split(".")[0] not in sys.stdlib_module_names and not module.startswith("openfls.clinical")
    }
    assert foreign == set()


def test_the_style_sheet_asks_no_other_host_and_finds_its_icons():
    sheets = list(VENDOR.rglob("*.css"))
    assert sheets
    for sheet in sheets:
        text = sheet.read_text()
        assert re.findall(r"https?://[\w./-]+", text) == []
        wanted = re.findall(r"url\(([\w./-]+)", text)
        assert wanted
        assert [w for w in wanted if not (sheet.parent / w).is_file()] == []
