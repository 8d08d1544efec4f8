"""The thirteen service standards of the IOF Best Practice Framework, each with its three levels.

Its standards were read (Akesson 2013); the levels are general knowledge of the framework and to be confirmed.
"""

from openfls.clinical.service_standards import (
    AnyOf,
    BothOf,
    Days,
    Plan,
    Question,
    Rule,
    ServiceStandard,
    ShareAnswered,
    ShareMet,
    Steps,
)
from openfls.clinical.standards import Component, Family

FRAMEWORK = "IOF Capture the Fracture, Best Practice Framework (Akesson 2013, PMC3706734)"
LEVELS_NOT_READ = "The levels were not read in the source: they are general knowledge of the framework."
SHARES = (50.0, 70.0, 90.0)  # levels 1 to 3, percent [M]
TIMING = (112, 84, 55)  # days: within 16 weeks, within 12 weeks, in less than 8 weeks [M]
PLAN_ITEMS = (50.0, 90.0)  # levels 2 and 3, percent of the plan's listed items [M]
ASSESSMENT_DAYS = "days to assessment"


def _declared(number: int, name: str, title: str, component: Component, rule: Rule, *choices: str) -> ServiceStandard:
    return ServiceStandard(
        name=f"best-practice-{name}",
        title=title,
        why="A level shows a service where it stands beside others, and what the next step is.",
        component=component,
        source=FRAMEWORK,
        edition="2013",
        family=Family.IOF,
        aliases=(f"Best Practice Framework {number}",),
        confirmed=False,
        rule=rule,
        choices=(LEVELS_NOT_READ, *choices),
    )


def _share(name: str, words: str) -> Question:
    return Question(name, words, "percent of patients", 100)


def _yes_or_no(name: str, words: str) -> Question:
    return Question(name, words)


LATE_TOO = "The standard has no window of its own: met late counts as met; timing is the framework's standard 3."

BEST_PRACTICE: tuple[ServiceStandard, ...] = (
    _declared(
        1, "identification", "Patient identification", Component.CASE_FINDING,
        Steps((
            _yes_or_no("patients_identified", "Are fracture patients identified?"),
            _yes_or_no("identification_tracked", "Is their number tracked against the number to be expected?"),
            _yes_or_no("data_quality_reviewed", "Is the quality of these data reviewed independently?"),
        )),
    ),
    _declared(
        2, "evaluation", "Patient evaluation", Component.ASSESSMENT,
        ShareMet("assessed-within-12-weeks", SHARES), LATE_TOO,
    ),
    _declared(
        3, "timing", "Timing of the assessment after the fracture", Component.ASSESSMENT,
        Days(ASSESSMENT_DAYS, TIMING),
        "Graded by the median of those assessed. Later than 16 weeks is below level 1; less than 8 weeks is level 3.",
    ),
    _declared(
        4, "vertebral-fracture", "Vertebral fracture", Component.CASE_FINDING,
        Steps((
            _yes_or_no("vertebral_assessed", "Are patients with a known clinical vertebral fracture assessed?"),
            _yes_or_no("vertebral_screened", "Are patients with other fractures screened for vertebral ones (VFA)?"),
            _yes_or_no("vertebral_from_reports", "Are vertebral fractures found from radiology reports?"),
        )),
    ),
    _declared(
        5, "guidelines", "Assessment guidelines", Component.ASSESSMENT,
        AnyOf((
            _yes_or_no("guidelines_local", "Does the assessment follow a local guideline?"),
            _yes_or_no("guidelines_regional", "Does it follow a regional guideline?"),
            _yes_or_no("guidelines_national", "Does it follow a national guideline?"),
        )),
    ),
    _declared(
        6, "secondary-causes", "Secondary causes of osteoporosis", Component.ASSESSMENT,
        ShareAnswered(_share("secondary_causes_share", "How many are tested for secondary causes?"), SHARES),
        "Which tests make it is not known from the source, so the service answers it.",
    ),
    _declared(
        7, "falls", "Falls prevention", Component.ASSESSMENT,
        ShareMet("falls-assessed", SHARES), LATE_TOO,
    ),
    _declared(
        8, "lifestyle", "Health and lifestyle risk factors", Component.ASSESSMENT,
        ShareAnswered(_share("lifestyle_share", "How many are assessed for health and lifestyle risks?"), SHARES),
        "The record holds no such assessment, so the service answers it.",
    ),
    _declared(
        9, "initiation", "Medication initiation, of those eligible and untreated", Component.TREATMENT,
        ShareMet("treatment-started-by-16-weeks", SHARES), LATE_TOO,
        "Eligible: treatment was recommended or asked for. Who was treated before is not told apart.",
    ),
    _declared(
        10, "review", "Medication review, of those treated already", Component.TREATMENT,
        ShareAnswered(
            _share("medication_review_share", "Of those on treatment at the fracture, how many are reviewed?"), SHARES
        ),
        "Treatment before the fracture is not always on record, so the service answers it.",
    ),
    _declared(
        11, "communication", "Communication strategy", Component.MONITORING,
        Plan(
            _yes_or_no("plan_to_doctor", "Is the plan sent to the doctor who cares for the patient?"),
            Question("plan_items_share", "How many of the listed items does it hold?", "percent of items", 100),
            PLAN_ITEMS,
        ),
    ),
    _declared(
        12, "long-term", "Long-term management", Component.MONITORING,
        BothOf(
            _yes_or_no("plan_beyond_a_year", "Is there a plan for more than 12 months?"),
            _yes_or_no("follow_up_within_a_year", "Is there a follow-up at 6 to 12 months?"),
        ),
        "The plan alone is level 1, the follow-up level 2, both together level 3.",
    ),
    _declared(
        13, "database", "Database", Component.CASE_FINDING,
        AnyOf((
            _yes_or_no("database_records", "Are fracture records kept locally?"),
            _yes_or_no("database_local", "Are they kept in a local database of the service?"),
            _yes_or_no("database_national", "Are they sent to a national database?"),
        )),
    ),
)  # fmt: skip
