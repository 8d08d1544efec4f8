"""Where a person lies: each viewer learns what the sites say that may be seen, as if no other had said anything."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import chain, combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openfls.clinical.ethnic_categories import EthnicCategory
from openfls.clinical.facts import Admission, Demographics, Discharge, Source, Transfer
from openfls.clinical.patients import PatientRecord
from openfls.clinical.reach import Stay, reach, stays
from openfls.clinical.when import on

FIRST = date(2026, 3, 1)
SITES = ("A1", "A2", "B1")
ANN = PatientRecord(nhs_number="9990000018", family_name="Smith", birth_date=date(1941, 3, 2))


def fact(kind, site, day, number=0, **more):
    known = datetime(2026, 3, 1, 8, tzinfo=UTC) + timedelta(days=day)
    source = Source(f"{site}/pas", "m" * 64, f"{kind.kind} {number} {day}")
    return kind(record=ANN, occurred=on(FIRST + timedelta(days=day)), known=known, source=source, site=site, **more)


def admitted(site, day, ward):
    return fact(Admission, site, day, ward=ward)


def discharged(site, day):
    return fact(Discharge, site, day)


def moved(site, day, ward, to=None):
    return fact(Transfer, site, day, ward=ward, to_site=to)


STORIES = {
    "admitted": ([admitted("A1", 0, "W1")], [Stay("A1", "A1", "W1")]),
    "gone home": ([admitted("A1", 0, "W1"), discharged("A1", 3)], []),
    "to another ward": ([admitted("A1", 0, "W1"), moved("A1", 2, "W2")], [Stay("A1", "A1", "W2")]),
    "to another site": ([admitted("A1", 0, "W1"), moved("A1", 2, "R", "A2")], [Stay("A1", "A2", "R")]),
    "home from one, later in another": (
        [admitted("A1", 0, "W1"), discharged("A1", 3), admitted("B1", 5, "X")],
        [Stay("A1", "A1", ""), Stay("B1", "B1", "X")],
    ),
    "still in one, says it; home from another": (
        [admitted("A1", 0, "W1"), admitted("B1", 1, "X"), discharged("B1", 2)],
        [Stay("A1", "A1", "W1"), Stay("B1", "B1", "")],
    ),
    "in and out on one day": ([admitted("A1", 0, "W1"), discharged("A1", 0)], []),
    "no ward given": ([admitted("A1", 0, "")], []),
    "nobody says where": ([admitted(None, 0, "W1")], []),
}


@pytest.mark.parametrize(("facts", "expected"), STORIES.values(), ids=STORIES)
def test_where_she_lies(facts, expected):
    assert list(stays(facts)) == expected
    assert list(stays(facts[::-1])) == expected


STAYS = st.lists(
    st.tuples(
        st.sampled_from([Admission, Transfer, Discharge]), st.sampled_from(SITES), st.integers(0, 4),
        st.sampled_from(["", "W1", "W2"]), st.sampled_from([None, *SITES]),
    ),
    max_size=8,
)  # fmt: skip


def told(number, kind, site, day, ward, to):
    more = {Admission: {"ward": ward}, Transfer: {"ward": ward, "to_site": to}, Discharge: {}}[kind]
    return fact(kind, site, day, number, **more)


@given(STAYS)
def test_each_viewer_learns_what_the_sites_in_sight_say_and_nothing_of_the_others(drawn):
    facts = [told(number, *one) for number, one in enumerate(drawn)]
    for seen in chain.from_iterable(combinations(SITES, size) for size in range(len(SITES) + 1)):
        of_all = [stay for stay in stays(facts) if stay.told_by in seen]
        of_seen = stays(one for one in facts if one.site in seen)
        assert ward_and_site(of_all) == ward_and_site(of_seen)


def ward_and_site(known):
    return (known[-1].ward, known[-1].at) if known and known[-1].ward else None


def described(site, day, code, key=""):
    return fact(Demographics, site, day, ethnic_category=EthnicCategory(code), key=key)


DESCRIBED = {
    "nobody asked": ([described("A1", 0, "99")], "99"),
    "told one": ([described("A1", 0, "N"), described("B1", 1, "99")], "N"),
    "told two, the later one stands": ([described("A1", 0, "C"), described("B1", 1, "B")], "B"),
    "would not say": ([described("A1", 0, "Z")], "Z"),
    "told one, would not tell the other": ([described("A1", 0, "N"), described("B1", 1, "Z")], "N"),
    "the source itself takes it back": ([described("A1", 0, "N"), described("A1", 1, "Z")], "Z"),
    "silent since": ([described("A1", 0, "N"), fact(Demographics, "A1", 1, phone="1")], "N"),
    "corrected": ([described("A1", 0, "N", "a"), described("A1", 1, "P", "a")], "P"),
    "a version that is silent": ([described("A1", 0, "N", "a"), fact(Demographics, "A1", 1, key="a")], "99"),
}


@pytest.mark.parametrize(("facts", "expected"), DESCRIBED.values(), ids=DESCRIBED)
def test_how_she_describes_herself(facts, expected):
    versioned = [replace(one, version=one.known) for one in facts]
    assert reach(versioned).ethnic_category == expected
    assert reach(versioned[::-1]).ethnic_category == expected


def lives(site, day, postcode, key=""):
    return fact(Demographics, site, day, postcode=postcode, key=key)


LIVES = {
    "nobody says": ([fact(Demographics, "A1", 0)], ""),
    "the later of two": ([lives("A1", 0, "P1"), lives("B1", 1, "P2")], "P2"),
    "moved": ([lives("A1", 0, "P1", "a"), lives("A1", 1, "P2", "a")], "P2"),
    "an old address sent again": ([lives("A1", 0, "P1", "a"), lives("B1", 1, "P2"), lives("A1", 2, "P1", "a")], "P2"),
    "moved after it was corrected": (
        [lives("A1", 0, "P1", "a"), lives("B1", 1, "P2"), lives("A1", 2, "P3", "a")],
        "P3",
    ),
    "and back again": (
        [lives("A1", 0, "P1", "a"), lives("A1", 1, "P2", "a"), lives("B1", 2, "P3"), lives("A1", 3, "P1", "a")],
        "P1",
    ),
    "silent since": ([lives("A1", 0, "P1", "a"), fact(Demographics, "A1", 1, phone="1", key="b")], "P1"),
    "sent again in another statement": (
        [lives("A1", 0, "P1", "a"), lives("B1", 1, "P2"), lives("A1", 2, "P1", "b")],
        "P2",
    ),
    "said again by hand": (
        [lives("A1", 0, "P1"), lives("B1", 1, "P2"), replace(lives("A1", 2, "P1"), by="nadia")],
        "P1",
    ),
}


@pytest.mark.parametrize(("facts", "expected"), LIVES.values(), ids=LIVES)
def test_where_she_lives_is_what_was_first_said_last(facts, expected):
    versioned = [replace(one, version=one.known) for one in facts]
    assert reach(versioned).postcode == expected
    assert reach(versioned[::-1]).postcode == expected


def test_what_was_taken_back_is_nowhere():
    said, taken_back = lives("A1", 0, "P1", "a"), replace(lives("A1", 1, "P1", "a"), retracted=True)
    assert reach([replace(one, version=one.known) for one in (said, taken_back)]).postcode == ""
