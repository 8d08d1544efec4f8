"""What an undone upload said: as if never stated, unless somebody has acted on it."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from openfls.clinical.caseload import derive
from openfls.clinical.facts import Source, Triage, TriageDecision, UploadUndone
from openfls.clinical.undoing import counting
from openfls.clinical.versions import current
from openfls.clinical.when import on
from tests.clinical.histories import day, hip, moment, person

UPLOAD, PAS = "u" * 64, "p" * 64
ANNE, BEA = person().record, replace(person().record, given_name="Bea")


def sighted(message: str, n: int = 0, *, reading: int = 1, record=ANNE, **more):
    place = f"row {n}" if reading == 1 else f"reading {reading}, row {n}"
    (fact,) = hip(key="").facts
    return replace(fact, record=record, source=Source("X1A/trauma", message, place), **more)


def undone(at: int = 20, *, record=ANNE, reading: int = 1, back: bool = False) -> UploadUndone:
    return UploadUndone(
        record=record, occurred=on(day(at)), known=moment(at), version=moment(at), by="carys", retracted=back,
        source=Source("hand/carys", f"undo at {at} {back}", record.key), key=f"undo/{UPLOAD}/{reading}/{record.key}",
        system="X1A/trauma", message=UPLOAD, reading=reading, reason="the wrong site",
    )  # fmt: skip


def triaged(about, at: int = 10) -> TriageDecision:
    return TriageDecision(
        record=about.record, occurred=on(day(at)), known=moment(at), by="carys", about=(about.id,),
        source=Source("hand/carys", f"triage at {at}", "triage"), answer=Triage.ENROL,
    )  # fmt: skip


def test_what_it_said_counts_as_never_stated_and_what_others_said_stands():
    ours, theirs = sighted(UPLOAD), sighted(PAS)
    assert counting([ours, theirs, undone()]) == [theirs]
    assert current([ours, undone()]) == []


def test_where_nobody_undid_anything_every_fact_counts():
    facts = [sighted(UPLOAD), sighted(PAS), triaged(sighted(PAS))]
    assert counting(facts) == facts


def test_it_is_undone_of_the_record_that_is_named_alone():
    hers = sighted(UPLOAD, 2, record=BEA)
    assert counting([sighted(UPLOAD), hers, undone()]) == [hers]


def test_the_latest_word_decides_in_any_order():
    ours = sighted(UPLOAD)
    restored = undone(21, back=True)
    assert counting([restored, ours, undone(20)]) == [ours]
    assert counting([undone(22), restored, ours, undone(20)]) == []


def test_another_reading_of_the_same_bytes_stands_for_itself():
    first, second = sighted(UPLOAD), sighted(UPLOAD, reading=2)
    assert counting([first, second, undone()]) == [second]
    assert counting([first, second, undone(reading=2)]) == [first]


def test_what_somebody_acted_on_is_taken_back_not_dropped():
    ours = sighted(UPLOAD)
    act, told = sorted(counting([ours, triaged(ours), undone(20)]), key=lambda fact: not fact.by)
    assert (told.retracted, told.known, act) == (True, moment(20), triaged(ours))
    care = derive([ours, triaged(ours), undone(20)], day(21))
    assert [(task.step, task.state) for task in care.episodes[0].tasks] == [("confirm closing", "open")]


def test_an_act_upon_it_leaves_standing_what_another_source_says_of_the_same():
    ours, theirs = sighted(UPLOAD, key="T1", version=moment(5)), sighted(PAS, key="T1", version=moment(4))
    (standing,) = [fact for fact in current([ours, theirs, triaged(ours), undone()]) if fact.by == ""]
    assert (standing.id, standing.retracted) == (theirs.id, False)
    (episode,) = derive([ours, theirs, triaged(ours), undone()], day(21)).episodes
    assert episode.status == "enrolled"


def test_an_earlier_version_by_another_message_stands_again():
    later, earlier = sighted(UPLOAD, key="T1", version=moment(5)), sighted(PAS, key="T1", version=moment(4))
    assert [fact.id for fact in current([later, earlier])] == [later.id]
    assert [fact.id for fact in current([later, earlier, undone()])] == [earlier.id]


def test_what_a_person_entered_is_never_undone():
    note = replace(triaged(sighted(PAS)), source=Source("X1A/trauma", UPLOAD, "row 0"))
    assert counting([note, undone()]) == [note]


said = st.builds(sighted, st.sampled_from([UPLOAD, PAS]), st.integers(0, 3), record=st.sampled_from([ANNE, BEA]))
words = st.builds(undone, st.integers(20, 24), record=st.sampled_from([ANNE, BEA]), back=st.booleans())


@given(st.lists(said | words, max_size=8), st.randoms())
def test_order_changes_nothing_and_counting_again_neither(facts, dice):
    shuffled = list(facts)
    dice.shuffle(shuffled)
    once = counting(facts)
    assert {fact.id for fact in counting(shuffled)} == {fact.id for fact in once}
    assert counting(once) == once
