"""Work grows no faster than what is sent: counted in calls, since a clock on a busy machine proves nothing."""

import gzip
import sys
from collections.abc import Callable

import pytest

from openfls.feeds.doors import read
from tests.feeds.bad_input import hostile
from tests.feeds.bad_input.confined import ORIGIN
from tests.feeds.dicom_reports import container, region, report, words, written

SLACK = 1.15  # beyond twice the calls for twice the input: caches fill, lists grow


def calls(content: bytes, name: str) -> int:
    """How many functions are called to read it, those of the interpreter and of libraries in C too."""
    counted = 0

    def count(frame: object, event: str, argument: object) -> None:
        nonlocal counted
        counted += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        read(content, name, ORIGIN)
    finally:
        sys.setprofile(None)
    return counted


def bundle(many: int) -> bytes:
    entry = b'{"resource":{"resourceType":"Condition","id":"%d","subject":{"reference":"Patient/p"},"onsetDateTime":' \
        b'"2026-03-11","code":{"coding":[{"system":"http://snomed.info/sct","code":"5913000"}]}}}'  # fmt: skip
    patient = b'{"resource":{"resourceType":"Patient","id":"p","birthDate":"1940-02-01","name":[{"family":"S"}]}}'
    entries = b",".join([patient, *(entry % n for n in range(many))])
    return b'{"resourceType":"Bundle","type":"collection","entry":[' + entries + b"]}"


GROWING: dict[str, tuple[str, Callable[[int], bytes]]] = {
    "repetitions of a text": ("a.hl7", lambda n: hostile.oru(b"fall~" * n)),
    "results": ("a.hl7", lambda n: hostile.hl7(b"ORU^R01", hostile.PID, b"OBR|1|||X\r",
                                               hostile.CREATININE * n)),
    "results that nobody mapped": ("a.hl7", lambda n: hostile.hl7(
        b"ORU^R01", hostile.PID, b"OBR|1|||X\r", *(b"OBX|1|NM|X%d||5|m||||F\r" % i for i in range(n)))),
    "medicines ordered": ("a.hl7", lambda n: hostile.hl7(b"RDE^O11", hostile.PID, hostile.TABLETS * n)),
    "doses": ("a.hl7", lambda n: hostile.hl7(b"RAS^O17", hostile.PID, b"ORC|NW|P1\r", hostile.INJECTION * n)),
    "densities": ("a.hl7", lambda n: hostile.hl7(b"ORU^R01", hostile.PID, hostile.REPORT % b"x",
                                                 b"OBX|1|NM|T^T-score L1-L4||-2.5||||||F\r" * n)),
    "orders": ("a.hl7", lambda n: hostile.hl7(b"ORM^O01", hostile.PID, b"ORC|NW|P1\rOBR|1|||DXA\r" * n)),
    "services of an appointment": ("a.hl7", lambda n: hostile.hl7(
        b"SIU^S12", b"SCH||A1|||||||||^^^20260401\r", hostile.PID, b"AIS|1||DXA\r" * n)),
    "observations of a letter": ("a.hl7", lambda n: hostile.hl7(
        b"MDM^T02", hostile.PID, hostile.LETTER, b"OBX|1|TX|L||fracture of the hip.\r" * n)),
    "messages of a file": ("a.hl7", lambda n: hostile.adt(b"DG1|1||S72.0^# NOF^I10\r") * n),
    "numbers of a person": ("a.hl7", lambda n: hostile.adt(
        pid=b"PID|1||" + b"~".join(b"H%d^^^X9A^MR" % i for i in range(n)) + b"\r")),
    "words of a report": ("a.hl7", lambda n: hostile.oru(b"No fracture of the left hip. Old rib fracture. " * n)),
    "entries of a bundle": ("a.json", bundle),
    "entries of a packed bundle": ("a.json.gz", lambda n: gzip.compress(bundle(n))),
    "lines of an export": ("a.ndjson", lambda n: b'{"resourceType":"Patient","id":"a"}\n' * n),
    "rows of a list": ("trauma_meeting.csv", lambda n: hostile.CSV_HEADERS + hostile.CSV_ROW * n),
    "broken rows of a list": ("trauma_meeting.csv", lambda n: hostile.CSV_HEADERS + b"x,\n" * n),
    "blank rows of a list": ("trauma_meeting.csv", lambda n: hostile.CSV_HEADERS + b"\n" * n),
    "rows of a workbook": ("trauma_meeting.xlsx", lambda n: hostile.in_the_sheet(
        b"".join(b'<row r="%d"><c r="B%d"><v>%d</v></c></row>' % (i, i, i) for i in range(3, n + 3)))),
    "texts of a workbook": ("trauma_meeting.xlsx", hostile.shared),
    "regions of a report": ("a.dcm", lambda n: written(report(container(
        "AP Spine", *[region("L1-L4") for _ in range(n)])))),
    "letters of a score": ("a.dcm", lambda n: written(report(container("AP Spine", container(
        "L1", words("BMD_TSCORE", "1" * 100 * n)))))),
}  # fmt: skip


@pytest.mark.parametrize("what", sorted(GROWING))
def test_twice_as_much_takes_at_most_twice_the_calls(what):
    name, make = GROWING[what]
    calls(make(100), name)  # what is worked out once: tables, patterns
    once, twice = calls(make(200), name), calls(make(400), name)
    assert twice <= 2 * SLACK * once


def test_the_count_would_notice_work_that_grows_with_the_square():
    def pairs(content: bytes) -> int:
        return sum(1 for one in content for other in content if abs(one) == abs(other))

    counted = []
    for many in (100, 200):
        seen = 0

        def count(frame: object, event: str, argument: object) -> None:
            nonlocal seen
            seen += event in ("call", "c_call")

        sys.setprofile(count)
        pairs(b"x" * many)
        sys.setprofile(None)
        counted.append(seen)
    assert counted[1] > 2 * SLACK * counted[0]
