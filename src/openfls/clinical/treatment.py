"""Treatment initiation: what was decided about bone treatment, where it began, and strength and balance exercise."""

from openfls.clinical.assessment import (
    ADMITTED,
    ALL_RECORDS,
    AT_DISCHARGE,
    DISCHARGED,
    FLS_DB,
    FLS_DB_DAYS,
    HIP_AUDIT,
    IOF,
    IOF_DENOMINATOR,
    IOF_WEEKS_12,
    OF_THE_HIP_AUDIT,
    QS149,
)
from openfls.clinical.bands import FLS_DB_BANDS, FLS_DB_TREATMENT_BANDS, IOF_BANDS, IOF_TREATMENT_BANDS
from openfls.clinical.expressions import (
    All,
    BodySiteAmong,
    Died,
    Either,
    Has,
    Latest,
    Not,
    Recorded,
    Window,
)
from openfls.clinical.facts import (
    BodySite,
    DoseGiven,
    FollowUpOutcome,
    MedicineSupplied,
    PrescriptionIssued,
    Referral,
    Setting,
    TreatmentAdvice,
    TreatmentDecision,
)
from openfls.clinical.standards import ENROLLED, FROM_INDEX, Family, Standard, Step, died_by, within_days

WEEKS_16 = 112  # FLS-DB KPI 8 to 10 and IOF KPI 7 to 9: sixteen weeks

STRENGTH_AND_BALANCE = "strength and balance"  # the service's name in a `Referral`

ADVISED = Recorded(TreatmentDecision.kind, (Has("advice", (TreatmentAdvice.RECOMMENDED, TreatmentAdvice.CONTINUE)),))
ASKED_ELSEWHERE = Recorded(
    TreatmentDecision.kind, (Has("advice", (TreatmentAdvice.SPECIALIST, TreatmentAdvice.GP_TO_DECIDE)),)
)
NOT_TREATED = Latest(  # a decision against treatment that a later one for it replaces excludes nobody
    TreatmentDecision.kind, (Has("advice", (TreatmentAdvice.INAPPROPRIATE, TreatmentAdvice.DECLINED)),)
)
SUPPLIED = (
    Recorded(DoseGiven.kind, (Has("bone_drug", ("yes",)),)),
    Recorded(PrescriptionIssued.kind, (Has("bone_drug", ("yes",)),)),
    Recorded(MedicineSupplied.kind, (Has("bone_drug", ("yes",)),)),
)
STARTED = (*SUPPLIED, Recorded(FollowUpOutcome.kind, (Has("on_treatment", ("yes",)),)))
CONTINUED = Recorded(TreatmentDecision.kind, (Has("advice", (TreatmentAdvice.CONTINUE,)),))
OFFERED = Recorded(  # a decline is an answer to an offer
    TreatmentDecision.kind,
    (Has("advice", tuple(advice for advice in TreatmentAdvice if advice is not TreatmentAdvice.INAPPROPRIATE)),),
)
FOUND_INAPPROPRIATE = Latest(TreatmentDecision.kind, (Has("advice", (TreatmentAdvice.INAPPROPRIATE,)),))
EXERCISE_BEGUN = (Recorded(Referral.kind, (Has("service", (STRENGTH_AND_BALANCE,)), Has("started", ("yes",)))),)
REFERRALS_COUNT = (
    "Whether 'referred to GP' and 'referred for opinion' count is not known from the source; here they do. "
    "'Inappropriate' and 'informed decline' are excluded with their reason."
)
GIVEN_IN_HOSPITAL = (
    Recorded(DoseGiven.kind, (Has("bone_drug", ("yes",)), Has("setting", (Setting.INPATIENT,)))),
    Recorded(PrescriptionIssued.kind, (Has("bone_drug", ("yes",)), Has("setting", (Setting.INPATIENT,)))),
)

TREATMENT_DECIDED = Standard(
    name="treatment-recommended",
    title="Bone treatment recommended",
    why="A recommendation that nobody makes is the commonest gap between assessment and treatment.",
    step=Step.DECIDE,
    source=FLS_DB,
    edition="KPI set 2019-2021",
    family=Family.FLS_DB,
    aliases=("FLS-DB KPI 7",),
    counts=ENROLLED,
    met_by=(ADVISED, ASKED_ELSEWHERE),
    window=within_days(FLS_DB_DAYS),
    excludes=Either((NOT_TREATED, Died(within_days(FLS_DB_DAYS)))),
    bands=FLS_DB_TREATMENT_BANDS,
    choices=(REFERRALS_COUNT, "The window is that of the assessment, 90 days.", ALL_RECORDS),
    notes="All to be confirmed.",
)

RECOMMENDED_WITHIN_12_WEEKS = Standard(
    name="treatment-recommended-within-12-weeks",
    title="Bone treatment recommended within 12 weeks",
    why="The international indicator of the same step.",
    step=Step.DECIDE,
    source=IOF,
    edition="2020",
    family=Family.IOF,
    aliases=("IOF KPI 6",),
    counts=ENROLLED,
    met_by=(ADVISED, ASKED_ELSEWHERE),
    window=within_days(IOF_WEEKS_12),
    makes_task=False,
    excludes=Either((NOT_TREATED, Died(within_days(IOF_WEEKS_12)))),
    bands=IOF_TREATMENT_BANDS,
    choices=(
        REFERRALS_COUNT,
        "The abstract gives no window; the 12 weeks of its assessment are taken.",
        IOF_DENOMINATOR,
    ),
)

OFFERED_AT_HIGH_RISK = Standard(
    name="treatment-offered-at-high-risk",
    title="Treatment offered to those at high risk",
    why="High risk known and no treatment offered is the gap that the quality statement names.",
    step=Step.DECIDE,
    source=QS149,
    edition="2017, basis replaced by NG259 in July 2026",
    family=Family.NICE,
    aliases=("QS149 statement 2",),
    counts=All((ENROLLED, BodySiteAmong((BodySite.HIP, BodySite.SPINE)))),
    met_by=(OFFERED,),
    window=within_days(FLS_DB_DAYS),
    makes_task=False,
    excludes=Either((FOUND_INAPPROPRIATE, Died(within_days(FLS_DB_DAYS)))),
    choices=(
        "High risk: a fragility fracture of hip or spine (NG259 1.7.3). Others at high risk, by T-score or by a risk "
        "score, are not counted: their thresholds depend on age and tool.",
        "Offered: recommended, continued, declined after an offer, or asked of a specialist or the GP. Found "
        "inappropriate is excluded.",
        "The statement gives no window: the 90 days of FLS-DB's assessment are taken.",
    ),
)

STARTED_IN_HOSPITAL = Standard(
    name="treatment-started-in-hospital",
    title="Treatment started in hospital, where the patient was admitted",
    why="Best begun in hospital rather than asked for after discharge (Drew 2016, PMC4839047).",
    step=Step.START,
    source="Drew et al. 2016, Osteoporosis International 27:1719 (PMC4839047)",
    edition="2016",
    family=Family.OTHER,
    counts=All((ENROLLED, ADMITTED, DISCHARGED, Either((ADVISED, ASKED_ELSEWHERE)))),
    met_by=GIVEN_IN_HOSPITAL,
    window=Window(FROM_INDEX, AT_DISCHARGE),
    late_until=AT_DISCHARGE,
    makes_task=False,
    excludes=Either((NOT_TREATED, died_by(AT_DISCHARGE))),
    notes="A finding of the study, not an audit's indicator: counted once the patient was discharged, so that "
    "it makes no task of its own while treatment can still be started by 16 weeks.",
)

STARTED_BY_16_WEEKS = Standard(
    name="treatment-started-by-16-weeks",
    title="Treatment started by 16 weeks",
    why="A recommendation protects nobody until the first dose.",
    step=Step.START,
    source=IOF,
    edition="2020",
    family=Family.IOF,
    aliases=("IOF KPI 9",),
    counts=All((ENROLLED, Either((ADVISED, ASKED_ELSEWHERE)))),
    met_by=STARTED,
    window=within_days(WEEKS_16),
    excludes=Either((NOT_TREATED, Died(within_days(WEEKS_16)))),
    bands=IOF_BANDS,
    choices=("The abstract names no denominator: those for whom treatment was recommended or asked for are taken.",),
    notes="A request to the GP stays open until a first prescription, a delivery, a dose or a follow-up confirms it.",
)

ON_TREATMENT_BY_FIRST_FOLLOW_UP = Standard(
    name="on-treatment-by-first-follow-up",
    title="Started or continuing treatment by the first follow-up",
    why="What the audit counts at its first follow-up: treatment begun, not only recommended.",
    step=Step.START,
    source=FLS_DB,
    edition="KPI set 2019-2021",
    family=Family.FLS_DB,
    aliases=("FLS-DB KPI 10",),
    counts=All((ENROLLED, Either((ADVISED, ASKED_ELSEWHERE)))),
    met_by=(*STARTED, CONTINUED),
    window=within_days(WEEKS_16),
    makes_task=False,
    excludes=Either((NOT_TREATED, Died(within_days(WEEKS_16)))),
    bands=FLS_DB_BANDS,
    choices=(
        "Only its name was read. 'By the first follow-up' is taken as by 16 weeks, when the audit's window for it "
        "closes. The decision to continue what is taken counts as continuing.",
        "Who counts is that of KPI 9: recommended, referred to the GP or for an opinion; who died by then is apart.",
    ),
    notes="To be confirmed.",
)

ON_TREATMENT_AT_DISCHARGE = Standard(
    name="hip-audit-on-treatment-at-discharge",
    title="Hip fracture: on bone treatment at discharge",
    why="58% in the national results of 2024; ten hospitals sent more than three quarters home without.",
    step=Step.START,
    source=HIP_AUDIT,
    edition="results of 2024 (BOA/NHFD 2025)",
    family=Family.HIP_AUDIT,
    aliases=("NHFD bone medication at discharge",),
    counts=All((*OF_THE_HIP_AUDIT, DISCHARGED)),
    met_by=(*GIVEN_IN_HOSPITAL, CONTINUED),
    window=Window(FROM_INDEX, AT_DISCHARGE),
    late_until=AT_DISCHARGE,
    makes_task=False,
    excludes=died_by(AT_DISCHARGE),
    choices=(
        "Given or prescribed on the ward, or the decision to continue what is taken, by the day of discharge. Who "
        "declines, or for whom treatment is inappropriate, stays in: the audit's exclusions were not read.",
        "Counted once discharged, from age 60. Who died in hospital is excluded.",
    ),
    notes="The audit never sees outpatients. To be confirmed.",
)

STRENGTH_AND_BALANCE_BY_16_WEEKS = Standard(
    name="strength-and-balance-by-16-weeks",
    title="Strength and balance exercise begun by 16 weeks",
    why="Exercise that challenges balance prevents falls.",
    step=Step.STRENGTH_BALANCE,
    source=FLS_DB,
    edition="KPI set 2019-2021",
    family=Family.FLS_DB,
    aliases=("FLS-DB KPI 8",),
    counts=All((ENROLLED, Not(BodySiteAmong((BodySite.HIP,))))),
    met_by=EXERCISE_BEGUN,
    window=within_days(WEEKS_16),
    excludes=Died(within_days(WEEKS_16)),
    bands=FLS_DB_BANDS,
    choices=("The source's text was cut short: begun meets it, a referral alone doesn't.",),
    notes="FLS-DB asks this of patients without a hip fracture only.",
)

EXERCISE_OF_ALL_BY_16_WEEKS = Standard(
    name="strength-and-balance-of-all-by-16-weeks",
    title="Strength and balance exercise begun by 16 weeks, hip fractures too",
    why="The international indicator of the same step asks it of everybody.",
    step=Step.STRENGTH_BALANCE,
    source=IOF,
    edition="2020",
    family=Family.IOF,
    aliases=("IOF KPI 7",),
    counts=ENROLLED,
    met_by=EXERCISE_BEGUN,
    window=within_days(WEEKS_16),
    makes_task=False,
    excludes=Died(within_days(WEEKS_16)),
    bands=IOF_BANDS,
    choices=(IOF_DENOMINATOR,),
)

STANDARDS = (
    TREATMENT_DECIDED,
    RECOMMENDED_WITHIN_12_WEEKS,
    OFFERED_AT_HIGH_RISK,
    STARTED_IN_HOSPITAL,
    STARTED_BY_16_WEEKS,
    ON_TREATMENT_BY_FIRST_FOLLOW_UP,
    ON_TREATMENT_AT_DISCHARGE,
    STRENGTH_AND_BALANCE_BY_16_WEEKS,
    EXERCISE_OF_ALL_BY_16_WEEKS,
)
