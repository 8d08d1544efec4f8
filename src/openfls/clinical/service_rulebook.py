"""The one visible list of service standards: those of FLS-DB, of IOF, and its framework's thirteen."""

from openfls.clinical.assessment import FLS_DB, IOF
from openfls.clinical.bands import FLS_DB_BANDS, FLS_DB_SPINE_BANDS, IOF_BANDS
from openfls.clinical.best_practice import BEST_PRACTICE
from openfls.clinical.expressions import Parameter
from openfls.clinical.service_standards import FewFieldsMissing, Question, Ratio, ServiceStandard
from openfls.clinical.standards import Component, Family

RECORDS = "records"  # enrolled fractures of the year at the site
SPINE_RECORDS = "records of the spine"
OTHER_RECORDS = "records not of the spine"

HIP_FRACTURES = Question(
    "hip_fractures_a_year", "How many hip fractures did the national hip audit count here?", "a year"
)
EXPECTED_SPINE = Question("expected_spine_fractures", "How many spine fractures are to be expected here?", "a year")
EXPECTED_OTHER = Question(
    "expected_other_fractures", "How many fragility fractures other than of the spine are to be expected?", "a year"
)

# Which seventeen the report counts was not read. These are fields of the dataset, by its headers, that apply to most.
COMPLETENESS_FIELDS = (
    "1.03 Gender", "1.05 CareRes", "1.07 DateFLSAssess", "1.08 AdmitHosp", "1.09 Date Index Frac Diagnosed",
    "1.11 SiteFirstFrac", "2.01 Height", "2.02 Weight", "2.03 PrevFracHist", "2.04 FamHipFracHist", "2.05 Smoker",
    "3.01 DXA", "4.01 BoneTherapy", "4.02 CalciumVitDRec", "5.01 RiskAssesByFLS", "6.01 FollowUp12_16",
    "6.06 StartStrenBalExe",
)  # fmt: skip
FEW_MISSING = FewFieldsMissing(COMPLETENESS_FIELDS, percent=20, limit=5)  # FLS-DB KPI 1, report of 2018
WHICH_FIELDS = "Which 17 fields the report of 2018 counts was not read: those marked in the export are taken."

FLS_DB_COMPLETENESS = ServiceStandard(
    name="fls-db-completeness",
    title="Data complete: fewer than 5 fields with more than 20% missing",
    why="What is not entered can't be counted, and looks like care that was not given.",
    component=Component.CASE_FINDING,
    source=FLS_DB,
    edition="report of 2018",
    family=Family.FLS_DB,
    aliases=("FLS-DB KPI 1",),
    rule=FEW_MISSING,
    choices=(WHICH_FIELDS,),
)
FLS_DB_IDENTIFICATION = ServiceStandard(
    name="fls-db-identification",
    title="Patients identified, of the local caseload",
    why="Who isn't found gets no care.",
    component=Component.CASE_FINDING,
    source=FLS_DB,
    edition="KPI set 2019-2021",
    family=Family.FLS_DB,
    aliases=("FLS-DB KPI 2",),
    rule=Ratio(RECORDS, HIP_FRACTURES, FLS_DB_BANDS, times=Parameter("caseload_per_hip_fracture")),
    choices=("The caseload is five times the local hip fractures of the national hip audit: general knowledge.",),
)
FLS_DB_SPINE_SHARE = ServiceStandard(
    name="fls-db-spine-share",
    title="Spine fractures, as a share of all records",
    why="Vertebral fractures are the commonest and the least often found.",
    component=Component.CASE_FINDING,
    source=FLS_DB,
    edition="as the indicator's text has it",
    family=Family.FLS_DB,
    aliases=("FLS-DB KPI 3 (text)",),
    rule=Ratio(SPINE_RECORDS, RECORDS, FLS_DB_SPINE_BANDS),
    choices=("The text divides by all records. A published 124.4% shows that the tables divide by something else.",),
)
FLS_DB_SPINE_IDENTIFICATION = ServiceStandard(
    name="fls-db-spine-identification",
    title="Spine fractures identified, of those to be expected",
    why="Vertebral fractures are the commonest and the least often found.",
    component=Component.CASE_FINDING,
    source=FLS_DB,
    edition="as the published tables must have it",
    family=Family.FLS_DB,
    aliases=("FLS-DB KPI 3 (tables)",),
    confirmed=False,
    rule=Ratio(SPINE_RECORDS, EXPECTED_SPINE, FLS_DB_SPINE_BANDS),
    choices=("Inferred: the number to be expected isn't published, so the service says it. No check by it.",),
)
IOF_IDENTIFICATION = ServiceStandard(
    name="iof-identification",
    title="Patients with a fracture other than of the spine identified",
    why="Who isn't found gets no care.",
    component=Component.CASE_FINDING,
    source=IOF,
    edition="2020",
    family=Family.IOF,
    aliases=("IOF KPI 1",),
    rule=Ratio(OTHER_RECORDS, EXPECTED_OTHER, IOF_BANDS),
    choices=("The abstract names no denominator: the number to be expected is the service's own answer.",),
)
IOF_SPINE_IDENTIFICATION = ServiceStandard(
    name="iof-spine-identification",
    title="Patients with a spine fracture identified, clinical and radiological",
    why="Vertebral fractures are the commonest and the least often found.",
    component=Component.CASE_FINDING,
    source=IOF,
    edition="2020",
    family=Family.IOF,
    aliases=("IOF KPI 2",),
    rule=Ratio(SPINE_RECORDS, EXPECTED_SPINE, IOF_BANDS),
    choices=("The abstract names no denominator: the number to be expected is the service's own answer.",),
)
IOF_COMPLETENESS = ServiceStandard(
    name="iof-completeness",
    title="Data complete",
    why="What is not entered can't be counted, and looks like care that was not given.",
    component=Component.CASE_FINDING,
    source=IOF,
    edition="2020",
    family=Family.IOF,
    aliases=("IOF KPI 11",),
    confirmed=False,
    rule=FEW_MISSING,
    choices=("How the source counts it was not read: FLS-DB's rule is taken.", WHICH_FIELDS),
)

SERVICE_STANDARDS: tuple[ServiceStandard, ...] = (
    FLS_DB_COMPLETENESS,
    FLS_DB_IDENTIFICATION,
    FLS_DB_SPINE_SHARE,
    FLS_DB_SPINE_IDENTIFICATION,
    IOF_IDENTIFICATION,
    IOF_SPINE_IDENTIFICATION,
    IOF_COMPLETENESS,
    *BEST_PRACTICE,
)
QUESTIONS = {question.name: question for standard in SERVICE_STANDARDS for question in standard.questions}
