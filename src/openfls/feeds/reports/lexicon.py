"""The words of `vocabulary.json` as a lexicon: each phrase with what it means, found by its first word.

Kinds are flags of an integer, since one word may be several things: *wedge* is a shape, and may stand before
*fracture*.
"""

import json
import re
from collections.abc import Iterable, Iterator
from importlib.resources import files
from typing import Any, Final, NamedTuple

from openfls.clinical.facts import BodySite, Side

TABLE: Final[dict[str, Any]] = json.loads(
    (files("openfls.feeds.reports") / "vocabulary.json").read_text(encoding="utf-8")
)

(
    WORD, FRACTURE, SHAPE, LOST, MILD, CORTEX, INJURY, HARDWARE, SITE, LEVEL, SIDE, MARK, DENIAL, CANNOT, EXCLUDE, SEEN,
    DENIED_AFTER, DOUBT, ADVERB, DOUBT_AFTER, STATED, POINTS_AT, IF, EVIDENCE, EXCEPT, BREAK, RECOMMENDED, VERB, PREP,
    SMALL, PASSED, FRESH, NEW, OLD, KNOWN, AGELESS, AGE_NOUN, OTHER_CAUSE, FAMILY, DISC, NO_LEVEL, NOT_SPINAL, AND, OR,
    COMMA, STOP, QUESTION, NUMBER, OPEN, CLOSE, THE, PART, NEVER, NAMED, UNUNITED, LOCATING, NOT, EARLIER, PREDICATE,
    MISSED, DIFFICULT,
) = (1 << place for place in range(61))  # fmt: skip
AGE = NEW | OLD | KNOWN | AGELESS
TRIGGER = FRACTURE | SHAPE | CORTEX | INJURY | NAMED | UNUNITED
PLACE = SITE | LEVEL


class Meaning(NamedTuple):
    """What a phrase means. ``kinds`` are flags; the rest is filled where a kind has it. ``rank`` 2 is a bone, 1 only
    the region round a joint."""

    kinds: int
    site: BodySite | None = None
    rank: int = 0
    side: Side | None = None
    shape: str = ""
    levels: tuple[str, ...] = ()
    part: str = ""
    mark: str = ""


UNKNOWN: Final = Meaning(WORD)

LISTS: dict[str, int] = {
    "fractures": FRACTURE, "broke": FRACTURE, "ununited": UNUNITED, "lost": LOST, "mild": MILD,
    "broken_cortex": CORTEX,
    "bony_injury": INJURY, "no_bony_injury": INJURY | DENIAL, "not_a_fracture": NEVER | WORD,
    "hardware": HARDWARE | WORD,
    "denial": DENIAL, "cannot": CANNOT, "exclude": EXCLUDE, "seen": SEEN | VERB, "nots": NOT,
    "earlier": EARLIER, "may_be_missed": MISSED, "difficult": DIFFICULT, "denied_after": DENIED_AFTER,
    "doubt": DOUBT, "doubt_adverbs": DOUBT | ADVERB, "doubt_after": DOUBT_AFTER, "stated": STATED,
    "points_at": POINTS_AT,
    "hypothetical": IF, "evidence": EVIDENCE, "except": EXCEPT, "breaks": BREAK, "recommended": RECOMMENDED,
    "verbs": VERB, "locating": PREP | LOCATING, "other_prepositions": PREP, "small_words": SMALL,
    "passed": PASSED, "fresh": FRESH | PASSED, "new": NEW,
    "old": OLD, "known": KNOWN, "ageless": AGELESS, "age_nouns": AGE_NOUN, "other_causes": OTHER_CAUSE,
    "family": FAMILY, "disc_words": DISC, "no_level": NO_LEVEL, "not_spinal": NOT_SPINAL,
}  # fmt: skip
SIGNS: dict[str, int] = {
    ",": COMMA, ";": BREAK, ":": BREAK | STOP, "(": OPEN, ")": CLOSE, "[": OPEN, "]": CLOSE, "?": QUESTION | DOUBT,
    "&": AND, "+": AND, "/": OR, "and": AND, "as well as": AND, "plus": AND, "or": OR, "nor": OR, "and/or": OR,
    "the": THE | SMALL, "this": THE | SMALL, "these": THE | SMALL, "that": THE | SMALL,
}  # fmt: skip


class Node:
    """A place in the lexicon after some words: which words may follow, and what the words so far mean."""

    __slots__ = ("after", "means")

    def __init__(self) -> None:
        self.after: dict[str, Node] = {}
        self.means: Meaning | None = None


def words_of(phrase: str) -> list[str]:
    """The words as the reader cuts them."""
    return re.findall(r"[a-z]+(?:'[a-z]{1,2}(?![a-z]))?|\d+|[^\s\w]", phrase)


def _phrases() -> Iterator[tuple[str, Meaning]]:
    for name, kinds in LISTS.items():
        yield from ((phrase, Meaning(kinds | _predicate(phrase, kinds))) for phrase in TABLE[name])
    yield from ((sign, Meaning(kinds)) for sign, kinds in SIGNS.items())
    for shape, phrases in TABLE["shapes"].items():
        kinds = FRACTURE if shape == "fracture" else SHAPE
        yield from ((phrase, Meaning(kinds, site=BodySite.SPINE, shape=shape)) for phrase in phrases)
    yield from ((phrase, Meaning(SHAPE, shape="none")) for phrase in TABLE["grades_of_none"])
    for rank, group in ((2, "bones"), (1, "regions")):
        for site, phrases in TABLE[group].items():
            yield from ((phrase, _place(phrase, BodySite(site), rank)) for phrase in phrases)
    for site, phrases in TABLE["named_fractures"].items():
        yield from ((phrase, Meaning(NAMED, site=BodySite(site), rank=2)) for phrase in phrases)
    for side, phrases in TABLE["sides"].items():
        yield from ((phrase, Meaning(SIDE, side=Side(side))) for phrase in phrases)
    yield from ((phrase, Meaning(OTHER_CAUSE, mark="named")) for phrase in TABLE["other_causes"] if phrase[:2] == "sc")
    for level, phrases in TABLE["named_levels"].items():
        yield from ((phrase, Meaning(0, levels=(level,))) for phrase in phrases)
    for mark, phrases in TABLE["marks"].items():
        yield from ((phrase, Meaning(MARK, mark=mark)) for phrase in phrases)
    for part, phrases in TABLE["femoral_parts"].items():
        yield from ((phrase, Meaning(PART, part=part)) for phrase in phrases)


def _predicate(phrase: str, kinds: int) -> int:
    """Of an age in several words: it stands by itself (*new since*), not before something else."""
    return PREDICATE if kinds & (NEW | KNOWN | AGELESS) and " " in phrase else 0


def _place(phrase: str, site: BodySite, rank: int) -> Meaning:
    plate = site is BodySite.SPINE and phrase.endswith(("endplate", "end plate"))
    shaft = site is BodySite.FEMUR and ("shaft" in phrase or "diaphys" in phrase)
    return Meaning(SITE, site=site, rank=rank, shape="endplate" * plate, part="shaft" * shaft)


def _forms(phrase: str, meaning: Meaning) -> Iterator[str]:
    """The phrase and, where it names a thing, its plural."""
    yield phrase
    names = FRACTURE | SITE | NAMED | HARDWARE | CORTEX | NEVER | EVIDENCE
    if meaning.kinds & names and phrase[-1].isalpha() and not phrase.endswith("s"):
        yield phrase[:-1] + "ies" if phrase.endswith("ty") else phrase + "s"


def _joined(one: Meaning, other: Meaning) -> Meaning:
    """Both meanings in one; what the first says of site, side or shape stands."""
    kinds = one.kinds | other.kinds
    return Meaning(kinds, *(a or b for a, b in zip(one[1:], other[1:], strict=True)))  # type: ignore[arg-type]


def _built() -> dict[str, Node]:
    root = Node()
    for phrase, meaning in _phrases():
        for form in _forms(phrase, meaning):
            node = root
            for word in words_of(form):
                node = node.after.setdefault(word, Node())
            node.means = _joined(node.means, meaning) if node.means else meaning
    return root.after


def _slips(word: str) -> Iterator[str]:
    """The word with one letter left out or doubled, or two neighbours swapped; the first letter stays."""
    for place in range(1, len(word)):
        yield word[:place] + word[place + 1 :]
        yield word[:place] + word[place] + word[place:]
        if place + 1 < len(word):
            yield word[:place] + word[place + 1] + word[place] + word[place + 2 :]


SHORTEST_MISSPELT = 7  # letters: in shorter words a slip is another word


def _misspelt(words: Iterable[str]) -> dict[str, str]:
    known = set(words)
    long = sorted(word for word in known if word.isalpha() and len(word) >= SHORTEST_MISSPELT)
    return {slip: word for word in long for slip in _slips(word) if slip not in known}


def _every_word(nodes: dict[str, Node]) -> Iterator[str]:
    for word, node in nodes.items():
        yield word
        yield from _every_word(node.after)


def _branches(words: Iterable[str]) -> str:
    """A pattern of the words as a tree of their letters: each letter is looked at once."""
    tree: dict[str, Any] = {}
    for word in words:
        node = tree
        for letter in word:
            node = node.setdefault(letter, {})
        node[""] = {}
    return _branch(tree)


def _branch(tree: dict[str, Any]) -> str:
    ends = "" in tree
    parts = [re.escape(letter) + _branch(below) for letter, below in sorted(tree.items()) if letter]
    if not parts:
        return ""
    inner = parts[0] if len(parts) == 1 and not ends else f"(?:{'|'.join(parts)})"
    return f"(?:{inner})?" if ends else inner


def _trigger_words() -> Iterator[str]:
    firsts = {
        words[0]
        for phrase, meaning in _phrases()
        if meaning.kinds & TRIGGER
        for form in _forms(phrase, meaning)
        if (words := words_of(form))
    }
    yield from firsts
    yield from (slip for slip, word in MISSPELT.items() if word in firsts)


LEXICON: Final = _built()
MISSPELT: Final = _misspelt(_every_word(LEXICON))
SPEAKS_OF_FRACTURE: Final = re.compile(f"(?<![a-z])(?:{_branches(set(_trigger_words()))})(?![a-z])|#")
HEADINGS: Final[dict[str, str]] = {words: role for role, all_of in TABLE["headings"].items() for words in all_of}
