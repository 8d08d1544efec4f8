"""What every standard must declare, and what a verdict promises."""

import warnings
from datetime import UTC, datetime, timedelta

import pytest

from openfls.clinical.decisions import Outcome
from openfls.clinical.facts import Answer
from openfls.clinical.rulebook import BY_NAME, STANDARDS
from openfls.clinical.standards import (
    COMPONENT_OF,
    NOT_CLINICALLY_CHECKED,
    Family,
    Standard,
    Standing,
    Step,
    Verdict,
)
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
    everything = begun.followed_up(100, Answer.NO).prescribed(3).prescribed(1700).dosed(3).dosed(800)
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


def test_the_set_is_complete():
    assert set(BY_NAME) == {
        "assessed-within-90-days",
        "assessed-within-12-weeks",
        "dxa-decided",
        "dxa-within-90-days",
        "dxa-within-12-weeks",
        "falls-assessed",
        "falls-assessed-within-12-weeks",
        "hip-audit-bone-health-assessed",
        "fracture-risk-assessed",
        "treatment-recommended",
        "treatment-recommended-within-12-weeks",
        "treatment-offered-at-high-risk",
        "treatment-started-in-hospital",
        "treatment-started-by-16-weeks",
        "on-treatment-by-first-follow-up",
        "hip-audit-on-treatment-at-discharge",
        "strength-and-balance-by-16-weeks",
        "strength-and-balance-of-all-by-16-weeks",
        "followed-up-at-12-to-16-weeks",
        "monitored-by-16-weeks",
        "hip-audit-followed-up-at-120-days",
        "hip-audit-on-treatment-at-120-days",
        "asked-about-adverse-effects-and-adherence",
        "followed-up-at-48-to-56-weeks",
        "on-treatment-at-48-to-56-weeks",
        "on-treatment-at-52-weeks",
        "oral-treatment-reviewed-at-5-years",
        "infusions-reviewed-at-3-years",
        "acted-on-treatment-not-taken",
        "gp-told",
        "gp-told-within-3-months",
        "gp-acknowledged",
    }


def numbers(family: Family, prefix: str) -> dict[int, Standard]:
    """The family's standards by the number of the indicator that they are also called."""
    aliases = {alias: s for s in STANDARDS if s.family is family for alias in s.aliases}
    return {int(alias.removeprefix(prefix)): s for alias, s in aliases.items() if alias.startswith(prefix)}


def test_every_indicator_of_patients_is_declared_by_its_own_source():
    """FLS-DB's first three and IOF's first two and last are about a service, not a patient."""
    assert sorted(numbers(Family.FLS_DB, "FLS-DB KPI ")) == [4, 5, 6, 7, 8, 9, 10, 11]
    assert sorted(numbers(Family.IOF, "IOF KPI ")) == [3, 4, 5, 6, 7, 8, 9, 10]
    nice = [alias for s in STANDARDS if s.family is Family.NICE for alias in s.aliases]
    assert {alias[:17] for alias in nice} == {f"QS149 statement {number}" for number in (1, 2, 3, 4)}


def test_the_numbers_of_two_sources_are_offset_and_no_declaration_carries_both():
    for standard in STANDARDS:
        assert len({alias.split()[0] for alias in standard.aliases}) <= 1, standard.name
    fls_db, iof = numbers(Family.FLS_DB, "FLS-DB KPI "), numbers(Family.IOF, "IOF KPI ")
    assert all(fls_db[number + 1].step is iof[number].step for number in range(3, 11))


def test_every_indicator_of_fls_db_and_iof_has_the_bands_of_its_source():
    for standard in STANDARDS:
        numbered = any("KPI" in alias for alias in standard.aliases)
        assert (standard.bands is not None) == numbered, standard.name
        assert not standard.bands or standard.bands.choice, standard.name


def test_an_indicator_says_what_was_chosen_where_its_source_leaves_a_hole():
    published = [s for s in STANDARDS if s.family not in (Family.OWN,) and s.aliases]
    assert [s.name for s in published if not s.choices] == []


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
