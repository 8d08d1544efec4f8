"""A decision is yes, no or unknown, because of what; it is never true or false."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openfls.clinical.decisions import Decision, Outcome, all_of, any_of, no, opposite, unknown, yes

decisions = st.builds(
    Decision, st.sampled_from(Outcome), st.lists(st.sampled_from("abc"), max_size=2, unique=True).map(tuple)
)
NUMBER = {Outcome.NO: 0, Outcome.UNKNOWN: 1, Outcome.YES: 2}  # Kleene's order of truth


def truth(decision: Decision) -> int:
    return NUMBER[decision.outcome]


@pytest.mark.parametrize("decision", [yes("seen"), no("not seen"), unknown("who knows")])
@pytest.mark.parametrize("ask", [bool, lambda d: not d, lambda d: d and 1, lambda d: 1 if d else 0])
def test_a_decision_used_as_true_or_false_raises(decision, ask):
    with pytest.raises(TypeError, match=r"never true or false.*ask \.yes, \.no or \.unknown"):
        ask(decision)


@given(decisions)
def test_a_decision_is_exactly_one_of_yes_no_and_unknown(decision):
    assert [decision.yes, decision.no, decision.unknown].count(True) == 1


def test_a_rule_signs_the_decision_and_leaves_its_reasons():
    signed = no("aged 49").under("who counts", "v2.0")
    assert (signed.outcome, signed.because) == (Outcome.NO, ("aged 49",))
    assert (signed.rule, signed.edition) == ("who counts", "v2.0")


@given(st.lists(decisions))
def test_all_of_is_the_least_true_and_any_of_the_most_true(parts):
    assert truth(all_of(parts)) == min(map(truth, parts), default=2)
    assert truth(any_of(parts)) == max(map(truth, parts), default=0)


@given(st.lists(decisions))
def test_only_the_reasons_of_the_outcome_are_given_each_once(parts):
    for told in (all_of(parts), any_of(parts)):
        speaking = [reason for d in parts if d.outcome is told.outcome for reason in d.because]
        assert list(told.because) == list(dict.fromkeys(speaking))


@given(st.lists(decisions))
def test_de_morgan_holds_for_three_answers(parts):
    turned = [opposite(part) for part in parts]
    assert opposite(all_of(parts)).outcome is any_of(turned).outcome
    assert opposite(any_of(parts)).outcome is all_of(turned).outcome


@given(decisions)
def test_turning_twice_gives_the_same_and_unknown_stays_unknown(decision):
    assert opposite(opposite(decision)) == decision
    assert opposite(decision).unknown == decision.unknown


@given(st.lists(decisions), st.lists(decisions), st.randoms())
def test_order_repetition_and_grouping_change_no_outcome(one, other, random):
    shuffled = [*one, *other, *one]
    random.shuffle(shuffled)
    for ask in (all_of, any_of):
        together = ask([*one, *other]).outcome
        assert ask(shuffled).outcome is together
        assert ask([ask(one), ask(other)]).outcome is together


@given(st.lists(decisions, min_size=1), st.sampled_from(Outcome))
def test_learning_what_was_unknown_never_turns_a_settled_answer(parts, learnt):
    """Monotone in knowledge: whatever an unknown part turns out to be, a yes or a no that stood still stands."""
    for ask in (all_of, any_of):
        before = ask(parts)
        after = ask([Decision(learnt) if part.unknown else part for part in parts])
        assert before.unknown or after.outcome is before.outcome
