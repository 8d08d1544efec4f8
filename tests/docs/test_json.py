"""The page on JSON names every key that the commands print, and no other."""

import json
import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from docs.generating import commands
from openfls.cli import main
from openfls.clinical.standards import Role
from openfls.feeds.doors import messages
from openfls.inbox.listener.store import Unstorable
from openfls.inbox.receive import Incoming, receive
from openfls.inbox.work import Worker
from openfls.record.deprivation import load_file
from openfls.record.organisations import load
from openfls.record.systems import add_system
from openfls.record.users import create_user
from tests.inbox.listening import adt, running

HOUSE = Path(__file__).parents[2]
LISTS = HOUSE / "docs/tutorials/files/lists"
PAGE = (HOUSE / "docs/reference/json.md").read_text(encoding="utf-8")
KEYS_THAT_VARY = (
    "answers", "do_not_count", "by_number_of_finders", "states", "[].roles", "weights", "columns", "not_compared",
)  # fmt: skip
pytestmark = pytest.mark.django_db(databases="__all__")


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
        if at in KEYS_THAT_VARY:
            return {at + "{}"}
        return set().union(*(paths(part, f"{at}.{key}" if at else key) for key, part in told.items()))
    if isinstance(told, list):
        inner = set().union(*(paths(part, at + "[]") for part in told)) if told else {at + "[]"}
        return inner
    return {at}


def printed(capsys, *words: str) -> object:
    main([*words, "--json"])
    return json.loads(capsys.readouterr().out)


def compare(command: str, told: object) -> None:
    """Every key printed is named; every key named is printed, unless nothing is where it would stand."""
    there, named = paths(told), documented(command)
    empty = {path for path in named if any(path.startswith((f"{one}.", f"{one}[]")) for one in there)}
    assert there - named - parents(named) == set()
    assert named - there - empty - {"episodes[]"} == set()


@pytest.mark.parametrize("command", ["find", "backstop", "measures", "grades", "standards", "verify", "mappings"])
def test_a_command_prints_the_keys_that_the_page_names(command, imported, capsys):
    compare(command, printed(capsys, command, *([str(LISTS), "--all"] if command == "find" else [])))


def test_reading_reports_prints_the_keys_that_the_page_names(tmp_path, capsys):
    (tmp_path / "report.txt").write_text("Pathological fracture of T12.")
    told = printed(capsys, "read-report", str(tmp_path / "report.txt"))
    (tmp_path / "lines.ndjson").write_text("{}\n")
    compare("read-report", told | printed(capsys, "read-report", str(tmp_path / "lines.ndjson")))


def test_linking_prints_the_keys_that_the_page_names(tmp_path, capsys):
    pytest.importorskip("splink", reason="the extra `linkage` is not installed")
    path = tmp_path / "list.csv"
    rows = ["Smith,Ann,1940-05-06,a", "Smith,Anne,1940-05-06,a", "Brown,Ruth,1952-02-30,b"]
    path.write_text("\n".join(["surname,forename,dob,who", *rows]))
    compare("link", printed(capsys, "link", str(path), "--truth", "who"))


def test_importing_organisations_and_users_print_the_keys_that_the_page_names(tmp_path, settings, capsys):
    settings.OPENFLS_HOME = tmp_path
    load({"trusts": [{"code": "X9A", "name": "T", "sites": [{"code": "X9A01", "name": "S"}]}]}, by="test")
    (tmp_path / "table.csv").write_text("Postcode,Decile\nZZ1 1AA,1\n")
    load_file(tmp_path / "table.csv", "IMD 2019", by="test")
    compare("deprivation show", printed(capsys, "deprivation", "show"))
    create_user("carol", "bones that heal slowly", {"X9A01": [Role.COORDINATOR]}, by="test")
    compare("organisations list", printed(capsys, "organisations", "list"))
    compare("users list", printed(capsys, "users", "list"))
    add_system("epr", "X9A01", by="test", source="X9A/epr", may_read=True, ends_on=date(2027, 3, 31))
    compare("systems list", printed(capsys, "systems", "list"))
    compare("import", printed(capsys, "import", str(LISTS), "--leave"))


class NoRoom:
    """A store that has none."""

    def store(self, messages, *, at):
        raise Unstorable("there is no room on the disk")

    def tidy(self, *, idle):
        pass

    def close(self):
        pass


def test_sending_prints_the_keys_that_the_page_names(tmp_path, capsys):
    (tmp_path / "one.hl7").write_bytes(adt())
    with running(NoRoom()) as listener:
        compare("send", printed(capsys, "send", str(tmp_path), "--to", f"127.0.0.1:{listener.port}"))


def test_every_command_that_prints_json_stands_on_the_page():
    named = set(re.findall(r"^## openfls (.+)$", PAGE, re.MULTILINE))
    asked = [(name, *act) for name in commands.commands() for act in [(), *((a,) for a in commands.acts(name))]]
    assert named == {" ".join(words) for words in asked if "--json" in commands.help_of(*words)}


def parents(named: set[str]) -> set[str]:
    """What may be null, or a list without elements, where the page names only what is inside."""
    return {path[:at] for path in named for at, letter in enumerate(path) if letter in ".["} | {
        path[: at + 2] for path in named for at, letter in enumerate(path) if letter == "["
    }
