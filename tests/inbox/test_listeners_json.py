"""``listeners.json``: every slip is told at once, with where it stands and how to mend it."""

import json
from pathlib import Path

import pytest
import trustme

from openfls.inbox.listener.arrivals import Feed
from openfls.inbox.listener.declared import Declared, Undeclared, declared_in
from openfls.inbox.listener.senders import Sender, Tls
from tests.inbox.listening import files_of

KNOWN = {"X9A01", "X9A"}
ONE = {"port": 2575, "source": "X9A/pas", "site": "X9A01"}
BEYOND = {**ONE, "address": "0.0.0.0"}


@pytest.fixture
def home(tmp_path) -> Path:
    authority = trustme.CA()
    files_of(tmp_path, authority.issue_cert("listener.example"), "ours")
    authority.cert_pem.write_to_path(str(tmp_path / "clients.pem"))
    return tmp_path


TLS = {"certificate": "ours.pem", "key": "ours.key", "clients": "clients.pem"}


def read(home: Path, *entries: object, **how: bool) -> list[Declared]:
    file = home / "listeners.json"
    file.write_text(json.dumps({"listeners": list(entries)}))
    return declared_in(file, KNOWN, **how)


def faults(home: Path, *entries: object, **how: bool) -> list[str]:
    with pytest.raises(Undeclared) as wrong:
        read(home, *entries, **how)
    return wrong.value.faults


def test_little_needs_to_be_said(home):
    origin = {"site": "X9A01", "encoding": "utf-8"}
    assert read(home, ONE) == [Declared(2575, Feed("X9A/pas", "X9A01", origin))]


def test_everything_may_be_said(home):
    sender = {"certificate": "pas.x9a.example", "application": "PAS", "facility": "X9A"}
    more = {"finder": "admission message", "encoding": "cp1252", "tls": TLS, "senders": [sender], "connections": 5}
    (declared,) = read(home, {**BEYOND, **more})
    assert declared == Declared(
        port=2575,
        feed=Feed("X9A/pas", "X9A01", {"site": "X9A01", "finder": "admission message", "encoding": "cp1252"}),
        address="0.0.0.0",
        tls=Tls(home / "ours.pem", home / "ours.key", home / "clients.pem"),
        senders=(Sender("pas.x9a.example", "PAS", "X9A"),),
        connections=5,
    )


def test_a_feed_of_a_whole_trust_needs_no_site(home):
    (declared,) = read(home, {"port": 2575, "source": "X9A/pas"})
    assert (declared.feed.site, declared.feed.origin) == ("X9A", {"encoding": "utf-8"})


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"source": None}, "no source: name the feed"),
        ({"source": 7}, "its source should be words in quotes"),
        ({"site": "X9B01"}, "there is no site 'X9B01': load it first"),
        ({"source": "X9B/pas", "site": None}, "no site answers for it"),
        ({"finder": "trauma"}, "no finder is called 'trauma'; there are trauma list"),
        ({"encoding": "utf-9"}, "no encoding is called 'utf-9': write utf-8"),
        ({"mapping": "trauma_meeting"}, "'trauma_meeting' is no code map of a laboratory"),
        ({"mapping": "nobodys"}, "no mapping is called 'nobodys'"),
        ({"mappings": "trauma_meeting"}, "nothing reads mappings: write port"),
        ({"port": 0}, "its port should be a number from 1 to 65535, not 0"),
        ({"port": "2575"}, "its port should be a number from 1 to 65535, not '2575'"),
        ({"port": True}, "its port should be a number"),
        ({"connections": 0}, "its connections should be a number from 1 to 10000"),
        ({"address": "pas.example"}, "its address should be one such as 127.0.0.1"),
        ({"address": "0.0.0.0"}, "open to the network and asks no sender for a certificate"),
        ({"address": "0.0.0.0", "tls": {**TLS, "clients": None}}, "names None as clients"),
        ({"address": "::", "tls": {"certificate": "ours.pem", "key": "ours.key"}}, "asks no sender for a certificate"),
        ({"tls": "yes"}, "its tls should name files"),
        ({"tls": {"certificate": "ours.pem"}}, "its tls should name files"),
        ({"tls": {**TLS, "key": "theirs.key"}}, "names 'theirs.key' as key, and there is no such file in"),
        ({"tls": {**TLS, "key": "clients.pem"}}, "its tls files can't be used"),
        ({"senders": "PAS"}, "its senders should be a list"),
        ({"senders": [{}]}, "each with at least one of these"),
        ({"senders": [{"name": "PAS"}]}, "its senders should be a list"),
        ({"senders": [{"application": ""}]}, "a sender's application should be words in quotes"),
        ({"senders": [{"certificate": "pas.example"}]}, "name clients in tls"),
    ],
)
def test_a_slip_is_told_with_its_place(home, change, said):
    entry = {name: value for name, value in {**ONE, **change}.items() if value is not None}
    (told,) = faults(home, {**ONE, "port": 2576, "source": "X9A/ris"}, entry)
    assert said in told
    assert "listener 2" in told or "port 2575" in told


def test_all_slips_are_told_at_once(home):
    assert len(faults(home, {**ONE, "port": 0}, {**ONE, "site": "X9B01"}, "nothing", BEYOND)) == 4


def test_one_port_stands_for_one_feed_and_one_feed_is_declared_alike(home):
    assert "port 2575 is declared twice" in faults(home, ONE, {**ONE, "source": "X9A/ris"})[0]
    assert "X9A/pas is declared at two ports" in faults(home, ONE, {**ONE, "port": 2576, "encoding": "cp1252"})[0]
    assert len(read(home, ONE, {**ONE, "port": 2576})) == 2


def test_plain_beyond_this_machine_must_be_allowed_by_name(home):
    assert len(read(home, BEYOND, allow_plain=True)) == 1
    assert len(read(home, {**BEYOND, "tls": TLS})) == 1


@pytest.mark.parametrize("text", ["", "[]", "{", '{"listeners": []}', '{"listeners": [1], "x": 1}', "[" * 100_000])
def test_a_file_that_declares_nothing_says_how_to_write_it(tmp_path, text):
    file = tmp_path / "listeners.json"
    file.write_text(text)
    with pytest.raises(Undeclared, match='Write it as {"listeners"'):
        declared_in(file, KNOWN)
    with pytest.raises(Undeclared, match="there is no .*/none.json"):
        declared_in(tmp_path / "none.json", KNOWN)
