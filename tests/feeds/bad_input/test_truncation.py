"""Files cut off anywhere: what is left is read or refused, never a crash, and never more than the whole file says."""

import gzip
from importlib.resources import files

import pytest

from openfls.feeds.doors import read
from openfls.feeds.reading import Reading
from tests.feeds.bad_input import hostile
from tests.feeds.bad_input.confined import ORIGIN
from tests.feeds.dicom_reports import sample, written

EVERY = 1024  # bytes; smaller files are cut at every 64th
SAMPLES = {
    f"{reader}/{file.name}": file.read_bytes()
    for reader in ("hl7v2", "csv", "fhir", "dicom")
    for file in (files(f"openfls.feeds.{reader}") / "samples").iterdir()
    if file.is_file()
}


def longer() -> dict[str, bytes]:
    """Files of some tens of kilobytes, so that cuts fall into every part of them."""
    row = hostile.CSV_ROW
    bundle = SAMPLES["fhir/uk-core.json"]
    values = b"".join(b"OBX|%d|NM|2160-0^Creatinine^LN||7%d|umol/L|||||F\r" % (n, n % 10) for n in range(800))
    rows = b"".join(
        b'<row r="%d"><c r="A%d" t="inlineStr"><is><t>12/03/2026</t></is></c></row>' % (n, n) for n in range(3, 900)
    )
    return {
        "results.hl7": hostile.hl7(b"ORU^R01", hostile.PID, b"OBR|1||L1|LAB\r", values),
        "messages.hl7": hostile.adt(b"DG1|1||S72.0^# NOF^I10\r") * 100,
        "trauma_meeting.csv": hostile.CSV_HEADERS + row * 600,
        "trauma_meeting.xlsx": hostile.in_the_sheet(rows),
        "bundle.json": bundle,
        "bundle.json.gz": gzip.compress(bundle, mtime=0),
        "report.dcm": written(sample()),
    }


def facts_of(content: bytes, name: str) -> int:
    found = read(content, name, ORIGIN)
    assert isinstance(found, Reading)
    assert all(problem.reason and problem.place and problem.mend for problem in found.unreadable)
    return len(found.facts)


@pytest.mark.parametrize("name", sorted(longer()))
def test_a_file_cut_at_every_kilobyte_is_read_as_far_as_it_goes_or_refused(name):
    whole = longer()[name]
    all_of_it = facts_of(whole, name)
    assert all_of_it
    counts = [facts_of(whole[:length], name) for length in range(0, len(whole), EVERY)]
    assert max(counts) <= all_of_it
    assert counts[0] == 0


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_a_sample_cut_at_every_64_bytes_is_read_as_far_as_it_goes_or_refused(name):
    whole = SAMPLES[name]
    all_of_it = facts_of(whole, name)
    assert all(facts_of(whole[:length], name) <= all_of_it for length in range(0, len(whole), 64))


@pytest.mark.parametrize("name", ["trauma_meeting.xlsx", "bundle.json", "bundle.json.gz", "report.dcm"])
def test_what_can_tell_that_it_is_cut_off_is_refused_wherever_it_is_cut(name):
    whole = longer()[name]
    for length in range(1, len(whole) - 2, 509):
        found = read(whole[:length], name, ORIGIN)
        assert (found.facts, bool(found.unreadable)) == ((), True)


def test_rows_before_the_cut_count_and_the_row_that_was_cut_says_so():
    whole = longer()["trauma_meeting.csv"]
    cut = whole[: len(hostile.CSV_HEADERS) + 10 * len(hostile.CSV_ROW) + 20]
    found = read(cut, "trauma_meeting.csv", ORIGIN)
    assert len(found.facts) == 10
    assert [problem.place for problem in found.unreadable] == ["row 12"]
    assert "cut off" in found.unreadable[0].mend
