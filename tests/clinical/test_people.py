"""Which records are one person: exact links, people's answers, and doubts that ask a person. Never a guess."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openfls.clinical.candidates import alike
from openfls.clinical.facts import RecordsLinked, RecordsSeparated, RecordsUndecided, Source
from openfls.clinical.likeness_levels import Details, details_of
from openfls.clinical.patients import HospitalNumber, PatientRecord, matching_name
from openfls.clinical.people import LinkFact, People, contradiction, people
from openfls.clinical.when import on
from tests.clinical.histories import day, moment

BORN = date(1940, 5, 6)
NHS, OTHER_NHS = "9990000018", "4857773457"


def record(given: str = "Anne", *, nhs: str | None = None, number: str = "", **details) -> PatientRecord:
    numbers = (HospitalNumber("RX1", number),) if number else ()
    named = {"family_name": "Smith", "given_name": given, "birth_date": BORN} | details
    return PatientRecord(nhs_number=nhs, hospital_numbers=numbers, **named)


def answer(kind: type[LinkFact], a: PatientRecord, b: PatientRecord, n: int = 1, by: str = "nurse", **more) -> LinkFact:
    source = Source("hand", f"{kind.kind} {n}", f"{a.key} {b.key}")
    return kind(record=a, other=b, occurred=on(day(n)), known=moment(n), source=source, by=by, **more)


def linked(a: PatientRecord, b: PatientRecord, n: int = 1, **more) -> LinkFact:
    return answer(RecordsLinked, a, b, n, **more)


def separated(a: PatientRecord, b: PatientRecord, n: int = 2, **more) -> LinkFact:
    return answer(RecordsSeparated, a, b, n, **more)


def together(found: People, a: PatientRecord, b: PatientRecord) -> bool:
    return any({a.key, b.key} <= group for group in found.groups)


def doubted(found: People) -> set[frozenset[str]]:
    return {frozenset((doubt.left, doubt.right)) for doubt in found.doubts}


# What two records say of one another: one person, two people, or a doubt.
ONE, TWO, DOUBT = "one person", "two people", "a doubt"
PAIRS = [
    ("the same NHS number", record(nhs=NHS), record(nhs=NHS, number="1"), ONE),
    ("the same hospital number of the same authority", record(number="1"), record("", number="1"), ONE),
    (
        "the same number of two authorities",
        record("Anne", number="1"),
        PatientRecord(hospital_numbers=(HospitalNumber("RX2", "1"),), family_name="Brown"),
        TWO,
    ),
    ("the same NHS number, a shortened given name", record("Ann", nhs=NHS), record("Anne", nhs=NHS), ONE),
    ("the same NHS number, an initial", record("A", nhs=NHS), record("Anne", nhs=NHS), ONE),
    ("the same NHS number, another given name", record("Mary", nhs=NHS), record("Anne", nhs=NHS), DOUBT),
    ("the same NHS number, another family name", record(nhs=NHS), record(nhs=NHS, family_name="Brown"), DOUBT),
    ("the same NHS number, another birthday", record(nhs=NHS), record(nhs=NHS, birth_date=date(1941, 5, 6)), DOUBT),
    ("the same NHS number and no details to check it by", record(nhs=NHS), PatientRecord(nhs_number=NHS), DOUBT),
    (
        "the same NHS number and birthday, a dash for a name",
        record(nhs=NHS),
        record("?", nhs=NHS, family_name="-"),
        ONE,
    ),
    ("the same NHS number, another sex", record(nhs=NHS), record(nhs=NHS, sex="male"), ONE),
    ("the same name and birthday, no number in common", record(number="1"), record(number="2"), DOUBT),
    ("the same name and birthday, two NHS numbers", record(nhs=NHS), record(nhs=OTHER_NHS), TWO),
    ("the same name, no birthday", record(birth_date=None), record(number="1", birth_date=None), TWO),
    ("the same birthday, no given name", record("", number="1"), record("", number="2"), TWO),
    (
        "the same doubtful NHS number",
        PatientRecord(doubtful_nhs_number="9990000017", family_name="Smith"),
        PatientRecord(doubtful_nhs_number="9990000017", family_name="Brown"),
        TWO,
    ),
]


@pytest.mark.parametrize(("says", "a", "b", "expected"), PAIRS, ids=[says for says, *_ in PAIRS])
def test_two_records_are_one_person_two_people_or_a_doubt(says, a, b, expected):
    for found in (people([a, b]), people([b, a])):
        assert together(found, a, b) == (expected == ONE)
        assert bool(found.doubts) == (expected == DOUBT)


def test_a_doubt_says_what_speaks_for_it_and_what_against():
    [doubt] = people([record(nhs=NHS), record(nhs=NHS, birth_date=date(1941, 5, 6))]).doubts
    assert doubt.because.startswith("the same number 9990000018, but dates of birth differ: 06 May 194")


def test_a_third_record_joins_two_that_share_nothing():
    a, b, bridge = record(nhs=NHS, birth_date=None), record("A", number="7"), record(nhs=NHS, number="7")
    assert not together(people([a, b]), a, b)
    assert together(people([a, b, bridge]), a, b)


def test_a_persons_yes_joins_what_no_number_joins_and_settles_the_doubt():
    a, b = record(number="1"), record(number="2")
    found = people([a, b], [linked(a, b)])
    assert together(found, a, b)
    assert not found.doubts


def test_a_persons_no_keeps_apart_what_a_number_joins_and_settles_the_doubt():
    a, b, c = record(nhs=NHS), record(nhs=NHS, number="1"), record("Mary", nhs=NHS)
    found = people([a, b, c], [separated(a, b), separated(a, c), separated(b, c)])
    assert len(found.groups) == 3
    assert not found.doubts


def test_merging_and_then_separating_restores_the_two():
    a, b = record(number="1"), record("Mary", number="2")
    assert together(people([a, b], [linked(a, b, 1)]), a, b)
    assert people([a, b], [linked(a, b, 1), separated(a, b, 2)]).groups == people([a, b]).groups


def test_the_newest_answer_holds_by_the_time_it_was_said():
    a, b = record(number="1"), record("Mary", number="2")
    assert together(people([a, b], [separated(a, b, 2), linked(a, b, 3)]), a, b)
    received_late = replace(linked(a, b, 9), version=moment(1))
    assert not together(people([a, b], [separated(a, b, 2), received_late]), a, b)


# ---- a person has answered, and then the hospital says otherwise


def merged_by_hospital(a: PatientRecord, b: PatientRecord, n: int, **more) -> LinkFact:
    fact = linked(a, b, n, by="", **more)
    return replace(fact, source=Source("RX1/pas", f"A40 {n}", "MRG"))


def test_a_merge_by_the_hospital_does_not_join_what_a_person_keeps_apart_and_asks_again():
    a, b = record(number="1"), record("Mary", number="2")
    found = people([a, b], [separated(a, b, 2), merged_by_hospital(a, b, 5)])
    assert not together(found, a, b)
    [doubt] = found.doubts
    assert {doubt.left, doubt.right} == {a.key, b.key}
    assert doubt.because == "RX1/pas merged on 07 Mar 2026 what nurse keeps apart since 04 Mar 2026"


@pytest.mark.parametrize(("again", "one"), [(linked, True), (separated, False)])
def test_the_person_answers_again_and_that_is_the_end_of_it(again, one: bool):
    a, b = record(number="1"), record("Mary", number="2")
    found = people([a, b], [separated(a, b, 2), merged_by_hospital(a, b, 5), again(a, b, 6)])
    assert together(found, a, b) is one
    assert not found.doubts


def test_a_merge_that_was_known_when_a_person_parted_the_two_is_settled():
    a, b = record(number="1"), record("Mary", number="2")
    assert not people([a, b], [merged_by_hospital(a, b, 1), separated(a, b, 2)]).doubts


def test_a_merge_that_happened_before_the_answer_but_came_after_it_is_asked_about():
    """Whoever answered could not know of it: what counts is the receipt, not the hospital's own time."""
    a, b = record(number="1"), record("Mary", number="2")
    late = replace(merged_by_hospital(a, b, 5), version=moment(1))
    assert len(people([a, b], [separated(a, b, 2), late]).doubts) == 1


def test_a_merge_that_the_hospital_undid_itself_asks_nothing():
    a, b = record(number="1"), record("Mary", number="2")
    merge = merged_by_hospital(a, b, 5, key="RX1/merge", version=moment(5))
    undone = replace(merge, retracted=True, version=moment(6), source=Source("RX1/pas", "A40 undone", "MRG"))
    assert not people([a, b], [separated(a, b, 2), merge, undone]).doubts


def test_a_separation_by_the_hospital_does_not_part_what_a_person_linked_and_asks_again():
    a, b = record(number="1"), record("Mary", number="2")
    parted = replace(separated(a, b, 5, by=""), source=Source("RX1/pas", "A37", "PID"))
    found = people([a, b], [linked(a, b, 2), parted])
    assert together(found, a, b)
    [doubt] = found.doubts
    assert doubt.because == "RX1/pas separated on 07 Mar 2026 what nurse linked on 04 Mar 2026"
    assert not people([a, b], [linked(a, b, 2), parted, linked(a, b, 6)]).doubts


def test_of_feeds_alone_the_newest_speaks():
    a, b = record(number="1"), record("Mary", number="2")
    parted, merged = separated(a, b, 2, by=""), linked(a, b, 3, by="")
    assert together(people([a, b], [parted, merged]), a, b)
    assert not people([a, b], [parted, merged]).doubts


def test_a_merge_that_its_sender_takes_back_joins_nothing():
    a, b = record(number="1"), record("Mary", number="2")
    merge = linked(a, b, 1, by="", key="RX1/merge", version=moment(1))
    undone = replace(merge, retracted=True, version=moment(2), source=Source("RX1", "A37", "1"))
    assert together(people([a, b], [merge]), a, b)
    assert not together(people([a, b], [merge, undone]), a, b)


def test_a_merge_that_its_sender_corrects_joins_only_what_it_says_now():
    a, b, c = record(number="1"), record("Mary", number="2"), record("Ruth", number="3")
    merge = linked(a, b, 1, by="", key="RX1/merge", version=moment(1))
    corrected = replace(merge, other=c, version=moment(2), source=Source("RX1", "again", "1"))
    found = people([a, b, c], [merge, corrected])
    assert together(found, a, c)
    assert not together(found, a, b)


def test_an_answer_about_records_that_are_not_here_changes_nothing():
    a, b, elsewhere = record(number="1"), record("Mary", number="2"), record("Ruth", number="3")
    assert people([a, b], [linked(a, elsewhere), linked(b, elsewhere, 2)]) == people([a, b])


def test_a_record_that_fits_two_people_kept_apart_is_asked_about_not_guessed():
    """Two people with one mistyped number, told apart by a nurse; then a message under that number that fits both."""
    a, b, c = record("A", nhs=NHS, number="1"), record("Anne", nhs=NHS, number="2"), record("An", nhs=NHS)
    found = people([a, b, c], [separated(a, b)])
    [doubt] = found.doubts
    assert c.key in (doubt.left, doubt.right)
    assert "kept apart" in doubt.because
    for mine, other in ((a, b), (b, a)):
        told = people([a, b, c], [separated(a, b), linked(c, mine, 3)])
        assert together(told, c, mine)
        assert not together(told, c, other)
        assert not told.doubts


STRENGTHS = [
    ("a nurse's link before a merge by the hospital", lambda c, a: linked(c, a), lambda c, b: linked(c, b, by="")),
    ("a merge by the hospital before an NHS number", lambda c, a: linked(c, a, by=""), None),
]


@pytest.mark.parametrize(("what", "stronger", "weaker"), STRENGTHS, ids=[what for what, *_ in STRENGTHS])
@pytest.mark.parametrize("swapped", [False, True])
def test_where_only_one_can_hold_the_stronger_joins_and_the_other_is_asked_about(what, stronger, weaker, swapped):
    """Two records that a nurse keeps apart, and a third that fits both; their digests decide nothing."""
    a, b = record("A", nhs=NHS, number="1"), record("A", nhs=NHS, number="2")
    c = record("A", nhs=None if weaker else NHS, number="3")
    mine, other = (b, a) if swapped else (a, b)
    found = people([a, b, c], [separated(a, b), stronger(c, mine), *([weaker(c, other)] if weaker else [])])
    assert together(found, c, mine)
    assert not together(found, c, other)
    assert bool(found.doubts) == bool(weaker)


def test_an_nhs_number_joins_before_a_hospital_number():
    for number in ("1", "2"):
        a, b = record("A", nhs=NHS, number="1"), record("A", number="2")
        a, b = (a, b) if number == "1" else (record("A", nhs=NHS, number="2"), record("A", number="1"))
        c = PatientRecord(nhs_number=NHS, hospital_numbers=b.hospital_numbers, birth_date=a.birth_date)
        found = people([a, b, c], [separated(a, b)])
        assert together(found, c, a)
        assert len(found.doubts) == 1


def test_answers_that_contradict_one_another_are_asked_about_again():
    a, b, c = record("A", number="1"), record("B", number="2"), record("C", number="3")
    found = people([a, b, c], [separated(a, b, 1), linked(a, c, 2), linked(b, c, 3)])
    assert not together(found, a, b)
    assert len(found.doubts) == 1


def test_a_shorter_name_is_no_contradiction_but_another_is():
    assert contradiction(record("Ann"), record("Anne")) == ""
    assert contradiction(record("Jo"), record("Anne")) == "given names differ: JO and ANNE"
    assert contradiction(record(""), record("Anne")) == ""


# ---- records that are only alike


def details(*records: PatientRecord) -> dict[str, Details]:
    return {one.key: details_of(one) for one in records}


def asked(*records: PatientRecord, links=()) -> People:
    return people(records, links, alike(details(*records)))


def test_records_that_are_alike_are_asked_about_and_not_joined():
    a, b = record("Anne", number="1"), record("Anne", number="2", family_name="Smyth")
    found = asked(a, b)
    assert not together(found, a, b)
    [doubt] = found.doubts
    assert doubt.because.startswith("very likely one person (")
    assert doubt.because.endswith("family name one letter apart; no number in common")


def test_two_people_with_nhs_numbers_are_not_asked_about_whichever_record_has_them():
    a, b = record("Anne", number="1"), record("Anne", number="2", family_name="Smyth")
    numbered = record("Anne", nhs=NHS, number="1"), record("Anne", nhs=OTHER_NHS, number="2", family_name="Smyth")
    assert not asked(a, b, *numbered).doubts
    assert len(asked(a, b, numbered[0]).doubts) == 1


def test_of_two_people_one_question_is_asked_the_best_reason_first():
    """A number in common before a likeness, a namesake before a likeness."""
    a, b, namesake = record("Anne", nhs=NHS, number="1"), record("Ann", number="2"), record("Anne", number="2")
    [doubt] = asked(a, b).doubts
    assert "given name a short form" in doubt.because
    [doubt] = asked(a, b, namesake).doubts
    assert doubt.because == "the same name and date of birth, but no number in common"
    [doubt] = asked(a, record("Anne", nhs=NHS, number="2", birth_date=date(1940, 6, 5))).doubts
    assert doubt.because.startswith("the same number")


def test_a_persons_no_settles_a_likeness_and_a_yes_joins():
    a, b = record("Anne", number="1"), record("Anne", number="2", family_name="Smyth")
    assert not asked(a, b, links=[separated(a, b)]).doubts
    assert together(asked(a, b, links=[linked(a, b)]), a, b)


def test_who_cannot_tell_leaves_the_question_open_and_is_named():
    a, b = record("Anne", number="1"), record("Anne", number="2", family_name="Smyth")
    looked = answer(RecordsUndecided, a, b, 1)
    found = asked(a, b, links=[looked])
    assert [doubt.undecided for doubt in found.doubts] == [looked]
    assert found == asked(a, b)
    taken_back = replace(looked, retracted=True, version=moment(2))
    assert [doubt.undecided for doubt in asked(a, b, links=[taken_back]).doubts] == [None]


def test_who_cannot_tell_takes_no_answer_away():
    a, b = record("Anne", number="1"), record("Anne", number="2", family_name="Smyth")
    assert together(asked(a, b, links=[linked(a, b, 1), answer(RecordsUndecided, a, b, 5)]), a, b)


# ---- whatever the records and answers

names = st.sampled_from(["Anne", "ANNE", "Ann", "Mary", ""])
records = st.lists(
    st.builds(
        record,
        names,
        nhs=st.sampled_from([None, NHS, OTHER_NHS]),
        number=st.sampled_from(["", "1", "2"]),
        family_name=st.sampled_from(["Smith", "SMITH", "Brown", "-"]),
        birth_date=st.sampled_from([BORN, date(1941, 1, 1), None]),
    ),
    min_size=1,
    max_size=7,
)


@st.composite
def worlds(draw: st.DrawFn) -> tuple[list[PatientRecord], list[LinkFact]]:
    drawn = draw(records)
    pairs = st.tuples(st.sampled_from(drawn), st.sampled_from(drawn))
    kinds = st.sampled_from([RecordsLinked, RecordsSeparated])
    by = st.sampled_from(["nurse", ""])
    answers = st.builds(lambda kind, pair, n, by: answer(kind, *pair, n, by), kinds, pairs, st.integers(0, 5), by)
    return drawn, draw(st.lists(answers, max_size=6, unique_by=lambda fact: fact.id))


def newest(links: list[LinkFact]) -> dict[frozenset[str], LinkFact]:
    """The answer that stands for each two records: a person's above a feed's, then the newest."""
    ordered = sorted(links, key=lambda fact: (not fact.by_feed, fact.said, fact.id))
    return {frozenset((fact.record.key, fact.other.key)): fact for fact in ordered}


def contested(links: list[LinkFact]) -> dict[frozenset[str], LinkFact]:
    """The pairs of which a feed has said otherwise since a person answered."""
    return {
        pair: answer
        for pair, answer in newest(links).items()
        if not answer.by_feed
        and any(
            frozenset((fact.record.key, fact.other.key)) == pair
            and fact.by_feed
            and fact.kind != answer.kind
            and fact.known > answer.said
            for fact in links
        )
    }


def kept_apart(links: list[LinkFact]) -> Iterator[frozenset[str]]:
    for pair, fact in newest(links).items():
        if isinstance(fact, RecordsSeparated) and len(pair) == 2:
            yield pair


@given(worlds(), st.randoms(use_true_random=False))
def test_order_and_repetition_change_nothing(world, random):
    drawn, links = world
    again, links_again = [*drawn, *drawn[:3]], [*links, *links[:2]]
    random.shuffle(again)
    random.shuffle(links_again)
    assert people(again, links_again) == people(drawn, links)


@given(worlds())
def test_likeness_joins_nobody_and_hides_no_other_question(world):
    drawn, links = world
    plain = people(drawn, links)
    found = people(drawn, links, alike(details(*drawn)))
    assert found.groups == plain.groups
    asked_of = {frozenset((group_of(found, d.left), group_of(found, d.right))) for d in found.doubts}
    assert {frozenset((group_of(plain, d.left), group_of(plain, d.right))) for d in plain.doubts} <= asked_of


def group_of(found: People, key: str) -> frozenset[str]:
    return next(group for group in found.groups if key in group)


@given(worlds())
def test_every_record_is_in_exactly_one_person(world):
    drawn, links = world
    keys = [key for group in people(drawn, links).groups for key in group]
    assert sorted(keys) == sorted({record.key for record in drawn})


@given(worlds())
def test_what_a_person_keeps_apart_is_never_joined(world):
    drawn, links = world
    for group in people(drawn, links).groups:
        assert not any(pair <= group for pair in kept_apart(links))


@given(worlds())
def test_a_number_in_common_joins_or_asks_unless_a_person_keeps_them_apart(world):
    """Nobody is silently left out of a person: who shares a number is together, doubted, or answered. Where only the
    number agrees, it is enough that a person keeps the two apart; an exact agreement wants both records spoken of."""
    drawn, links = world
    found = people(drawn, links)
    group_of = {key: group for group in found.groups for key in group}
    asked = {frozenset((group_of[doubt.left], group_of[doubt.right])) for doubt in found.doubts}
    spoken_of = {key for pair in newest(links) for key in pair}
    for a, b in combinations({r.key: r for r in drawn}.values(), 2):
        one, other = group_of[a.key], group_of[b.key]
        apart = any(pair & one and pair & other for pair in kept_apart(links))
        settled = apart and (not agrees_exactly(a, b) or {a.key, b.key} <= spoken_of)
        assert not shares_a_number(a, b) or one is other or settled or frozenset((one, other)) in asked


def shares_a_number(a: PatientRecord, b: PatientRecord) -> bool:
    return bool(a.nhs_number and a.nhs_number == b.nhs_number) or bool(
        set(a.hospital_numbers) & set(b.hospital_numbers)
    )


def agrees_exactly(a: PatientRecord, b: PatientRecord) -> bool:
    """A hospital number in common, or an NHS number and a detail to check it by; and nothing against it."""
    family = matching_name(a.family_name)
    checked = (a.birth_date and a.birth_date == b.birth_date) or (family and family == matching_name(b.family_name))
    by_hospital = bool(set(a.hospital_numbers) & set(b.hospital_numbers))
    return not contradiction(a, b) and (by_hospital or bool(a.nhs_number == b.nhs_number and checked))


@given(worlds())
def test_a_doubt_is_between_two_people_once_and_never_one_that_was_answered_no(world):
    """Unless a feed contests what a person answered: then it is asked again, of one person too."""
    drawn, links = world
    found = people(drawn, links)
    group_of = {key: group for group in found.groups for key in group}
    between = [frozenset((group_of[doubt.left], group_of[doubt.right])) for doubt in found.doubts]
    linked_against = [pair for pair, answer in contested(links).items() if isinstance(answer, RecordsLinked)]
    assert all(len(pair) == 2 for pair in between) or linked_against
    assert len(set(between)) == len(between)
    assert not (doubted(found) & set(kept_apart(links))) - contested(links).keys()
    assert all(doubt.left < doubt.right for doubt in found.doubts)


@given(worlds())
def test_what_a_feed_says_against_a_person_changes_nobody_and_is_asked(world):
    """The people are those of the world without it, and each contested pair's people are in some doubt."""
    drawn, links = world
    keys = {r.key for r in drawn}
    disputed = {pair: answer for pair, answer in contested(links).items() if len(pair) == 2 and pair <= keys}
    quiet = [f for f in links if not (f.by_feed and frozenset((f.record.key, f.other.key)) in disputed)]
    found = people(drawn, links)
    assert found.groups == people(drawn, quiet).groups
    group_of = {key: group for group in found.groups for key in group}
    asked = {frozenset((group_of[doubt.left], group_of[doubt.right])) for doubt in found.doubts}
    for pair in disputed:
        assert frozenset(group_of[key] for key in pair) in asked


@settings(max_examples=60)
@given(worlds())
def test_answering_every_doubt_no_ends_all_doubts_and_joins_nobody(world):
    drawn, links = world
    by_key = {record.key: record for record in drawn}
    found = people(drawn, links)
    for n in range(60):
        asked = people(drawn, links).doubts
        if not asked:
            break
        links = [*links, *(separated(by_key[d.left], by_key[d.right], 10 + n) for d in asked)]
    assert not people(drawn, links).doubts
    assert all(any(group <= before for before in found.groups) for group in people(drawn, links).groups)
