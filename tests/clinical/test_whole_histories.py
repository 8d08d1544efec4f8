"""Whole histories at boundary dates, drawn at random: what must hold of every one of them."""

from dataclasses import replace
from datetime import date
from random import Random

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from openfls.clinical.casefinding import NEVER_COUNTED, definition
from openfls.clinical.caseload import Caseload, EpisodeCare, derive
from openfls.clinical.decisions import all_of
from openfls.clinical.episodes import dated
from openfls.clinical.facts import (
    Answer,
    BodySite,
    ClosingReason,
    Declined,
    Fact,
    FractureSighting,
    TaskClosed,
    Triage,
    TriageDecision,
)
from openfls.clinical.histories import EpisodeStatus
from openfls.clinical.rulebook import BY_NAME, STANDARDS
from openfls.clinical.standards import Standing, Step, Verdict, judge
from openfls.clinical.tasks import CONCERN_SOMEBODY, Task, TaskState
from openfls.clinical.versions import current
from openfls.clinical.when import Precision
from tests.clinical.drawing import (
    STEPS,
    exact_days,
    exactly,
    histories,
    moved,
    one_fracture,
    sightings,
    triage_stories,
    whens,
)
from tests.clinical.histories import Drawn, day, person

# Which tasks a fact of this kind may end; a kind that isn't here ends none. What a window is counted from may settle
# that a vaguely dated act came late: an assessment for the scan's decision and the letter, a letter for its answer.
MAY_END: dict[str, set[Step]] = {
    "FLS assessment": {Step.ASSESS, Step.DXA_DECISION, Step.TELL_GP, Step.GP_ACKNOWLEDGES},
    "falls assessment": {Step.FALLS},
    "DXA request": {Step.DXA_DECISION, Step.DXA},
    "DXA result": {Step.DXA},
    "treatment decision": {Step.DECIDE, Step.START, Step.FOLLOW_UP_16, Step.FOLLOW_UP_52, Step.NOT_TAKEN},
    "dose given": {Step.START, Step.NOT_TAKEN},
    "prescription issued": {Step.START, Step.NOT_TAKEN},
    "referral": {Step.STRENGTH_BALANCE},
    "follow-up outcome": {Step.START, Step.FOLLOW_UP_16, Step.FOLLOW_UP_52, Step.NOT_TAKEN},
    "letter sent": {Step.TELL_GP, Step.GP_ACKNOWLEDGES},
    "letter acknowledged": {Step.GP_ACKNOWLEDGES},
    "triage decision": set(STEPS),
    "death": set(STEPS),  # one question a person: what a retraction asked is asked there
}

AGED_50_ON_DAY_0 = date(1976, 3, 2)


def standings(caseload: Caseload) -> list[Standing]:
    return [standing for care in caseload.episodes for standing in care.standings]


def concerns(caseload: Caseload) -> list[EpisodeCare]:
    return [care for care in caseload.episodes if care.status in CONCERN_SOMEBODY]


def open_tasks(caseload: Caseload) -> set[tuple[str, Step]]:
    return {
        (care.episode.id, task.step)
        for care in caseload.episodes
        for task in care.tasks
        if task.state is TaskState.OPEN
    }


# ---- order and repetition


@given(histories(), st.randoms(use_true_random=False))
def test_order_and_repetition_of_the_facts_change_nothing(drawn: Drawn, random: Random):
    again = [*drawn.facts, *drawn.facts[::2]]
    random.shuffle(again)
    assert derive(again, day(drawn.today)) == drawn.caseload


@given(histories())
def test_an_older_version_that_arrives_late_moves_no_verdict(drawn: Drawn):
    """A stray preliminary version of any statement ranks below what stands, whenever it comes."""
    stray = tuple(
        replace(fact, status=0, version=None, source=replace(fact.source, position="stray"))
        for fact in drawn.facts
        if fact.key
    )
    assert standings(derive(drawn.facts + stray, day(drawn.today))) == standings(drawn.caseload)


# ---- grouping


@given(sightings(person(), most=6))
def test_every_sighting_that_claims_a_fracture_is_in_exactly_one_episode(drawn: Drawn):
    claimed = [fact.id for fact in current(drawn.facts) if fact.certain is not Answer.NO]
    grouped = [sighting.id for care in drawn.cares for sighting in care.episode.sightings]
    assert sorted(grouped) == sorted(claimed)


@given(sightings(person(), most=6))
def test_no_two_standing_episodes_lie_within_one_event(drawn: Drawn):
    """Exact sightings that open two episodes are more than a day apart; of one bone and side, more than sixty."""
    firsts = [care.episode.sightings[0] for care in drawn.cares if not care.episode.withdrawn]
    exact = [first for first in firsts if dated(first).exact and not first.retracted]
    for n, one in enumerate(exact):
        for other in exact[n + 1 :]:
            apart = dated(one).days_from(dated(other))
            assert apart > drawn.parameters.simultaneous_days
            same = one.body_site is other.body_site and one.side is other.side
            assert not same or apart > drawn.parameters.grouping_days


@given(sightings(person(), most=6))
def test_only_an_episode_after_one_that_stands_and_may_count_is_a_refracture(drawn: Drawn):
    outside = [all_of(definition(c.episode, c.history.births, drawn.parameters)).no for c in drawn.cares]
    stands = [not (care.episode.withdrawn or out) for care, out in zip(drawn.cares, outside, strict=True)]
    assert [care.episode.refracture for care in drawn.cares] == [any(stands[:n]) for n in range(len(stands))]


# ---- verdicts


@given(histories())
def test_every_episode_has_one_verdict_on_every_standard_that_keeps_its_promise(drawn: Drawn):
    for care in drawn.cares:
        assert [standing.standard for standing in care.standings] == [standard.name for standard in STANDARDS]
        for standing in care.standings:
            keeps_its_promise(standing, care)


def keeps_its_promise(standing: Standing, care: EpisodeCare) -> None:
    today = care.history.today
    match standing.verdict:
        case Verdict.MET | Verdict.MET_LATE:
            fact = next(fact for fact in care.history.facts if fact.id == standing.met_by)
            assert standing.met_on == fact.occurred.start
            assert standing.met_on >= care.episode.index.start
            assert not fact.retracted
            assert (standing.verdict is Verdict.MET) == (fact.occurred.end <= standing.due)
        case Verdict.DUE:
            assert today <= standing.due
            assert standing.met_by == ""
        case Verdict.MISSED:
            assert today > standing.due
        case Verdict.NOT_ASKED:
            assert standing.due is None
    assert standing.because
    if standing.open or standing.done:
        enrolled = care.status is EpisodeStatus.ENROLLED
        assert enrolled or standing.verdict is Verdict.UNKNOWN


# ---- nobody is silently dropped


@given(histories())
def test_every_open_step_of_an_enrolled_episode_is_a_task(drawn: Drawn):
    assume(drawn.caseload.death is None)
    for care in drawn.cares:
        if care.status is not EpisodeStatus.ENROLLED:
            continue
        tasks = {task.step: task for task in care.tasks}
        for standard, standing in zip(STANDARDS, care.standings, strict=True):
            if standing.open and standard.makes_task:
                assert standard.step in tasks
                if tasks[standard.step].state is not TaskState.CLOSED:
                    assert tasks[standard.step].needs_someone or any_done(care, standard.step)


def any_done(care: EpisodeCare, step: Step) -> bool:
    return any(standing.done for standing in care.standings if standing.step is step)


@given(histories())
def test_a_task_is_closed_only_by_a_fact_that_closes_it(drawn: Drawn):
    for care in drawn.cares:
        for task in care.tasks:
            acts = [f for f in care.history.facts if isinstance(f, TaskClosed | Declined) and f.step == task.step]
            assert task.state is not TaskState.CLOSED or acts
            assert task.state is not TaskState.DONE or any_done(care, task.step)
        assert len({task.step for task in care.tasks}) == len(care.tasks)


@given(histories())
def test_every_episode_of_concern_is_on_somebodys_list_until_it_ends(drawn: Drawn):
    caseload = drawn.caseload
    for care in concerns(caseload):
        steps = {task.step for task in care.tasks}
        if care.status is EpisodeStatus.WITHDRAWN and not caseload.death:
            assert steps == {Step.CONFIRM_CLOSING}
        elif care.status is not EpisodeStatus.ENROLLED and not caseload.death:
            assert steps == {Step.TRIAGE}
    asked = [task for care in caseload.episodes for task in care.tasks if task.step is Step.CONFIRM_CLOSING]
    if caseload.death:
        assert len(asked) == bool(concerns(caseload))


def speaks_for(sighting: FractureSighting) -> set[str]:
    """What a sighting says for a fragility fracture."""
    said = {
        str(sighting.body_site): sighting.body_site is not BodySite.UNSPECIFIED,
        "low trauma": sighting.low_trauma is Answer.YES,
        "not pathological": sighting.pathological is Answer.NO,
        "certain": sighting.certain is Answer.YES,
    }
    return {words for words, holds in said.items() if holds}


def dismissals(drawn: Drawn) -> list[Fact]:
    """Whatever a named person may have ended the triage of some sighting with."""
    answered = [f for f in drawn.facts if isinstance(f, TriageDecision) and f.answer is Triage.NOT_FRAGILITY]
    ended = [f for f in drawn.facts if isinstance(f, TaskClosed | Declined) and f.step == Step.TRIAGE]
    return [fact for fact in (*answered, *ended) if fact.by]


@settings(max_examples=300)
@given(triage_stories() | histories())
def test_a_sighting_that_may_count_and_that_no_named_person_dismissed_is_on_somebodys_list(drawn: Drawn):
    """Of a living person who is over 50 or may be: whatever else happens, in whatever order, on whatever day. A person
    dismissed it who named it, or a sighting of the same episode that says all that it says."""
    assume(drawn.caseload.death is None)
    assume(drawn.record.birth_date != AGED_50_ON_DAY_0)
    versions = {fact.id: fact for fact in drawn.facts if isinstance(fact, FractureSighting)}
    ends = [{about for about in fact.about if about in versions} for fact in dismissals(drawn)]
    for care in drawn.cares:
        here = {key for s in care.episode.sightings for key, v in versions.items() if v.statement == s.statement}
        of_this = [named & here for named in ends if named & here]
        shown = [versions[about] for named in of_this for about in named]
        said = set().union(*(speaks_for(sighting) for sighting in shown))
        if not any(sighting.pathological is Answer.YES for sighting in shown):
            said.add("not pathological")
        for sighting in care.episode.sightings:
            counted = sighting.body_site not in NEVER_COUNTED and not sighting.retracted
            if counted and (not of_this or speaks_for(sighting) - said):
                assert any(task.state is not TaskState.CLOSED or named_end(care, task) for task in care.tasks)
                assert care.tasks[0].step is not Step.TRIAGE or care.tasks[0].state is TaskState.OPEN


def named_end(care: EpisodeCare, task: Task) -> bool:
    acts = (f for f in care.history.facts if isinstance(f, TaskClosed | Declined) and f.step == task.step)
    return any(act.by for act in acts)


@settings(max_examples=300)
@given(triage_stories() | histories())
def test_an_enrolled_fracture_stays_enrolled_until_a_person_answers_otherwise_about_it(drawn: Drawn):
    """No dismissal of another sighting, and no way in which sightings come together, ends it."""
    for care in drawn.cares:
        answers = [fact for fact in care.history.recorded(TriageDecision.kind) if fact.by]
        ids = {s.id for s in (*care.episode.sightings, *care.history.superseded)}
        enrolling = [fact for fact in answers if fact.answer is Triage.ENROL]
        for fact in enrolling:
            named = ids & set(fact.about)
            later = [f for f in answers if (f.said, f.id) > (fact.said, fact.id) and f.answer is not Triage.ENROL]
            untouched = {about for about in named if not any(same(care, about, f) for f in later)}
            if untouched and not care.episode.withdrawn:
                assert care.status is EpisodeStatus.ENROLLED


def same(care: EpisodeCare, about: str, fact: Fact) -> bool:
    """The answer names the same statement as ``about``, in whichever version."""
    statement = care.history.versions[about].statement
    return any(care.history.versions[key].statement == statement for key in fact.about if key in care.history.versions)


@given(histories(), exact_days)
def test_the_passing_of_time_ends_no_task(drawn: Drawn, later: int):
    """Only what was planned for a day that has come may end one (`test_what_lies_ahead`)."""
    assume(later >= drawn.today)
    so_far = drawn.without_plans()
    assert open_tasks(so_far.caseload) <= open_tasks(so_far.seen_on(later).caseload)


@given(histories(), st.data())
def test_one_more_fact_ends_only_the_tasks_of_its_own_kind(drawn: Drawn, data: st.DataObject):
    more = data.draw(moved(drawn))
    fact = more.facts[-1]
    ended = {step for _, step in open_tasks(drawn.caseload) - open_tasks(more.caseload)}
    own = {Step(fact.step)} if isinstance(fact, TaskClosed | Declined) else MAY_END.get(fact.kind, set())
    assert ended <= own, fact


@given(histories())
def test_notes_and_calls_change_nothing(drawn: Drawn):
    more = drawn.noted(1).called(2).called(90, outcome="reached").requested_of_gp(3)
    assert standings(more.caseload) == standings(drawn.caseload)
    assert [care.tasks for care in more.cares] == [care.tasks for care in drawn.cares]


@given(histories(), st.sampled_from(STEPS))
def test_closing_and_opening_again_restores_every_task(drawn: Drawn, step: Step):
    keys = tuple(fact.key for fact in drawn.facts if isinstance(fact, FractureSighting))
    before, today = open_tasks(drawn.caseload), drawn.today
    closed = drawn.closed(step, today, ClosingReason.MOVED_AWAY, points_at=keys, known=900)
    assert not {task for task in open_tasks(closed.caseload) if task[1] is step}
    assert before <= open_tasks(closed.reopened(step, today, points_at=keys, known=901).caseload)


# ---- possible worlds: what is said of a vague date holds whatever the date was

FROM_INDEX = [
    BY_NAME[name]
    for name in (
        "assessed-within-90-days",
        "assessed-within-12-weeks",
        "dxa-within-90-days",
        "falls-assessed",
        "treatment-recommended",
        "treatment-started-by-16-weeks",
        "followed-up-at-12-to-16-weeks",
        "followed-up-at-48-to-56-weeks",
        "on-treatment-at-48-to-56-weeks",
    )
]


ALLOWED = {(Verdict.EXCLUDED, Verdict.MET), (Verdict.MISSED, Verdict.MET_LATE)}


@given(one_fracture(), st.data())
def test_a_verdict_on_vague_dates_holds_in_every_world_that_they_allow(drawn: Drawn, data: st.DataObject):
    """Two exceptions: who is set apart anyway isn't asked about for having perhaps been in time, and what was missed
    stays missed while it isn't sure that it was done late."""
    world = replace(drawn, facts=tuple(data.draw(exactly(fact)) for fact in drawn.facts))
    for standard in FROM_INDEX:
        told = judge(standard, drawn.care.history).verdict
        truth = judge(standard, world.care.history).verdict
        assert told in (Verdict.UNKNOWN, truth) or (told, truth) in ALLOWED, (standard.name, told, truth)


@given(st.data())
def test_a_world_of_a_vague_fact_is_one_of_its_days(data: st.DataObject):
    fact = person().sighted(on=data.draw(whens)).facts[0]
    chosen = data.draw(exactly(fact)).occurred
    assert chosen.precision is Precision.EXACT
    assert fact.occurred.start <= chosen.start <= fact.occurred.end
