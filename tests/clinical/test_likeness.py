"""How alike two records are: levels, weights, words. Numbers here are the tests' own, not those that are shipped."""

import json
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openfls.clinical import likeness as module
from openfls.clinical.likeness import (
    WEIGHTS,
    Band,
    UnfitWeights,
    band,
    in_words,
    percent,
    plain_weights,
    probability_of,
    weigh,
    weights_from,
)
from openfls.clinical.likeness_levels import (
    COMPARE,
    DIFFERENT,
    DISTRICT,
    LEVELS,
    ONE_DIGIT,
    ONE_LETTER,
    SAME,
    SHORT_FORM,
    SWAPPED,
    TURNED,
    TWO_DIGITS,
    TWO_LETTERS,
    Details,
    comparable_postcode,
    details_of,
    edits,
)
from openfls.clinical.patients import PatientRecord, Sex

ANNE = Details("macdonald", "anne", "1940-05-06", "female", "XA57HL")

LEVEL_ROWS = [
    ("family", {}, SAME),
    ("family", {"family": "mcdonald"}, ONE_LETTER),
    ("family", {"family": "mcdonalds"}, TWO_LETTERS),
    ("family", {"family": "mcdonells"}, DIFFERENT),
    ("family", {"family": "anne", "given": "macdonald"}, SWAPPED),
    ("family", {"family": "brown"}, DIFFERENT),
    ("family", {"family": ""}, None),
    ("given", {"given": "ann"}, SHORT_FORM),
    ("given", {"given": "a"}, SHORT_FORM),
    ("given", {"given": "annemarie"}, SHORT_FORM),
    ("given", {"given": "anna"}, ONE_LETTER),
    ("given", {"given": "amie"}, DIFFERENT),  # two letters of so short a name are another name
    ("given", {"given": "mary"}, DIFFERENT),
    ("given", {"given": ""}, None),
    ("born", {"born": "1940-06-05"}, TURNED),
    ("born", {"born": "1941-05-06"}, ONE_DIGIT),
    ("born", {"born": "1941-05-16"}, TWO_DIGITS),
    ("born", {"born": "1952-11-20"}, DIFFERENT),
    ("born", {"born": ""}, None),
    ("sex", {}, SAME),
    ("sex", {"sex": "male"}, DIFFERENT),
    ("sex", {"sex": ""}, None),
    ("postcode", {"postcode": "XA57HJ"}, ONE_LETTER),
    ("postcode", {"postcode": "XA51QQ"}, DISTRICT),
    ("postcode", {"postcode": "XB11QQ"}, DIFFERENT),
    ("postcode", {"postcode": ""}, None),
]


@pytest.mark.parametrize(("what", "other", "level"), LEVEL_ROWS, ids=[f"{w}: {o}" for w, o, _ in LEVEL_ROWS])
def test_the_level_of_a_detail(what, other, level):
    there = replace(ANNE, **other)
    assert COMPARE[what](ANNE, there) == level
    assert COMPARE[what](there, ANNE) == level


def test_a_record_is_spelled_for_comparing():
    record = PatientRecord(family_name="Mac Donald", given_name="ANNE", birth_date=date(1940, 5, 6), sex=Sex.FEMALE)
    assert details_of(record, "xa5 7hl") == ANNE
    assert details_of(PatientRecord()) == Details()


@pytest.mark.parametrize("nowhere", ["ZZ99 3VZ", "zz993wz", " ", "?"])
def test_a_postcode_that_names_no_place_says_nothing(nowhere):
    assert comparable_postcode(nowhere) == ""


@pytest.mark.parametrize(
    ("a", "b", "apart"), [("", "", 0), ("abc", "abc", 0), ("abc", "abcd", 1), ("abcd", "bacd", 2), ("a", "xyz", 3)]
)
def test_edits_are_counted_to_three(a, b, apart):
    assert edits(a, b) == apart


letters = st.text("abé1", max_size=6)


@given(letters, letters, letters)
def test_edits_are_a_distance(a, b, c):
    assert edits(a, b) == edits(b, a)
    assert (edits(a, b) == 0) == (a == b)
    assert edits(a, c) <= edits(a, b) + edits(b, c)


details = st.builds(
    Details,
    st.sampled_from(["smith", "smyth", "smithson", "anne", ""]),
    st.sampled_from(["anne", "ann", "smith", "mary", ""]),
    st.sampled_from(["1940-05-06", "1940-06-05", "1941-05-06", ""]),
    st.sampled_from(["female", "male", ""]),
    st.sampled_from(["XA57HL", "XA57HJ", "XB11QQ", ""]),
)


@given(details, details)
def test_likeness_is_the_same_from_either_side(a, b):
    assert weigh(a, b, WEIGHTS) == weigh(b, a, WEIGHTS)
    assert 0 < weigh(a, b, WEIGHTS).probability < 1


@given(details)
def test_nothing_in_common_leaves_what_was_thought_before(a):
    assert weigh(a, Details(), WEIGHTS).probability == pytest.approx(WEIGHTS.prior)


@given(details, details, st.sampled_from(sorted(LEVELS)))
def test_saying_the_same_thing_never_makes_two_records_less_alike(a, b, what):
    """With the weights that are shipped: the better level weighs more, and the same more than nothing."""
    if what in ("family", "given"):
        return  # one name may be the other's, and changing places is a level of its own
    agreeing = replace(b, **{what: getattr(a, what)})
    if getattr(a, what) and COMPARE[what](a, b) != TURNED:
        assert weigh(a, agreeing, WEIGHTS).weight >= weigh(a, b, WEIGHTS).weight


def test_the_weight_is_the_sum_of_what_the_levels_weigh():
    there = replace(ANNE, given="ann", postcode="")
    told = WEIGHTS.bits
    expected = WEIGHTS.prior_bits + told["family"][SAME] + told["given"][SHORT_FORM] + told["born"][SAME]
    assert weigh(ANNE, there, WEIGHTS).weight == pytest.approx(expected + told["sex"][SAME])


BANDS = [
    ("all the same", {}, Band.VERY_LIKELY),
    ("a shortened given name", {"given": "ann"}, Band.VERY_LIKELY),
    ("day and month turned", {"born": "1940-06-05"}, Band.VERY_LIKELY),
    ("names changed places", {"family": "anne", "given": "macdonald"}, Band.VERY_LIKELY),
    ("twins", {"given": "mary"}, Band.MAY_BE),
    ("twins whose names are a letter apart", {"given": "anna"}, Band.MAY_BE),
    ("mother and daughter of one name", {"born": "1962-11-20"}, Band.MAY_BE),
    ("another family name, as after a marriage", {"family": "brown"}, Band.MAY_BE),
    ("no date of birth", {"born": ""}, Band.MAY_BE),
    ("another sex", {"sex": "male"}, Band.MAY_BE),
    ("a neighbour", {"family": "brown", "given": "ruth", "born": "1952-11-20"}, Band.UNLIKELY),
    ("a stranger born on the same day", {"family": "brown", "given": "ruth", "postcode": "XB11QQ"}, Band.UNLIKELY),
]


@pytest.mark.parametrize(("who", "other", "expected"), BANDS, ids=[who for who, *_ in BANDS])
def test_what_likeness_amounts_to(who, other, expected):
    assert band(weigh(ANNE, replace(ANNE, **other), WEIGHTS), WEIGHTS) == expected


def test_words_say_what_agrees_what_nearly_and_what_does_not():
    there = replace(ANNE, given="anna", postcode="XB11QQ", sex="")
    said = in_words(weigh(ANNE, there, WEIGHTS), WEIGHTS)
    assert said.startswith("may be one person (")
    assert said.endswith(": the same family name and date of birth; given name one letter apart; another postcode")


def test_a_percentage_is_never_all_or_nothing():
    assert [percent(p) for p in (0.0, 0.004, 0.876, 0.995, 0.99999)] == [
        "under 0.1%", "0%", "88%", "99.5%", "over 99.9%",
    ]  # fmt: skip


def test_no_weight_is_too_great_for_a_probability():
    assert probability_of(-5000) >= 0
    assert probability_of(5000) == pytest.approx(1)


def test_weights_are_read_as_they_are_written():
    assert weights_from(json.loads(json.dumps(plain_weights(WEIGHTS)))) == WEIGHTS


UNFIT = [
    ("no prior", lambda plain: plain.pop("prior"), "prior"),
    ("a level missing", lambda plain: plain["details"]["born"].pop(TURNED), "day and month"),
    ("a share of nothing", lambda plain: plain["details"]["sex"][SAME].update(m=0), "not above 0"),
    ("a word for a number", lambda plain: plain.update(lower="half"), "half"),
    ("thresholds crossed", lambda plain: plain.update(lower=0.9, upper=0.5), "above the upper"),
]


@pytest.mark.parametrize(("what", "spoil", "says"), UNFIT, ids=[what for what, *_ in UNFIT])
def test_weights_that_cannot_be_used_say_why(what, spoil, says):
    plain = json.loads(json.dumps(plain_weights(WEIGHTS)))
    spoil(plain)
    with pytest.raises(UnfitWeights, match=says):
        weights_from(plain)


def test_the_shipped_weights_say_where_they_come_from():
    assert {"trained", "with", "on"} <= set(WEIGHTS.about)
    assert module.WEIGHTS.lower < module.WEIGHTS.upper
