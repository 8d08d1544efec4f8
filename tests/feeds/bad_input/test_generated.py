"""Damage that nobody thought of: every reader, given spliced, doubled and rewritten pieces of what it reads."""

import gzip
import io
import zipfile
from importlib.resources import files

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openfls.clinical.plain import from_plain, to_plain
from openfls.feeds.doors import read
from openfls.feeds.reading import Reading
from openfls.record.storable import check_plain
from tests.feeds.bad_input import hostile
from tests.feeds.bad_input.confined import ORIGIN
from tests.feeds.dicom_reports import sample, written

QUIET = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def samples(reader: str) -> list[bytes]:
    return [file.read_bytes() for file in (files(f"openfls.feeds.{reader}") / "samples").iterdir() if file.is_file()]


SEEDS: dict[str, tuple[str, list[bytes]]] = {
    "hl7v2": ("a.hl7", samples("hl7v2")),
    "csv": ("trauma_meeting.csv", [*samples("csv"), hostile.CSV_HEADERS + hostile.CSV_ROW]),
    "fhir": ("a.json", samples("fhir")),
    "gzip": ("a.json.gz", [gzip.compress(content, mtime=0) for content in samples("fhir")]),
    "xlsx": ("trauma_meeting.xlsx", [hostile.book()]),
    "dicom": ("a.dcm", [written(sample())]),
}
NASTY = st.sampled_from([
    b"", b"\0", b"\xff", b"\xff\xfe", b"|", b"^", b"~", b"\\", b"&", b"\r", b"\n", b"\r\n", b'"', b"''", b",", b"=1+1",
    b"\x0b", b"\x1c\r", b"MSH|^~\\&|", b"PID|1||", b"OBX|1|", b"{", b"[", b"}", b"null", b"1e999", b"NaN", b"-0",
    b"9" * 400, b"20999999", b"00000000", b"29990101", b"9999", b"<script>", b"<!DOCTYPE x>", b"]]>", b"../../x",
    "\u202e".encode(), "\u200b".encode(), "\ud7ff".encode(), "e\u0301".encode(), b"\xed\xa0\x80", b"' OR 1=1",
])  # fmt: skip


@st.composite
def damaged(draw: st.DrawFn, seeds: list[bytes]) -> bytes:
    """A sample with up to four pieces of it replaced, doubled, moved or left out."""
    content = draw(st.sampled_from(seeds))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(content)))
        end = draw(st.integers(start, min(len(content), start + 200)))
        piece = draw(st.one_of(NASTY, st.binary(max_size=12), st.just(content[start:end] * 2)))
        content = content[:start] + piece + content[end:]
    return content


def checked(content: bytes, name: str) -> Reading:
    """The reading, with all that must hold whatever the bytes are."""
    found = read(content, name, ORIGIN)
    assert read(content, name, ORIGIN) == found
    for fact in found.facts:
        plain = to_plain(fact)
        check_plain(plain, fact.kind)  # raises for what a database would refuse or lose
        assert from_plain(plain) == fact
        assert fact.source.position
    for problem in found.unreadable:
        assert problem.reason
        assert problem.place
        assert problem.mend
    return found


@pytest.mark.parametrize("reader", sorted(SEEDS))
@QUIET
@given(data=st.data())
def test_damaged_input_gives_a_reading_whose_facts_can_be_kept(reader, data):
    name, seeds = SEEDS[reader]
    checked(data.draw(damaged(seeds)), name)


@pytest.mark.parametrize("reader", sorted(SEEDS))
@QUIET
@given(content=st.binary(max_size=400))
def test_any_bytes_give_a_reading_with_a_reason(reader, content):
    checked(content, SEEDS[reader][0])


NAMES = st.sampled_from(["PID", "PV1", "OBR", "OBX", "SCH", "AIS", "ORC", "TXA", "DG1", "MRG", "EVN"])
KINDS = st.sampled_from(["ADT^A01", "ADT^A40", "ORU^R01", "SIU^S12", "SIU^S26", "ORM^O01", "MDM^T02", "MDM^T11"])


@QUIET
@given(st.lists(st.tuples(NAMES, st.lists(NASTY, max_size=20)), max_size=6), KINDS)
def test_segments_of_any_fields_in_any_order_give_a_reading(segments, kind):
    lines = [b"|".join([name.encode(), *fields]) for name, fields in segments]
    checked(b"\r".join([hostile.hl7(kind.encode()).rstrip(b"\r"), *lines]), "a.hl7")


@QUIET
@given(st.text(alphabet=st.characters(min_codepoint=33, max_codepoint=126), min_size=5, max_size=5))
def test_any_delimiters_are_used_or_refused(delimiters):
    content = (files("openfls.feeds.hl7v2") / "samples/adt-a08-update.hl7").read_bytes()
    checked(content.translate(bytes.maketrans(b"|^~\\&", delimiters.encode())), "a.hl7")


@QUIET
@given(st.text(max_size=30), st.text(max_size=30), st.sampled_from(["utf-8", "utf-16", "cp1252", "latin-1"]))
def test_names_of_any_letters_in_any_encoding_are_read_or_refused(family, diagnosis, encoding):
    row = f'2026-03-12,H1,,"{family}",1940-02-01,2026-03-11,"{diagnosis}"\n'
    checked((hostile.CSV_HEADERS.decode() + row).encode(encoding, "replace"), "trauma_meeting.csv")


@QUIET
@given(st.sampled_from(zipfile.ZipFile(io.BytesIO(hostile.book())).namelist()), st.data())
def test_a_workbook_with_any_part_damaged_gives_a_reading(part, data):
    def change(name: str, content: bytes) -> bytes:
        return data.draw(damaged([content])) if name == part else content

    checked(hostile.repacked(change), "trauma_meeting.xlsx")
