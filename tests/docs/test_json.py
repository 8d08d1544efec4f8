"""The page on JSON names every key that the commands print, and no other."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from openfls.cli import main
from openfls.feeds.doors import messages
from openfls.inbox.receive import Incoming, receive
from openfls.inbox.work import Worker

HOUSE = Path(__file__).parents[2]
LISTS = HOUSE / "docs/tutorials/files/lists"
PAGE = (HOUSE / "docs/reference/json.md").read_text(encoding="utf-8")
KEYS_THAT_VARY = ("do_not_count", "by_number_of_finders")
pytestmark = pytest.mark.django_db(databases=["default", "inbox", "audit"])


@pytest.fixture
def imported():
    """The tutorial's lists on the record, as `openfls import` enters them."""
    sent = [
        Incoming(source=declared.source, content=content, site=declared.site, name=file.name,
                 origin={"mapping": declared.mapping, "site": declared.site})
        for file, content, declared in messages(LISTS)
    ]  # fmt: skip
    receive(sent, at=datetime.now(UTC))
    Worker().work_off()


def documented(command: str) -> set[str]:
    section = PAGE.split(f"\n## openfls {command}\n", 1)[1].split("\n## ", 1)[0]
    return set(re.findall(r"^\| `([^`]+)` \|", section, re.MULTILINE))


def paths(told: object, at: str = "") -> set[str]:
    """Where each value stands: ``episodes[].person.name``."""
    if isinstance(told, dict):
        if at.split(".")[-1] in KEYS_THAT_VARY:
            return {at + "{}"}
        return set().union(*(paths(part, f"{at}.{key}" if at else key) for key, part in told.items()))
    if isinstance(told, list):
        inner = set().union(*(paths(part, at + "[]") for part in told)) if told else {at + "[]"}
        return inner
    return {at}


def printed(capsys, *words: str) -> object:
    main([*words, "--json"])
    return json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("command", [("find", "LISTS", "--all"), ("backstop",), ("measures",), ("verify",)])
def test_a_command_prints_the_keys_that_the_page_names(command, imported, capsys):
    told = paths(printed(capsys, *(str(LISTS) if word == "LISTS" else word for word in command)))
    named = documented(command[0])
    within = {path for path in named if any(path.startswith((f"{null}.", f"{null}[]")) for null in told)}
    assert told - named - parents(named) == set()
    assert named - told - within - {"episodes[]", "doubts_of_identity[]"} == set()


def parents(named: set[str]) -> set[str]:
    """What may be null, or a list without elements, where the page names only what is inside."""
    return {path[:at] for path in named for at, letter in enumerate(path) if letter in ".["} | {
        path[: at + 2] for path in named for at, letter in enumerate(path) if letter == "["
    }
