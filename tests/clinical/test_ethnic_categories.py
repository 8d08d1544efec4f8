"""Ethnic category: the national codes and words, and nothing that only comes near them."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import openfls
from openfls.clinical.ethnic_categories import EthnicCategory, EthnicGroup, ethnic_category, settled

NATIONAL = ["A", "B", "C", "D", "E", "F", "G", "H", "J", "K", "L", "M", "N", "P", "R", "S", "Z", "99"]


def test_the_categories_are_the_sixteen_and_one_of_2001_and_the_default_code():
    assert [category.value for category in EthnicCategory] == NATIONAL


@pytest.mark.parametrize(
    ("group", "codes"),
    [
        (EthnicGroup.WHITE, "ABC"),
        (EthnicGroup.MIXED, "DEFG"),
        (EthnicGroup.ASIAN, "HJKL"),
        (EthnicGroup.BLACK, "MNP"),
        (EthnicGroup.OTHER, "RS"),
        (EthnicGroup.NOT_STATED, "Z"),
    ],
)
def test_each_category_is_in_the_group_under_which_the_data_dictionary_lists_it(group, codes):
    assert "".join(one.value for one in EthnicCategory if one.group is group) == codes


@pytest.mark.parametrize("category", EthnicCategory)
def test_a_category_is_read_by_its_code_and_by_its_words(category):
    written = (category.value, category.value.lower(), f" {category.value} ", category.words, category.words.upper())
    assert {ethnic_category(text) for text in written} == {category}


@pytest.mark.parametrize(
    ("written", "category"),
    [
        ("A1", EthnicCategory.BRITISH),
        ("CA", EthnicCategory.OTHER_WHITE),
        ("white british", EthnicCategory.BRITISH),
        ("White_and_Asian", EthnicCategory.WHITE_AND_ASIAN),
    ],
)
def test_a_second_character_is_local_use_and_punctuation_says_nothing(written, category):
    assert ethnic_category(written) is category


@pytest.mark.parametrize("written", ["NK", "NA", "NS", "X", "9", "I", "O", "Q", "U", "ABC", "A-Z", "Scottish", "999"])
def test_what_is_on_no_list_is_not_guessed(written):
    assert ethnic_category(written) is None


@given(st.text(max_size=4))
def test_no_text_makes_the_reading_of_a_category_fail(text):
    assert ethnic_category(text) in (None, *EthnicCategory)


@given(st.lists(st.sampled_from([None, *EthnicCategory])))
def test_two_different_categories_settle_nothing_whatever_stands_beside_them(read):
    named = set(read) - {None, EthnicCategory.NOT_KNOWN}
    found = settled(read)
    assert found is settled(read[::-1])
    if len(named) == 1:
        assert {found} == named
    elif named:
        assert found is None
    else:
        assert found in (None, EthnicCategory.NOT_KNOWN)


def test_no_rule_reads_an_ethnic_category_or_a_decile_of_deprivation():
    rules = [*Path(openfls.__file__).parent.joinpath("clinical").rglob("*.py")]
    assert len(rules) > 40
    told = {rule.name for rule in rules if re.search(r"ethnic|depriv", rule.read_text(), re.IGNORECASE)}
    assert told == {"ethnic_categories.py", "facts.py", "reach.py"}
