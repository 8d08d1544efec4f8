"""Tasks: who should do what by when; how a task ends, and what never ends one."""

from datetime import date

from openfls.clinical.facts import (
    Answer,
    AppointmentState,
    BodySite,
    ClosingReason,
    Finder,
    Service,
    TreatmentAdvice,
    Triage,
)
from openfls.clinical.standards import Step
from openfls.clinical.tasks import TaskState
from tests.clinical.histories import FEED, Drawn, about, hip, person
from tests.clinical.spec.tables import Chapter, Row, of_task, of_words

OPEN, DONE, CLOSED, BY_FEED, NONE = TaskState.OPEN, TaskState.DONE, TaskState.CLOSED, TaskState.MET_BY_FEED, "no task"
ASSESS, START, CONFIRM, TRIAGE, EXERCISE = (
    Step.ASSESS, Step.START, Step.CONFIRM_CLOSING, Step.TRIAGE, Step.STRENGTH_BALANCE,
)  # fmt: skip

NOT, CODED = Triage.NOT_FRAGILITY, Finder.CODED_DISCHARGE

enrolled = hip().enrolled()

ENDING = of_task(
    "How a task ends: the assessment",
    ("It ends when a fact meets it or a named person ends it with a coded reason. Nothing else ends it.",),
    ASSESS,
    Row("enrolled: due at the earlier of two standards", enrolled.seen_on(10), OPEN, 84, "within 12 weeks: due"),
    Row("past the earlier standard", enrolled.seen_on(86), OPEN, 84, "was due 25 May 2026"),
    Row("two years overdue", enrolled.seen_on(730), OPEN, 84),
    Row("called three times without answer", enrolled.called(20).called(30).called(40).seen_on(91), OPEN, 84),
    Row("a note", enrolled.noted(20).seen_on(91), OPEN, 84),
    Row("assessed by the nurse", enrolled.assessed(30).seen_on(31), DONE, 84, "FLS assessment on 01 Apr 2026"),
    Row("assessed late for one standard, in time for the other", enrolled.assessed(87).seen_on(88), DONE),
    Row("assessed, says a feed", enrolled.assessed(30, by=FEED).seen_on(31), BY_FEED, 84),
    Row("says a feed, and somebody has seen it", enrolled.assessed(30, by=FEED).seen(ASSESS, 32).seen_on(33), DONE),
    Row("says a feed, somebody has seen another task",
        enrolled.assessed(30, by=FEED).seen(START, 32).seen_on(33), BY_FEED),
    Row("says a feed, then takes it back",
        enrolled.assessed(30, by=FEED, key="a").took_back("a", known=40).seen_on(41), OPEN, 84),
    Row("assessed on a day that may be too late", enrolled.assessed(about(90, 20)).seen_on(120), OPEN, 84, "may lie"),
    Row("closed: moved away", enrolled.closed(ASSESS, 20, words="to Leeds").seen_on(91), CLOSED, 84,
        "closed by nurse: moved away; to Leeds"),
    Row("closed, then assessed all the same", enrolled.closed(ASSESS, 20).assessed(30).seen_on(91), DONE),
    Row("closed, then opened again", enrolled.closed(ASSESS, 20).reopened(ASSESS, 21).seen_on(91), OPEN, 84),
    Row("closed, opened again, closed", enrolled.closed(ASSESS, 20).reopened(ASSESS, 21).closed(ASSESS, 22).seen_on(91),
        CLOSED),
    Row("the closing itself was taken back",
        enrolled.closed(ASSESS, 20, key="c").took_back("c", known=21).seen_on(91), OPEN, 84),
    Row("another task was closed", enrolled.closed(START, 20).seen_on(91), OPEN, 84),
    Row("closed, says a feed: only a named person closes", enrolled.closed(ASSESS, 20, by=FEED).seen_on(91), OPEN, 84),
    Row("declined, says a feed", enrolled.declined(ASSESS, 20, by=FEED).seen_on(91), OPEN, 84),
    Row("declined by the patient", enrolled.declined(ASSESS, 20, reason="too far").seen_on(91), CLOSED, 84,
        "declined, says nurse; too far"),
    Row("declined, then opened again", enrolled.declined(ASSESS, 20).reopened(ASSESS, 21).seen_on(91), OPEN, 84),
    Row("closed, and the fracture's date is corrected since",
        hip(known=6).enrolled(7).closed(ASSESS, 20).corrected("hip", known=30, occurred=5).seen_on(91), CLOSED, 89),
    Row("closed for the first of two fractures", enrolled.closed(ASSESS, 20).sighted(on=100).enrolled(101).seen_on(110),
        CLOSED),
    Row("closed for the second of two fractures",
        enrolled.sighted(on=100).enrolled(101).closed(ASSESS, 102).seen_on(110), OPEN, 84),
    Row("triage taken back: nothing to assess yet", enrolled.triaged(Triage.UNDO, 5).seen_on(10), NONE),
    Row("dismissed at triage", hip().triaged(Triage.NOT_FRAGILITY).seen_on(10), NONE),
    Row("outside the definition", person().sighted(BodySite.DIGIT).seen_on(10), NONE),
    Row("died: asked once, under confirm closing", enrolled.died(40).seen_on(50), NONE),
    Row("died after the assessment", enrolled.assessed(30).died(40).seen_on(50), DONE),
    Row("the death was taken back: open again",
        enrolled.died(40, key="d").took_back("d", known=50).seen_on(51), OPEN, 84),
    Row("every finder took the fracture back", enrolled.took_back("hip", known=40).seen_on(50), NONE),
    Row("the fracture is stated again: open again",
        enrolled.took_back("hip", known=40).corrected("hip", known=45, retracted=False).seen_on(50), OPEN, 84),
)  # fmt: skip

TREATMENT = of_task(
    "How a task ends: starting treatment",
    ("What is asked follows the latest decision.",),
    START,
    Row("nothing decided", enrolled.seen_on(30), NONE),
    Row("recommended", enrolled.recommended(20).seen_on(30), OPEN, 112),
    Row("found inappropriate", enrolled.decided(TreatmentAdvice.INAPPROPRIATE, 20).seen_on(30), NONE),
    Row("inappropriate, then recommended",
        enrolled.decided(TreatmentAdvice.INAPPROPRIATE, 20).recommended(40).seen_on(50), OPEN, 112),
    Row("the GP was asked to prescribe",
        enrolled.recommended(20).requested_of_gp(21).seen_on(150), OPEN, 112, "was due"),
    Row("prescribed, says the practice's feed", enrolled.recommended(20).prescribed(60).seen_on(61), BY_FEED, 112),
    Row("something was prescribed that nobody can name",
        enrolled.recommended(20).prescribed(60, bone_drug=Answer.UNKNOWN).seen_on(61), OPEN, 112,
        "bone drug not known"),
    Row("untreated at discharge: one task, due at 16 weeks",
        enrolled.admitted(0).recommended(5).discharged(12).seen_on(13), OPEN, 112),
)  # fmt: skip

dismissed = hip(low_trauma=Answer.UNKNOWN).triaged(NOT)

treated = enrolled.recommended(20)

ONE_YEAR = of_task(
    "How a task ends: the follow-up of one year",
    ("The follow-up is done whatever it finds. What it finds is another task, for whoever can act on it.",),
    Step.FOLLOW_UP_52,
    Row("nothing by day 393", treated.seen_on(393), OPEN, 392),
    Row("found on treatment", treated.followed_up(350).seen_on(393), DONE, 392),
    Row("found off treatment", treated.followed_up(350, Answer.NO).seen_on(393), DONE, 392),
    Row("called, nobody answered", treated.called(350).seen_on(393), OPEN, 392),
)

NOT_TAKEN = of_task(
    "How a task ends: treatment that is not taken",
    ("A follow-up that finds it opens the task; a dose, a prescription, a later follow-up or a decision ends it.",),
    Step.NOT_TAKEN,
    Row("on treatment at one year", treated.followed_up(350).seen_on(351), NONE),
    Row("off treatment at one year", treated.followed_up(350, Answer.NO).seen_on(393), OPEN, 364, "on treatment, no"),
    Row("not known at 16 weeks", treated.followed_up(100, Answer.UNKNOWN).seen_on(120), OPEN, 114, "unknown"),
    Row("off treatment, a dose since",
        treated.followed_up(350, Answer.NO).dosed(360, by="nurse").seen_on(361), DONE, 364),
    Row("off treatment, decided against since",
        treated.followed_up(350, Answer.NO).decided(TreatmentAdvice.INAPPROPRIATE, 355).seen_on(361), NONE),
    Row("off treatment, closed by a nurse",
        treated.followed_up(350, Answer.NO).closed(Step.NOT_TAKEN, 355, ClosingReason.MOVED_AWAY).seen_on(361), CLOSED),
)  # fmt: skip

asked = enrolled.assessed(5).dxa_requested(10)
CANCELLED, ATTENDED = AppointmentState.CANCELLED, AppointmentState.ATTENDED

SCANNING = of_task(
    "How a task ends: the scan",
    ("Appointments are reasons beside the task and never end it: only a result does, or a named person.",),
    Step.DXA,
    Row("requested", asked.seen_on(20), OPEN, reason="due"),
    Row("booked", asked.booked(40).seen_on(20), OPEN, reason="DXA: booked for 11 Apr 2026"),
    Row("did not attend", asked.missed(40).seen_on(41), OPEN, reason="DXA: did not attend on 11 Apr 2026"),
    Row("did not attend, booked again",
        asked.missed(40).booked(60).seen_on(41), OPEN,
        reason="DXA: did not attend on 11 Apr 2026; DXA: booked for 01 May 2026"),
    Row("did not attend, the same appointment was given another day",
        asked.missed(40, key="a").corrected("a", known=42, occurred=60, state=AppointmentState.BOOKED).seen_on(43),
        OPEN, reason="DXA: did not attend on 11 Apr 2026; DXA: booked for 01 May 2026"),
    Row("did not attend, and the sender corrects: attended after all",
        asked.missed(40, key="a").corrected("a", known=42, state=ATTENDED).seen_on(43),
        OPEN, reason="DXA: attended on 11 Apr 2026"),
    Row("the appointment was cancelled", asked.booked(40, CANCELLED).seen_on(30), OPEN, reason="was cancelled"),
    Row("did not attend twice", asked.missed(40).missed(60).seen_on(100), OPEN,
        reason="DXA: did not attend on 11 Apr 2026; DXA: did not attend on 01 May 2026"),
    Row("attended, and no result has come", asked.booked(40, ATTENDED).seen_on(60), OPEN, reason="DXA: attended on"),
    Row("attended, and the result has come", asked.booked(40, ATTENDED).scanned(40, by=FEED).seen_on(60), BY_FEED),
    Row("did not attend, then closed by name",
        asked.missed(40).closed(Step.DXA, 50, ClosingReason.NOT_REACHED).seen_on(60), CLOSED, reason="closed by nurse"),
    Row("the falls clinic was missed", asked.missed(40, service=Service.FALLS).seen_on(60), OPEN, reason="due"),
    Row("the request was taken back: nothing to scan, somebody decides again",
        enrolled.assessed(5).dxa_requested(10, key="r").took_back("r", known=50).missed(40).seen_on(60), NONE),
)  # fmt: skip

DECIDING = of_task(
    "How a task ends: whether to scan",
    ("An appointment alone is no request.",),
    Step.DXA_DECISION,
    Row("booked, and nobody recorded a request", enrolled.assessed(5).booked(40).seen_on(10), OPEN, 19, "booked for"),
    Row("the request was taken back after she did not attend",
        enrolled.assessed(5).dxa_requested(10, key="r").missed(40).took_back("r", known=50).seen_on(60), OPEN, 19,
        "DXA: did not attend on 11 Apr 2026"),
)  # fmt: skip

TRIAGING = of_task(
    "Triage",
    (
        "Due within a site's own days of the first receipt; who is unsure hands it to a doctor. A dismissal ends it "
        "until a finder says what no sighting said that was dismissed: low trauma, certain, another bone, or not "
        "pathological where that was said.",
    ),
    TRIAGE,
    Row("known on day 3", hip(known=3).seen_on(4), OPEN, 10, "aged 85 at the fracture"),
    Row("seen again on day 9 by another finder", hip(known=3).sighted(known=9).seen_on(10), OPEN, 10),
    Row("sent again on day 9", hip(known=3).corrected("hip", known=9, words="# NOF").seen_on(10), OPEN, 10),
    Row("a site that takes 2 days", hip(known=3).where(triage_days=2).seen_on(4), OPEN, 5),
    Row("unsure", hip(known=3).triaged(Triage.UNSURE, 4).seen_on(5), OPEN, 10, "triage was unsure: a doctor decides"),
    Row("enrolled", hip().enrolled().seen_on(5), NONE),
    Row("enrolled, undone", hip().enrolled().triaged(Triage.UNDO, 2).seen_on(5), OPEN, 7),
    Row("dismissed", hip().triaged(Triage.NOT_FRAGILITY).seen_on(5), NONE),
    Row("dismissed, undone", hip().triaged(Triage.NOT_FRAGILITY).triaged(Triage.UNDO, 2).seen_on(5), OPEN, 7),
    Row("dismissed, then seen by another finder that says no more",
        dismissed.sighted(known=9, by=CODED, low_trauma=Answer.UNKNOWN).seen_on(10), NONE),
    Row("dismissed, then another finder says low trauma", dismissed.sighted(known=9, by=CODED).seen_on(10), OPEN, 16,
        "look again: coded discharge says low trauma; dismissed before that was known, by nurse on 03 Mar 2026"),
    Row("dismissed, then another finder names another bone of the same event",
        dismissed.sighted(BodySite.WRIST, known=9, by=CODED, low_trauma=Answer.UNKNOWN).seen_on(10), OPEN, 16,
        "coded discharge says wrist"),
    Row("dismissed, then another finder names a finger too",
        dismissed.sighted(BodySite.DIGIT, known=9, by=CODED, low_trauma=Answer.UNKNOWN).seen_on(10), NONE),
    Row("a pathological fracture dismissed, then coded as not pathological",
        hip(low_trauma=Answer.UNKNOWN, pathological=Answer.YES).triaged(NOT)
        .sighted(known=9, by=CODED, low_trauma=Answer.UNKNOWN, pathological=Answer.NO).seen_on(10), OPEN, 16,
        "coded discharge says not pathological"),
    Row("dismissed, and nobody had said that it is pathological; then coded as not",
        dismissed.sighted(known=9, by=CODED, low_trauma=Answer.UNKNOWN, pathological=Answer.NO).seen_on(10), NONE),
    Row("a suspicion dismissed, then coded as a fracture",
        hip(low_trauma=Answer.UNKNOWN, certain=Answer.UNKNOWN).triaged(NOT)
        .sighted(known=9, by=CODED, low_trauma=Answer.UNKNOWN).seen_on(10), OPEN, 16, "says a certain fracture"),
    Row("dismissed, then the same finder corrects its row: low trauma",
        dismissed.corrected("hip", known=9, low_trauma=Answer.YES).seen_on(10), OPEN, 8, "trauma list says low trauma"),
    Row("dismissed, then the same finder repeats its row",
        dismissed.corrected("hip", known=9, words="# NOF").seen_on(10), NONE),
    Row("low trauma was said before the dismissal, and is said again",
        hip().triaged(NOT).sighted(known=9, by=CODED).seen_on(10), NONE),
    Row("dismissed, low trauma since, dismissed again",
        dismissed.sighted(known=9, by=CODED, key="coded").triaged(NOT, 11, points_at=("hip", "coded")).seen_on(12),
        NONE),
    Row("dismissed, low trauma since, that finder took it back",
        dismissed.sighted(known=9, by=CODED, key="coded").took_back("coded", known=12).seen_on(13), NONE),
    Row("dismissed at 49, then another finder says low trauma",
        person(date(1976, 3, 3)).sighted(low_trauma=Answer.UNKNOWN).triaged(NOT)
        .sighted(known=9, by=CODED).seen_on(10), NONE),
    Row("dismissed by nobody that is named", hip().triaged(NOT, by=FEED).seen_on(5), OPEN, 7),
    Row("closed, then another finder says low trauma",
        hip(low_trauma=Answer.UNKNOWN).closed(TRIAGE, 2).sighted(known=9, by=CODED).seen_on(10), OPEN, 16,
        "look again: coded discharge says low trauma; dismissed before that was known, by nurse on 04 Mar 2026: moved"),
    Row("closed with a reason",
        hip().closed(TRIAGE, 2, ClosingReason.OTHER_SERVICE).seen_on(5), CLOSED, 7, "cared for by another service"),
    Row("closed, then triage was unsure", hip().closed(TRIAGE, 2).triaged(Triage.UNSURE, 3).seen_on(5), OPEN, 7),
    Row("closed, opened again", hip().closed(TRIAGE, 2).reopened(TRIAGE, 3).seen_on(5), OPEN, 7),
    Row("outside the definition", person().sighted(BodySite.FACE).seen_on(5), NONE),
    Row("died before triage", hip().died(2).seen_on(5), NONE),
)  # fmt: skip

dead = enrolled.died(40, known=45)

CLOSING = of_task(
    "Confirm closing",
    ("A death or a retraction stops contact at once and asks one person once.",),
    CONFIRM,
    Row("alive", enrolled.seen_on(50), NONE),
    Row("died on day 40, known on day 45", dead.seen_on(46), OPEN, 52, "died 11 Apr 2026: all contact has stopped"),
    Row("a site that takes 3 days", dead.where(confirm_closing_days=3).seen_on(46), OPEN, 48),
    Row("confirmed", dead.closed(CONFIRM, 47, ClosingReason.DIED).seen_on(50), CLOSED, 52, "closed by nurse: died"),
    Row("another task was closed", dead.closed(ASSESS, 47).seen_on(50), OPEN, 52),
    Row("a second notice of the death", dead.closed(CONFIRM, 47).died(39, known=60).seen_on(61), CLOSED),
    Row("the same notice sent again",
        enrolled.died(40, known=45, key="d").closed(CONFIRM, 47).corrected("d", known=60).seen_on(61), CLOSED),
    Row("the death was taken back",
        enrolled.died(40, key="d").took_back("d", known=50).seen_on(51), NONE),
    Row("confirmed, taken back, died after all: asked again",
        enrolled.died(40, key="d").closed(CONFIRM, 41).took_back("d", known=50).died(90).seen_on(91), OPEN, 97),
    Row("died before triage", hip().died(2).seen_on(5), OPEN, 9),
    Row("died, dismissed at triage", hip().triaged(Triage.NOT_FRAGILITY).died(2).seen_on(5), NONE),
    Row("died, outside the definition", person().sighted(BodySite.DIGIT).died(2).seen_on(5), NONE),
    Row("every finder took the fracture back", enrolled.took_back("hip", known=40).seen_on(41), OPEN, 47, "took its"),
    Row("the finder says no fracture after all",
        enrolled.corrected("hip", known=40, certain=Answer.NO).seen_on(41), OPEN, 47),
    Row("one of two finders took it back", enrolled.sighted(known=1).took_back("hip", known=40).seen_on(41), NONE),
    Row("taken back before anybody looked", hip().took_back("hip", known=1).seen_on(3), OPEN, 8),
    Row("taken back, confirmed", enrolled.took_back("hip", known=40).closed(CONFIRM, 42).seen_on(43), CLOSED, 47),
    Row("taken back, confirmed, stated and taken back again",
        enrolled.took_back("hip", known=40).closed(CONFIRM, 42).corrected("hip", known=50, retracted=False)
        .took_back("hip", known=60).seen_on(61), OPEN, 67),
    Row("dismissed, then taken back", hip().triaged(Triage.NOT_FRAGILITY).took_back("hip", known=5).seen_on(9), NONE),
)  # fmt: skip


def tasks(drawn: Drawn) -> str:
    """The tasks of each fracture that need somebody, with owner."""
    return "; ".join(
        ", ".join(f"{task.step} ({task.owner or task.owner_role})" for task in care.tasks if task.needs_someone)
        or "nothing"
        for care in drawn.cares
    )


WHOLE = of_words(
    "What somebody has to do, and whose it is",
    ("The tasks that need somebody, each with its owner or the role that owns it; a semicolon divides two fractures.",),
    tasks,
    Row("new on a list", hip(), "triage (coordinator)"),
    Row("triage was unsure", hip().triaged(Triage.UNSURE), "triage (doctor)"),
    Row("enrolled", enrolled, "assess (nurse), assess falls (nurse), decide treatment (doctor)"),
    Row("taken by Ann", enrolled.owned(ASSESS, "ann", 2),
        "assess (ann), assess falls (nurse), decide treatment (doctor)"),
    Row("taken by Ann, handed to Bob", enrolled.owned(ASSESS, "ann", 2).owned(ASSESS, "bob", 3),
        "assess (bob), assess falls (nurse), decide treatment (doctor)"),
    Row("taken by Ann, given back", enrolled.owned(ASSESS, "ann", 2).owned(ASSESS, "", 3),
        "assess (nurse), assess falls (nurse), decide treatment (doctor)"),
    Row("assessed", enrolled.assessed(10).falls_assessed(10).seen_on(11),
        "decide on DXA (nurse), decide treatment (doctor), tell the GP (coordinator)"),
    Row("a broken wrist is asked for exercise too", person().sighted(BodySite.WRIST).enrolled().seen_on(2),
        "assess (nurse), assess falls (nurse), decide treatment (doctor), start strength and balance (coordinator)"),
    Row("recommended",
        enrolled.assessed(10).falls_assessed(10).dxa_not_needed(10).recommended(10).wrote_to_gp(11).seen_on(12),
        "start treatment (doctor), follow up at 16 weeks (nurse), follow up at one year (nurse), "
        "GP acknowledges (coordinator)"),
    Row("everything done",
        enrolled.assessed(10).falls_assessed(10).dxa_not_needed(10).recommended(10).wrote_to_gp(11)
        .acknowledged(13, by="x").dosed(12, by="x").followed_up(100).followed_up(350).seen_on(351), "nothing"),
    Row("died with two fractures: one question", enrolled.sighted(on=100).enrolled(101).died(110).seen_on(111),
        "nothing; confirm closing (coordinator)"),
    Row("died, the second fracture was dismissed",
        enrolled.sighted(on=100).triaged(Triage.NOT_FRAGILITY, 101).died(110).seen_on(111),
        "confirm closing (coordinator); nothing"),
)  # fmt: skip

CHAPTER = Chapter("Tasks", (TRIAGING, ENDING, TREATMENT, SCANNING, DECIDING, ONE_YEAR, NOT_TAKEN, CLOSING, WHOLE))
