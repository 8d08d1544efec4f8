"""Monitoring: whether treatment is taken, at 12 to 16 weeks and at one year."""

from openfls.clinical.facts import Answer, TreatmentAdvice
from openfls.clinical.monitoring import (
    ACTED_ON_TREATMENT_NOT_TAKEN,
    ASKED_AT_REVIEW,
    FOLLOWED_UP_AT_16_WEEKS,
    FOLLOWED_UP_AT_120_DAYS,
    FOLLOWED_UP_AT_ONE_YEAR,
    INFUSIONS_REVIEWED,
    MONITORED_BY_16_WEEKS,
    ON_TREATMENT_AT_52_WEEKS,
    ON_TREATMENT_AT_120_DAYS,
    ON_TREATMENT_AT_ONE_YEAR,
    ORAL_TREATMENT_REVIEWED,
)
from openfls.clinical.standards import Verdict
from tests.clinical.histories import about, between, hip, wrist
from tests.clinical.spec.tables import Chapter, Row, of_standard

MET, LATE, DUE, MISSED, UNKNOWN, EXCLUDED, NOT_ASKED = (
    Verdict.MET, Verdict.MET_LATE, Verdict.DUE, Verdict.MISSED, Verdict.UNKNOWN, Verdict.EXCLUDED, Verdict.NOT_ASKED,
)  # fmt: skip
INAPPROPRIATE, DECLINED = TreatmentAdvice.INAPPROPRIATE, TreatmentAdvice.DECLINED

enrolled = hip().enrolled()
treated = enrolled.recommended(20)

AT_16_WEEKS = of_standard(
    FOLLOWED_UP_AT_16_WEEKS,
    Row("nothing decided about treatment", enrolled.seen_on(113), NOT_ASKED),
    Row("found inappropriate", enrolled.decided(INAPPROPRIATE, 20).seen_on(113), NOT_ASKED),
    Row("recommended, nothing by day 112", treated.seen_on(112), DUE, 112),
    Row("recommended, nothing by day 113", treated.seen_on(113), MISSED, 112),
    Row("followed up on day 83: too early", treated.followed_up(83).seen_on(113), MISSED, 112),
    Row("followed up on day 84", treated.followed_up(84).seen_on(113), MET, 112),
    Row("followed up on day 85", treated.followed_up(85).seen_on(113), MET, 112),
    Row("followed up on day 112", treated.followed_up(112).seen_on(113), MET, 112),
    Row("followed up on day 113", treated.followed_up(113).seen_on(114), LATE, 112),
    Row("followed up on day 335: the last late day", treated.followed_up(335).seen_on(340), LATE, 112),
    Row("followed up on day 336: the follow-up of one year", treated.followed_up(336).seen_on(340), MISSED, 112),
    Row("followed up too early and again in time", treated.followed_up(60).followed_up(90).seen_on(113), MET, 112),
    Row("off treatment: followed up all the same", treated.followed_up(100, Answer.NO).seen_on(113), MET, 112),
    Row("whether on treatment stays open", treated.followed_up(100, Answer.UNKNOWN).seen_on(113), MET, 112),
    Row("called, nobody answered", treated.called(100).called(101).called(102).seen_on(113), MISSED, 112),
    Row("followed up between day 80 and day 90", treated.followed_up(between(80, 90)).seen_on(113), UNKNOWN, 112),
    Row("followed up about day 98, give or take two weeks", treated.followed_up(about(98, 14)).seen_on(113), MET, 112),
    Row("recommended, then declined", treated.decided(DECLINED, 30).seen_on(113), EXCLUDED, 112),
    Row("declined, then recommended", enrolled.decided(DECLINED, 20).recommended(30).seen_on(113), MISSED, 112),
    Row("died on day 112", treated.died(112).seen_on(113), EXCLUDED, 112),
    Row("died on day 113, not followed up", treated.died(113).seen_on(114), MISSED, 112),
)

AT_ONE_YEAR = of_standard(
    ON_TREATMENT_AT_ONE_YEAR,
    Row("recommended, nothing by day 392", treated.seen_on(392), DUE, 392),
    Row("recommended, nothing by day 393", treated.seen_on(393), MISSED, 392),
    Row("on treatment on day 335: too early", treated.followed_up(335).seen_on(393), MISSED, 392),
    Row("on treatment on day 336", treated.followed_up(336).seen_on(393), MET, 392),
    Row("on treatment on day 392", treated.followed_up(392).seen_on(393), MET, 392),
    Row("on treatment on day 393", treated.followed_up(393).seen_on(395), LATE, 392),
    Row("off treatment on day 350", treated.followed_up(350, Answer.NO).seen_on(393), MISSED, 392),
    Row("nobody knows on day 350", treated.followed_up(350, Answer.UNKNOWN).seen_on(393), UNKNOWN, 392, "not known"),
    Row(
        "nobody knew on day 340, on treatment on day 360",
        treated.followed_up(340, Answer.UNKNOWN).followed_up(360).seen_on(393),
        MET,
        392,
    ),
    Row(
        "on treatment on day 340, off on day 380: confirmed once in the window",
        treated.followed_up(340).followed_up(380, Answer.NO).seen_on(393),
        MET,
        392,
    ),
    Row("on treatment at 16 weeks only", treated.followed_up(100).seen_on(393), MISSED, 392),
    Row("a prescription issued in the window", treated.prescribed(350).seen_on(393), MISSED, 392),
    Row("on treatment about day 336, give or take a week", treated.followed_up(about(336)).seen_on(393), UNKNOWN, 392),
    Row("no longer appropriate", treated.decided(INAPPROPRIATE, 200).seen_on(393), EXCLUDED, 392),
    Row("died on day 392", treated.died(392).seen_on(393), EXCLUDED, 392),
    Row("died on day 393, not followed up", treated.died(393).seen_on(395), MISSED, 392),
)

FOLLOWED_UP = of_standard(
    FOLLOWED_UP_AT_ONE_YEAR,
    Row("nothing decided about treatment", enrolled.seen_on(393), NOT_ASKED),
    Row("recommended, nothing by day 392", treated.seen_on(392), DUE, 392),
    Row("recommended, nothing by day 393", treated.seen_on(393), MISSED, 392),
    Row("followed up on day 335: too early", treated.followed_up(335).seen_on(393), MISSED, 392),
    Row("followed up on day 336", treated.followed_up(336).seen_on(393), MET, 392),
    Row("off treatment on day 350: followed up", treated.followed_up(350, Answer.NO).seen_on(393), MET, 392),
    Row("whether on treatment stays open", treated.followed_up(350, Answer.UNKNOWN).seen_on(393), MET, 392),
    Row("followed up on day 420", treated.followed_up(420, Answer.NO).seen_on(421), LATE, 392),
    Row("called, nobody answered", treated.called(350).called(360).seen_on(393), MISSED, 392),
    Row("no longer appropriate", treated.decided(INAPPROPRIATE, 200).seen_on(393), EXCLUDED, 392),
    Row("died on day 392", treated.died(392).seen_on(393), EXCLUDED, 392),
)

off = treated.followed_up(100, Answer.NO)

NOT_TAKEN = of_standard(
    ACTED_ON_TREATMENT_NOT_TAKEN,
    Row("not followed up yet", treated.seen_on(113), NOT_ASKED),
    Row("on treatment", treated.followed_up(100).seen_on(113), NOT_ASKED),
    Row("off treatment on day 100", off.seen_on(114), DUE, 114, "on treatment, no"),
    Row("off treatment, nothing by day 115", off.seen_on(115), MISSED, 114),
    Row("a site that allows 30 days", off.where(not_taken_days=30).seen_on(115), DUE, 130),
    Row("a dose given on day 110", off.dosed(110).seen_on(115), MET, 114),
    Row("a prescription issued on day 120", off.prescribed(120).seen_on(121), LATE, 114),
    Row("a prescription from before the follow-up", treated.prescribed(60).followed_up(100, Answer.NO).seen_on(115),
        MISSED, 114),
    Row("recommended once more, nothing taken yet", off.recommended(105).seen_on(115), MISSED, 114),
    Row("decided against", off.decided(INAPPROPRIATE, 105).seen_on(115), EXCLUDED, 114),
    Row("the patient declines treatment", off.decided(DECLINED, 105).seen_on(115), EXCLUDED, 114),
    Row("on treatment again at a later follow-up", off.followed_up(110).seen_on(115), NOT_ASKED),
    Row("resumed, and off again at one year", off.dosed(110).followed_up(350, Answer.NO).seen_on(365), MISSED, 364),
    Row("whether on treatment stayed open", treated.followed_up(100, Answer.UNKNOWN).seen_on(101), DUE, 114,
        "on treatment, unknown"),
    Row("stayed open, then a prescription was issued",
        treated.followed_up(100, Answer.UNKNOWN).prescribed(109).seen_on(115), MET, 114),
    Row("stayed open, then found on treatment",
        treated.followed_up(100, Answer.UNKNOWN).followed_up(110).seen_on(115), NOT_ASKED),
    Row("stayed open, then found off treatment",
        treated.followed_up(100, Answer.UNKNOWN).followed_up(110, Answer.NO).seen_on(115), DUE, 124),
    Row("two follow-ups of one day disagree", off.followed_up(100).seen_on(101), UNKNOWN, 114, "they disagree"),
    Row("died on day 114", off.died(114).seen_on(115), EXCLUDED, 114),
    Row("died on day 115, nothing done", off.died(115).seen_on(116), MISSED, 114),
)

BY_16_WEEKS = of_standard(
    MONITORED_BY_16_WEEKS,
    Row("nothing decided about treatment", enrolled.seen_on(113), NOT_ASKED),
    Row("nothing by day 112", treated.seen_on(112), DUE, 112),
    Row("nothing by day 113", treated.seen_on(113), MISSED, 112),
    Row("followed up on day 40: too early for FLS-DB alone", treated.followed_up(40).seen_on(113), MET, 112),
    Row("followed up on day 112", treated.followed_up(112).seen_on(113), MET, 112),
    Row("followed up on day 113", treated.followed_up(113).seen_on(114), LATE, 112),
    Row("followed up on day 336: the follow-up of one year", treated.followed_up(336).seen_on(340), MISSED, 112),
    Row("recommended, then declined", treated.decided(DECLINED, 30).seen_on(113), EXCLUDED, 112),
    Row("died on day 112", treated.died(112).seen_on(113), EXCLUDED, 112),
)

stay = enrolled.admitted()

AT_120_DAYS = of_standard(
    FOLLOWED_UP_AT_120_DAYS,
    Row("a broken wrist", wrist().enrolled().admitted().seen_on(121), NOT_ASKED, None, "wrist"),
    Row("not admitted", enrolled.seen_on(121), NOT_ASKED, None, "no admission"),
    Row("nothing by day 120, no treatment decided", stay.seen_on(120), DUE, 120),
    Row("nothing by day 121", stay.seen_on(121), MISSED, 120),
    Row("followed up on day 83: too early", stay.followed_up(83).seen_on(121), MISSED, 120),
    Row("followed up on day 84", stay.followed_up(84).seen_on(121), MET, 120),
    Row("followed up on day 113: in time here, late for 16 weeks", stay.followed_up(113).seen_on(121), MET, 120),
    Row("followed up on day 120", stay.followed_up(120, Answer.UNKNOWN).seen_on(121), MET, 120),
    Row("followed up on day 121", stay.followed_up(121).seen_on(122), LATE, 120),
    Row("died on day 120", stay.died(120).seen_on(121), EXCLUDED, 120),
    Row("died on day 121, not followed up", stay.died(121).seen_on(122), MISSED, 120),
)

TREATED_AT_120_DAYS = of_standard(
    ON_TREATMENT_AT_120_DAYS,
    Row("a broken wrist", wrist().enrolled().admitted().seen_on(121), NOT_ASKED, None, "wrist"),
    Row("on treatment on day 83: too early", stay.followed_up(83).seen_on(121), MISSED, 120),
    Row("on treatment on day 84", stay.followed_up(84).seen_on(121), MET, 120),
    Row("on treatment on day 120", stay.followed_up(120).seen_on(121), MET, 120),
    Row("on treatment on day 121", stay.followed_up(121).seen_on(122), LATE, 120),
    Row("not on treatment", stay.followed_up(115, Answer.NO).seen_on(121), MISSED, 120),
    Row("whether on treatment stays open", stay.followed_up(115, Answer.UNKNOWN).seen_on(121), UNKNOWN, 120),
    Row("declined treatment: stays in", stay.decided(DECLINED, 20).seen_on(121), MISSED, 120),
    Row("died on day 120", stay.died(120).seen_on(121), EXCLUDED, 120),
)

asked = {"adverse_effects_asked": Answer.YES}

ASKED = of_standard(
    ASKED_AT_REVIEW,
    Row("no review yet", treated.seen_on(113), NOT_ASKED),
    Row("asked about both", treated.followed_up(100, **asked).seen_on(113), MET, 100),
    Row("off treatment, asked about both", treated.followed_up(100, Answer.NO, **asked).seen_on(113), MET, 100),
    Row("not asked about adverse effects",
        treated.followed_up(100, adverse_effects_asked=Answer.NO).seen_on(113), MISSED, 100),
    Row("nobody wrote whether they were asked", treated.followed_up(100).seen_on(113), UNKNOWN, 100, "not known"),
    Row("whether on treatment stays open", treated.followed_up(100, Answer.UNKNOWN, **asked).seen_on(113), UNKNOWN),
    Row("asked at the second review",
        treated.followed_up(100, adverse_effects_asked=Answer.NO).followed_up(350, **asked).seen_on(360), LATE, 100),
)

AT_52_WEEKS = of_standard(
    ON_TREATMENT_AT_52_WEEKS,
    Row("nothing decided about treatment", enrolled.seen_on(393), NOT_ASKED),
    Row("nothing by day 392", treated.seen_on(392), DUE, 392),
    Row("nothing by day 393", treated.seen_on(393), MISSED, 392),
    Row("on treatment on day 335: too early", treated.followed_up(335).seen_on(393), MISSED, 392),
    Row("on treatment on day 336", treated.followed_up(336).seen_on(393), MET, 392),
    Row("on treatment on day 392", treated.followed_up(392).seen_on(393), MET, 392),
    Row("on treatment on day 393", treated.followed_up(393).seen_on(395), LATE, 392),
    Row("nobody knows on day 350", treated.followed_up(350, Answer.UNKNOWN).seen_on(393), UNKNOWN, 392),
    Row("no longer appropriate", treated.decided(INAPPROPRIATE, 200).seen_on(393), EXCLUDED, 392),
    Row("died on day 392", treated.died(392).seen_on(393), EXCLUDED, 392),
)

tablets = treated.prescribed(20)  # the review is due on day 1846, still taken from day 1298

FIVE_YEARS = of_standard(
    ORAL_TREATMENT_REVIEWED,
    Row("prescribed for four months", tablets.prescribed(100).seen_on(1900), NOT_ASKED),
    Row("last prescribed on day 1297", tablets.prescribed(1297).seen_on(1900), NOT_ASKED),
    Row("prescribed on day 1298, looked at on day 1846", tablets.prescribed(1298).seen_on(1846), DUE, 1846),
    Row("not reviewed by day 1847", tablets.prescribed(1298).seen_on(1847), MISSED, 1846),
    Row("followed up on day 1297: too early", tablets.prescribed(1298).followed_up(1297).seen_on(1847), MISSED, 1846),
    Row("followed up on day 1298", tablets.prescribed(1298).followed_up(1298).seen_on(1847), MET, 1846),
    Row("decided to continue on day 1846",
        tablets.prescribed(1700).decided(TreatmentAdvice.CONTINUE, 1846).seen_on(1847), MET, 1846),
    Row("decided to stop on day 1846", tablets.prescribed(1700).decided(INAPPROPRIATE, 1846).seen_on(1847), MET, 1846),
    Row("reviewed on day 1847", tablets.prescribed(1700).followed_up(1847).seen_on(1850), LATE, 1846),
    Row("nobody knows whether it was a bone drug",
        treated.prescribed(20, bone_drug=Answer.UNKNOWN).prescribed(1700).seen_on(1900), NOT_ASKED),
    Row("died on day 1846", tablets.prescribed(1700).died(1846).seen_on(1900), EXCLUDED, 1846),
)

infused = treated.dosed(20)  # the review is due on day 1116, still given from day 568

THREE_YEARS = of_standard(
    INFUSIONS_REVIEWED,
    Row("one dose only", infused.seen_on(1200), NOT_ASKED),
    Row("the last dose on day 567", infused.dosed(385).dosed(567).seen_on(1200), NOT_ASKED),
    Row("a dose on day 750, looked at on day 1116", infused.dosed(750).seen_on(1116), DUE, 1116),
    Row("not reviewed by day 1117", infused.dosed(568).seen_on(1117), MISSED, 1116),
    Row("followed up on day 567: too early", infused.dosed(750).followed_up(567).seen_on(1117), MISSED, 1116),
    Row("reviewed on day 1116", infused.dosed(750).followed_up(1116).seen_on(1117), MET, 1116),
    Row("reviewed on day 1117", infused.dosed(750).followed_up(1117).seen_on(1120), LATE, 1116),
    Row("died on day 1116", infused.dosed(750).died(1116).seen_on(1120), EXCLUDED, 1116),
)

CHAPTER = Chapter(
    "Monitoring",
    (
        *(AT_16_WEEKS, BY_16_WEEKS, AT_120_DAYS, TREATED_AT_120_DAYS, ASKED),
        *(FOLLOWED_UP, AT_ONE_YEAR, AT_52_WEEKS, NOT_TAKEN, FIVE_YEARS, THREE_YEARS),
    ),
)
