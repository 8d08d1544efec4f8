"""Segments that all made-up HL7 senders share: MSH, EVN, PID, PD1, PV1, in each trust's version and delimiters."""

from collections.abc import Sequence
from datetime import datetime

from openfls.clinical.patients import Sex
from openfls.demo.habits import Hospital, Trust
from openfls.demo.identities import Written
from openfls.demo.people import Person
from openfls.demo.times import hl7
from openfls.demo.truth import Stay
from openfls.feeds.hl7v2.build import Field, message, repeated, segment

STANDARD_DELIMITERS = "|^~\\&"
Segments = list[Sequence[Field]]


def header(
    kind: str, trigger: str, trust: Trust, message_id: str, written_at: datetime, *, system: str = ""
) -> Segments:
    """MSH. ``system``: what sends it, else the patient administration or radiology system by the kind."""
    sender = system or ("PAS" if kind == "ADT" else "RIS")
    msh = segment(
        "MSH",
        {3: sender, 4: trust.code, 5: "OPENFLS", 7: hl7(written_at), 9: [kind, trigger],
         10: message_id, 11: "P", 12: trust.hl7_version, 18: "UNICODE UTF-8"},
    )  # fmt: skip
    return [msh]


def event(trigger: str, recorded: datetime, occurred: datetime) -> Sequence[Field]:
    return segment("EVN", {1: trigger, 2: hl7(recorded), 6: hl7(occurred)})


def patient(
    who: Written, person: Person, trust: Trust, *, died: str = "", number: str = ""
) -> Sequence[Field]:
    """PID. ``died``: the time of death as far as it is known. ``number`` stands for another hospital number than the
    person's own: a temporary one."""
    own = [number or who.hospital_number, "", "", trust.code, "MR"]
    numbers = repeated(own, [who.nhs_number, "", "", "NHS", "NH"]) if who.nhs_number else repeated(own)
    fields: dict[int, Field] = {
        1: "1",
        3: numbers,
        5: [who.family, who.given],
        7: f"{who.born:%Y%m%d}",
        8: "F" if who.sex is Sex.FEMALE else "M",
        11: [person.address[0], "", person.address[1], "", person.postcode],
        13: [person.phone],
        22: person.ethnic_category_at(trust).value,
    }
    if died:
        fields |= {29: died, 30: "Y"}
    return segment("PID", fields)


def practice(person: Person) -> Sequence[Field]:
    return segment("PD1", {3: ["Practice", "", person.practice]})


def visit(
    stay: Stay, *, hospital: Hospital | None = None, ward: str = "", before: Sequence[str] = (), emergency: bool = True,
    outcome: str = "", left: datetime | None = None,
) -> Sequence[Field]:  # fmt: skip
    """PV1 of an admission; ``before`` is the location that a transfer left."""
    at = hospital or stay.hospital
    return segment(
        "PV1",
        {1: "1", 2: "I", 3: [ward or stay.ward, "", "", at.code], 4: "E" if emergency else "C", 6: list(before),
         10: "110", 19: stay.visit, 36: outcome, 44: hl7(stay.since or stay.arrived), 45: hl7(left) if left else ""},
    )  # fmt: skip


def attendance(stay: Stay, arrived: datetime) -> Sequence[Field]:
    """PV1 of an emergency department attendance: a visit of its own."""
    return segment(
        "PV1", {1: "1", 2: "E", 3: ["ED", "", "", stay.hospital.code], 4: "E", 19: f"{stay.visit}E", 44: hl7(arrived)}
    )


def content(segments: Segments, trust: Trust) -> bytes:
    """The bytes in the sender's own delimiters."""
    written = message(segments)
    return written if trust.delimiters == STANDARD_DELIMITERS else _in_delimiters(written.decode(), trust.delimiters)


def _in_delimiters(written: str, own: str) -> bytes:
    """A message written with the usual delimiters in other ones; text that holds one of those is escaped.

    Raises ``ValueError`` for text that holds a usual delimiter: it stands escaped, and would have to be meant anew.
    """
    if written.count("\\") > 1:
        raise ValueError(f"text with one of {STANDARD_DELIMITERS} can't be sent with other delimiters")
    escape = own[3]
    table = {ord(usual): delimiter for usual, delimiter in zip(STANDARD_DELIMITERS, own, strict=True)}
    table |= {ord(delimiter): f"{escape}{name}{escape}" for delimiter, name in zip(own, "FSRET", strict=True)}
    return written.translate(table).encode()
