"""Monitoring: whether treatment is taken, at 12 to 16 weeks and at one year."""

from openfls.clinical.assessment import FLS_DB, HIP_AUDIT, IOF, OF_THE_HIP_AUDIT, QS149
from openfls.clinical.bands import FLS_DB_BANDS, IOF_BANDS
from openfls.clinical.expressions import All, Died, Either, Has, Latest, Moment, Parameter, Recorded, Window
from openfls.clinical.facts import Answer, DoseGiven, FollowUpOutcome, PrescriptionIssued, TreatmentDecision
from openfls.clinical.standards import ENROLLED, FROM_INDEX, Family, Standard, Step, died_by, within_days
from openfls.clinical.treatment import ADVISED, ASKED_ELSEWHERE, NOT_TREATED, SUPPLIED, WEEKS_16

WEEKS_12, WEEKS_48, WEEKS_56 = 84, 336, 392  # FLS-DB sections 6 and 7: follow-up at 12-16 and at 48-56 weeks

HIP_AUDIT_DAYS = 120  # the national hip audit's follow-up
REVIEW_DAYS_INFUSION, REVIEW_DAYS_ORAL = 1096, 1826  # reviews of bisphosphonates: three years (IV), five (oral) [M]
STILL_TAKEN_DAYS = 548  # eighteen months before the review: who had a dose or a prescription since then is on it still

ANY_FOLLOW_UP = Recorded(FollowUpOutcome.kind, (Has("on_treatment", (Answer.YES, Answer.NO, Answer.UNKNOWN)),))
TREATED = All((ENROLLED, Either((ADVISED, ASKED_ELSEWHERE))))
NO_TREATMENT_FOUND = (Has("on_treatment", (Answer.NO, Answer.UNKNOWN)),)
CONFIRMED = Recorded(FollowUpOutcome.kind, (Has("on_treatment", (Answer.YES,)),))
BOTH_ASKED = Recorded(
    FollowUpOutcome.kind,
    (Has("on_treatment", (Answer.YES, Answer.NO)), Has("adverse_effects_asked", (Answer.YES,))),
)
REVIEWED = (ANY_FOLLOW_UP, Recorded(TreatmentDecision.kind))
NOT_CONFIRMED = Recorded(FollowUpOutcome.kind, NO_TREATMENT_FOUND)
NOT_CONFIRMED_AT_LAST = Latest(FollowUpOutcome.kind, NO_TREATMENT_FOUND)
NOT_TAKEN_DUE = Moment(Parameter("not_taken_days"), after=NOT_CONFIRMED, latest=True)

PRESCRIBED = Recorded(PrescriptionIssued.kind, (Has("bone_drug", (Answer.YES,)),))
GIVEN = Recorded(DoseGiven.kind, (Has("bone_drug", (Answer.YES,)),))


def still(first: Recorded, review: int) -> Window:
    """The eighteen months before the review."""
    return Window(Moment(review - STILL_TAKEN_DAYS, after=first), Moment(review, after=first))


STILL_PRESCRIBED, STILL_GIVEN = still(PRESCRIBED, REVIEW_DAYS_ORAL), still(GIVEN, REVIEW_DAYS_INFUSION)
LONG_PRESCRIBED = Recorded(PRESCRIBED.kind, PRESCRIBED.where, STILL_PRESCRIBED)
LONG_GIVEN = Recorded(GIVEN.kind, GIVEN.where, STILL_GIVEN)
ANY_BONE_DRUG = (
    "The statement is about bisphosphonates. Sources write a drug's name freely, so any bone drug counts: more people "
    "are asked than by the statement, none fewer."
)
WHO_IS_ON_IT = "On it still: a prescription or dose in the eighteen months before the review is due."

FOLLOWED_UP_AT_16_WEEKS = Standard(
    name="followed-up-at-12-to-16-weeks",
    title="Followed up at 12 to 16 weeks",
    why="Adherence is the great worry: most who stop, stop early.",
    step=Step.FOLLOW_UP_16,
    source=FLS_DB,
    edition="KPI set 2019-2021",
    family=Family.FLS_DB,
    aliases=("FLS-DB KPI 9",),
    counts=TREATED,
    met_by=(ANY_FOLLOW_UP,),
    window=Window(Moment(WEEKS_12), Moment(WEEKS_16)),
    late_until=Moment(WEEKS_48 - 1),
    excludes=Either((NOT_TREATED, Died(Window(None, Moment(WEEKS_16))))),
    bands=FLS_DB_BANDS,
    choices=(
        "A follow-up before twelve weeks does not meet it. The audit's published analysis applies no lower bound.",
        "Only its name was read: who counts is recommended, referred to the GP or for an opinion; who died is apart.",
    ),
)

MONITORED_BY_16_WEEKS = Standard(
    name="monitored-by-16-weeks",
    title="Followed up by 16 weeks",
    why="The international indicator of the same step has no earliest day.",
    step=Step.FOLLOW_UP_16,
    source=IOF,
    edition="2020",
    family=Family.IOF,
    aliases=("IOF KPI 8",),
    counts=TREATED,
    met_by=(ANY_FOLLOW_UP,),
    window=within_days(WEEKS_16),
    late_until=Moment(WEEKS_48 - 1),
    makes_task=False,
    excludes=Either((NOT_TREATED, Died(Window(None, Moment(WEEKS_16))))),
    bands=IOF_BANDS,
    choices=("The abstract names no denominator: those for whom treatment was recommended or asked for are taken.",),
)

FOLLOWED_UP_AT_120_DAYS = Standard(
    name="hip-audit-followed-up-at-120-days",
    title="Hip fracture: followed up at 120 days",
    why="The hip audit asks at 120 days how the patient fares; who isn't asked can't be helped.",
    step=Step.FOLLOW_UP_16,
    source=HIP_AUDIT,
    edition="120-day follow-up",
    family=Family.HIP_AUDIT,
    aliases=("NHFD 120-day follow-up",),
    counts=All(OF_THE_HIP_AUDIT),
    met_by=(ANY_FOLLOW_UP,),
    window=Window(Moment(WEEKS_12), Moment(HIP_AUDIT_DAYS)),
    late_until=Moment(WEEKS_48 - 1),
    makes_task=False,
    excludes=Died(Window(None, Moment(HIP_AUDIT_DAYS))),
    choices=(
        "How near to day 120 counts was not read: from 12 weeks on, so that the follow-up of 12 to 16 weeks serves "
        "both, to day 120.",
    ),
    notes="From age 60. To be confirmed.",
)

ON_TREATMENT_AT_120_DAYS = Standard(
    name="hip-audit-on-treatment-at-120-days",
    title="Hip fracture: on bone treatment at 120 days",
    why="Treatment begun in hospital and lost on the way home shows here first.",
    step=Step.FOLLOW_UP_16,
    source=HIP_AUDIT,
    edition="120-day follow-up",
    family=Family.HIP_AUDIT,
    aliases=("NHFD 120-day bone treatment",),
    counts=All(OF_THE_HIP_AUDIT),
    met_by=(CONFIRMED,),
    window=Window(Moment(WEEKS_12), Moment(HIP_AUDIT_DAYS)),
    late_until=Moment(WEEKS_48 - 1),
    makes_task=False,
    excludes=Died(Window(None, Moment(HIP_AUDIT_DAYS))),
    choices=(
        "The indicator is general knowledge, not read: all hip fractures alive at day 120, whatever was recommended. "
        "Nobody reached is missed once the day has passed, unless a follow-up left it open, which is unknown.",
        "From 12 weeks on, as for the follow-up itself.",
    ),
    notes="From age 60. To be confirmed.",
)

ASKED_AT_REVIEW = Standard(
    name="asked-about-adverse-effects-and-adherence",
    title="Asked about adverse effects and adherence at the first review",
    why="Most who stop do so because of something that a question would have brought to light.",
    step=Step.FOLLOW_UP_16,
    source=QS149,
    edition="2017, basis replaced by NG259 in July 2026",
    family=Family.NICE,
    aliases=("QS149 statement 3",),
    counts=All((ENROLLED, ANY_FOLLOW_UP)),
    met_by=(BOTH_ASKED,),
    window=Window(FROM_INDEX, Moment(0, after=ANY_FOLLOW_UP)),
    makes_task=False,
    choices=(
        "The statement says at each review: the first is judged, a later one that asks meets it late.",
        "A review that leaves open whether treatment is taken, or whether adverse effects were asked of, is unknown.",
    ),
)

FOLLOWED_UP_AT_ONE_YEAR = Standard(
    name="followed-up-at-48-to-56-weeks",
    title="Followed up at 48 to 56 weeks",
    why="Whether treatment is still taken after a year shows only if somebody asks.",
    step=Step.FOLLOW_UP_52,
    source=FLS_DB,
    edition="dataset v2.0, field 7.01",
    family=Family.FLS_DB,
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
    family=Family.FLS_DB,
    aliases=("FLS-DB KPI 11",),
    counts=TREATED,
    met_by=(CONFIRMED,),
    window=Window(Moment(WEEKS_48), Moment(WEEKS_56)),
    makes_task=False,
    excludes=Either((NOT_TREATED, Died(Window(None, Moment(WEEKS_56))))),
    bands=FLS_DB_BANDS,
    choices=(
        "Only its name was read. FLS-DB divides by those recommended in the year before; here each episode is judged "
        "when its own window closes, which comes to the same patients.",
    ),
    notes="Nobody reached is unknown, never off treatment. It only counts: the act is asked for by the follow-up.",
)

ON_TREATMENT_AT_52_WEEKS = Standard(
    name="on-treatment-at-52-weeks",
    title="On treatment at 52 weeks",
    why="The international indicator of the same step.",
    step=Step.FOLLOW_UP_52,
    source=IOF,
    edition="2020",
    family=Family.IOF,
    aliases=("IOF KPI 10",),
    counts=TREATED,
    met_by=(CONFIRMED,),
    window=Window(Moment(WEEKS_48), Moment(WEEKS_56)),
    makes_task=False,
    excludes=Either((NOT_TREATED, Died(Window(None, Moment(WEEKS_56))))),
    bands=IOF_BANDS,
    choices=(
        "How near to 52 weeks counts was not read: FLS-DB's 48 to 56 weeks are taken: one follow-up answers both.",
        "The abstract names no denominator: those for whom treatment was recommended or asked for are taken.",
    ),
)

ORAL_TREATMENT_REVIEWED = Standard(
    name="oral-treatment-reviewed-at-5-years",
    title="Continuing need reviewed by 5 years of prescribed treatment",
    why="Long treatment has harms of its own. A review is a question, not a stop.",
    step=Step.FOLLOW_UP_52,
    source=QS149,
    edition="2017, basis replaced by NG259 in July 2026",
    family=Family.NICE,
    aliases=("QS149 statement 4 (prescribed)",),
    counts=All((ENROLLED, LONG_PRESCRIBED)),
    met_by=REVIEWED,
    window=Window(STILL_PRESCRIBED.opens, Moment(REVIEW_DAYS_ORAL, after=PRESCRIBED)),
    makes_task=False,
    excludes=died_by(Moment(REVIEW_DAYS_ORAL, after=PRESCRIBED)),
    choices=(ANY_BONE_DRUG, WHO_IS_ON_IT),
    notes="Five years for tablets are general knowledge of the guidance, not in the statement. To be confirmed.",
)

INFUSIONS_REVIEWED = Standard(
    name="infusions-reviewed-at-3-years",
    title="Continuing need reviewed by 3 years of doses given",
    why="Long treatment has harms of its own. A review is a question, not a stop.",
    step=Step.FOLLOW_UP_52,
    source=QS149,
    edition="2017, basis replaced by NG259 in July 2026",
    family=Family.NICE,
    aliases=("QS149 statement 4 (given)",),
    counts=All((ENROLLED, LONG_GIVEN)),
    met_by=REVIEWED,
    window=Window(STILL_GIVEN.opens, Moment(REVIEW_DAYS_INFUSION, after=GIVEN)),
    makes_task=False,
    excludes=died_by(Moment(REVIEW_DAYS_INFUSION, after=GIVEN)),
    choices=(ANY_BONE_DRUG, WHO_IS_ON_IT),
    notes="Three years for infusions are general knowledge of the guidance, not in the statement. To be confirmed.",
)

ACTED_ON_TREATMENT_NOT_TAKEN = Standard(
    name="acted-on-treatment-not-taken",
    title="Treatment resumed, or decided against, where a follow-up didn't find it taken",
    why="A follow-up that finds no treatment protects nobody by itself.",
    step=Step.NOT_TAKEN,
    source="Site parameter not_taken_days; no published source",
    edition="default of 2026",
    family=Family.OWN,
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
    MONITORED_BY_16_WEEKS,
    FOLLOWED_UP_AT_120_DAYS,
    ON_TREATMENT_AT_120_DAYS,
    ASKED_AT_REVIEW,
    FOLLOWED_UP_AT_ONE_YEAR,
    ON_TREATMENT_AT_ONE_YEAR,
    ON_TREATMENT_AT_52_WEEKS,
    ORAL_TREATMENT_REVIEWED,
    INFUSIONS_REVIEWED,
    ACTED_ON_TREATMENT_NOT_TAKEN,
)
