"""Radiology messages in the inbox, as a hospital sends them."""

from datetime import UTC, date, datetime

from openfls.feeds.hl7v2.build import message, segment
from openfls.inbox.models import Message, State
from openfls.inbox.receive import Incoming, receive
from openfls.record import organisations

SITE, OTHER = "X1A01", "X1E01"
OCTOBER = date(2026, 10, 1)
TRUSTS = {
    "trusts": [
        {"code": "X1A", "name": "Aldermere", "sites": [{"code": SITE, "name": "Aldermere Royal"}]},
        {"code": "X1E", "name": "Elverton", "sites": [{"code": OTHER, "name": "Elverton District"}]},
    ]
}
NEGATIVE, POSITIVE = "No fracture.", "Compression fracture of T12."


def hospitals() -> None:
    organisations.load(TRUSTS, by="a test")


def report(number: int, text: str, day: str = "20261010", exam: str = "XR Hip Left") -> bytes:
    """A report of a patient of its own."""
    lines = enumerate(text.split("\n"), start=1)
    sent = {3: "RIS", 4: "X1A", 7: f"{day}081500", 9: ["ORU", "R01"], 10: f"M{number}", 12: "2.4"}
    return message(
        [
            segment("MSH", sent),
            segment("PID", {3: [f"H{number}", "", "", "X1A", "MR"], 5: [f"Patient{number}", "Ann"], 7: "19400101"}),
            segment("OBR", {3: f"R{number}", 4: ["XR", exam], 7: f"{day}080000", 24: "RAD", 25: "F"}),
            *(segment("OBX", {1: str(n), 2: "TX", 3: "REP", 5: line, 11: "F"}) for n, line in lines),
        ]
    )


def send(
    *texts: str, first: int = 1, day: int = 10, month: int = 10, source: str = "X1A/ris", site: str = SITE
) -> None:  # fmt: skip
    """Each text a report received on that day, and read."""
    told = {"source": source, "site": site, "name": "report.hl7", "origin": {"site": site}}
    incoming = [
        Incoming(content=report(first + n, text, f"2026{month:02}{day:02}"), **told) for n, text in enumerate(texts)
    ]
    receive(incoming, at=datetime(2026, month, day, 12, tzinfo=UTC))
    Message.objects.filter(state=State.NEW).update(state=State.DONE)
