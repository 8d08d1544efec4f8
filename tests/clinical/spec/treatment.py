"""Treatment initiation: what was decided, where it began, and strength and balance exercise."""

from openfls.clinical.facts import Answer, BodySite, Setting, TreatmentAdvice
from openfls.clinical.standards import Verdict
from openfls.clinical.treatment import (
    EXERCISE_OF_ALL_BY_16_WEEKS,
    OFFERED_AT_HIGH_RISK,
    ON_TREATMENT_AT_DISCHARGE,
    ON_TREATMENT_BY_FIRST_FOLLOW_UP,
    RECOMMENDED_WITHIN_12_WEEKS,
    STARTED_BY_16_WEEKS,
    STARTED_IN_HOSPITAL,
    STRENGTH_AND_BALANCE_BY_16_WEEKS,
    TREATMENT_DECIDED,
)
from tests.clinical.histories import about, between, hip, person, vertebra, wrist
from tests.clinical.spec.tables import Chapter, Row, of_standard

MET, LATE, DUE, MISSED, UNKNOWN, EXCLUDED, NOT_ASKED = (
    Verdict.MET, Verdict.MET_LATE, Verdict.DUE, Verdict.MISSED, Verdict.UNKNOWN, Verdict.EXCLUDED, Verdict.NOT_ASKED,
)  # fmt: skip
INAPPROPRIATE, DECLINED = TreatmentAdvice.INAPPROPRIATE, TreatmentAdvice.DECLINED

enrolled = hip().enrolled()

DECIDED = of_standard(
    TREATMENT_DECIDED,
    Row("nothing decided by day 90", enrolled.seen_on(90), DUE, 90),
    Row("nothing decided by day 91", enrolled.seen_on(91), MISSED, 90),
    Row("recommended on day 90", enrolled.recommended(90).seen_on(95), MET, 90, "recommended"),
    Row("recommended on day 91", enrolled.recommended(91).seen_on(95), LATE, 90),
    Row("continue what is taken", enrolled.decided(TreatmentAdvice.CONTINUE, 20).seen_on(95), MET, 90),
    Row("the GP is asked to decide", enrolled.decided(TreatmentAdvice.GP_TO_DECIDE, 20).seen_on(95), MET, 90),
    Row("a specialist is asked", enrolled.decided(TreatmentAdvice.SPECIALIST, 20).seen_on(95), MET, 90),
    Row("found inappropriate", enrolled.decided(INAPPROPRIATE, 20).seen_on(95), EXCLUDED, 90, "inappropriate"),
    Row("informed decline", enrolled.decided(DECLINED, 20).seen_on(95), EXCLUDED, 90, "informed decline"),
    Row("recommended, then declined", enrolled.recommended(20).decided(DECLINED, 30).seen_on(95), MET, 90),
    Row("inappropriate, then recommended late", enrolled.decided(INAPPROPRIATE, 20).recommended(91).seen_on(95), LATE),
    Row("a dose without any decision", enrolled.dosed(5).seen_on(91), MISSED, 90),
    Row("died on day 50, nothing decided", enrolled.died(50).seen_on(91), EXCLUDED, 90),
)

stay = enrolled.admitted(0).recommended(5)
home = stay.discharged(12)
stay_later = enrolled.admitted(61).recommended(61)

IN_HOSPITAL = of_standard(
    STARTED_IN_HOSPITAL,
    Row("still in hospital: not asked yet", stay.seen_on(10), NOT_ASKED, None, "no discharge on record"),
    Row("never admitted", enrolled.recommended(5).seen_on(30), NOT_ASKED, None, "no admission on record"),
    Row("discharged on day 12 without a dose or prescription", home.seen_on(13), MISSED, 12),
    Row("first dose on the ward on day 11", home.dosed_on_ward(11).seen_on(13), MET, 12),
    Row("first dose on the day of discharge", home.dosed_on_ward(12).seen_on(13), MET, 12),
    Row("prescribed on the ward", home.prescribed(12, setting=Setting.INPATIENT).seen_on(13), MET, 12),
    Row("first dose a day after discharge: another stay", home.dosed_on_ward(13).seen_on(14), MISSED, 12),
    Row("a dose in the clinic on day 11", home.dosed(11, setting=Setting.OUTPATIENT).seen_on(13), MISSED, 12),
    Row("nobody says where the dose was given", home.dosed(11).seen_on(13), UNKNOWN, 12, "setting not known"),
    Row("nobody says what was given", home.dosed_on_ward(11, bone_drug=Answer.UNKNOWN).seen_on(13), UNKNOWN, 12),
    Row("paracetamol", home.dosed_on_ward(11, bone_drug=Answer.NO).seen_on(13), MISSED, 12),
    Row("given, then the discharge is corrected to before it",
        stay.discharged(12, key="d").dosed_on_ward(11).corrected("d", known=14, occurred=10).seen_on(15), MISSED, 10),
    Row("found inappropriate", enrolled.admitted(0).decided(INAPPROPRIATE, 5).discharged(12).seen_on(13), NOT_ASKED),
    Row("recommended, then declined on the ward", home.decided(DECLINED, 11).seen_on(13), EXCLUDED, 12),
    Row("died on the ward on the day of discharge", home.died(12).seen_on(13), EXCLUDED, 12),
    Row("died at home a month later, untreated at discharge", home.died(42).seen_on(50), MISSED, 12),
    Row(
        "admitted the evening before the day that the fracture is dated by",
        enrolled.admitted(-1).recommended(5).discharged(12).seen_on(13),
        MISSED,
        12,
    ),
    Row(
        "admitted two days before: another stay",
        enrolled.admitted(-2).recommended(5).discharged(12).seen_on(13),
        NOT_ASKED,
    ),
    Row("admitted on day 60", enrolled.admitted(60).recommended(61).discharged(60).seen_on(63), MISSED, 60),
    Row("admitted on day 61: another stay", stay_later.discharged(63).seen_on(64), NOT_ASKED),
    Row("the admission was taken back",
        enrolled.admitted(0, key="a").took_back("a", known=2).recommended(5).discharged(12).seen_on(13), NOT_ASKED),
    Row("moved on to another hospital: the first discharge counts",
        home.admitted(12).dosed_on_ward(20).discharged(30).seen_on(31), MISSED, 12),
)  # fmt: skip

recommended = enrolled.recommended(20)

BY_16_WEEKS = of_standard(
    STARTED_BY_16_WEEKS,
    Row("nothing decided", enrolled.seen_on(113), NOT_ASKED),
    Row("recommended, nothing by day 112", recommended.seen_on(112), DUE, 112),
    Row("recommended, nothing by day 113", recommended.seen_on(113), MISSED, 112),
    Row("first dose on day 111", recommended.dosed(111).seen_on(115), MET, 112),
    Row("first dose on day 112", recommended.dosed(112).seen_on(115), MET, 112),
    Row("first dose on day 113", recommended.dosed(113).seen_on(115), LATE, 112),
    Row("a prescription issued by the practice", recommended.prescribed(80).seen_on(115), MET, 112),
    Row("a follow-up finds the patient on treatment", recommended.followed_up(100).seen_on(115), MET, 112),
    Row("a follow-up finds the patient off", recommended.followed_up(100, Answer.NO).seen_on(115), MISSED, 112),
    Row("a follow-up reached nobody", recommended.followed_up(100, Answer.UNKNOWN).seen_on(115), UNKNOWN, 112),
    Row("the GP was asked: the loop stays open", recommended.requested_of_gp(25).seen_on(115), MISSED, 112),
    Row("the GP was asked to decide", enrolled.decided(TreatmentAdvice.GP_TO_DECIDE, 20).seen_on(115), MISSED, 112),
    Row("a delivery by homecare", recommended.supplied(80).seen_on(115), MET, 112),
    Row("a dose that was refused", recommended.refused_a_dose(80).seen_on(115), MISSED, 112),
    Row("the practice's record holds none", recommended.looked_into_the_record(80).seen_on(115), MISSED, 112),
    Row("a medicine that nobody can name", recommended.prescribed(80, bone_drug=Answer.UNKNOWN).seen_on(115), UNKNOWN),
    Row("a medicine that is none for bones", recommended.prescribed(80, bone_drug=Answer.NO).seen_on(115), MISSED, 112),
    Row("first dose about day 109, give or take a week", recommended.dosed(about(109)).seen_on(120), UNKNOWN, 112),
    Row("treated before the fracture only", recommended.dosed(-30, points_at=("hip",)).seen_on(115), MISSED, 112),
    Row("found inappropriate", enrolled.decided(INAPPROPRIATE, 20).seen_on(113), NOT_ASKED),
    Row("recommended, then declined", recommended.decided(DECLINED, 30).seen_on(113), EXCLUDED, 112),
    Row("declined, then recommended", enrolled.decided(DECLINED, 10).recommended(20).seen_on(113), MISSED, 112),
    Row(
        "recommended and found inappropriate on one day",
        recommended.decided(INAPPROPRIATE, 20).seen_on(113),
        UNKNOWN,
        112,
        "they disagree",
    ),
    Row(
        "found inappropriate some day between day 10 and day 30, recommended on day 20",
        recommended.decided(INAPPROPRIATE, between(10, 30)).seen_on(113),
        UNKNOWN,
        112,
    ),
    Row("started, then declined", recommended.dosed(40).decided(DECLINED, 60).seen_on(113), MET, 112),
    Row("started late after a decline", recommended.decided(DECLINED, 30).dosed(120).seen_on(125), EXCLUDED, 112),
    Row("died on day 112, not started", recommended.died(112).seen_on(115), EXCLUDED, 112),
    Row("died on day 113, not started", recommended.died(113).seen_on(115), MISSED, 112),
    Row("the dose was taken back", recommended.dosed(40, key="d").took_back("d", known=41).seen_on(113), MISSED, 112),
)

broken_wrist = wrist().enrolled()

EXERCISE = of_standard(
    STRENGTH_AND_BALANCE_BY_16_WEEKS,
    Row("a broken hip: not asked", enrolled.seen_on(30), NOT_ASKED, None, "hip"),
    Row("a broken wrist, nothing by day 112", broken_wrist.seen_on(112), DUE, 112),
    Row("a broken wrist, nothing by day 113", broken_wrist.seen_on(113), MISSED, 112),
    Row("begun on day 112", broken_wrist.exercise(112).seen_on(115), MET, 112),
    Row("begun on day 113", broken_wrist.exercise(113).seen_on(115), LATE, 112),
    Row("referred, not begun", broken_wrist.exercise(30, Answer.NO).seen_on(115), MISSED, 112),
    Row("referred, nobody knows whether begun", broken_wrist.exercise(30, Answer.UNKNOWN).seen_on(115), UNKNOWN, 112),
    Row("referred to another service", broken_wrist.exercise(30, service="falls service").seen_on(115), MISSED, 112),
    Row(
        "a bone that no finder names: it may be a hip",
        person().sighted(BodySite.UNSPECIFIED).enrolled().seen_on(30),
        UNKNOWN,
        112,
        "no finder names the bone",
    ),
    Row("wrist and hip on one day: not asked", wrist().sighted(BodySite.HIP).enrolled().seen_on(30), NOT_ASKED),
    Row("died on day 100", broken_wrist.died(100).seen_on(115), EXCLUDED, 112),
)

EXERCISE_OF_ALL = of_standard(
    EXERCISE_OF_ALL_BY_16_WEEKS,
    Row("a broken hip is asked too", enrolled.seen_on(112), DUE, 112),
    Row("a broken hip, nothing by day 113", enrolled.seen_on(113), MISSED, 112),
    Row("a broken hip, begun on day 112", enrolled.exercise(112).seen_on(115), MET, 112),
    Row("a broken wrist, begun on day 113", broken_wrist.exercise(113).seen_on(115), LATE, 112),
    Row("referred, nobody knows whether begun", enrolled.exercise(30, Answer.UNKNOWN).seen_on(115), UNKNOWN, 112),
    Row("died on day 112", enrolled.died(112).seen_on(115), EXCLUDED, 112),
)

DECIDED_12_WEEKS = of_standard(
    RECOMMENDED_WITHIN_12_WEEKS,
    Row("nothing decided by day 84", enrolled.seen_on(84), DUE, 84),
    Row("nothing decided by day 85", enrolled.seen_on(85), MISSED, 84),
    Row("recommended on day 84", enrolled.recommended(84).seen_on(90), MET, 84),
    Row("recommended on day 85: in time for FLS-DB alone", enrolled.recommended(85).seen_on(90), LATE, 84),
    Row("the GP is asked to decide", enrolled.decided(TreatmentAdvice.GP_TO_DECIDE, 20).seen_on(90), MET, 84),
    Row("found inappropriate", enrolled.decided(INAPPROPRIATE, 20).seen_on(90), EXCLUDED, 84),
    Row("died on day 84", enrolled.died(84).seen_on(90), EXCLUDED, 84),
)

OFFERED = of_standard(
    OFFERED_AT_HIGH_RISK,
    Row("a broken wrist: not at high risk by the bone alone", wrist().enrolled().seen_on(91), NOT_ASKED, None, "wrist"),
    Row("a bone that no finder names", person().sighted(BodySite.UNSPECIFIED).enrolled().seen_on(91), UNKNOWN, 90),
    Row("a broken vertebra, nothing by day 91", vertebra().enrolled().seen_on(91), MISSED, 90),
    Row("nothing by day 90", enrolled.seen_on(90), DUE, 90),
    Row("recommended on day 90", enrolled.recommended(90).seen_on(95), MET, 90),
    Row("recommended on day 91", enrolled.recommended(91).seen_on(95), LATE, 90),
    Row("offered and declined", enrolled.decided(DECLINED, 30).seen_on(95), MET, 90, "informed decline"),
    Row("found inappropriate", enrolled.decided(INAPPROPRIATE, 30).seen_on(95), EXCLUDED, 90),
    Row("found inappropriate, then recommended late",
        enrolled.decided(INAPPROPRIATE, 30).recommended(91).seen_on(95), LATE, 90),
    Row("died on day 90", enrolled.died(90).seen_on(95), EXCLUDED, 90),
)

FIRST_FOLLOW_UP = of_standard(
    ON_TREATMENT_BY_FIRST_FOLLOW_UP,
    Row("nothing decided about treatment", enrolled.seen_on(113), NOT_ASKED),
    Row("recommended, nothing by day 112", recommended.seen_on(112), DUE, 112),
    Row("recommended, nothing by day 113", recommended.seen_on(113), MISSED, 112),
    Row("a dose on day 112", recommended.dosed(112).seen_on(115), MET, 112),
    Row("a prescription on day 113", recommended.prescribed(113).seen_on(115), LATE, 112),
    Row("to continue what is taken", enrolled.decided(TreatmentAdvice.CONTINUE, 20).seen_on(113), MET, 112, "continue"),
    Row("a follow-up finds it taken", recommended.followed_up(100).seen_on(113), MET, 112),
    Row("a follow-up finds it not taken", recommended.followed_up(100, Answer.NO).seen_on(113), MISSED, 112),
    Row("a follow-up leaves it open", recommended.followed_up(100, Answer.UNKNOWN).seen_on(113), UNKNOWN, 112),
    Row("recommended, then declined", recommended.decided(DECLINED, 30).seen_on(113), EXCLUDED, 112),
    Row("died on day 112", recommended.died(112).seen_on(115), EXCLUDED, 112),
)

on_ward = enrolled.admitted(0)

AT_DISCHARGE = of_standard(
    ON_TREATMENT_AT_DISCHARGE,
    Row("still in hospital", on_ward.dosed_on_ward(5).seen_on(10), NOT_ASKED, None, "no discharge on record"),
    Row("a broken wrist", wrist().enrolled().admitted(0).discharged(12).seen_on(13), NOT_ASKED, None, "wrist"),
    Row("nothing, looked at on the day of discharge", on_ward.discharged(12).seen_on(12), DUE, 12),
    Row("nothing, looked at the day after", on_ward.discharged(12).seen_on(13), MISSED, 12),
    Row("a dose on the day of discharge", on_ward.dosed_on_ward(12).discharged(12).seen_on(13), MET, 12),
    Row("a dose as an outpatient the day after",
        on_ward.discharged(12).dosed(13, setting=Setting.OUTPATIENT).seen_on(14), MISSED, 12),
    Row("where the dose was given isn't known", on_ward.dosed(5).discharged(12).seen_on(13), UNKNOWN, 12),
    Row("continues what was taken before",
        on_ward.decided(TreatmentAdvice.CONTINUE, 5).discharged(12).seen_on(13), MET, 12),
    Row("recommended only", on_ward.recommended(5).discharged(12).seen_on(13), MISSED, 12),
    Row("declined: stays in", on_ward.decided(DECLINED, 5).discharged(12).seen_on(13), MISSED, 12),
    Row("died in hospital", on_ward.died(12).discharged(12).seen_on(13), EXCLUDED, 12),
)

CHAPTER = Chapter(
    "Treatment initiation",
    (
        *(DECIDED, DECIDED_12_WEEKS, OFFERED, IN_HOSPITAL, BY_16_WEEKS, FIRST_FOLLOW_UP, AT_DISCHARGE),
        *(EXERCISE, EXERCISE_OF_ALL),
    ),
)
