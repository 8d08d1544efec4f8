"""HL7 documents (MDM): drafts and signed ones, edits, replacements, cancellations; text held, a PDF left closed."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openfls.clinical.facts import Answer, Document, Finder, FractureSighting, Service, Side, Status
from openfls.clinical.versions import current
from tests.feeds.hl7_messages import msh, obx, of, pid, pv1, reading, refused, txa

LEFT = "Displaced fracture of the left distal radius."
RIGHT = "Displaced fracture of the right distal radius."
PDF = obx("ED", ["", "AP", "PDF", "Base64", "JVBERi0="])


def mdm(trigger: str, sent: str, text: str = "", header=None):
    parts = [obx("TX", text)] if text else []
    return reading(msh(f"MDM^{trigger}", sent), pid(), pv1(f3=""), header or txa(), *parts)


def document(*args, **fields) -> Document:
    [found] = of(Document, mdm(*args, **fields))
    return found


def test_a_letter_tells_title_author_day_and_text():
    found = document("T02", "20250410113000", LEFT)
    assert (found.service, found.title, found.author) == (
        Service.FRACTURE_CLINIC, "Fracture clinic letter", "Kofi Adeyemi"
    )  # fmt: skip
    assert (found.form, found.text, found.status) == ("text", LEFT, Status.FINAL)
    assert found.key == "X9A/document/D1"


@pytest.mark.parametrize("status", ["DI", "DO", "IP", "IN", "PA"])
def test_a_draft_is_preliminary_even_of_a_correction(status):
    for trigger in ("T02", "T04", "T08"):
        assert document(trigger, "20250410113000", LEFT, header=txa(f17=status)).status is Status.PRELIMINARY


def test_the_text_of_a_fracture_clinics_letter_is_read_for_fractures():
    [found] = of(FractureSighting, mdm("T02", "20250410113000", LEFT))
    assert (found.finder, found.side, found.certain) == (Finder.FRACTURE_CLINIC, Side.LEFT, Answer.UNKNOWN)
    assert found.words == LEFT
    assert of(FractureSighting, mdm("T02", "20250410113000", "No fracture.")) == []


@pytest.mark.parametrize(
    ("title", "service", "finder"),
    [
        ("CT thorax report", Service.RADIOLOGY, Finder.RADIOLOGY_REPORT),
        ("Emergency department discharge letter", Service.EMERGENCY, Finder.EMERGENCY_DEPARTMENT),
        ("DXA report", Service.DXA, None),
        ("Falls clinic letter", Service.FALLS, None),
        ("Letter from general practice", Service.GENERAL_PRACTICE, None),
    ],
)
def test_only_where_fractures_are_diagnosed_is_the_text_read_for_them(title, service, finder):
    found = mdm("T02", "20250410113000", LEFT, header=txa(title))
    assert [fact.service for fact in of(Document, found)] == [service]
    assert [fact.finder for fact in of(FractureSighting, found)] == ([finder] if finder else [])


def test_a_document_of_another_service_is_not_kept():
    found = mdm("T02", "20250410113000", LEFT, header=txa("Psychiatry letter"))
    assert found.facts == ()
    assert "not kept" in found.notes[0]
    assert "Psych" not in found.notes[0]


STORY = [
    document("T02", "20250410113000", LEFT, header=txa(f17="DI")),
    document("T03", "20250411090000"),
    document("T07", "20250415100000", header=txa(f17="IP")),
    document("T08", "20250415101000", RIGHT),
]


@given(st.permutations(STORY))
def test_the_signed_correction_stands_whatever_came_first(arrived):
    [standing] = current(arrived)
    assert (standing.text, standing.status) == (RIGHT, Status.CORRECTED)


@given(st.permutations(STORY[:3]))
def test_a_notice_of_signing_without_text_keeps_the_text(arrived):
    [standing] = current(arrived)
    assert (standing.text, standing.form, standing.status) == (LEFT, "text", Status.FINAL)


@given(st.permutations([*STORY, document("T11", "20250417080000")]))
def test_a_cancelled_document_is_taken_back_and_says_what_it_was(arrived):
    [standing] = current(arrived)
    assert standing.retracted
    assert standing.text == RIGHT


@pytest.mark.parametrize("available", ["CA", "OB"])
def test_a_document_that_is_no_longer_available_is_taken_back(available):
    assert document("T03", "20250411090000", header=txa(f19=available)).retracted


def test_an_addendum_is_a_document_of_its_own_that_names_what_it_adds_to():
    found = document("T06", "20250414090000", "Addendum.", header=txa(number="D2", f13="D1"))
    assert (found.key, found.parent) == ("X9A/document/D2", "X9A/document/D1")


def test_a_replacement_takes_back_what_it_replaces():
    old = document("T02", "20250410113000", LEFT)
    found = of(Document, mdm("T10", "20250416100000", RIGHT, header=txa(number="D2", f13="D1")))
    assert [(f.key[-2:], f.retracted, f.text) for f in current([*found, old])] == [
        ("D1", True, LEFT), ("D2", False, RIGHT)
    ]  # fmt: skip


def test_a_replacement_under_the_same_number_is_a_correction():
    [found] = of(Document, mdm("T10", "20250416100000", RIGHT, header=txa(f13="D1")))
    assert (found.retracted, found.status) == (False, Status.CORRECTED)


def test_a_pdf_is_named_and_left_closed():
    found = reading(msh("MDM^T02"), pid(), pv1(), txa(), PDF)
    [letter] = of(Document, found)
    assert (letter.form, letter.text, found.unreadable) == ("PDF", "", ())


def test_a_radiology_report_that_comes_as_a_pdf_alone_waits_for_somebody():
    found = reading(msh("MDM^T02"), pid(), pv1(), txa("CT report"), PDF)
    assert [u.place for u in found.unreadable] == ["OBX[1]-5"]
    assert [letter.form for letter in of(Document, found)] == ["PDF"]


def test_embedded_plain_text_is_text():
    packed = obx("ED", ["", "TEXT", "", "Base64", base64.b64encode(LEFT.encode()).decode()])
    assert of(Document, reading(msh("MDM^T02"), pid(), pv1(), txa(), packed))[0].text == LEFT


def test_a_restricted_document_is_read_for_fractures_and_its_text_is_not_held():
    found = mdm("T02", "20250410113000", LEFT, header=txa(f18="R"))
    assert of(Document, found)[0].text == ""
    assert len(of(FractureSighting, found)) == 1


def test_a_long_document_is_held_as_far_as_its_bound_and_says_so():
    found = mdm("T02", "20250410113000", "word " * 5_000)
    assert len(of(Document, found)[0].text) == 20_000
    assert "20000 characters" in found.notes[0]


@pytest.mark.parametrize("missing", ["PID", "TXA"])
def test_without_a_patient_or_a_header_it_is_refused(missing):
    parts = [part for part in (pid(), txa(), obx("TX", LEFT)) if part[0] != missing]
    assert refused(msh("MDM^T02"), *parts).place == missing


def test_html_in_a_letter_stays_text():
    written = '<script>alert("x")</script> & <b>fracture</b> of the left wrist'
    assert document("T02", "20250410113000", written).text == written
