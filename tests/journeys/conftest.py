"""Journeys: a real browser, a real server process, a record of its own. Skipped where no Chromium is found."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

HOUSE = Path(__file__).parents[2]
AXE = HOUSE / "tests/journeys/vendor/axe-core/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
QUIET = [
    "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


class Service:
    """A running service: ``url``, the patients in it by given name, and the folder in which it lives."""

    def __init__(self, url: str, known: dict[str, dict[str, str]], environment: dict[str, str]) -> None:
        self.url, self.known, self._environment = url, known, environment
        self.home = Path(environment["OPENFLS_HOME"])

    def work(self) -> None:
        """What waits for the worker is done."""
        command = [sys.executable, "-m", "openfls", "work", "--once"]
        subprocess.run(command, cwd=HOUSE, env=self._environment, check=True, capture_output=True)

    def address(self, name: str, rest: str = "") -> str:
        """Of the patient's page, or of a page of her fracture."""
        fracture = f"fractures/{self.known[name]['sighting']}/{rest}" if rest else ""
        return f"/patients/{self.known[name]['key']}/{fracture}"


@pytest.fixture(scope="session")
def service(chromium_path, tmp_path_factory) -> Iterator[Service]:
    home = tmp_path_factory.mktemp("journeys")
    environment = {**os.environ, "OPENFLS_HOME": str(home), "PYTHONPATH": str(HOUSE)}
    environment.pop("OPENFLS_DATABASE_URL", None)
    filled = subprocess.run(
        [sys.executable, "-m", "tests.journeys.home"], cwd=HOUSE, env=environment, check=True, stdout=subprocess.PIPE
    )
    port = _free_port()
    log = (home / "server.log").open("w")
    command = [sys.executable, "-m", "gunicorn", "openfls.wsgi", "--bind", f"127.0.0.1:{port}", "--threads", "4"]
    server = subprocess.Popen(command, cwd=HOUSE, env=environment, stdout=log, stderr=log)
    try:
        _wait_for(f"http://127.0.0.1:{port}/sign-in/", server)
        yield Service(f"http://127.0.0.1:{port}", json.loads(filled.stdout), environment)
    finally:
        server.terminate()
        server.wait(timeout=20)
        log.close()


def _free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


def _wait_for(url: str, server: "subprocess.Popen[bytes]", seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until and server.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=2)
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise RuntimeError("the service did not start: see server.log in the test's folder")


@pytest.fixture(scope="session")
def chromium(chromium_path) -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path, args=[*QUIET, *sandbox])
        yield browser
        browser.close()


class Visitor:
    """A person at a browser of her own."""

    def __init__(self, page: Any, service: Service) -> None:
        self.page, self.service = page, service
        self.broken: list[str] = []
        page.on("console", lambda message: self._heard(message.type, message.text))
        page.on("pageerror", lambda fault: self.broken.append(str(fault)))

    def _heard(self, kind: str, text: str) -> None:
        if kind == "error" and "404 (Not Found)" not in text:
            self.broken.append(text)

    def goes_to(self, address: str) -> int:
        """The status of the page."""
        reply = self.page.goto(self.service.url + address)
        return int(reply.status)

    def signs_in(self, name: str) -> "Visitor":
        from tests.pages.world import PASSWORD

        self.goes_to("/sign-in/")
        self.page.get_by_label("User name").fill(name)
        self.page.locator("#password").fill(PASSWORD)
        self.page.get_by_role("button", name="Sign in").click()
        self.page.wait_for_url(self.service.url + "/")
        return self

    def faults_of_access(self) -> list[str]:
        """What axe finds wrong with the page: rule and first element of each."""
        self.page.evaluate(AXE.read_text())
        found = self.page.evaluate("(rules) => axe.run({runOnly: rules})", RULES)
        return [f"{fault['id']}: {fault['nodes'][0]['html'][:200]}" for fault in found["violations"]]


@pytest.fixture
def visitor(chromium, service) -> Iterator[Any]:
    """``visitor("carys")`` opens a browser with Carys signed in; ``visitor()`` with nobody."""
    opened = []

    def visit(name: str = "", **options: Any) -> Visitor:
        context = chromium.new_context(viewport={"width": 1366, "height": 900}, **options)
        context.set_default_timeout(30_000)
        someone = Visitor(context.new_page(), service)
        opened.append((context, someone))
        return someone.signs_in(name) if name else someone

    yield visit
    broken = [fault for _, someone in opened for fault in someone.broken]
    for context, _ in opened:
        context.close()
    assert broken == [], "the browser complained"
