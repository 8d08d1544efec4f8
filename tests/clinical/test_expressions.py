"""The tree that standards are written in: each node's answer, and that no standard holds what no engine could read."""

from dataclasses import fields, is_dataclass
from datetime import date, timedelta
from enum import Enum
from typing import Any, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openfls.clinical import expressions
from openfls.clinical.decisions import Outcome
from openfls.clinical.expressions import (
    AgeAtIndex,
    All,
    BodySiteAmong,
    Died,
    Either,
    Enrolled,
    Expression,
    Has,
    Latest,
    Moment,
    Not,
    Parameter,
    Recorded,
    Window,
    decide,
    inside,
    matches,
    moment,
)
from openfls.clinical.facts import KINDS, Answer, BodySite, FlsAssessment, PrescriptionIssued, TreatmentAdvice
from openfls.clinical.parameters import DEFAULTS
from openfls.clinical.rulebook import STANDARDS
from tests.clinical.histories import Drawn, about, between, day, hip, person

YES, NO, UNKNOWN = Outcome.YES, Outcome.NO, Outcome.UNKNOWN

ASSESSED = Recorded("FLS assessment")
BONE_DRUG = Recorded("prescription issued", (Has("bone_drug", ("yes",)),))
ADVICE = Latest("treatment decision", (Has("advice", ("recommended",)),))
TWO_WEEKS = Window(Moment(0), Moment(14))
AFTER_ASSESSMENT = Window(Moment(0, after=ASSESSED), Moment(Parameter("gp_letter_days"), after=ASSESSED))
SETTING = Has("setting", ("inpatient",))

born_1976 = person(date(1976, 3, 2))
ANSWERS = [
    ("nothing recorded", ASSESSED, hip(), NO),
    ("recorded", ASSESSED, hip().assessed(5), YES),
    ("recorded, taken back", ASSESSED, hip().assessed(5, key="a").took_back("a", known=6), NO),
    ("another kind", ASSESSED, hip().noted(5), NO),
    ("a field that holds", BONE_DRUG, hip().prescribed(5), YES),
    ("a field that says no", BONE_DRUG, hip().prescribed(5, bone_drug="no"), NO),
    ("a field that says unknown", BONE_DRUG, hip().prescribed(5, bone_drug="unknown"), UNKNOWN),
    ("one unknown, one yes", BONE_DRUG, hip().prescribed(5, bone_drug="unknown").prescribed(6), YES),
    ("one unknown, one no", BONE_DRUG, hip().prescribed(5, bone_drug="unknown").prescribed(6, bone_drug="no"), UNKNOWN),
    ("one field no, one unknown", Recorded("prescription issued", (Has("bone_drug", ("yes",)), SETTING)),
     hip().prescribed(5, bone_drug="no"), NO),
    ("inside its window", Recorded("FLS assessment", within=TWO_WEEKS), hip().assessed(14), YES),
    ("after its window", Recorded("FLS assessment", within=TWO_WEEKS), hip().assessed(15), NO),
    ("across an end of it", Recorded("FLS assessment", within=TWO_WEEKS), hip().assessed(about(14)), UNKNOWN),
    ("window counted from what never happened", Recorded("letter sent", within=AFTER_ASSESSMENT),
     hip().wrote_to_gp(3), NO),
    ("window counted from what happened", Recorded("letter sent", within=AFTER_ASSESSMENT),
     hip().assessed(2).wrote_to_gp(16), YES),
    ("the same, a day later", Recorded("letter sent", within=AFTER_ASSESSMENT), hip().assessed(2).wrote_to_gp(17), NO),
    ("the same, a day before", Recorded("letter sent", within=AFTER_ASSESSMENT), hip().assessed(2).wrote_to_gp(1), NO),
    ("latest: nothing", ADVICE, hip(), NO),
    ("latest: one", ADVICE, hip().recommended(5), YES),
    ("latest: an older one differs", ADVICE, hip().decided(TreatmentAdvice.DECLINED, 4).recommended(5), YES),
    ("latest: a newer one differs", ADVICE, hip().recommended(5).decided(TreatmentAdvice.DECLINED, 6), NO),
    ("latest: two of one day differ", ADVICE, hip().recommended(5).decided(TreatmentAdvice.DECLINED, 5), UNKNOWN),
    ("latest: two of one day agree", ADVICE, hip().recommended(5).recommended(5), YES),
    ("latest: a vague one may be newer", ADVICE,
     hip().recommended(5).decided(TreatmentAdvice.DECLINED, between(1, 9)), UNKNOWN),
    ("latest: a vague one is older", ADVICE,
     hip().recommended(5).decided(TreatmentAdvice.DECLINED, between(1, 4)), YES),
    ("enrolled", Enrolled(), hip().enrolled(), YES),
    ("waiting for triage", Enrolled(), hip(), UNKNOWN),
    ("outside the definition", Enrolled(), person().sighted(BodySite.FACE), NO),
    ("aged 50, at least 50", AgeAtIndex(50), born_1976.sighted(), YES),
    ("aged 49 the day before", AgeAtIndex(50), born_1976.sighted(on=-1), NO),
    ("aged 49 or 50", AgeAtIndex(50), born_1976.sighted(on=about(0)), UNKNOWN),
    ("aged 49 or 50, either in the band", AgeAtIndex(49, 50), born_1976.sighted(on=about(0)), YES),
    ("aged 50, at most 50", AgeAtIndex(at_most=50), born_1976.sighted(), YES),
    ("aged 50, at most 49", AgeAtIndex(at_most=49), born_1976.sighted(), NO),
    ("aged 49 to 51, only 50 in the band", AgeAtIndex(50, 50), born_1976.sighted(on=between(-1, 366)), UNKNOWN),
    ("age not known", AgeAtIndex(50), person(None).sighted(), UNKNOWN),
    ("hip among hip and spine", BodySiteAmong((BodySite.HIP, BodySite.SPINE)), hip(), YES),
    ("hip among spine", BodySiteAmong((BodySite.SPINE,)), hip(), NO),
    ("an unnamed bone", BodySiteAmong((BodySite.SPINE,)), person().sighted(BodySite.UNSPECIFIED), UNKNOWN),
    ("alive", Died(), hip(), NO),
    ("died at any time", Died(), hip().died(900), YES),
    ("died on the last day", Died(TWO_WEEKS), hip().died(14), YES),
    ("died the day after", Died(TWO_WEEKS), hip().died(15), NO),
    ("died about then", Died(TWO_WEEKS), hip().died(about(14)), UNKNOWN),
    ("all: yes and unknown", All((ASSESSED, Enrolled())), hip().assessed(1), UNKNOWN),
    ("all: no and unknown", All((ASSESSED, Enrolled())), hip(), NO),
    ("all of nothing", All(()), hip(), YES),
    ("either: yes and unknown", Either((ASSESSED, Enrolled())), hip().assessed(1), YES),
    ("either: no and unknown", Either((ASSESSED, Enrolled())), hip(), UNKNOWN),
    ("either of nothing", Either(()), hip(), NO),
    ("not yes", Not(ASSESSED), hip().assessed(1), NO),
    ("not unknown", Not(Enrolled()), hip(), UNKNOWN),
]  # fmt: skip


@pytest.mark.parametrize(("what", "tree", "drawn", "expected"), ANSWERS, ids=[what for what, *_ in ANSWERS])
def test_a_tree_answers_yes_no_or_unknown_with_a_reason(what, tree: Expression, drawn: Drawn, expected: Outcome):
    decision = decide(tree, drawn.care.history)
    assert decision.outcome is expected, decision
    assert decision.because or expected is YES or tree in (Either(()), Not(ASSESSED))


def test_every_kind_of_node_can_be_decided_and_a_strange_one_is_refused():
    class Horoscope(Expression):
        pass

    nodes = {type(tree) for _, tree, _, _ in ANSWERS}
    declared = [node for node in vars(expressions).values() if isinstance(node, type) and issubclass(node, Expression)]
    assert nodes == set(declared) - {Expression}
    with pytest.raises(TypeError, match="nobody taught to decide"):
        decide(Horoscope(), hip().care.history)


def test_a_moment_counts_from_the_index_date_a_fact_or_a_parameter():
    history = hip().assessed(9).assessed(4).where(gp_letter_days=30).care.history
    assert moment(None, history) is None
    assert moment(Moment(90), history) == day(90)
    assert moment(Moment(10, after=ASSESSED), history) == day(14)
    assert moment(Moment(Parameter("gp_letter_days")), history) == day(30)
    assert moment(Moment(10, after=ASSESSED, latest=True), history) == day(19)
    assert moment(Moment(1, after=BONE_DRUG), history) is None
    assert moment(Moment(1, after=BONE_DRUG, latest=True), history) is None


def test_a_moment_does_not_count_from_a_fact_that_may_not_be_the_one():
    history = hip().prescribed(3, bone_drug="unknown").prescribed(8).care.history
    assert moment(Moment(1, after=BONE_DRUG), history) == day(9)


def test_every_standing_fact_of_the_kind_is_weighed_in_the_order_in_which_it_occurred():
    history = hip().prescribed(9).prescribed(3, bone_drug="no").care.history
    assert [(fact.occurred.start, answer.outcome) for fact, answer in matches(BONE_DRUG, history)] == [
        (day(3), NO),
        (day(9), YES),
    ]
    assert all(isinstance(fact, PrescriptionIssued) for fact, _ in matches(BONE_DRUG, history))
    assert list(matches(Recorded(FlsAssessment.kind), history)) == []


ends = st.none() | st.integers(-3, 12)


@given(st.integers(-5, 15), st.integers(0, 6), ends, ends)
def test_an_interval_is_inside_if_every_day_of_it_is_and_outside_if_none(first, length, opens, closes):
    window = Window(*(None if end is None else Moment(end) for end in (opens, closes)))
    history = hip().care.history
    each = [
        (opens is None or number >= opens) and (closes is None or number <= closes)
        for number in range(first, first + length + 1)
    ]
    expected = YES if all(each) else UNKNOWN if any(each) else NO
    if opens is None or closes is None or opens <= closes:
        assert inside(between(first, first + length), window, history).outcome is expected


# ---- what stands in a standard can be read by every engine


def parts(node: Any) -> list[Any]:
    """The node and everything below it."""
    if isinstance(node, tuple):
        return [leaf for part in node for leaf in parts(part)]
    if is_dataclass(node):
        return [node, *(leaf for field in fields(node) for leaf in parts(getattr(node, field.name)))]
    return [node]


EVERY_PART = [
    (s.name, part) for s in STANDARDS for part in parts((s.counts, s.met_by, s.window, s.late_until, s.excludes))
]


def test_a_standard_is_made_of_frozen_nodes_and_plain_values_and_holds_no_callable():
    plain = (str, int, Enum, type(None))
    assert [(name, part) for name, part in EVERY_PART if not (is_dataclass(part) or isinstance(part, plain))] == []
    assert all(hash(standard.counts) is not None for standard in STANDARDS)


def test_a_standard_names_only_kinds_fields_and_values_that_there_are():
    for name, part in EVERY_PART:
        if isinstance(part, Recorded | Latest):
            hints = get_type_hints(KINDS[part.kind])
            for has in part.where:
                assert has.field in hints, (name, part)
                if isinstance(hints[has.field], type) and issubclass(hints[has.field], Enum):
                    assert set(has.one_of) <= {str(value) for value in hints[has.field]}, (name, part)


def test_a_standard_names_only_parameters_that_hold_days():
    named = [part.name for _, part in EVERY_PART if isinstance(part, Parameter)]
    assert named
    assert all(type(getattr(DEFAULTS, parameter)) is int for parameter in named)


def test_every_window_closes_after_it_opens():
    """So that what is due can fall due; a moment after another fact is asked at a history that has that fact."""
    begun = hip().enrolled().admitted(0).assessed(5).recommended(5).wrote_to_gp(6).discharged(9)
    treated = begun.prescribed(3).dosed(3)
    history = treated.followed_up(100, Answer.NO).care.history
    for standard in STANDARDS:
        opens, closes = moment(standard.window.opens, history), moment(standard.window.closes, history)
        assert opens is not None, standard.name
        assert closes is not None, standard.name
        assert opens <= closes, standard.name
        late = moment(standard.late_until, history)
        assert late is None or late >= closes, standard.name
        assert closes - opens <= timedelta(days=548), standard.name
