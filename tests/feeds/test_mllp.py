"""MLLP frames: the same however the stream is cut, from senders that keep to the book and from those that don't."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openfls.feeds.hl7v2.mllp import Frame, Frames, Kind, framed

ONE = b"MSH|^~\\&|PAS|X9A|||20260302||ADT^A01|M1|P|2.4\rPID|1\r"
TWO = ONE.replace(b"M1", b"M2")
LARGEST = 200


def frames(*pieces: bytes, largest: int = LARGEST) -> list[Frame]:
    found, stream = [], Frames(largest)
    for piece in pieces:
        stream.push(piece)
        while (frame := stream.pop()) and (not found or found[-1].kind is not Kind.NO_MLLP):
            found.append(frame)
    return found


def whole(*contents: bytes) -> list[Frame]:
    return [Frame(content) for content in contents]


@pytest.mark.parametrize(
    ("stream", "expected"),
    [
        (framed(ONE) + framed(TWO), whole(ONE, TWO)),
        (b"\x0b" + ONE + b"\x1c" + b"\x0b" + TWO + b"\x1c", whole(ONE, TWO)),
        (b"\x0b" + ONE + b"\x1c\n\r\n" + framed(TWO), whole(ONE, TWO)),
        (ONE + b"\x1c\r" + framed(TWO), whole(ONE, TWO)),
        (b"\x0b" + ONE + framed(TWO), whole(ONE, TWO)),
        (b"\x0b" + ONE[:-8] + framed(TWO), [Frame(b"", Kind.CUT), Frame(TWO)]),
        (b"\x0b\x0b" + ONE + b"\x1c\r", whole(ONE)),
        (framed(b"OBX|text with a \x0b vertical tab\r"), whole(b"OBX|text with a \x0b vertical tab\r")),
        (framed(ONE + TWO), whole(ONE + TWO)),
        (framed(b"\xef\xbb\xbf" + ONE.replace(b"\r", b"\n")), whole(b"\xef\xbb\xbf" + ONE.replace(b"\r", b"\n"))),
        (framed(b""), whole(b"")),
        (b"\x0b" + ONE, []),
        (framed(b"x" * LARGEST) + framed(ONE), whole(b"x" * LARGEST, ONE)),
        (framed(b"x" * (LARGEST + 1)) + framed(ONE), [Frame(b"x" * (LARGEST + 1), Kind.TOO_LARGE), Frame(ONE)]),
    ],
    ids=[
        "by the book",
        "without a carriage return after the end",
        "line ends between the frames",
        "without a start",
        "without an end",
        "broken off in the middle of a line",
        "two starts",
        "a vertical tab in a text",
        "two messages in a frame",
        "a byte order mark and line feeds",
        "nothing",
        "not ended yet",
        "as large as may be",
        "too large",
    ],
)
def test_what_senders_put_on_the_wire(stream, expected):
    assert frames(stream) == expected
    assert frames(*(stream[n : n + 1] for n in range(len(stream)))) == expected


def test_of_a_frame_that_is_too_large_only_the_beginning_is_kept():
    stream = Frames(largest=1000)
    stream.push(b"\x0b" + ONE)
    for _ in range(5_000):
        stream.push(b"y" * 1000)
        assert stream.pop() is None
        assert len(stream._buffer) <= 2000
    stream.push(b"\x1c\r")
    frame = stream.pop()
    assert frame.kind is Kind.TOO_LARGE
    assert frame.content.startswith(ONE)
    assert len(frame.content) <= 2000


@pytest.mark.parametrize("said", [b"GET / HTTP/1.1\r\n", b"\x16\x03\x01\x02\x00", b"hello", b"MSX|"])
def test_who_does_not_speak_mllp_is_known_by_the_first_bytes(said):
    stream = Frames()
    stream.push(said)
    assert stream.pop().kind is Kind.NO_MLLP


@pytest.mark.parametrize("said", [b"\x0b", b"\x0bGET", b"M", b"MSH", b"\xef", b"\xef\xbb\xbfMSH|", b"\r\n\x0bM"])
def test_who_may_still_speak_mllp_is_heard_out(said):
    stream = Frames()
    stream.push(said)
    assert stream.pop() is None


def test_what_stands_between_frames_later_is_a_frame_of_its_own():
    """So that a person sees it: it may be the rest of a text in which the end mark stood."""
    assert frames(framed(ONE), b"the rest of a text\r\x1c\r", framed(TWO)) == whole(ONE, b"the rest of a text\r", TWO)


pieces_of_wire = st.sampled_from(
    [b"\x0b", b"\x1c", b"\r", b"\n", b"MSH", b"\x0bMSH", b"|", b"x" * 60, ONE, framed(ONE), b"\xef\xbb\xbf", b"\0"]
)
streams = st.lists(pieces_of_wire | st.binary(max_size=8), max_size=20).map(b"".join)


@given(streams, st.lists(st.integers(1, 40), max_size=30))
def test_frames_are_the_same_however_the_stream_is_cut(stream, lengths):
    cuts = [0]
    for length in lengths:
        cuts.append(min(len(stream), cuts[-1] + length))
    cut = [stream[a:b] for a, b in zip(cuts, [*cuts[1:], len(stream)], strict=True)]
    assert frames(*cut) == frames(stream)


@given(streams)
def test_nothing_of_the_stream_is_in_two_frames_or_made_up(stream):
    at = 0
    for frame in frames(stream):
        if frame.kind is Kind.WHOLE:
            found = stream.find(frame.content, at)
            assert found >= at
            at = found + len(frame.content)


@given(st.lists(st.binary(max_size=80).filter(lambda b: b"\x1c" not in b and b"\x0b" not in b), max_size=8))
def test_whatever_was_framed_comes_out_again(contents):
    assert frames(b"".join(map(framed, contents))) == whole(*contents)
