"""What every standard must declare, and what a verdict promises."""

import warnings
from datetime import UTC, datetime, timedelta

import pytest

from openfls.clinical.decisions import Outcome
from openfls.clinical.facts import Answer
from openfls.clinical.rulebook import BY_NAME, STANDARDS
from openfls.clinical.standards import COMPONENT_OF, NOT_CLINICALLY_CHECKED, Standard, Standing, Step, Verdict
from openfls.clinical.tasks import OWNER_ROLE

each_standard = pytest.mark.parametrize("standard", STANDARDS, ids=[standard.name for standard in STANDARDS])


@each_standard
def test_a_standard_says_what_why_by_whom_and_after_what(standard: Standard):
    said = (standard.name, standard.title, standard.why, standard.source, standard.edition, standard.authored_by)
    assert all(text.strip() for text in said)
    assert standard.name == standard.name.lower().replace(" ", "-")
    assert standard.met_by
    assert standard.window.closes is not None, "without a closing day nothing ever falls due"


@each_standard
def test_a_standard_that_no_clinician_has_read_says_so(standard: Standard):
    assert standard.checked_by or standard.checked == NOT_CLINICALLY_CHECKED == "not clinically checked"
    assert not standard.checked_by or standard.checked == f"checked by {standard.checked_by}"


@each_standard
def test_a_standard_begins_with_enrolment(standard: Standard):
    """So that nobody whom the service has not taken is counted, and an episode in triage is unknown."""
    from tests.clinical.histories import hip

    begun = hip().admitted().assessed(3).dxa_requested(3).recommended(3).wrote_to_gp(3).discharged(4)
    everything = begun.followed_up(100, Answer.NO)
    if standard.name != "strength-and-balance-by-16-weeks":
        assert everything.enrolled(2).standing(standard).verdict is not Verdict.NOT_ASKED
        assert everything.standing(standard).verdict is Verdict.UNKNOWN
    assert everything.triaged("not a fragility fracture", 2).standing(standard).verdict is Verdict.NOT_ASKED


def test_the_one_list_holds_each_standard_once_by_a_name_of_its_own():
    assert len(BY_NAME) == len(STANDARDS)
    assert len({standard.title for standard in STANDARDS}) == len(STANDARDS)


def test_an_alias_belongs_to_one_standard():
    aliases = [alias for standard in STANDARDS for alias in standard.aliases]
    assert sorted(set(aliases)) == sorted(aliases)


def test_the_first_set_is_complete():
    assert set(BY_NAME) == {
        "assessed-within-90-days",
        "assessed-within-12-weeks",
        "dxa-decided",
        "dxa-within-90-days",
        "falls-assessed",
        "treatment-recommended",
        "treatment-started-in-hospital",
        "treatment-started-by-16-weeks",
        "strength-and-balance-by-16-weeks",
        "followed-up-at-12-to-16-weeks",
        "followed-up-at-48-to-56-weeks",
        "on-treatment-at-48-to-56-weeks",
        "acted-on-treatment-not-taken",
        "gp-told",
        "gp-acknowledged",
    }


def test_every_step_has_a_component_an_owner_and_something_that_asks_for_it():
    asked = {standard.step for standard in STANDARDS if standard.makes_task}
    assert set(COMPONENT_OF) == set(OWNER_ROLE) == set(Step)
    assert asked | {Step.TRIAGE, Step.CONFIRM_CLOSING} == set(Step)


def test_the_ninety_days_and_the_twelve_weeks_are_two_standards_of_one_step():
    ninety, twelve = BY_NAME["assessed-within-90-days"], BY_NAME["assessed-within-12-weeks"]
    assert (ninety.window.closes.days, twelve.window.closes.days) == (90, 84)
    assert ninety.step is twelve.step is Step.ASSESS


def test_a_review_that_is_due_is_warned_of():
    """A warning and no failure: a date alone must not stop a hospital's update. None is put off beyond two years."""
    today = datetime.now(UTC).date()
    due = [standard.name for standard in STANDARDS if standard.next_review <= today]
    if due:
        warnings.warn(f"to be reviewed again: {', '.join(due)}", stacklevel=1)
    assert [s.name for s in STANDARDS if s.next_review > today + timedelta(days=2 * 366)] == []


@pytest.mark.parametrize(
    ("verdict", "open_", "done"),
    [
        (Verdict.MET, False, True),
        (Verdict.MET_LATE, False, True),
        (Verdict.DUE, True, False),
        (Verdict.MISSED, True, False),
        (Verdict.UNKNOWN, True, False),
        (Verdict.EXCLUDED, False, False),
        (Verdict.NOT_ASKED, False, False),
    ],
)
def test_a_verdict_is_open_done_or_neither(verdict, open_, done):
    standing = Standing("any", Step.ASSESS, verdict)
    assert (standing.open, standing.done) == (open_, done)


def test_every_verdict_has_been_weighed_as_open_done_or_neither():
    assert len(Verdict) == 7
    assert len(Outcome) == 3
