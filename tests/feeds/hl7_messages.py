"""Segments of made-up HL7 messages for the tests of readers, by their field numbers: ``sch(f25="Noshow")``."""

from collections.abc import Iterable
from datetime import UTC, datetime

from openfls.clinical.facts import Fact
from openfls.feeds import hl7v2
from openfls.feeds.hl7v2.build import Field, message, repeated, segment
from openfls.feeds.reading import Origin, Reading, Unreadable

KNOWN = datetime(2025, 6, 1, 12, tzinfo=UTC)
ORIGIN = Origin("X9A/pas", KNOWN, site="X9A01")
NUMBERS = repeated(["H1", "", "", "X9A", "MR"], ["9990000018", "", "", "NHS", "NH"])


def named(name: str, given: dict[int, Field], more: dict[str, Field]) -> list[Field]:
    return segment(name, given | {int(field[1:]): value for field, value in more.items()})


def msh(kind: str, at: str = "20250320091500", **more: Field) -> list[Field]:
    return named("MSH", {3: "PAS", 4: "X9A", 7: at, 9: kind.split("^"), 10: "M1", 11: "P", 12: "2.4"}, more)


def pid(**more: Field) -> list[Field]:
    return named("PID", {3: NUMBERS, 5: ["Smith", "Anne"], 7: "19420714", 8: "F"}, more)


def pv1(**more: Field) -> list[Field]:
    return named("PV1", {2: "O", 3: ["DXA1", "", "", "X9A01"]}, more)


def sch(start: str = "20250414103000", **more: Field) -> list[Field]:
    given: dict[int, Field] = {1: ["P1", "EPR"], 2: ["A1", "PAS"], 8: ["DXA", "DXA scan"], 11: ["", "", "", start]}
    return named("SCH", given | {25: "Booked"}, more)


def orc(control: str, **more: Field) -> list[Field]:
    return named("ORC", {1: control, 2: ["P55", "EPR"], 9: "20250318102500"}, more)


def obr(exam: Field = ("DXAHS", "DXA hip and spine"), **more: Field) -> list[Field]:
    return named("OBR", {1: "1", 2: ["P55", "EPR"], 4: exam}, more)


def txa(title: str = "Fracture clinic letter", number: str = "D1", **more: Field) -> list[Field]:
    given: dict[int, Field] = {1: "1", 2: ["LT", title], 4: "20250410110000", 9: ["G1", "Adeyemi", "Kofi"], 12: number}
    return named("TXA", given | {17: "LA"}, more)


def obx(kind: str = "TX", value: Field = "", **more: Field) -> list[Field]:
    return named("OBX", {1: "1", 2: kind, 3: ["DOC", "Letter"], 5: value}, more)


def reading(*segments: list[Field], origin: Origin = ORIGIN) -> Reading:
    found = hl7v2.read(message(segments), origin)
    assert isinstance(found, Reading), found
    return found


def refused(*segments: list[Field], origin: Origin = ORIGIN) -> Unreadable:
    found = hl7v2.read(message(segments), origin)
    assert isinstance(found, Unreadable), found
    assert found.reason
    assert found.mend
    return found


def of(kind: type[Fact], found: Reading | Iterable[Fact]) -> list:
    facts = found.facts if isinstance(found, Reading) else found
    return [fact for fact in facts if type(fact) is kind]
