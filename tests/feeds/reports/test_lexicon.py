"""The table of words: what a radiologist reviews is what the reader knows."""

import pytest

from openfls.clinical.facts import BodySite, Side
from openfls.feeds.reports import lexicon as lex
from openfls.feeds.reports import read_text
from openfls.feeds.reports.lexicon import HEADINGS, LEXICON, LISTS, MISSPELT, SPEAKS_OF_FRACTURE, TABLE, words_of

READ_ELSEWHERE = {"title", "source", "edition", "authored_by", "checked_by"} | {
    "shapes", "grades_of_none", "bones", "regions", "named_fractures", "named_levels", "sides", "marks",
    "femoral_parts",    "headings", "corrects", "abbreviations_with_a_stop",
}  # fmt: skip


def means(phrase: str) -> lex.Meaning | None:
    node = lex.Node()
    node.after = LEXICON
    for word in words_of(phrase):
        node = node.after[word]
    return node.means


def test_the_table_says_where_it_comes_from_and_that_nobody_has_checked_it_yet():
    assert TABLE["source"]
    assert TABLE["edition"]
    assert TABLE["checked_by"] is None


def test_every_list_of_the_table_is_read():
    assert set(TABLE) == READ_ELSEWHERE | set(LISTS)


@pytest.mark.parametrize("name", LISTS)
def test_every_phrase_of_a_list_means_what_its_list_says(name):
    for phrase in TABLE[name]:
        found = means(phrase)
        assert found is not None, phrase
        assert found.kinds & LISTS[name] == LISTS[name], phrase


@pytest.mark.parametrize("name", [name for name, told in TABLE.items() if isinstance(told, list)])
def test_no_list_says_a_phrase_twice(name):
    assert len(TABLE[name]) == len(set(TABLE[name]))


@pytest.mark.parametrize("group", ["bones", "regions"])
def test_every_bone_is_found_at_its_site_in_a_fracture_of_it(group):
    for site, phrases in TABLE[group].items():
        for phrase in phrases:
            found = means(phrase)
            assert found is not None, phrase
            assert (found.site, found.kinds & lex.SITE > 0) == (BodySite(site), True), phrase


def test_no_phrase_is_a_bone_of_two_sites():
    phrases = [phrase for group in ("bones", "regions") for names in TABLE[group].values() for phrase in names]
    assert sorted(p for p in set(phrases) if phrases.count(p) > 1) == []


@pytest.mark.parametrize(("side", "phrases"), TABLE["sides"].items())
def test_every_word_of_a_side_names_it(side, phrases):
    assert {means(phrase).side for phrase in phrases} == {Side(side)}


def test_whatever_triggers_is_looked_for_in_the_first_place():
    """The quick search finds the first word of every phrase that can speak of a fracture."""
    triggers = [
        *TABLE["fractures"],
        *TABLE["broke"],
        *TABLE["ununited"],
        *TABLE["broken_cortex"],
        *TABLE["bony_injury"],
    ]
    triggers += [
        phrase for group in ("shapes", "named_fractures") for phrases in TABLE[group].values() for phrase in phrases
    ]
    assert [phrase for phrase in triggers if not SPEAKS_OF_FRACTURE.search(phrase)] == []


@pytest.mark.parametrize("name", ["fractures", "named_fractures"])
def test_every_name_of_a_fracture_is_a_mention(name):
    phrases = TABLE[name] if name == "fractures" else [p for named in TABLE[name].values() for p in named]
    silent = [phrase for phrase in phrases if not read_text(f"There is a {phrase}.")]
    assert silent == []


def test_no_slip_of_the_pen_is_a_word_that_the_table_knows():
    known = {word for phrase in _phrases(TABLE) for word in words_of(phrase)}
    assert known & set(MISSPELT) == set()
    assert MISSPELT["fratcure"] == MISSPELT["fractrue"] == MISSPELT["fracure"] == "fracture"


def _phrases(told: object) -> list[str]:
    if isinstance(told, dict):
        return [phrase for part in told.values() for phrase in _phrases(part)]
    return [phrase for phrase in told if isinstance(phrase, str)] if isinstance(told, list) else []


def test_a_heading_plays_one_role():
    roles = [words for names in TABLE["headings"].values() for words in names]
    assert len(HEADINGS) == len(set(roles))
    assert {words for words in roles if roles.count(words) > 1} == set()
