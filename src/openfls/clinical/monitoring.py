"""Monitoring: whether treatment is taken, at 12 to 16 weeks and at one year."""

from openfls.clinical.assessment import FLS_DB
from openfls.clinical.expressions import All, Died, Either, Has, Latest, Moment, Parameter, Recorded, Window
from openfls.clinical.facts import Answer, FollowUpOutcome
from openfls.clinical.standards import ENROLLED, Standard, Step, died_by
from openfls.clinical.treatment import ADVISED, ASKED_ELSEWHERE, NOT_TREATED, SUPPLIED, WEEKS_16

WEEKS_12, WEEKS_48, WEEKS_56 = 84, 336, 392  # FLS-DB sections 6 and 7: follow-up at 12-16 and at 48-56 weeks

ANY_FOLLOW_UP = Recorded(FollowUpOutcome.kind, (Has("on_treatment", (Answer.YES, Answer.NO, Answer.UNKNOWN)),))
TREATED = All((ENROLLED, Either((ADVISED, ASKED_ELSEWHERE))))
NO_TREATMENT_FOUND = (Has("on_treatment", (Answer.NO, Answer.UNKNOWN)),)
NOT_CONFIRMED = Recorded(FollowUpOutcome.kind, NO_TREATMENT_FOUND)
NOT_CONFIRMED_AT_LAST = Latest(FollowUpOutcome.kind, NO_TREATMENT_FOUND)
NOT_TAKEN_DUE = Moment(Parameter("not_taken_days"), after=NOT_CONFIRMED, latest=True)

FOLLOWED_UP_AT_16_WEEKS = Standard(
    name="followed-up-at-12-to-16-weeks",
    title="Followed up at 12 to 16 weeks",
    why="Adherence is the great worry: most who stop, stop early.",
    step=Step.FOLLOW_UP_16,
    source=FLS_DB,
    edition="KPI set 2019-2021",
    aliases=("FLS-DB KPI 9", "IOF KPI 8"),
    counts=TREATED,
    met_by=(ANY_FOLLOW_UP,),
    window=Window(Moment(WEEKS_12), Moment(WEEKS_16)),
    late_until=Moment(WEEKS_48 - 1),
    excludes=Either((NOT_TREATED, Died(Window(None, Moment(WEEKS_16))))),
    notes="A follow-up before twelve weeks does not meet it. The audit's published analysis applies no lower bound.",
)

FOLLOWED_UP_AT_ONE_YEAR = Standard(
    name="followed-up-at-48-to-56-weeks",
    title="Followed up at 48 to 56 weeks",
    why="Whether treatment is still taken after a year shows only if somebody asks.",
    step=Step.FOLLOW_UP_52,
    source=FLS_DB,
    edition="dataset v2.0, field 7.01",
    counts=TREATED,
    met_by=(ANY_FOLLOW_UP,),
    window=Window(Moment(WEEKS_48), Moment(WEEKS_56)),
    excludes=Either((NOT_TREATED, Died(Window(None, Moment(WEEKS_56))))),
    notes="The act alone: it asks, whatever it finds. What it finds is counted beside it, and acted on.",
)

ON_TREATMENT_AT_ONE_YEAR = Standard(
    name="on-treatment-at-48-to-56-weeks",
    title="Confirmed on treatment at 48 to 56 weeks",
    why="Only treatment that is still taken prevents the next fracture.",
    step=Step.FOLLOW_UP_52,
    source=FLS_DB,
    edition="KPI set 2019-2021",
    aliases=("FLS-DB KPI 11", "IOF KPI 10"),
    counts=TREATED,
    met_by=(Recorded(FollowUpOutcome.kind, (Has("on_treatment", (Answer.YES,)),)),),
    window=Window(Moment(WEEKS_48), Moment(WEEKS_56)),
    makes_task=False,
    excludes=Either((NOT_TREATED, Died(Window(None, Moment(WEEKS_56))))),
    notes="Nobody reached is unknown, never off treatment. It only counts: the act is asked for by the follow-up.",
)

ACTED_ON_TREATMENT_NOT_TAKEN = Standard(
    name="acted-on-treatment-not-taken",
    title="Treatment resumed, or decided against, where a follow-up didn't find it taken",
    why="A follow-up that finds no treatment protects nobody by itself.",
    step=Step.NOT_TAKEN,
    source="Site parameter not_taken_days; no published source",
    edition="default of 2026",
    counts=All((ENROLLED, NOT_CONFIRMED_AT_LAST)),
    met_by=SUPPLIED,
    window=Window(Moment(0, after=NOT_CONFIRMED, latest=True), NOT_TAKEN_DUE),
    excludes=Either((NOT_TREATED, died_by(NOT_TAKEN_DUE))),
    notes="The latest follow-up speaks, whenever it was; one that left open whether treatment is taken asks too. A "
    "recommendation alone doesn't meet it, a dose or a prescription does; after a later follow-up that confirms "
    "treatment it isn't asked.",
)

STANDARDS = (
    FOLLOWED_UP_AT_16_WEEKS,
    FOLLOWED_UP_AT_ONE_YEAR,
    ON_TREATMENT_AT_ONE_YEAR,
    ACTED_ON_TREATMENT_NOT_TAKEN,
)
