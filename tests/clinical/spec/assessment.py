"""Osteoporosis assessment: who is assessed, scanned and asked about falls, and by when."""

from dataclasses import replace
from datetime import date

from openfls.clinical.assessment import (
    ASSESSED_WITHIN_12_WEEKS,
    ASSESSED_WITHIN_90_DAYS,
    BONE_HEALTH_ASSESSED_IN_HOSPITAL,
    DXA_DECIDED,
    DXA_WITHIN_12_WEEKS,
    DXA_WITHIN_90_DAYS,
    FALLS_ASSESSED,
    FALLS_ASSESSED_WITHIN_12_WEEKS,
    FRACTURE_RISK_ASSESSED,
)
from openfls.clinical.facts import Answer, BodySite, DxaNeed, RiskScore, Side, TreatmentAdvice, Triage
from openfls.clinical.standards import Verdict
from tests.clinical.histories import about, between, hip, person, wrist
from tests.clinical.spec.tables import Chapter, Row, of_standard

MET, LATE, DUE, MISSED, UNKNOWN, EXCLUDED, NOT_ASKED = (
    Verdict.MET, Verdict.MET_LATE, Verdict.DUE, Verdict.MISSED, Verdict.UNKNOWN, Verdict.EXCLUDED, Verdict.NOT_ASKED,
)  # fmt: skip

enrolled = hip().enrolled()
told_late = hip(known=12).enrolled(13)

WITHIN_90_DAYS = of_standard(
    ASSESSED_WITHIN_90_DAYS,
    Row("nothing yet, looked at on day 10", enrolled.seen_on(10), DUE, 90, "within 90 days: due 31 May 2026"),
    Row("nothing yet on day 90", enrolled.seen_on(90), DUE, 90, "within 90 days: due 31 May 2026"),
    Row("nothing yet on day 91", enrolled.seen_on(91), MISSED, 90, "was due 31 May 2026"),
    Row("assessed on the day of the fracture", enrolled.assessed(0).seen_on(2), MET, 90),
    Row("assessed on day 89", enrolled.assessed(89).seen_on(91), MET, 90),
    Row("assessed on day 90", enrolled.assessed(90).seen_on(91), MET, 90),
    Row("assessed on day 91", enrolled.assessed(91).seen_on(91), LATE, 90),
    Row("assessed two years later", enrolled.assessed(730).seen_on(731), LATE, 90),
    Row("assessed the day before the fracture", enrolled.assessed(-1, points_at=("hip",)).seen_on(5), DUE, 90),
    Row("assessed in time and again late", enrolled.assessed(91).assessed(30).seen_on(95), MET, 90),
    Row("assessed about day 83, give or take a week", enrolled.assessed(about(83)).seen_on(95), MET, 90),
    Row("assessed about day 84, give or take a week", enrolled.assessed(about(84)).seen_on(95), UNKNOWN, 90, "may lie"),
    Row("assessed between day 91 and day 120", enrolled.assessed(between(91, 120)).seen_on(125), LATE, 90),
    Row("assessed some day up to day 90", enrolled.assessed(between(0, 90)).seen_on(95), MET, 90),
    Row("assessed some day from the eve on", enrolled.assessed(between(-1, 30)).seen_on(95), UNKNOWN, 90, "may lie"),
    Row(
        "assessed at a date not known better than a year",
        enrolled.assessed(between(-60, 304)).seen_on(95),
        UNKNOWN,
        90,
        "may lie outside the window",
    ),
    Row("died on day 90, not assessed", enrolled.died(90).seen_on(95), EXCLUDED, 90, "died 31 May 2026"),
    Row("died on day 91, not assessed", enrolled.died(91).seen_on(95), MISSED, 90),
    Row("died on day 60, assessed on day 20", enrolled.assessed(20).died(60).seen_on(95), MET, 90),
    Row("died about day 90, not assessed", enrolled.died(about(90)).seen_on(99), UNKNOWN, 90, "died about 31 May"),
    Row("the death was taken back", enrolled.died(40, key="d").took_back("d", known=50).seen_on(95), MISSED, 90),
    Row("waits for triage", hip().assessed(10).seen_on(20), UNKNOWN, 90, "waiting for triage"),
    Row("triage was unsure", hip().triaged(Triage.UNSURE).seen_on(20), UNKNOWN, 90, "triage was unsure"),
    Row("triage says no fragility fracture", hip().triaged(Triage.NOT_FRAGILITY).seen_on(20), NOT_ASKED),
    Row("enrolled, then taken back", enrolled.triaged(Triage.UNDO, 2).seen_on(20), UNKNOWN, 90, "waiting for triage"),
    Row("every finder took the fracture back", enrolled.took_back("hip", known=9).seen_on(20), NOT_ASKED),
    Row("the patient declined: the audit still counts", enrolled.declined("assess", 9).seen_on(91), MISSED, 90),
    Row(
        "fracture about day 0, give or take a week: counted from its first possible day",
        person().sighted(on=about(0)).enrolled().assessed(84).seen_on(84),
        LATE,
        83,
    ),
    Row(
        "the fracture's date is corrected to ten days later",
        told_late.corrected("hip", known=20, occurred=10).assessed(100).seen_on(100),
        MET,
        100,
    ),
    Row(
        "the fracture's date is corrected to after the assessment",
        told_late.assessed(5, points_at=("hip",)).corrected("hip", known=20, occurred=10).seen_on(20),
        DUE,
        100,
    ),
    Row("the assessment was taken back", enrolled.assessed(5, key="a").took_back("a", known=6).seen_on(91), MISSED, 90),
    Row(
        "the assessment's date was corrected from day 95 to day 85",
        enrolled.assessed(95, key="a").corrected("a", known=96, occurred=85).seen_on(99),
        MET,
        90,
    ),
    Row(
        "fracture on 29 February: the 90th day is 29 May",
        person().sighted(on=729).enrolled(730).assessed(729 + 90).seen_on(729 + 91),
        MET,
        729 + 90,
    ),
)

WITHIN_12_WEEKS = of_standard(
    ASSESSED_WITHIN_12_WEEKS,
    Row("nothing yet on day 84", enrolled.seen_on(84), DUE, 84),
    Row("nothing yet on day 85", enrolled.seen_on(85), MISSED, 84),
    Row("assessed on day 83", enrolled.assessed(83).seen_on(90), MET, 84),
    Row("assessed on day 84", enrolled.assessed(84).seen_on(90), MET, 84),
    Row("assessed on day 85: late here, in time for the 90 days", enrolled.assessed(85).seen_on(90), LATE, 84),
    Row("died on day 84, not assessed", enrolled.died(84).seen_on(90), EXCLUDED, 84),
    Row("died on day 85, not assessed", enrolled.died(85).seen_on(90), MISSED, 84),
)

assessed = enrolled.assessed(10)

DECIDED = of_standard(
    DXA_DECIDED,
    Row("not assessed yet", enrolled.seen_on(30), NOT_ASKED, None, "no FLS assessment on record"),
    Row("assessed on day 10, nothing decided by day 24", assessed.seen_on(24), DUE, 24),
    Row("nothing decided by day 25", assessed.seen_on(25), MISSED, 24),
    Row("requested on day 24", assessed.dxa_requested(24).seen_on(30), MET, 24, "requested"),
    Row("requested on day 25", assessed.dxa_requested(25).seen_on(30), LATE, 24),
    Row("found not to be needed", assessed.dxa_not_needed(10).seen_on(30), MET, 24, "no DXA needed"),
    Row("requested before the assessment", enrolled.dxa_requested(3).assessed(10).seen_on(30), MET, 24),
    Row("requested before the fracture", assessed.dxa_requested(-3, points_at=("hip",)).seen_on(30), MISSED, 24),
    Row("a site that gives itself 28 days", assessed.where(dxa_request_days=28).dxa_requested(38).seen_on(40), MET, 38),
    Row("counted from the first of two assessments", assessed.assessed(40).seen_on(30), MISSED, 24),
    Row("died before it was due", assessed.died(24).seen_on(30), EXCLUDED, 24),
    Row("died a year after it was missed", assessed.died(400).seen_on(410), MISSED, 24),
)

requested = assessed.dxa_requested(10)

SCANNED = of_standard(
    DXA_WITHIN_90_DAYS,
    Row("no request", assessed.seen_on(95), NOT_ASKED, None, "no DXA request on record"),
    Row("found not to be needed", assessed.dxa_not_needed(10).seen_on(95), NOT_ASKED),
    Row("requested, not scanned by day 90", requested.seen_on(90), DUE, 90),
    Row("requested, not scanned by day 91", requested.seen_on(91), MISSED, 90),
    Row("scanned on day 89", requested.scanned(89).seen_on(95), MET, 90),
    Row("scanned on day 90", requested.scanned(90).seen_on(95), MET, 90),
    Row("scanned on day 91", requested.scanned(91).seen_on(95), LATE, 90),
    Row("scanned before the fracture", requested.scanned(-30, points_at=("hip",)).seen_on(95), MISSED, 90),
    Row("scanned without a request", enrolled.scanned(30).seen_on(95), NOT_ASKED),
    Row("requested, then found not to be needed", requested.dxa_not_needed(20).seen_on(95), EXCLUDED, 90, "no DXA"),
    Row("not needed at first, then requested", assessed.dxa_not_needed(10).dxa_requested(20).seen_on(95), MISSED, 90),
    Row("requested and not needed on one day", requested.dxa_not_needed(10).seen_on(95), UNKNOWN, 90, "they disagree"),
    Row("scanned in time, then found not to be needed", requested.scanned(30).dxa_not_needed(40).seen_on(95), MET, 90),
    Row("the result came without a T-score", requested.scanned(30, t_score=None).seen_on(95), MET, 90),
    Row("died on day 80, not scanned", requested.died(80).seen_on(95), EXCLUDED, 90),
    Row(
        "the request was corrected to: not needed",
        assessed.dxa_requested(10, key="r").corrected("r", known=12, need=DxaNeed.NOT_NEEDED).seen_on(95),
        NOT_ASKED,
    ),
)

FALLS = of_standard(
    FALLS_ASSESSED,
    Row("nothing yet on day 91", enrolled.seen_on(91), MISSED, 90),
    Row("assessed on day 90", enrolled.falls_assessed(90).seen_on(95), MET, 90),
    Row("assessed on day 91", enrolled.falls_assessed(91).seen_on(95), LATE, 90),
    Row(
        "referred for it, not done",
        enrolled.falls_assessed(20, done=Answer.NO, referred=Answer.YES).seen_on(95),
        MET,
        90,
        "yes",
    ),
    Row(
        "neither done nor referred",
        enrolled.falls_assessed(20, done=Answer.NO, referred=Answer.NO).seen_on(95),
        MISSED,
        90,
    ),
    Row(
        "not done, and nobody says whether referred",
        enrolled.falls_assessed(20, done=Answer.NO).seen_on(95),
        UNKNOWN,
        90,
        "referred not known",
    ),
    Row(
        "nobody says whether it was done",
        enrolled.falls_assessed(20, done=Answer.UNKNOWN, referred=Answer.NO).seen_on(95),
        UNKNOWN,
        90,
        "done not known",
    ),
    Row(
        "one record doesn't say, another says done",
        enrolled.falls_assessed(20, done=Answer.UNKNOWN).falls_assessed(30).seen_on(95),
        MET,
        90,
    ),
)

again = hip(side=Side.LEFT).enrolled().sighted(BodySite.HIP, 100, side=Side.RIGHT, key="other hip").enrolled(101)

WHICH_FRACTURE = replace(
    of_standard(
        ASSESSED_WITHIN_90_DAYS,
        Row("assessed on day 99, the other hip breaks on day 100", again.assessed(99).seen_on(120), LATE, 90),
        Row("assessed on day 100: this belongs to the new fracture", again.assessed(100).seen_on(120), MISSED, 90),
        Row(
            "assessed on day 110, and the nurse names the first fracture",
            again.assessed(110, points_at=("hip",)).seen_on(120),
            LATE,
            90,
        ),
        Row(
            "assessed on day 80 for both",
            wrist()
            .enrolled()
            .sighted(BodySite.HIP, 70, key="hip")
            .enrolled(71)
            .assessed(80, points_at=("wrist", "hip"))
            .seen_on(100),
            MET,
            90,
        ),
    ),
    title="Which of two fractures an assessment belongs to",
    about=(
        "The same standard, asked about the first fracture of somebody who has two. What a person enters names its "
        "fracture; what a feed says goes to the latest that had begun by then.",
    ),
)

DXA_12_WEEKS = of_standard(
    DXA_WITHIN_12_WEEKS,
    Row("no scan was requested", enrolled.assessed(10).seen_on(95), NOT_ASKED),
    Row("scanned on day 84", enrolled.dxa_requested(10).scanned(84).seen_on(90), MET, 84),
    Row("scanned on day 85: in time for FLS-DB alone", enrolled.dxa_requested(10).scanned(85).seen_on(90), LATE, 84),
    Row("requested, looked at on day 84", enrolled.dxa_requested(10).seen_on(84), DUE, 84),
    Row("requested, looked at on day 85", enrolled.dxa_requested(10).seen_on(85), MISSED, 84, "was due"),
    Row("found not to be needed after all", enrolled.dxa_requested(10).dxa_not_needed(20).seen_on(85), EXCLUDED, 84),
    Row("died on day 60, not scanned", enrolled.dxa_requested(10).died(60).seen_on(85), EXCLUDED, 84),
)

FALLS_12_WEEKS = of_standard(
    FALLS_ASSESSED_WITHIN_12_WEEKS,
    Row("nothing by day 84", enrolled.seen_on(84), DUE, 84),
    Row("nothing by day 85", enrolled.seen_on(85), MISSED, 84),
    Row("assessed on day 84", enrolled.falls_assessed(84).seen_on(90), MET, 84),
    Row("assessed on day 85: in time for FLS-DB alone", enrolled.falls_assessed(85).seen_on(90), LATE, 84),
    Row("referred, not done: FLS-DB alone counts it",
        enrolled.falls_assessed(20, done=Answer.NO, referred=Answer.YES).seen_on(90), MISSED, 84),
    Row("whether it was done isn't known", enrolled.falls_assessed(20, done=Answer.UNKNOWN).seen_on(90), UNKNOWN, 84),
    Row("died on day 84", enrolled.died(84).seen_on(90), EXCLUDED, 84),
    Row("died on day 85, not assessed", enrolled.died(85).seen_on(90), MISSED, 84),
)

stay = hip().admitted().enrolled()
sixty = person(date(1966, 3, 2)).sighted(key="hip").admitted().enrolled()
not_yet_sixty = person(date(1966, 3, 3)).sighted(key="hip").admitted().enrolled()

BONE_HEALTH = of_standard(
    BONE_HEALTH_ASSESSED_IN_HOSPITAL,
    Row("still in hospital", stay.assessed(3).seen_on(10), NOT_ASKED, None, "no discharge on record"),
    Row("not admitted", enrolled.assessed(3).seen_on(10), NOT_ASKED, None, "no admission on record"),
    Row("a broken wrist", wrist().admitted().enrolled().discharged(5).seen_on(10), NOT_ASKED, None, "wrist"),
    Row("sixty on the day of the fracture", sixty.discharged(12).seen_on(13), MISSED, 12),
    Row("sixty the day after", not_yet_sixty.discharged(12).seen_on(13), NOT_ASKED, None, "aged 59"),
    Row("nothing by the discharge, looked at that day", stay.discharged(12).seen_on(12), DUE, 12),
    Row("nothing by the discharge, looked at the day after", stay.discharged(12).seen_on(13), MISSED, 12),
    Row("assessed on the day of discharge", stay.discharged(12).assessed(12).seen_on(13), MET, 12),
    Row("assessed the day after: another act", stay.discharged(12).assessed(13).seen_on(14), MISSED, 12),
    Row("awaits a scan", stay.dxa_requested(8).discharged(12).seen_on(13), MET, 12),
    Row("the scan found not to be needed, nothing else", stay.dxa_not_needed(8).discharged(12).seen_on(13), MISSED, 12),
    Row("treatment found inappropriate: assessed all the same",
        stay.decided(TreatmentAdvice.INAPPROPRIATE, 8).discharged(12).seen_on(13), MET, 12),
    Row("awaits the bone clinic", stay.decided(TreatmentAdvice.SPECIALIST, 8).discharged(12).seen_on(13), MET, 12),
    Row("died in hospital", stay.died(12).discharged(12).seen_on(13), EXCLUDED, 12),
    Row("died the day after the discharge", stay.discharged(12).died(13).seen_on(20), MISSED, 12),
)

RISK = of_standard(
    FRACTURE_RISK_ASSESSED,
    Row("nothing by day 90", enrolled.seen_on(90), DUE, 90),
    Row("nothing by day 91", enrolled.seen_on(91), MISSED, 90),
    Row("a risk score on day 90", enrolled.said(RiskScore, 90, tool="FRAX").seen_on(95), MET, 90),
    Row("a risk score on day 91", enrolled.said(RiskScore, 91, tool="FRAX").seen_on(95), LATE, 90),
    Row("the service's own assessment", enrolled.assessed(30).seen_on(95), MET, 90),
    Row("a scan alone", enrolled.scanned(30).seen_on(95), MISSED, 90),
    Row("died on day 90", enrolled.died(90).seen_on(95), EXCLUDED, 90),
)

TABLES = (WITHIN_90_DAYS, WITHIN_12_WEEKS, DECIDED, SCANNED, DXA_12_WEEKS, FALLS, FALLS_12_WEEKS, BONE_HEALTH, RISK)
CHAPTER = Chapter("Osteoporosis assessment", (*TABLES, WHICH_FRACTURE))
