"""Histories drawn at random for tests: sightings, corrections and what may happen after, at boundary days."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from hypothesis import strategies as st

from openfls.clinical.facts import (
    Answer,
    AppointmentState,
    BodySite,
    Fact,
    Finder,
    FractureSighting,
    Service,
    Setting,
    Side,
    TreatmentAdvice,
    Triage,
)
from openfls.clinical.standards import Step
from openfls.clinical.when import on
from tests.clinical.histories import Drawn, about, between, person

BOUNDARIES = (-1, 0, 1, 14, 15, 24, 25, 83, 84, 85, 89, 90, 91, 111, 112, 113, 335, 336, 392, 393)
MEETINGS = (0, 1, 2, 59, 60, 61, 62, 120)  # of two sightings: simultaneous, grouped, apart
BONES = (BodySite.HIP, BodySite.WRIST, BodySite.UNSPECIFIED, BodySite.DIGIT)
STEPS = tuple(Step)

exact_days = st.sampled_from(BOUNDARIES)
whens = st.one_of(
    exact_days,
    exact_days,
    st.builds(about, exact_days, st.sampled_from((1, 7))),
    st.builds(lambda first, length: between(first, first + length), exact_days, st.sampled_from((1, 30))),
)
answers = st.sampled_from(Answer)
Move = Callable[[Drawn, Any, dict[str, Any]], Drawn]

# What may happen after a fracture: each takes a history and a day, and draws its own details.
MOVES: dict[str, tuple[Move, dict[str, st.SearchStrategy[Any]]]] = {
    "triage": (lambda d, on, more: d.triaged(on=on, **more), {"answer": st.sampled_from(Triage)}),
    "enrol": (lambda d, on, more: d.enrolled(on, **more), {}),
    "admission": (lambda d, on, more: d.admitted(on, **more), {}),
    "discharge": (lambda d, on, more: d.discharged(on, **more), {}),
    "assessment": (lambda d, on, more: d.assessed(on, **more), {}),
    "falls": (lambda d, on, more: d.falls_assessed(on, **more), {"done": answers, "referred": answers}),
    "DXA asked": (lambda d, on, more: d.dxa_requested(on, **more), {}),
    "no DXA": (lambda d, on, more: d.dxa_not_needed(on, **more), {}),
    "appointment": (
        lambda d, on, more: d.booked(on, **more),
        {"state": st.sampled_from(AppointmentState), "service": st.sampled_from(Service)},
    ),
    "scan": (lambda d, on, more: d.scanned(on, **more), {}),
    "decision": (lambda d, on, more: d.decided(on=on, **more), {"advice": st.sampled_from(TreatmentAdvice)}),
    "dose": (lambda d, on, more: d.dosed(on, **more), {"bone_drug": answers, "setting": st.sampled_from(Setting)}),
    "prescription": (lambda d, on, more: d.prescribed(on, **more), {"bone_drug": answers}),
    "supply": (lambda d, on, more: d.supplied(on, **more), {"bone_drug": answers}),
    "refusal": (lambda d, on, more: d.refused_a_dose(on, **more), {"bone_drug": answers}),
    "record checked": (lambda d, on, more: d.looked_into_the_record(on, **more), {}),
    "exercise": (lambda d, on, more: d.exercise(on, **more), {"started": answers}),
    "follow-up": (lambda d, on, more: d.followed_up(on, **more), {"on_treatment": answers}),
    "letter": (lambda d, on, more: d.wrote_to_gp(on, **more), {}),
    "answer": (lambda d, on, more: d.acknowledged(on, **more), {}),
    "closing": (lambda d, on, more: d.closed(on=on, **more), {"step": st.sampled_from(STEPS)}),
    "opening": (lambda d, on, more: d.reopened(on=on, **more), {"step": st.sampled_from(STEPS)}),
    "declining": (lambda d, on, more: d.declined(on=on, **more), {"step": st.sampled_from(STEPS)}),
    "owning": (
        lambda d, on, more: d.owned(on=on, **more), {"step": st.sampled_from(STEPS), "owner": st.sampled_from("ab")}
    ),
    "seeing": (lambda d, on, more: d.seen(on=on, **more), {"step": st.sampled_from(STEPS)}),
    "death": (lambda d, on, more: d.died(on, **more), {}),
    "note": (lambda d, on, more: d.noted(on, **more), {}),
    "call": (lambda d, on, more: d.called(on, **more), {}),
    "GP asked": (lambda d, on, more: d.requested_of_gp(on, **more), {}),
}  # fmt: skip


@st.composite
def sightings(draw: st.DrawFn, drawn: Drawn, most: int = 3) -> Drawn:
    for n in range(draw(st.integers(1, most))):
        first = draw(st.sampled_from(MEETINGS)) if n else 0
        drawn = drawn.sighted(
            draw(st.sampled_from(BONES)),
            draw(st.sampled_from((first, first, about(first), between(first, first + 30)))),
            draw(st.sampled_from((Finder.TRAUMA_LIST, Finder.RADIOLOGY_REPORT))),
            key=f"sighting {n}",
            side=draw(st.sampled_from((Side.UNKNOWN, Side.LEFT, Side.RIGHT, Side.BOTH))),
            certain=draw(st.sampled_from((Answer.YES, Answer.YES, Answer.UNKNOWN, Answer.NO))),
            low_trauma=draw(answers),
            pathological=draw(answers),
        )
    for n in range(draw(st.integers(0, 2))):
        key = draw(st.sampled_from([fact.key for fact in drawn.facts]))
        change = draw(
            st.sampled_from(({"retracted": True}, {"certain": Answer.NO}, {"occurred": 5}, {"side": Side.LEFT}))
        )
        drawn = drawn.corrected(key, known=70 + n, **change)
    return drawn


@st.composite
def moved(draw: st.DrawFn, drawn: Drawn) -> Drawn:
    """One more thing happens."""
    move, details = MOVES[draw(st.sampled_from(sorted(MOVES)))]
    keys = sorted({fact.key for fact in drawn.facts if isinstance(fact, FractureSighting)})
    named = draw(st.just(()) | st.lists(st.sampled_from(keys), min_size=1, max_size=2).map(tuple))
    more = {name: draw(values) for name, values in details.items()}
    return move(drawn, draw(whens), {"points_at": named, "by": draw(st.sampled_from(("nurse", ""))), **more})


@st.composite
def histories(draw: st.DrawFn, most: int = 8) -> Drawn:
    """A person with sightings, sometimes corrected, a few things done at boundary days, looked at on a boundary day."""
    drawn = draw(sightings(person(draw(st.sampled_from((date(1940, 5, 6), date(1976, 3, 2), None))))))
    if draw(st.booleans()):
        for key in sorted({fact.key for fact in drawn.facts}):
            drawn = drawn.enrolled(points_at=(key,))
    for _ in range(draw(st.integers(0, most))):
        drawn = draw(moved(drawn))
    return drawn.seen_on(draw(exact_days))


@st.composite
def triage_stories(draw: st.DrawFn) -> Drawn:
    """Sightings close together come in, between them a person or a feed answers, closes, declines, opens again."""
    drawn = person(draw(st.sampled_from((date(1940, 5, 6), None))))
    for n in range(draw(st.integers(1, 4))):
        drawn = drawn.sighted(
            draw(st.sampled_from(BONES)),
            draw(st.sampled_from((0, 0, 1, 40, 61))),
            draw(st.sampled_from((Finder.TRAUMA_LIST, Finder.CODED_DISCHARGE))),
            key=f"sighting {n}",
            known=62,
            certain=draw(st.sampled_from((Answer.YES, Answer.UNKNOWN))),
            low_trauma=draw(answers),
            pathological=draw(answers),
        )
        for _ in range(draw(st.integers(0, 2))):
            drawn = draw(answered(drawn))
    return drawn.seen_on(draw(st.sampled_from((62, 70, 400))))


@st.composite
def answered(draw: st.DrawFn, drawn: Drawn) -> Drawn:
    keys = sorted({fact.key for fact in drawn.facts if isinstance(fact, FractureSighting)})
    named = tuple(draw(st.lists(st.sampled_from(keys), min_size=1, max_size=2, unique=True)))
    more = {"points_at": named, "by": draw(st.sampled_from(("nurse", "nurse", "nurse", "")))}
    match draw(st.sampled_from(("answer", "answer", "answer", "closing", "declining", "opening", "correction"))):
        case "answer":
            answer = draw(st.sampled_from((Triage.ENROL, Triage.NOT_FRAGILITY, *Triage)))
            return drawn.triaged(answer, 62, **more)
        case "closing":
            return drawn.closed(Step.TRIAGE, 62, **more)
        case "declining":
            return drawn.declined(Step.TRIAGE, 62, **more)
        case "opening":
            return drawn.reopened(Step.TRIAGE, 62, **more)
    change = draw(st.sampled_from(({"low_trauma": Answer.YES}, {"occurred": 1}, {"retracted": True})))
    return drawn.corrected(named[0], known=62, **change)


@st.composite
def one_fracture(draw: st.DrawFn) -> Drawn:
    """One exactly dated, enrolled fracture, with what was done on days that may be vague."""
    drawn = person().sighted(key="hip").enrolled()
    doings = sorted(set(MOVES) - {"triage", "enrol", "closing", "opening", "declining", "owning", "seeing"})
    for name in draw(st.lists(st.sampled_from(doings), min_size=1, max_size=5)):
        move, details = MOVES[name]
        more = {name: draw(values) for name, values in details.items()}
        by = {} if name == "death" else {"points_at": ("hip",)}
        drawn = move(drawn, draw(whens), {**by, **more})
    return drawn.seen_on(500)


def exactly(fact: Fact) -> st.SearchStrategy[Fact]:
    """The fact on one of the days on which it may have occurred; ends are likelier than what lies between."""
    if fact.occurred.exact:
        return st.just(fact)
    when = fact.occurred
    days = st.sampled_from((when.start, when.end)) | st.dates(when.start, when.end)
    return days.map(lambda chosen: replace(fact, occurred=on(chosen)))
