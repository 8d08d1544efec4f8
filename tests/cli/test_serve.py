"""``openfls serve`` and ``work``: one thing at a port, one worker at a file."""

import socket

import pytest

from openfls.inbox.leases import only_worker

pytestmark = pytest.mark.django_db(databases="__all__")


def test_serving_becomes_gunicorn_at_the_address_that_was_asked_for(typed, monkeypatch):
    became = []
    monkeypatch.setattr("os.execv", lambda program, words: became.extend(words) or exit(0))
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    assert typed("serve", "--port", port, "--processes", 3) == f"serving at http://127.0.0.1:{port}; Ctrl-C stops\n"
    assert became[1:4] == ["-m", "gunicorn", "openfls.wsgi"]
    assert became[became.index("--bind") + 1] == f"127.0.0.1:{port}"
    assert became[became.index("--workers") + 1] == "3"


def test_a_port_that_is_taken_is_refused(typed):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert typed("serve", "--port", port, ends=2).endswith("choose another with --port\n")


@pytest.mark.skipif("config.getoption('postgres')", reason="PostgreSQL takes many workers")
def test_a_second_worker_is_refused(typed):
    with only_worker():
        assert "another worker is at work here" in typed("work", ends=2)
