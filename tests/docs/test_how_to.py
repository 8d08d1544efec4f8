"""The examples of the how-to pages are right."""

import json
import os
import re
import sqlite3
import subprocess
import sys
from collections import Counter
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
import trustme

from openfls.clinical import own_standards, own_trees
from openfls.clinical.facts import BodySite, Finder, FractureSighting, Side
from openfls.clinical.laboratory import ANALYTES
from openfls.feeds import deprivation, laboratory
from openfls.feeds.csv import read as lists
from openfls.feeds.csv.mappings import packaged
from openfls.feeds.declaring import FOLDER_MANIFEST, Declaration, declaration_of, mappings_in
from openfls.feeds.reading import Origin
from openfls.feeds.units import Unmeasured, checked
from openfls.inbox.listener.declared import FEED_WORDS, OWN_WORDS, Declared, declared_in
from openfls.inbox.querying.declared import Query, query_in
from openfls.record.models import SharingAgreement
from openfls.record.organisations import load
from openfls.record.parameters import parameters_of_sites

HOW_TO = Path(__file__).parents[2] / "docs/how-to"
FILES = HOW_TO.parent / "tutorials/files"
OWN_LISTS = (HOW_TO / "load-your-own-lists.md").read_text(encoding="utf-8")


def blocks(page: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)


def test_the_own_standard_of_the_page_is_understood():
    [example] = blocks((HOW_TO / "add-a-standard.md").read_text(encoding="utf-8"), "json")
    found = own_standards.read(example, "example")
    assert isinstance(found, own_standards.OwnStandard), found
    assert found.standard.name == "dxa-within-6-weeks-of-request"
    assert found.holds_at("RX101")


def test_the_page_names_every_entry_that_an_own_standard_may_have():
    page = (HOW_TO / "add-a-standard.md").read_text(encoding="utf-8")
    assert [entry for entry in own_standards.ENTRIES if f"`{entry}`" not in page] == []
    assert [node for node in own_trees.NODES if f'{{"{node}":' not in page] == []


def test_the_declaration_of_the_page_is_understood(tmp_path):
    declared, _ = blocks(OWN_LISTS, "json")
    (tmp_path / FOLDER_MANIFEST).write_text(declared)
    told = declaration_of(tmp_path / "list.csv", tmp_path, packaged())
    assert told == Declaration("X9A/trauma", "X9A01", None, "cp1252", "trauma_meeting")


def test_the_mapping_of_the_page_reads_the_list_of_the_page(tmp_path):
    (tmp_path / "handover.json").write_text(blocks(OWN_LISTS, "json")[1])
    own = packaged().with_own(mappings_in(tmp_path))
    assert own.faults == {}
    origin = Origin("X9A/handover", datetime(2026, 3, 20, tzinfo=UTC), site="X9A01", mapping="handover")
    reading = lists(blocks(OWN_LISTS, "csv")[0].encode(), origin, own)
    [sighting] = [fact for fact in reading.facts if isinstance(fact, FractureSighting)]
    assert (sighting.finder, sighting.body_site, sighting.side) == (Finder.WARD_ROUND, BodySite.HIP, Side.LEFT)
    assert (sighting.record.nhs_number, str(sighting.occurred)) == ("9990000018", "11 Mar 2026")
    assert reading.unreadable == ()


def test_the_practice_list_of_the_page_tells_issues_and_where_nothing_was_found(tmp_path):
    page = (HOW_TO / "bring-medicines-in.md").read_text(encoding="utf-8")
    (tmp_path / FOLDER_MANIFEST).write_text(blocks(page, "json")[0])
    declared = declaration_of(tmp_path / "list.csv", tmp_path, packaged())
    reading = lists(blocks(page, "csv")[0].encode(), declared.origin(datetime(2026, 3, 20, tzinfo=UTC)))
    assert reading.unreadable == ()
    told = Counter(fact.kind for fact in reading.facts)
    assert told == {"prescription issued": 2, "medicines record checked": 1}


def test_the_code_map_of_the_page_is_read_and_may_be_declared(tmp_path, monkeypatch):
    page = (HOW_TO / "bring-laboratory-results-in.md").read_text(encoding="utf-8")
    code_map, declaration = blocks(page, "json")
    monkeypatch.setattr(laboratory, "_KNOWN", dict(laboratory._known()))
    (tmp_path / "laboratory-maps").mkdir()
    (tmp_path / "laboratory-maps/ours.json").write_text(code_map)
    laboratory.look_in(tmp_path / laboratory.FOLDER)
    (tmp_path / FOLDER_MANIFEST).write_text(declaration)
    assert declaration_of(tmp_path / "day.hl7", tmp_path, packaged()).mapping == "our_laboratory"
    for value, unit, name in (("98", "", "creatinine"), ("98", "mmol", "creatinine"), ("1.2", "umol/L", "creatinine"),
                              ("13.2", "g/L", "haemoglobin"), ("9999", "umol/L", "creatinine"),
                              ("2,31", "mmol/L", "calcium")):  # fmt: skip
        assert f"`{value}" in page
        with pytest.raises(Unmeasured):
            checked(value, unit, ANALYTES[name])


def test_the_query_of_the_page_is_understood(tmp_path):
    page = (HOW_TO / "query-a-hospitals-view.md").read_text(encoding="utf-8")
    (tmp_path / "trauma_view.json").write_text(blocks(page, "json")[0])
    query = query_in(tmp_path / "trauma_view.json")
    assert isinstance(query, Query), query
    assert (query.source, query.watermark, query.every_minutes) == ("X9A/trauma-view", "changed_at", 15)


@pytest.mark.parametrize("name", re.findall(r"^\| `(\w+)` \|", OWN_LISTS, re.MULTILINE))
def test_each_part_of_a_mapping_that_the_page_explains_is_in_its_example(name):
    assert name in json.loads(blocks(OWN_LISTS, "json")[1])


def test_the_backup_of_the_page_copies_what_a_running_service_has_just_written(tmp_path):
    home, names = tmp_path / "home", {}
    home.mkdir()
    exec(blocks((HOW_TO / "back-up.md").read_text(encoding="utf-8"), "python")[0], names)
    running = [sqlite3.connect(home / f"{name}.sqlite3") for name in ("record", "inbox", "audit")]
    for connection in running:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA wal_autocheckpoint=0")
        with connection:
            connection.execute("CREATE TABLE kept (words TEXT)")
            connection.execute("INSERT INTO kept VALUES ('just now')")
    (home / "mappings").mkdir()
    (home / "mappings/clinic.json").write_text("{}")
    names["back_up"](home, tmp_path / "copy")
    assert (tmp_path / "copy/mappings/clinic.json").exists()
    for name in ("record", "inbox", "audit"):
        with closing(sqlite3.connect(tmp_path / f"copy/{name}.sqlite3")) as copy:
            assert copy.execute("SELECT words FROM kept").fetchall() == [("just now",)]
    for connection in running:
        connection.close()


def test_the_listeners_of_the_page_can_be_opened(tmp_path):
    page = (HOW_TO / "connect-a-hospitals-feed.md").read_text(encoding="utf-8")
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "hospital-ca.pem"))
    ours = authority.issue_cert("listener.example")
    ours.cert_chain_pems[0].write_to_path(str(tmp_path / "listener.pem"))
    ours.private_key_pem.write_to_path(str(tmp_path / "listener.key"))
    plain, secured = [declared_on(tmp_path, block) for block in blocks(page, "json")]
    assert (plain.on_loopback, secured.on_loopback, secured.proves_senders) == (True, False, True)
    assert plain.feed.source == secured.feed.source == "X9A/pas"


def declared_on(folder: Path, block: str) -> Declared:
    (folder / "listeners.json").write_text(block)
    [declared] = declared_in(folder / "listeners.json", {"X9A01"})
    return declared


def test_every_word_of_listeners_json_is_explained_and_no_other():
    page = (HOW_TO.parent / "reference/listeners.md").read_text(encoding="utf-8")
    explained = re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE)
    assert sorted(explained) == sorted([*FEED_WORDS, *OWN_WORDS, "certificate", "application", "facility"])


def test_the_table_of_deprivation_of_the_page_is_taken():
    [rows] = blocks((HOW_TO / "load-a-table-of-deprivation.md").read_text(encoding="utf-8"), "csv")
    found = deprivation.read(rows.splitlines(keepends=True))
    assert (dict(found.of), found.without) == ({"ZZ11AA": 3, "ZZ11AB": 10}, 1)


def test_the_page_names_every_header_by_which_a_table_is_known():
    page = (HOW_TO / "load-a-table-of-deprivation.md").read_text(encoding="utf-8").casefold()
    assert [header for header in (*deprivation.POSTCODES, *deprivation.DECILES) if header.casefold() not in page] == []


@pytest.mark.django_db(databases=["default", "audit"])
def test_the_organisations_of_the_page_are_loaded():
    [organisations] = blocks((HOW_TO / "create-users-and-sites.md").read_text(encoding="utf-8"), "json")
    assert load(json.loads(organisations), by="test") == 2
    assert SharingAgreement.objects.get().receiver_id == "RX9"
    assert parameters_of_sites()["RX901"].triage_days == 5


@pytest.mark.postgres
def test_the_accounts_of_the_page_on_postgresql_are_enough(tmp_path):
    address = os.environ.get("OPENFLS_DATABASE_URL")
    if not address:
        pytest.skip("needs the embedded PostgreSQL: run with --postgres")
    import psycopg

    accounts, membership, _standby = blocks((HOW_TO / "run-on-postgresql.md").read_text(encoding="utf-8"), "sql")
    socket = address.partition("host=")[2]
    with psycopg.connect(address, autocommit=True) as administrator:
        for statement in accounts.split(";\n"):
            administrator.execute(statement)
        assert openfls(tmp_path, "openfls_owner", socket, "organisations", "list") == 0
        administrator.execute(membership)
        for words in (["organisations", "load", f"{FILES}/organisations.json"], ["import", f"{FILES}/lists/coding"]):
            assert openfls(tmp_path, "openfls_service", socket, *words) == 0
        assert openfls(tmp_path, "openfls_service", socket, "verify") == 0


def openfls(home: Path, account: str, socket: str, *words: str) -> int:
    """What a command ends with in this account's name."""
    address = f"postgresql://{account}@/openfls?host={socket}"
    told = {**os.environ, "OPENFLS_HOME": str(home), "OPENFLS_DATABASE_URL": address}
    return subprocess.run([sys.executable, "-m", "openfls", *words], env=told, capture_output=True).returncode
