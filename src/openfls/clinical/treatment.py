"""Treatment initiation: what was decided about bone treatment, where it began, and strength and balance exercise."""

from openfls.clinical.assessment import FLS_DB, FLS_DB_DAYS, IOF
from openfls.clinical.expressions import (
    All,
    BodySiteAmong,
    Died,
    Either,
    Has,
    Latest,
    Moment,
    Not,
    Parameter,
    Recorded,
    Window,
)
from openfls.clinical.facts import (
    Admission,
    BodySite,
    Discharge,
    DoseGiven,
    FollowUpOutcome,
    MedicineSupplied,
    PrescriptionIssued,
    Referral,
    Setting,
    TreatmentAdvice,
    TreatmentDecision,
)
from openfls.clinical.standards import ENROLLED, FROM_INDEX, Standard, Step, died_by, within_days

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
NEAR_THE_FRACTURE = Window(None, Moment(Parameter("grouping_days")))
ADMITTED = Recorded(Admission.kind, within=NEAR_THE_FRACTURE)
DISCHARGED = Recorded(Discharge.kind, within=NEAR_THE_FRACTURE)
AT_DISCHARGE = Moment(0, after=DISCHARGED)
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
    aliases=("FLS-DB KPI 7", "IOF KPI 6"),
    counts=ENROLLED,
    met_by=(ADVISED, ASKED_ELSEWHERE),
    window=within_days(FLS_DB_DAYS),
    excludes=Either((NOT_TREATED, Died(within_days(FLS_DB_DAYS)))),
    notes="Whether 'referred to GP' and 'referred for opinion' count is not known from the source; here they do. "
    "'Inappropriate' and 'informed decline' are set apart with their reason. The window is that of the assessment. "
    "All to be confirmed.",
)

STARTED_IN_HOSPITAL = Standard(
    name="treatment-started-in-hospital",
    title="Treatment started in hospital, where the patient was admitted",
    why="Best begun in hospital rather than asked for after discharge (Drew 2016, PMC4839047).",
    step=Step.START,
    source="Drew et al. 2016, Osteoporosis International 27:1719 (PMC4839047)",
    edition="2016",
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
    aliases=("IOF KPI 9", "FLS-DB KPI 10"),
    counts=All((ENROLLED, Either((ADVISED, ASKED_ELSEWHERE)))),
    met_by=STARTED,
    window=within_days(WEEKS_16),
    excludes=Either((NOT_TREATED, Died(within_days(WEEKS_16)))),
    notes="A request to the GP stays open until a first prescription, a delivery, a dose or a follow-up confirms it.",
)

STRENGTH_AND_BALANCE_BY_16_WEEKS = Standard(
    name="strength-and-balance-by-16-weeks",
    title="Strength and balance exercise begun by 16 weeks",
    why="Exercise that challenges balance prevents falls.",
    step=Step.STRENGTH_BALANCE,
    source=FLS_DB,
    edition="KPI set 2019-2021",
    aliases=("FLS-DB KPI 8", "IOF KPI 7"),
    counts=All((ENROLLED, Not(BodySiteAmong((BodySite.HIP,))))),
    met_by=(Recorded(Referral.kind, (Has("service", (STRENGTH_AND_BALANCE,)), Has("started", ("yes",)))),),
    window=within_days(WEEKS_16),
    excludes=Died(within_days(WEEKS_16)),
    notes="FLS-DB asks this of patients without a hip fracture only.",
)

STANDARDS = (
    TREATMENT_DECIDED,
    STARTED_IN_HOSPITAL,
    STARTED_BY_16_WEEKS,
    STRENGTH_AND_BALANCE_BY_16_WEEKS,
)
