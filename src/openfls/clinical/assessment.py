"""Osteoporosis assessment: the standards for who is assessed, scanned and asked about falls, and by when."""

from openfls.clinical.bands import FLS_DB_BANDS, IOF_BANDS
from openfls.clinical.expressions import (
    AgeAtIndex,
    All,
    BodySiteAmong,
    Died,
    Either,
    Has,
    Latest,
    Moment,
    Parameter,
    Recorded,
    Window,
)
from openfls.clinical.facts import (
    Admission,
    BodySite,
    Discharge,
    DxaNeed,
    DxaRequest,
    DxaResult,
    FallsAssessment,
    FlsAssessment,
    RiskScore,
    TreatmentDecision,
)
from openfls.clinical.standards import ENROLLED, FROM_INDEX, Family, Standard, Step, died_by, within_days

FLS_DB_DAYS = 90  # RCP FLS-DB KPI 4 and 5: days from the diagnosis of the index fracture
IOF_WEEKS_12 = 84  # IOF/FFN/NOF patient-level KPIs 3 and 4: twelve weeks

FLS_DB = "Royal College of Physicians, FLS Database (FLS-DB)"
IOF = "IOF, FFN and NOF patient-level key performance indicators (PMC7280347)"
HIP_AUDIT = "National Hip Fracture Database (NHFD) and best practice tariff (doi 10.1007/s11657-023-01282-2)"
QS149 = "NICE quality standard QS149"

HIP_AUDIT_FROM = 60  # years: the national hip audit begins at this age, and never sees outpatients

NO_LOWER_BOUND = "FLS-DB's published analysis lets what came before the fracture pass (negative gaps); here it doesn't."
ALL_RECORDS = "FLS-DB divides by all records entered; here only closed windows are judged, and who died in one apart."
IOF_DENOMINATOR = "The source's abstract names no denominator: all whom the service has enrolled are asked."

ASSESSED = Recorded(FlsAssessment.kind)
SCANNED = Recorded(DxaResult.kind)
DXA_REQUESTED = Recorded(DxaRequest.kind, (Has("need", (DxaNeed.REQUESTED,)),))
DXA_NOT_NEEDED = Recorded(DxaRequest.kind, (Has("need", (DxaNeed.NOT_NEEDED,)),))
DXA_DECIDED_AGAINST = Latest(DxaRequest.kind, (Has("need", (DxaNeed.NOT_NEEDED,)),))
NEAR_THE_FRACTURE = Window(None, Moment(Parameter("grouping_days")))
ADMITTED = Recorded(Admission.kind, within=NEAR_THE_FRACTURE)
DISCHARGED = Recorded(Discharge.kind, within=NEAR_THE_FRACTURE)
AT_DISCHARGE = Moment(0, after=DISCHARGED)
OF_THE_HIP_AUDIT = (ENROLLED, BodySiteAmong((BodySite.HIP,)), AgeAtIndex(HIP_AUDIT_FROM), ADMITTED)
FALLS_DONE_OR_REFERRED = (
    Recorded(FallsAssessment.kind, (Has("done", ("yes",)),)),
    Recorded(FallsAssessment.kind, (Has("referred", ("yes",)),)),
)
DXA_DECISION_DUE = Moment(Parameter("dxa_request_days"), after=ASSESSED)

ASSESSED_WITHIN_90_DAYS = Standard(
    name="assessed-within-90-days",
    title="Assessed by the service within 90 days",
    why="Most further fractures come in the first two years; what is not assessed is not treated.",
    step=Step.ASSESS,
    source=FLS_DB,
    edition="KPI set 2019-2021",
    family=Family.FLS_DB,
    aliases=("FLS-DB KPI 4",),
    counts=ENROLLED,
    met_by=(ASSESSED,),
    window=within_days(FLS_DB_DAYS),
    excludes=Died(within_days(FLS_DB_DAYS)),
    bands=FLS_DB_BANDS,
    choices=(ALL_RECORDS, NO_LOWER_BOUND),
)

ASSESSED_WITHIN_12_WEEKS = Standard(
    name="assessed-within-12-weeks",
    title="Assessed by the service within 12 weeks",
    why="The international indicator of the same step: 84 days, not 90.",
    step=Step.ASSESS,
    source=IOF,
    edition="2020",
    family=Family.IOF,
    aliases=("IOF KPI 3",),
    counts=ENROLLED,
    met_by=(ASSESSED,),
    window=within_days(IOF_WEEKS_12),
    excludes=Died(within_days(IOF_WEEKS_12)),
    bands=IOF_BANDS,
    choices=(IOF_DENOMINATOR,),
)

DXA_DECIDED = Standard(
    name="dxa-decided",
    title="DXA requested, or found not to be needed",
    why="A scan that nobody decided on is a scan forgotten; that none is needed is an answer (NICE NG259, 1.7.4).",
    step=Step.DXA_DECISION,
    source="Site parameter dxa_request_days; the answer itself by NICE NG259 1.7.4",
    edition="default of 2026",
    family=Family.OWN,
    counts=All((ENROLLED, ASSESSED)),
    met_by=(DXA_REQUESTED, DXA_NOT_NEEDED),
    window=Window(FROM_INDEX, DXA_DECISION_DUE),
    excludes=died_by(DXA_DECISION_DUE),
)

DXA_WITHIN_90_DAYS = Standard(
    name="dxa-within-90-days",
    title="DXA done within 90 days where it was requested",
    why="Where the scanner stands decides who is scanned; the wait shows it.",
    step=Step.DXA,
    source=FLS_DB,
    edition="KPI set 2019-2021",
    family=Family.FLS_DB,
    aliases=("FLS-DB KPI 5",),
    counts=All((ENROLLED, DXA_REQUESTED)),
    met_by=(SCANNED,),
    window=within_days(FLS_DB_DAYS),
    excludes=Either((DXA_DECIDED_AGAINST, Died(within_days(FLS_DB_DAYS)))),
    bands=FLS_DB_BANDS,
    choices=(
        "Who counts is read from the source's wording: those for whom a scan was requested. Where the request was "
        "followed by a decision that no DXA is needed, that decision stands.",
        NO_LOWER_BOUND,
    ),
    notes="Counted from the fracture, not from the request. To be confirmed.",
)

DXA_WITHIN_12_WEEKS = Standard(
    name="dxa-within-12-weeks",
    title="DXA done within 12 weeks where it was requested",
    why="The international indicator of the same step: 84 days, not 90.",
    step=Step.DXA,
    source=IOF,
    edition="2020",
    family=Family.IOF,
    aliases=("IOF KPI 4",),
    counts=All((ENROLLED, DXA_REQUESTED)),
    met_by=(SCANNED,),
    window=within_days(IOF_WEEKS_12),
    makes_task=False,
    excludes=Either((DXA_DECIDED_AGAINST, Died(within_days(IOF_WEEKS_12)))),
    bands=IOF_BANDS,
    choices=("The abstract doesn't name who counts; those for whom a scan was requested are taken.",),
)

FALLS_ASSESSED = Standard(
    name="falls-assessed",
    title="Falls risk assessed, or referred for it",
    why="Most fragility fractures follow a fall.",
    step=Step.FALLS,
    source=FLS_DB,
    edition="KPI set 2019-2021",
    family=Family.FLS_DB,
    aliases=("FLS-DB KPI 6",),
    counts=ENROLLED,
    met_by=FALLS_DONE_OR_REFERRED,
    window=within_days(FLS_DB_DAYS),
    excludes=Died(within_days(FLS_DB_DAYS)),
    bands=FLS_DB_BANDS,
    choices=("The source gives no window of its own; the 90 days of its assessment are taken.", ALL_RECORDS),
)

FALLS_ASSESSED_WITHIN_12_WEEKS = Standard(
    name="falls-assessed-within-12-weeks",
    title="Falls risk assessed within 12 weeks",
    why="The international indicator of the same step.",
    step=Step.FALLS,
    source=IOF,
    edition="2020",
    family=Family.IOF,
    aliases=("IOF KPI 5",),
    counts=ENROLLED,
    met_by=FALLS_DONE_OR_REFERRED[:1],
    window=within_days(IOF_WEEKS_12),
    makes_task=False,
    excludes=Died(within_days(IOF_WEEKS_12)),
    bands=IOF_BANDS,
    choices=(
        "The abstract gives no window; the 12 weeks of its assessment are taken. A referral alone, which FLS-DB "
        "counts, doesn't meet it.",
        IOF_DENOMINATOR,
    ),
)

BONE_HEALTH_ASSESSED_IN_HOSPITAL = Standard(
    name="hip-audit-bone-health-assessed",
    title="Hip fracture: bone health assessed before discharge",
    why="The hip audit's bone-health field, and a criterion of the best practice tariff: nobody goes home unasked.",
    step=Step.ASSESS,
    source=HIP_AUDIT,
    edition="audit since 2011, results of 2024",
    family=Family.HIP_AUDIT,
    aliases=("NHFD bone health assessment",),
    counts=All((*OF_THE_HIP_AUDIT, DISCHARGED)),
    met_by=(
        ASSESSED,
        DXA_REQUESTED,
        Recorded(TreatmentDecision.kind),
    ),
    window=Window(FROM_INDEX, AT_DISCHARGE),
    late_until=AT_DISCHARGE,
    makes_task=False,
    excludes=died_by(AT_DISCHARGE),
    choices=(
        "The audit's answers (started, continued, awaits DXA, awaits bone clinic, assessed and none needed, not "
        "assessed) are general knowledge, not read: an assessment, any decision about treatment or a request for a "
        "scan, by the day of discharge, is an assessment.",
        "Counted once discharged, from age 60. Who died in hospital is excluded.",
    ),
    notes="The audit never sees outpatients. To be confirmed.",
)

FRACTURE_RISK_ASSESSED = Standard(
    name="fracture-risk-assessed",
    title="Fracture risk assessed after a fragility fracture",
    why="Risk that nobody assesses, nobody lowers.",
    step=Step.ASSESS,
    source=QS149,
    edition="2017, basis replaced by NG259 in July 2026",
    family=Family.NICE,
    aliases=("QS149 statement 1",),
    counts=ENROLLED,
    met_by=(Recorded(RiskScore.kind), ASSESSED),
    window=within_days(FLS_DB_DAYS),
    makes_task=False,
    excludes=Died(within_days(FLS_DB_DAYS)),
    choices=(
        "The statement gives no window: the 90 days of FLS-DB's assessment are taken. A risk score or the service's "
        "own assessment meets it.",
        "Its other groups (systemic glucocorticoids, falls) are not a fracture service's and are not counted.",
    ),
)

STANDARDS = (
    ASSESSED_WITHIN_90_DAYS,
    ASSESSED_WITHIN_12_WEEKS,
    DXA_DECIDED,
    DXA_WITHIN_90_DAYS,
    DXA_WITHIN_12_WEEKS,
    FALLS_ASSESSED,
    FALLS_ASSESSED_WITHIN_12_WEEKS,
    BONE_HEALTH_ASSESSED_IN_HOSPITAL,
    FRACTURE_RISK_ASSESSED,
)
