"""The words of a hospital list as items: each known phrase with what it is (a site, a side, a denial), in order.

The longest phrase of `fracture_words.json` that fits at a place is taken. A side may stand inside a phrase:
``neck of L femur``.
"""

import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, TypeAlias

TABLE: dict[str, Any] = json.loads((files("openfls.clinical") / "fracture_words.json").read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True, eq=False)
class Item:
    """A phrase that the table knows: its kind and value, and the words as normalised. ``eq`` by identity."""

    kind: str
    value: str
    words: str


Clause: TypeAlias = list[Item]
Phrases: TypeAlias = dict[str, list[tuple[str, str]]]

LISTS = {  # list of the table: kind of its items
    "fracture": "fracture", "no_fracture": "no fracture", "denial": "denial", "denied_after": "denied after",
    "another_only": "word", "suspicion": "suspicion", "suspicion_after": "doubted after", "old": "old",
    "passed_over": "passed", "injuries": "injury", "other_injuries": "other injury", "illnesses": "illness",
    "joint_replacements": "replacement", "pathological": "pathological", "tumours": "tumour",
    "osteoporotic": "osteoporotic", "periprosthetic": "periprosthetic", "years_old": "word",
    "looked_elsewhere": "elsewhere",
}  # fmt: skip
GROUPS = {  # the same where the table groups the phrases, by side or by body site
    "sides": "side", "sites": "site", "named_fractures": "named", "operations_on_fractures": "fixed",
    "operations_often_for_fractures": "often",
}  # fmt: skip
VERTEBRA = re.compile(r"(t(1[0-2]|[1-9])|l[1-5]|c[1-7])")  # a level names the spine: "L1 wedge #"
NO_VERTEBRA_BEFORE = frozenset({"dm", "diabetes", "diabetic", "metatarsal", "metacarpal", "mt", "mc", "rib", "ray"})


def clauses(text: str) -> list[Clause]:
    """The items of each clause of the text; words that the table doesn't know are items of kind ``word``."""
    return [items for part in normalised(text) if (items := list(_items(part, PHRASES)))]


def mechanisms(text: str) -> dict[str, list[str]]:
    """The phrases that tell how an injury came about, by what they say of its force: high, unclear, low."""
    said: dict[str, list[str]] = {"high": [], "unclear": [], "low": []}
    for part in normalised(text):
        for item in _items(part, MECHANISMS):
            if item.kind == "mechanism" and item.words not in said[item.value]:
                said[item.value].append(item.words)
    return said


def normalised(text: str) -> list[list[str]]:
    """The words of each clause, in small letters, with ``#`` spelled out and ``?`` a word of its own."""
    text = unicodedata.normalize("NFKC", text).casefold()
    for short, long in TABLE["abbreviations"].items():
        if short in text:
            text = re.sub(rf"(?<![a-z0-9]){re.escape(short)}(?![a-z0-9])", f" {long} ", text)
    text = re.sub(r"['’`´]", "", text).replace("#", " fracture ").replace("?", " ? ")
    text = re.sub(r"(\d)(y|yo|yr|yrs)\b", r"\1 \2", text)
    text = re.sub(r"[;,\n\r()\[\]|!]|(?<=\w\w)\.(?=\s|$)|\s[-–—]+\s|\bbut\b", "\x1f", text)
    parts = (re.findall(r"[^\W_]+|\?", part) for part in text.split("\x1f"))
    return [part for part in parts if part]


def _phrases(table: dict[str, Any]) -> Phrases:
    known: Phrases = {}
    for name, kind in LISTS.items():
        for words in table[name]:
            _add(known, words, kind, words)
    for name, kind in GROUPS.items():
        for value, phrases in table[name].items():
            for words in phrases:
                _add(known, words, kind, value)
    return known


def _mechanism_phrases(table: dict[str, Any]) -> Phrases:
    known: Phrases = {}
    for value in ("high", "unclear", "low"):
        for words in table["mechanism"][value]:
            _add(known, words, "mechanism", value)
    return known


def _add(known: Phrases, words: str, kind: str, value: str) -> None:
    """The phrase and, where its last word is long enough, its plural."""
    plural = [] if words.endswith("s") or len(words.split()[-1]) < 3 else [words + "s"]
    for form in (words, *plural):
        if (kind, value) not in known.setdefault(form, []):
            known[form].append((kind, value))


def _items(words: list[str], phrases: Phrases) -> Iterator[Item]:
    place = 0
    while place < len(words):
        length, phrase, between = _longest(words, place, phrases)
        if phrase:
            for kind, value in phrases[phrase]:
                yield Item(kind, value, phrase)
            for side in between:
                yield Item("side", side, side)
        elif _is_vertebra(words, place):
            yield Item("site", "spine", words[place])
        else:
            yield Item("word", words[place], words[place])
        place += length


def _longest(words: list[str], place: int, phrases: Phrases) -> tuple[int, str, list[str]]:
    """How many words the longest phrase at this place takes, the phrase, and the sides that stood inside it."""
    for length in range(min(LONGEST, len(words) - place), 0, -1):
        window = words[place : place + length]
        phrase = " ".join(window)
        if phrase in phrases:
            return length, phrase, []
        inner = [word for word in window[1:-1] if word in SIDES]
        if inner:
            phrase = " ".join([window[0], *(w for w in window[1:-1] if w not in SIDES), window[-1]])
            if phrase in phrases:
                return length, phrase, [SIDES[word] for word in inner]
    return 1, "", []


def _is_vertebra(words: list[str], place: int) -> bool:
    after = words[place + 1] if place + 1 < len(words) else ""
    return bool(VERTEBRA.fullmatch(words[place])) and after not in NO_VERTEBRA_BEFORE


SIDES = {words: side for side, phrases in TABLE["sides"].items() for words in phrases if side != "both"}
PHRASES = _phrases(TABLE)
MECHANISMS = _mechanism_phrases(TABLE)
LONGEST = max(len(phrase.split()) for phrase in (*PHRASES, *MECHANISMS)) + 1
