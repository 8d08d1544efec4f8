"""The region: who is in it, that a seed settles every byte, that a smaller region is a part of a larger one."""

import json
from collections import Counter
from datetime import UTC, date, datetime
from hashlib import sha256
from itertools import pairwise
from zipfile import ZipFile

import pytest

from openfls.clinical.facts import Finder
from openfls.clinical.patients import checked_nhs_number
from openfls.demo.habits import Begins, Monitors
from openfls.demo.hospitals import HOSPITALS, TRUSTS
from openfls.demo.organisations import username
from openfls.demo.people import SLOTS, nhs_number
from openfls.demo.region import region
from openfls.feeds import doors

TODAY = date(2026, 11, 24)


def digest(of) -> str:
    whole = sha256()
    for message in of.messages():
        whole.update(repr((message.source, message.name, message.received)).encode() + message.content)
    return whole.hexdigest()


def test_eleven_hospitals_differ_as_in_the_founding_study():
    assert len(HOSPITALS) == 11
    assert Counter(h.begins for h in HOSPITALS) == {Begins.IN_HOSPITAL: 8, Begins.OUTPATIENTS: 2, Begins.GP: 1}
    assert Counter(h.monitors for h in HOSPITALS) == {Monitors.SECONDARY_CARE: 7, Monitors.GP: 4}
    assert {h.dxa_on_site for h in HOSPITALS} == {True, False}


def test_some_trusts_have_two_sites_and_every_site_lies_in_a_trust():
    sites = Counter(h.trust for h in HOSPITALS)
    assert sorted(sites.values()) == [1, 1, 1, 1, 1, 2, 2, 2]
    assert set(sites) == {trust.code for trust in TRUSTS}
    assert {trust.code for trust in TRUSTS if not trust.single_site} == {code for code, n in sites.items() if n == 2}


def test_no_organisation_code_looks_like_a_real_trust_or_practice(small):
    codes = [one["code"] for kind in ("trusts", "sites", "practices") for one in small.organisations[kind]]
    assert len(set(codes)) == len(codes)
    assert {code[0] for code in codes} == {"X"}  # trusts in England begin with R or T, practices never with X


def test_every_hospital_has_several_finders_and_each_finder_is_somewhere():
    assert all(len(h.lists) >= 4 for h in HOSPITALS)
    assert {habit.finder for h in HOSPITALS for habit in h.lists} == {
        Finder.TRAUMA_LIST, Finder.WARD_ROUND, Finder.THEATRE_LIST, Finder.EMERGENCY_DEPARTMENT,
        Finder.FRACTURE_CLINIC, Finder.CODED_DISCHARGE, Finder.NATIONAL_AUDIT,
    }  # fmt: skip


def test_each_role_has_an_account_and_another_trust_has_its_own_coordinator(small):
    roles = {role for user in small.users for _, role in user.roles}
    assert roles == {"coordinator", "nurse", "doctor", "manager", "general practice"}
    at_home = {user.username for user in small.users if ("X1A01", "coordinator") in user.roles}
    elsewhere = [
        user for user in small.users if any(site == "X1E01" and role == "coordinator" for site, role in user.roles)
    ]
    assert at_home == {"coordinator"}
    assert elsewhere[0].username not in at_home
    assert username("nurse", "X1A01") == "nurse"
    assert username("nurse", "X1H01") == "x1h01-nurse"


def test_every_nhs_number_is_valid_of_the_range_kept_for_tests_and_given_once():
    numbers = [nhs_number(slot) for slot in range(0, SLOTS, 7)]
    assert all(number.startswith("999") and checked_nhs_number(number) == number for number in numbers)
    assert len(set(numbers)) == len(numbers)


def test_no_two_people_share_an_nhs_number_or_a_hospital_number(small):
    people = [life.person for life in small.truth.lives]
    assert len({person.nhs_number for person in people}) == len(people)
    for trust in TRUSTS:
        assert len({person.number_at(trust) for person in people}) == len(people)


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(small):
    again = region(seed=1, scale=0.02, today=TODAY)
    other = region(seed=2, scale=0.02, today=TODAY)
    assert digest(again) == digest(small)
    assert digest(other) != digest(small)


def test_a_smaller_region_is_a_part_of_a_larger_one(small):
    smaller = region(seed=1, scale=0.01, today=TODAY)
    assert {f.number for f in smaller.truth.fractures} < {f.number for f in small.truth.fractures}
    large = {(m.message_id, m.received): m.content for m in small.messages() if m.source.endswith("/pas")}
    few = {(m.message_id, m.received): m.content for m in smaller.messages() if m.source.endswith("/pas")}
    assert few.items() <= large.items()


@pytest.mark.parametrize("scale", [0, -1, 8.5, float("nan")])
def test_a_scale_that_cannot_be_is_refused(scale):
    with pytest.raises(ValueError, match="scale"):
        region(scale=scale, today=TODAY)


def test_messages_come_in_the_order_of_their_receipt_and_none_from_the_future(small):
    received = [message.received for message in small.messages()]
    assert all(earlier <= later for earlier, later in pairwise(received))
    assert received[-1] <= datetime(2026, 11, 24, 7, 30, tzinfo=UTC)
    assert received[0] >= datetime(2025, 8, 25, tzinfo=UTC)


def test_a_message_id_comes_twice_only_with_the_same_bytes(small):
    seen: dict = {}
    for message in small.messages():
        key = message.source, message.message_id
        assert seen.setdefault(key, message.content) == message.content
    assert len(seen) < len(small.sendings)  # some are delivered twice


def test_written_files_are_the_messages_with_a_manifest_for_each_feed(small, tmp_path):
    written = small.write(tmp_path)
    files = [path for path in tmp_path.rglob("*") if path.is_file() and path.name != "feed.json"]
    assert len(files) == written == len(small.sendings)
    message = next(m for m in small.messages() if m.origin.encoding == "cp1252")
    path = tmp_path / message.source / message.name
    assert path.read_bytes() == message.content
    assert path.stat().st_mtime == message.received.timestamp()
    manifest = json.loads((path.parent / "feed.json").read_text())
    assert manifest == {
        "source": message.source, "site": "X1C01", "finder": message.origin.finder.value,
        "mapping": message.origin.mapping, "encoding": "cp1252",
    }  # fmt: skip


def test_written_files_are_declared_and_read_as_the_messages_are(tmp_path):
    tiny = region(seed=1, scale=0.003, today=TODAY)
    tiny.write(tmp_path)
    declared = {path.name: declaration for path, declaration in doors.files(tmp_path)}
    for message in tiny.messages():
        assert declared[message.name].origin(message.received) == message.origin
    known = datetime(2026, 11, 24, 12, tzinfo=UTC)
    refused = [path.name for path, reading in doors.readings([tmp_path], known) if reading.unreadable]
    assert sorted(refused) == sorted(sending.name for sending in tiny.planted)


def test_a_workbook_tells_nothing_of_when_it_was_made(small, tmp_path):
    message = next(m for m in small.messages() if m.name.endswith(".xlsx"))
    path = tmp_path / message.name
    path.write_bytes(message.content)
    with ZipFile(path) as book:
        assert {info.date_time[0] for info in book.infolist()} == {1980}
        assert b"created" not in book.read("docProps/core.xml")
