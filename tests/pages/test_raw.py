"""Bytes in quarantine: what a browser sends back untouched is what came in, byte for byte."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from openfls.pages.quarantine.raw import NotText, mendable, mended, shown

ENCODINGS = st.sampled_from(["utf-8", "cp1252", "latin-1", "ascii"])


def by_browser(text: str) -> str:
    """A browser ends each line of a text box with CR LF."""
    return text.replace("\n", "\r\n")


@given(st.binary(max_size=200), ENCODINGS)
@example(b"MSH|^~\\&|A\rPID|1\r", "utf-8")
@example(b'a,b\r\n"two\nlines",\\x41\r\n', "utf-8")
@example(b"M\xfcller\n\\\n", "utf-8")
@example(b"\xff\xfe\x00", "utf-8")
def test_an_untouched_text_gives_the_same_bytes(content, encoding):
    assert mended(by_browser(shown(content, encoding)), encoding, content) == content
    assert mendable(content, encoding)


@given(st.binary(max_size=200), ENCODINGS)
def test_no_control_character_reaches_the_page(content, encoding):
    assert all(c in "\t\n" or (ord(c) >= 32 and ord(c) != 127) for c in shown(content, encoding))


def test_a_mended_line_keeps_the_line_ends_of_the_original():
    content = b"MSH|1\rPID|31/02/1939\r"
    text = by_browser(shown(content, "utf-8")).replace("31/02", "28/02")
    assert mended(text, "utf-8", content) == b"MSH|1\rPID|28/02/1939\r"


def test_utf_16_with_its_mark_comes_back_whole():
    content = "Größe\r\n1\r\n".encode("utf-16")
    assert mended(by_browser(shown(content, "utf-16")), "utf-16", content) == content


def test_what_the_encoding_cannot_write_is_refused_by_name():
    with pytest.raises(NotText, match="“ł” can't be written in cp1252"):
        mended("Szyma\u0144ski ł".replace("ń", "n"), "cp1252", b"")


@pytest.mark.parametrize(("content", "encoding"), [(b"x" * 200_001, "utf-8"), (b"x", "klingon")])
def test_what_would_not_come_back_whole_is_not_mended_here(content, encoding):
    assert not mendable(content, encoding)
