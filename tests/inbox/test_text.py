"""Mending text in a form: what a person doesn't touch comes back as it was."""

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openfls.inbox.models import Message
from openfls.inbox.text import NotText, as_text, from_text


def message(content: bytes, encoding: str = ""):
    return Message(content=content, origin={"encoding": encoding} if encoding else {})


def through_a_form(held) -> bytes:
    """A browser sends every line end as CR LF."""
    return from_text(held, as_text(held).replace("\n", "\r\n"))


@given(
    st.lists(st.text(st.characters(codec="cp1252", exclude_characters="\r\n\x00")), min_size=1),
    st.sampled_from(["\n", "\r", "\r\n"]),
    st.sampled_from(["utf-8", "cp1252", "utf-16"]),
)
def test_text_comes_back_byte_for_byte_whatever_its_encoding_and_line_ends(lines, newline, encoding):
    content = newline.join(lines).encode(encoding)
    assert through_a_form(message(content, encoding)) == content


def test_a_person_may_try_another_encoding_and_the_feeds_own_is_written():
    held = message("Zoë\r\n".encode("cp1252"))
    with pytest.raises(NotText, match="not written in utf-8: try another"):
        as_text(held)
    assert from_text(held, as_text(held, "cp1252")) == "Zoë\r\n".encode()


@pytest.mark.parametrize("content", [gzip.compress(b"{}"), b"PK\x03\x04rest"], ids=["gzip", "a spreadsheet"])
def test_packed_bytes_are_no_text(content):
    with pytest.raises(NotText, match="mend the file with the program that made it"):
        as_text(message(content))


def test_a_character_that_the_feed_cannot_write_is_named():
    with pytest.raises(NotText, match="'Ł' can't be written in cp1252"):
        from_text(message(b"x", "cp1252"), "Łucja")
