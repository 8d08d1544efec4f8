"""Which records are compared: those that share a block, unless it is crowded."""

from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openfls.clinical.candidates import CROWDED_FROM, alike, block_number, blocks, candidates, crowded, sound
from openfls.clinical.likeness import WEIGHTS, weigh
from openfls.clinical.likeness_levels import Details

ANNE = Details("macdonald", "anne", "1940-05-06", "female", "XA57HL")

SLIPS = [
    ("a misspelt family name", {"family": "mcdonald"}),
    ("another family name, as after a marriage", {"family": "brown"}),
    ("another given name", {"given": "ruth"}),
    ("names changed places", {"family": "anne", "given": "macdonald"}),
    ("day and month turned", {"born": "1940-06-05"}),
    ("a wrong day", {"born": "1940-05-08"}),
    ("a wrong year", {"born": "1941-05-06"}),
    ("a wrong year and no postcode", {"born": "1941-05-06", "postcode": ""}),
    ("no date of birth", {"born": ""}),
    ("moved house", {"postcode": "XB11QQ"}),
]


@pytest.mark.parametrize(("slip", "other"), SLIPS, ids=[slip for slip, _ in SLIPS])
def test_records_that_a_slip_of_the_pen_parts_are_compared(slip, other):
    assert list(candidates({"a": ANNE, "b": replace(ANNE, **other)})) == [("a", "b")]


def test_records_with_nothing_in_common_are_not():
    assert not list(candidates({"a": ANNE, "b": Details("brown", "ruth", "1952-11-20", "female", "XB11QQ")}))
    assert not list(candidates({"a": Details(), "b": Details()}))


@pytest.mark.parametrize(
    ("name", "like"), [("macdonald", "M235"), ("mcdonald", "M235"), ("smith", "S530"), ("smyth", "S530"), ("a", "A000")]
)
def test_names_that_sound_alike_have_one_sound(name, like):
    assert sound(name) == like


def test_a_name_in_another_script_has_a_sound_too():
    assert len(sound("παπαδοπουλος")) == 4


def test_a_crowded_block_compares_nobody_and_is_named():
    """A system that writes 1 January 1900 where it knows no date of birth."""
    many = {f"{n:03}": Details(f"u{n}", born="1900-01-01") for n in range(CROWDED_FROM)}
    assert crowded(many) == {"born 1900-01-01, a name in U": CROWDED_FROM}
    assert not list(candidates(many))
    few = dict(list(many.items())[1:])
    assert not crowded(few)
    assert len(list(candidates(few))) == len(few) * (len(few) - 1) // 2


def test_block_numbers_fit_a_database_and_stay_the_same():
    assert block_number("born 1940-05-06, a name in M") == block_number("born 1940-05-06, a name in M")
    numbers = {block_number(f"block {n}") for n in range(1000)}
    assert len(numbers) == 1000
    assert all(-(2**63) <= number < 2**63 for number in numbers)


details = st.builds(
    Details,
    st.sampled_from(["smith", "smyth", "brown", "anne", ""]),
    st.sampled_from(["anne", "ann", "smith", "mary", ""]),
    st.sampled_from(["1940-05-06", "1940-06-05", "1941-05-06", ""]),
    st.sampled_from(["female", "male", ""]),
    st.sampled_from(["XA57HL", "XA57HJ", ""]),
)


@given(st.lists(details, max_size=8), st.randoms(use_true_random=False))
def test_the_order_of_records_changes_nothing(drawn, random):
    keyed = [(f"{n}", one) for n, one in enumerate(drawn)]
    expected = {(one.left, one.right, one.because) for one in alike(dict(keyed))}
    random.shuffle(keyed)
    assert {(one.left, one.right, one.because) for one in alike(dict(keyed))} == expected


@given(st.lists(details, max_size=8))
def test_a_pair_is_named_once_the_smaller_key_first_and_shares_a_block(drawn):
    keyed = {f"{n}": one for n, one in enumerate(drawn)}
    found = list(candidates(keyed))
    assert len(set(found)) == len(found)
    sharing = {(a, b) for a, b in combinations(sorted(keyed), 2) if set(blocks(keyed[a])) & set(blocks(keyed[b]))}
    assert set(found) == sharing


@given(st.lists(details, max_size=8))
def test_only_pairs_that_reach_the_threshold_are_asked_about(drawn):
    keyed = {f"{n}": one for n, one in enumerate(drawn)}
    asked = {(one.left, one.right) for one in alike(keyed)}
    for a, b in candidates(keyed):
        assert ((a, b) in asked) == (weigh(keyed[a], keyed[b], WEIGHTS).probability >= WEIGHTS.lower)
