"""The documents hold together: links resolve, numbers are unique, words are those of the glossary."""

import ast
import re
from pathlib import Path

import pytest

from docs.generating import commands

HOUSE = Path(__file__).parents[2]
DOCUMENTS = sorted([*HOUSE.glob("*.md"), *(HOUSE / "docs").rglob("*.md"), *(HOUSE / "src/openfls/feeds").rglob("*.md")])
INDEX = HOUSE / "docs/index.md"
DECISIONS = sorted((HOUSE / "docs/decisions").glob("*.md"))
PAGES = HOUSE / "src/openfls/pages"

# Words that the glossary rules out and that nobody could use in another sense.
RULED_OUT = (
    "safety net", "DEXA", "bone scan", "sentinel fracture", "insufficiency fracture", "assignee", "reassign", "to-do",
    "ticket", "tenant", "payload", "dead letter", "error queue", "master patient", "potential duplicate",
    "case ascertainment", "auto-completed", "re-fracture",
)  # fmt: skip

PRIVATE = {
    "a path of somebody's machine": r"(?<![\w.:/])/(?:work|root|home|tmp|Users)/",
    "a package registry": r"pypi\.org|pythonhosted|npmjs|registry\.|artifactory",
    "who or what wrote it": r"\b(?:Claude|ChatGPT|GPT-?\d|Copilot|LLM|language model|AI assistant|subagent)\b",
}


def named(path: Path) -> str:
    return str(path.relative_to(HOUSE))


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def without_code(text: str) -> str:
    return re.sub(r"```.*?```|`[^`\n]*`", "", text, flags=re.DOTALL)


def anchors(path: Path) -> set[str]:
    """The headings of a document as a link names them."""
    headings = re.findall(r"^#+ (.+)$", text_of(path), re.MULTILINE)
    plain = [re.sub(r"[^\w\- ]", "", heading.strip().lower()) for heading in headings]
    return {heading.replace(" ", "-") for heading in plain}


@pytest.mark.parametrize("path", DOCUMENTS, ids=named)
def test_every_link_of_a_document_leads_somewhere(path):
    broken = []
    for target in re.findall(r"\]\(([^)\s]+)\)", without_code(text_of(path))):
        if re.match(r"[a-z]+:", target):
            continue
        file, _, anchor = target.partition("#")
        there = (path.parent / file).resolve() if file else path
        if not there.exists() or (anchor and anchor not in anchors(there)):
            broken.append(target)
    assert broken == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=named)
def test_every_path_of_the_project_that_a_document_names_exists(path):
    named_paths = re.findall(r"`((?:src|tests|docs|benchmarks)/[\w./-]+)`", text_of(path))
    made_by_examples = {"src/openfls/feeds/exercise/__init__.py", "tests/feeds/test_exercise.py"}
    assert [p for p in named_paths if p not in made_by_examples and not (HOUSE / p).exists()] == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=named)
def test_a_document_names_nothing_private(path):
    found = {what: re.findall(pattern, text_of(path)) for what, pattern in PRIVATE.items()}
    assert {what: words for what, words in found.items() if words} == {}


def test_the_index_leads_to_every_document():
    linked = {(INDEX.parent / target).resolve() for target in re.findall(r"\]\(([^)#\s]+)\)", text_of(INDEX))}
    assert [named(path) for path in (HOUSE / "docs").rglob("*.md") if path not in linked | {INDEX}] == []


def test_decisions_are_numbered_once_each_without_a_gap_and_say_what_was_rejected():
    numbers = [path.name[:4] for path in DECISIONS]
    assert numbers == [f"{number:04}" for number in range(1, len(DECISIONS) + 1)]
    for path in DECISIONS:
        text = text_of(path)
        assert text.startswith(f"# {path.name[:4]} "), path.name
        for part in ("## The question", "## Decision", "## Rejected", "## What follows"):
            assert part in text, path.name
        assert len(text.splitlines()) <= 50, f"{path.name}: one page"


def test_every_decision_stands_in_the_index_under_its_title():
    index = text_of(INDEX)
    for path in DECISIONS:
        title = text_of(path).splitlines()[0].removeprefix("# ")
        assert f"- [{title}](decisions/{path.name})" in index


def test_the_words_ruled_out_are_those_of_the_glossary():
    rows = re.findall(r"^\| \*\*.+\*\* \|.*\| ([^|]*) \|$", text_of(HOUSE / "GLOSSARY.md"), re.MULTILINE)
    ruled_out = " ".join(rows).lower()
    assert [word for word in RULED_OUT if word.lower() not in ruled_out] == []


def test_pages_and_commands_use_the_words_of_the_glossary():
    shown = {named(path): re.sub(r"<[^>]+>", " ", text_of(path)) for path in PAGES.rglob("*.html")}
    shown |= {named(path): " ".join(strings(path)) for path in PAGES.rglob("*.py")}
    shown |= {f"openfls {name} --help": commands.help_of(name) for name in commands.commands()}
    found = [(where, word) for where, text in shown.items() for word in RULED_OUT if uses(text, word)]
    assert len(shown) > 20
    assert found == []


def strings(path: Path) -> list[str]:
    nodes = ast.walk(ast.parse(text_of(path)))
    return [node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)]


def uses(text: str, word: str) -> bool:
    return re.search(rf"\b{re.escape(word)}s?\b", text, re.IGNORECASE) is not None


def test_every_command_that_a_document_types_exists():
    known = set(commands.commands())
    typed = {
        (named(path), word)
        for path in DOCUMENTS
        for word in re.findall(r"(?:^|[`/])openfls ([a-z]+(?:-[a-z]+)*)\b", text_of(path), re.MULTILINE)
    }
    assert {(path, word) for path, word in typed if word not in known} == set()


def test_the_citation_names_the_version_and_licence_of_the_package():
    citation, package = text_of(HOUSE / "CITATION.cff"), text_of(HOUSE / "pyproject.toml")
    for name in ("version", "license"):
        [said] = re.findall(rf'^{name} = "([^"]+)"', package, re.MULTILINE)
        assert f"\n{name}: {said}\n" in citation


def test_the_first_screen_of_the_readme_says_what_it_is_and_how_to_run_it():
    first_screen = "\n".join(text_of(HOUSE / "README.md").splitlines()[:25])
    lacking = "sudo apt-get install make git python3-venv"
    for said in ("fracture liaison services", "docs/pictures/worklist.png", "make run", "make test", lacking):
        assert said in first_screen
    wanted_by_the_build = set(re.findall(r"apt-get install ([\w -]+)\"", text_of(HOUSE / "Makefile")))
    beyond_the_two_commands = {"python3", "chromium", "openjdk-17-jre-headless"}  # the last for Spark alone
    needed = {name for names in wanted_by_the_build for name in names.split()} - beyond_the_two_commands
    assert needed <= set(lacking.split())
