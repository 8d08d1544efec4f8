"""Monitoring: whether treatment is taken, at 12 to 16 weeks and at one year."""

from openfls.clinical.assessment import FLS_DB
from openfls.clinical.expressions import All, Died, Either, Has, Moment, Recorded, Window
from openfls.clinical.facts import Answer, FollowUpOutcome
from openfls.clinical.standards import ENROLLED, Standard, Step
from openfls.clinical.treatment import ADVISED, ASKED_ELSEWHERE, NOT_TREATED, WEEKS_16

WEEKS_12, WEEKS_48, WEEKS_56 = 84, 336, 392  # FLS-DB sections 6 and 7: follow-up at 12-16 and at 48-56 weeks

ANY_FOLLOW_UP = Recorded(FollowUpOutcome.kind, (Has("on_treatment", (Answer.YES, Answer.NO, Answer.UNKNOWN)),))
TREATED = All((ENROLLED, Either((ADVISED, ASKED_ELSEWHERE))))

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
    excludes=Either((NOT_TREATED, Died(Window(None, Moment(WEEKS_56))))),
    notes="Nobody reached is unknown, never off treatment.",
)

STANDARDS = (FOLLOWED_UP_AT_16_WEEKS, ON_TREATMENT_AT_ONE_YEAR)
