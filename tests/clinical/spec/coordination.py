"""Coordination: the GP told, and the GP's answer."""

from datetime import date

from openfls.clinical.coordination import GP_ACKNOWLEDGED, GP_TOLD, GP_TOLD_WITHIN_3_MONTHS
from openfls.clinical.standards import Verdict
from tests.clinical.histories import between, hip, person
from tests.clinical.spec.tables import Chapter, Row, of_standard

MET, LATE, DUE, MISSED, UNKNOWN, EXCLUDED, NOT_ASKED = (
    Verdict.MET, Verdict.MET_LATE, Verdict.DUE, Verdict.MISSED, Verdict.UNKNOWN, Verdict.EXCLUDED, Verdict.NOT_ASKED,
)  # fmt: skip

enrolled = hip().enrolled()
assessed = enrolled.assessed(10)

TOLD = of_standard(
    GP_TOLD,
    Row("not assessed yet", enrolled.seen_on(30), NOT_ASKED),
    Row("assessed on day 10, no letter by day 24", assessed.seen_on(24), DUE, 24),
    Row("no letter by day 25", assessed.seen_on(25), MISSED, 24),
    Row("letter on day 24", assessed.wrote_to_gp(24).seen_on(30), MET, 24),
    Row("letter on day 25", assessed.wrote_to_gp(25).seen_on(30), LATE, 24),
    Row("letter before the assessment: it can't tell the plan",
        enrolled.wrote_to_gp(3).assessed(10).seen_on(30), MISSED, 24),
    Row("letter on the day of the assessment", assessed.wrote_to_gp(10).seen_on(30), MET, 24),
    Row("letter before the assessment and after it",
        enrolled.wrote_to_gp(3).assessed(10).wrote_to_gp(12).seen_on(30), MET, 24),
    Row("letter on day 12, assessed between day 8 and day 20",
        enrolled.assessed(between(8, 20)).wrote_to_gp(12).seen_on(30), MET, 22),
    Row("letter to the patient", assessed.wrote_to_gp(12, to="patient").seen_on(30), MISSED, 24),
    Row("a site that gives itself 7 days", assessed.where(gp_letter_days=7).wrote_to_gp(18).seen_on(30), LATE, 17),
    Row("died before it was due", assessed.died(20).seen_on(30), EXCLUDED, 24),
    Row("died a year after it was missed", assessed.died(400).seen_on(410), MISSED, 24),
    Row(
        "the assessment's date is corrected: the due date moves",
        enrolled.assessed(10, key="a").corrected("a", known=12, occurred=5).seen_on(20),
        MISSED,
        19,
    ),
)

THREE_MONTHS = of_standard(
    GP_TOLD_WITHIN_3_MONTHS,
    Row("no letter by day 90", enrolled.seen_on(90), DUE, 90),
    Row("no letter by day 91", enrolled.seen_on(91), MISSED, 90),
    Row("letter on day 90", enrolled.wrote_to_gp(90).seen_on(95), MET, 90),
    Row("letter on day 91", enrolled.wrote_to_gp(91).seen_on(95), LATE, 90),
    Row("letter before the assessment", enrolled.wrote_to_gp(3).assessed(10).seen_on(95), MET, 90),
    Row("letter to the patient", enrolled.wrote_to_gp(12, to="patient").seen_on(95), MISSED, 90),
    Row("49 at the fracture", person(date(1976, 3, 3)).sighted().enrolled().seen_on(95), NOT_ASKED, None, "aged 49"),
    Row("nobody knows the date of birth", person(None).sighted().enrolled().seen_on(95), UNKNOWN, 90, "date of birth"),
    Row("died on day 90", enrolled.died(90).seen_on(95), EXCLUDED, 90),
)

told = assessed.wrote_to_gp(20)

ACKNOWLEDGED = of_standard(
    GP_ACKNOWLEDGED,
    Row("no letter", assessed.seen_on(60), NOT_ASKED),
    Row("a letter to the patient only", assessed.wrote_to_gp(20, to="patient").seen_on(60), NOT_ASKED),
    Row("a letter before the assessment only", enrolled.wrote_to_gp(3).assessed(10).seen_on(60), NOT_ASKED),
    Row("a letter before the assessment was answered, the plan was not",
        enrolled.wrote_to_gp(3).acknowledged(8).assessed(10).wrote_to_gp(20).seen_on(35), MISSED, 34),
    Row("letter on day 20, no answer by day 34", told.seen_on(34), DUE, 34),
    Row("no answer by day 35", told.seen_on(35), MISSED, 34),
    Row("answer on day 34", told.acknowledged(34).seen_on(40), MET, 34),
    Row("answer on day 35", told.acknowledged(35).seen_on(40), LATE, 34),
    Row("answered on the day of the letter", told.acknowledged(20).seen_on(40), MET, 34),
    Row("a second letter: counted from the first", told.wrote_to_gp(40).seen_on(41), MISSED, 34),
    Row("died before it was due", told.died(30).seen_on(40), EXCLUDED, 34),
    Row("died after it was missed", told.died(35).seen_on(40), MISSED, 34),
    Row("the letter was taken back", assessed.wrote_to_gp(20, key="l").took_back("l", known=21).seen_on(60), NOT_ASKED),
)

CHAPTER = Chapter("Coordination with general practice", (TOLD, THREE_MONTHS, ACKNOWLEDGED))
