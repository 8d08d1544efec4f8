"""Osteoporosis assessment: the standards for who is assessed, scanned and asked about falls, and by when."""

from openfls.clinical.expressions import All, Died, Either, Has, Latest, Moment, Parameter, Recorded, Window
from openfls.clinical.facts import DxaNeed, DxaRequest, DxaResult, FallsAssessment, FlsAssessment
from openfls.clinical.standards import ENROLLED, FROM_INDEX, Standard, Step, died_by, within_days

FLS_DB_DAYS = 90  # RCP FLS-DB KPI 4 and 5: days from the diagnosis of the index fracture
IOF_WEEKS_12 = 84  # IOF/FFN/NOF patient-level KPIs 3 and 4: twelve weeks

FLS_DB = "Royal College of Physicians, FLS Database (FLS-DB)"
IOF = "IOF, FFN and NOF patient-level key performance indicators (PMC7280347)"

ASSESSED = Recorded(FlsAssessment.kind)
SCANNED = Recorded(DxaResult.kind)
DXA_REQUESTED = Recorded(DxaRequest.kind, (Has("need", (DxaNeed.REQUESTED,)),))
DXA_NOT_NEEDED = Recorded(DxaRequest.kind, (Has("need", (DxaNeed.NOT_NEEDED,)),))
DXA_DECIDED_AGAINST = Latest(DxaRequest.kind, (Has("need", (DxaNeed.NOT_NEEDED,)),))
DXA_DECISION_DUE = Moment(Parameter("dxa_request_days"), after=ASSESSED)

ASSESSED_WITHIN_90_DAYS = Standard(
    name="assessed-within-90-days",
    title="Assessed by the service within 90 days",
    why="Most further fractures come in the first two years; what is not assessed is not treated.",
    step=Step.ASSESS,
    source=FLS_DB,
    edition="KPI set 2019-2021",
    aliases=("FLS-DB KPI 4",),
    counts=ENROLLED,
    met_by=(ASSESSED,),
    window=within_days(FLS_DB_DAYS),
    excludes=Died(within_days(FLS_DB_DAYS)),
    notes="FLS-DB divides by all records entered; those who died within the window unassessed are set apart here.",
)

ASSESSED_WITHIN_12_WEEKS = Standard(
    name="assessed-within-12-weeks",
    title="Assessed by the service within 12 weeks",
    why="The international indicator of the same step: 84 days, not 90.",
    step=Step.ASSESS,
    source=IOF,
    edition="2020",
    aliases=("IOF KPI 3",),
    counts=ENROLLED,
    met_by=(ASSESSED,),
    window=within_days(IOF_WEEKS_12),
    excludes=Died(within_days(IOF_WEEKS_12)),
)

DXA_DECIDED = Standard(
    name="dxa-decided",
    title="DXA requested, or found not to be needed",
    why="A scan that nobody decided on is a scan forgotten; that none is needed is an answer (NICE NG259, 1.7.4).",
    step=Step.DXA_DECISION,
    source="Site parameter dxa_request_days; the answer itself by NICE NG259 1.7.4",
    edition="default of 2026",
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
    aliases=("FLS-DB KPI 5",),
    counts=All((ENROLLED, DXA_REQUESTED)),
    met_by=(SCANNED,),
    window=within_days(FLS_DB_DAYS),
    excludes=Either((DXA_DECIDED_AGAINST, Died(within_days(FLS_DB_DAYS)))),
    notes="Counted from the fracture, not from the request. A scan before the fracture does not meet it. Where the "
    "request was followed by a decision that no DXA is needed, that decision stands (to be confirmed).",
)

FALLS_ASSESSED = Standard(
    name="falls-assessed",
    title="Falls risk assessed, or referred for it",
    why="Most fragility fractures follow a fall.",
    step=Step.FALLS,
    source=FLS_DB,
    edition="KPI set 2019-2021",
    aliases=("FLS-DB KPI 6", "IOF KPI 5"),
    counts=ENROLLED,
    met_by=(
        Recorded(FallsAssessment.kind, (Has("done", ("yes",)),)),
        Recorded(FallsAssessment.kind, (Has("referred", ("yes",)),)),
    ),
    window=within_days(FLS_DB_DAYS),
    excludes=Died(within_days(FLS_DB_DAYS)),
    notes="The source gives no window of its own; the 90 days of the assessment are taken. To be confirmed.",
)

STANDARDS = (
    ASSESSED_WITHIN_90_DAYS,
    ASSESSED_WITHIN_12_WEEKS,
    DXA_DECIDED,
    DXA_WITHIN_90_DAYS,
    FALLS_ASSESSED,
)
