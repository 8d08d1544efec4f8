"""Reads free text sentence by sentence: each mention of a fracture with its bone, side, age, and how surely it is said.

What the requester asked (``Clinical details: ?fracture``) is no finding. A denial or a doubt reaches over its clause.
Nothing is enrolled on text alone: what `to_triage` gives is suspected, with the sentence as evidence.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

from openfls.clinical.facts import Answer, BodySite, Side
from openfls.feeds.reports import vocabulary as words

LONGEST = 100_000  # characters read of one report; a longer one is no report
MOST_MENTIONS = 200
REACH = 120  # characters between a denial and what it denies; about fifteen words, as NegEx has it
NEAR = 300  # characters round a mention in which its bone, side and age are looked for


class Acuity(StrEnum):
    NEW = "new"
    OLD = "old"
    KNOWN = "known before"
    NOT_SAID = "not said"


@dataclass(frozen=True, slots=True)
class Mention:
    """One mention of a fracture. ``start`` and ``end`` are its place in the text; ``words`` is its sentence.

    ``certainty``: yes as stated, no as denied, unknown as suspected.
    """

    start: int
    end: int
    words: str
    body_site: BodySite
    side: Side
    acuity: Acuity
    certainty: Answer


@dataclass(frozen=True, slots=True)
class _Sentence:
    start: int
    text: str


def read_text(text: str, exam: str = "") -> tuple[Mention, ...]:
    """The mentions in order, denied ones too. ``exam`` (``XR Hip Left``) gives bone and side where the text doesn't.

    Reads at most ``LONGEST`` characters and ``MOST_MENTIONS`` mentions, so that no text takes long.
    """
    text = text[:LONGEST]
    readable = words.NOT_A_FRACTURE.sub(_blank, _without_request(text))
    if not words.FRACTURE.search(readable):
        return ()
    return tuple(islice(_mentions(readable, text, exam), MOST_MENTIONS))


def _mentions(readable: str, text: str, exam: str) -> Iterator[Mention]:
    bone = _bone(exam, 0) or BodySite.UNSPECIFIED
    sides = {bone: side_in(exam)}
    for sentence in _sentences(readable):
        for found in words.FRACTURE.finditer(sentence.text):
            mention = _mention(found, sentence, text, bone, sides)
            yield mention
            bone = mention.body_site
            sides[bone] = mention.side
        bone = _bone(sentence.text, len(sentence.text)) or bone


def to_triage(mentions: Iterable[Mention]) -> tuple[Mention, ...]:
    """One mention for each bone that may be broken, for a person to look at: stated before suspected, then the first.

    Left out: what is denied, what was known before, and old fractures but those of the spine (an old vertebral
    fracture that nobody has acted on is what a fracture liaison service looks for).
    """
    chosen: dict[BodySite, Mention] = {}
    for mention in sorted(mentions, key=lambda m: (m.certainty is not Answer.YES, m.start)):
        old = mention.acuity is Acuity.OLD and mention.body_site is not BodySite.SPINE
        if mention.certainty is not Answer.NO and mention.acuity is not Acuity.KNOWN and not old:
            chosen.setdefault(mention.body_site, mention)
    if len(chosen) > 1:
        chosen.pop(BodySite.UNSPECIFIED, None)
    return tuple(sorted(chosen.values(), key=lambda m: m.start))


def side_in(text: str) -> Side:
    """The side that a short text names; both where it names both."""
    named = {side for side, pattern in words.SIDES if pattern.search(text)}
    if Side.BOTH in named or len(named) > 1:
        return Side.BOTH
    return named.pop() if named else Side.UNKNOWN


def _mention(
    found: re.Match[str], sentence: _Sentence, text: str, bone: BodySite, sides: dict[BodySite, Side]
) -> Mention:
    """``bone`` and ``sides`` are what was said before, for what this sentence leaves out."""
    low, high = max(0, found.start() - NEAR), found.end() + NEAR
    near, at = sentence.text[low:high], found.start() - low
    clause, within = _clause(near, at, at + len(found[0]))
    shape = bool(words.SHAPE.search(found[0]))
    bone = _bone(clause, within) or _bone(near, at) or (BodySite.SPINE if shape else bone)
    other_cause = shape and words.OTHER_CAUSE.search(clause)
    return Mention(
        start=sentence.start + found.start(),
        end=sentence.start + found.end(),
        words=text[sentence.start + low : sentence.start + min(high, len(sentence.text))].strip(),
        body_site=bone,
        side=_side(clause, within) or _first_known(side_in(near), sides.get(bone, Side.UNKNOWN)),
        acuity=_acuity(clause, within),
        certainty=Answer.NO if other_cause else _certainty(clause, within, within + len(found[0])),
    )


def _first_known(*sides: Side) -> Side:
    return next((side for side in sides if side is not Side.UNKNOWN), Side.UNKNOWN)


def _clause(sentence: str, start: int, end: int) -> tuple[str, int]:
    """From the last break before the mention to the first after it, and where the mention begins in that."""
    breaks = [(b.start(), b.end()) for b in words.BREAK.finditer(sentence)]
    begin = max((b for _, b in breaks if b <= start), default=0)
    return sentence[begin : min((a for a, _ in breaks if a >= end), default=len(sentence))], start - begin


def _certainty(clause: str, start: int, end: int) -> Answer:
    plain = words.NO_DENIAL.sub(_blank, clause)
    before, after = plain[max(0, start - REACH) : start], plain[end : end + REACH]
    if words.STILL_DOUBTED.search(before) or words.STILL_DOUBTED.search(after):
        return Answer.UNKNOWN
    if words.DENIED_BEFORE.search(before) or words.DENIED_AFTER.search(after):
        return Answer.NO
    if words.DOUBTED.search(before) or words.DOUBTED.search(after):
        return Answer.UNKNOWN
    return Answer.YES


def _acuity(clause: str, at: int) -> Acuity:
    """By the word nearest to the mention; new before old where a fracture is called both."""
    by_age = ((Acuity.NEW, words.NEW), (Acuity.KNOWN, words.KNOWN), (Acuity.OLD, words.OLD))
    found = [(abs(f.start() - at), age) for age, pattern in by_age for f in pattern.finditer(clause)]
    return min(found, key=lambda pair: pair[0], default=(0, Acuity.NOT_SAID))[1]


def _bone(text: str, at: int) -> BodySite | None:
    """The bone named nearest to ``at``."""
    found = [(_distance(f, at), site) for site, pattern in words.BONES for f in pattern.finditer(text)]
    return min(found, key=lambda pair: pair[0])[1] if found else None


def _side(clause: str, at: int) -> Side | None:
    if words.SIDES[0][1].search(clause):
        return Side.BOTH
    found = [(_distance(f, at), side) for side, pattern in words.SIDES for f in pattern.finditer(clause)]
    return min(found, key=lambda pair: pair[0])[1] if found else None


def _distance(found: re.Match[str], at: int) -> int:
    return found.start() - at if found.start() >= at else at - found.end()


def _without_request(text: str) -> str:
    """The text with the requester's words blanked out: from their heading to a heading of the report on the same line,
    else to the end of the sentence or line. A line that goes on in small letters or with ``?`` is still the request."""
    kept, done = [], 0
    reports = [found.start() for found in words.REPORT_HEADING.finditer(text)]
    lines = [found.start() for found in re.finditer(r"\n(?=\s{0,40}[A-Z\d]|[ \t]*\n|\Z)", text)]
    sentences = [found.end() for found in re.finditer(r"\.[ \t]+(?=[A-Z])", text)]
    for heading in words.CLINICAL_HEADING.finditer(text):
        line, report, sentence = (_after(heading.end(), ends, len(text)) for ends in (lines, reports, sentences))
        end = report if report <= line else min(line, sentence)
        if heading.start() >= done:
            kept += [text[done : heading.start()], re.sub(r"[^\n]", " ", text[heading.start() : end])]
            done = end
    return "".join([*kept, text[done:]])


def _after(place: int, ends: list[int], default: int) -> int:
    at = bisect_left(ends, place)
    return ends[at] if at < len(ends) else default


# A full stop before a space, an empty line, or a new line that begins with a capital, a sign or a bullet.
_END = re.compile(
    r"(?<=[a-z)\d%])[.!](?=\s|\Z)|(?<=[a-z)])\?(?=\s+[A-Z]|\s{0,40}\Z)|\n\s*\n|\n(?=\s{0,40}(?:[A-Z#?*•\-]|\d+[.)]))"
)


def _sentences(text: str) -> Iterator[_Sentence]:
    start = 0
    for end in [*(found.end() for found in _END.finditer(text)), len(text)]:
        if text[start:end].strip():
            yield _Sentence(start, text[start:end])
        start = end


def _blank(found: re.Match[str]) -> str:
    return " " * len(found[0])
