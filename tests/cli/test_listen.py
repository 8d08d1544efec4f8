"""``openfls listen`` and ``openfls send``: a hospital's messages, from the wire to the record."""

import json
import socket
from pathlib import Path

import pytest

from tests.faults.listeners import Listening, free_port, listening, openfls, settle
from tests.record import own_database

HOUSE = Path(__file__).parents[2]
SAMPLES = HOUSE / "src/openfls/feeds/hl7v2/samples"


@pytest.fixture(scope="module")
def env(tmp_path_factory):
    with own_database.environment(tmp_path_factory.mktemp("home")) as env:
        yield env


@pytest.fixture(scope="module")
def port(env) -> int:
    return settle(env)


def test_a_days_messages_from_the_wire_to_the_record(env, port, typed):
    samples = len(list(SAMPLES.glob("*.hl7")))
    with listening(env, port) as there:
        assert f"127.0.0.1:{port} X9A/pas for X9A01, plain" in there.said
        sent = json.loads(typed("send", SAMPLES, "--to", f"127.0.0.1:{port}", "--json"))
        assert (sent["sent"], sent["answers"], sent["faults"]) == (samples, {"AA": samples}, [])
        again = typed("send", SAMPLES, "--to", f"127.0.0.1:{port}", "--connections", 4)
        assert again == f"{samples} messages sent: {samples} AA\n"
        worked = openfls(env, "work", "--once")  # beside the listener
        assert there.stop() == 0
        assert there.last_words == f"{2 * samples} accepted\n"
    assert f"{samples} done" in worked
    openfls(env, "verify")


def test_what_cannot_be_read_is_told_to_the_sender_and_waits_for_a_person(env, port, tmp_path, typed):
    (tmp_path / "odd.hl7").write_bytes(b"PID|1||nobody\r")
    with listening(env, port):
        told = typed("send", tmp_path, "--to", f"127.0.0.1:{port}", ends=1)
    assert "1 messages sent: 1 AE" in told
    assert "odd.hl7" in told
    assert "does not begin with MSH" in told
    assert "1 quarantined" in openfls(env, "work", "--once")


def test_it_starts_again_where_it_was_killed(env, port, typed):
    there = Listening(env, port)
    there.kill()
    with listening(env, port) as again:
        assert "1 AA" in typed("send", SAMPLES / "oru-r01-dxa.hl7", "--to", f"127.0.0.1:{port}")
        assert again.stop() == 0


@pytest.mark.skipif("config.getoption('postgres')", reason="PostgreSQL takes many listeners, at other ports")
def test_a_second_listener_of_a_home_is_refused(env, port):
    with listening(env, port):
        assert "another listener is running on this home: stop it first" in openfls(env, "listen", ends=2)


def test_a_port_that_is_taken_is_refused(env, port):
    with socket.create_server(("127.0.0.1", port)):
        assert "a port can't be opened" in openfls(env, "listen", ends=2)


def test_checking_tells_what_would_be_opened_and_opens_nothing(env, port):
    with socket.create_server(("127.0.0.1", port)):
        assert f"127.0.0.1:{port} X9A/pas for X9A01, plain" in openfls(env, "listen", "--check")


def test_checking_tells_every_slip_on_a_line_of_its_own(env, tmp_path):
    file = tmp_path / "mine.json"
    file.write_text('{"listeners": [{"port": 0, "source": "X9A/pas"}, {"port": 2575, "source": "Y9Y/pas"}]}')
    told = openfls(env, "listen", "--check", "--listeners", file, ends=2)
    assert "mine.json, listener 1: its port should be a number" in told
    assert "\n  mine.json, listener 2: no site answers for it" in told


def test_sending_to_nobody_says_so(tmp_path, typed):
    told = typed("send", SAMPLES, "--to", f"127.0.0.1:{free_port()}", "--attempts", 1, ends=2)
    assert "nobody answers at 127.0.0.1" in told
    assert "write it as HOST:PORT" in typed("send", SAMPLES, "--to", "2575", ends=2)
    assert "Give a file or a folder" in typed("send", tmp_path / "none", "--to", "localhost:1", ends=2)
    assert "there are no messages" in typed("send", tmp_path, "--to", "localhost:1", ends=2)
