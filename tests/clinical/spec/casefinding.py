"""Case finding: who counts, which sightings are one fracture, what triage makes of them, which finder was late."""

from dataclasses import replace
from datetime import date

from openfls.clinical.casefinding import who_counts
from openfls.clinical.decisions import Decision, Outcome
from openfls.clinical.facts import Answer, BodySite, Finder, Side, Triage
from tests.clinical.histories import Drawn, about, between, hip, person, vertebra, wrist
from tests.clinical.spec.tables import Chapter, Row, of_decision, of_words

YES, NO, UNKNOWN = Outcome.YES, Outcome.NO, Outcome.UNKNOWN
HIP, WRIST, FOREARM, UNNAMED = BodySite.HIP, BodySite.WRIST, BodySite.FOREARM, BodySite.UNSPECIFIED
CLINIC, REPORT = Finder.FRACTURE_CLINIC, Finder.RADIOLOGY_REPORT


def counts(drawn: Drawn) -> Decision:
    """Who counts, asked about the first fracture."""
    first = drawn.cares[0]
    return who_counts(first.episode, first.history.births, drawn.parameters)


def fifty_on(number: int) -> Drawn:
    """Somebody whose fiftieth birthday is so many days after day 0."""
    born = {0: date(1976, 3, 2), 1: date(1976, 3, 3), -1: date(1976, 3, 1), 30: date(1976, 4, 1)}
    return person(born[number])


younger = replace(person().record, birth_date=date(1976, 3, 3))
older = replace(person().record, birth_date=date(1904, 5, 6))

WHO_COUNTS = of_decision(
    "Who counts",
    (
        "Aged 50 or over at a fracture by low trauma, any site but skull, face and digits (RCP FLS-DB, dataset v2.0). "
        "What no source says is unknown and goes to triage, never out.",
    ),
    counts,
    Row("a hip broken at 85 by low trauma", hip(), YES, None, "aged 85 at the fracture; hip fracture; low trauma"),
    Row("fifty on the day of the fracture", fifty_on(0).sighted(), YES, None, "aged 50"),
    Row("fifty the day after", fifty_on(1).sighted(), NO, None, "aged 49 at the fracture, under 50"),
    Row("fifty the day after, date about day 0", fifty_on(1).sighted(on=about(0)), UNKNOWN, None, "aged 49 or 50"),
    Row("fifty the day before, date some day up to then", fifty_on(-1).sighted(on=between(-20, -2)), NO),
    Row(
        "fell at 49, seen in the clinic at 50: the injury's date decides",
        fifty_on(30).sighted(dated_by="injury").sighted(on=40, by=CLINIC, dated_by="attendance"),
        NO,
        None,
        "aged 49",
    ),
    Row(
        "only the clinic's date is known, at 50",
        fifty_on(30).sighted(on=40, by=CLINIC, dated_by="attendance"),
        YES,
        None,
        "aged 50",
    ),
    Row("born on 29 February 1976, broken on 28 February 2026", person(date(1976, 2, 29)).sighted(on=-2), NO),
    Row("born on 29 February 1976, broken on 1 March 2026", person(date(1976, 2, 29)).sighted(on=-1), YES),
    Row("date of birth not known", person(None).sighted(), UNKNOWN, None, "date of birth not known"),
    Row("one source makes her 85, another 49", person().sighted().sighted(record=younger), UNKNOWN, None,
        "sources disagree on the date of birth: 06 May 1940 or 03 Mar 1976"),
    Row("sources disagree on the year of birth, over 50 by each", person().sighted().sighted(record=older), YES),
    Row("born after the fracture, by the dates given", person(date(2026, 3, 3)).sighted(), UNKNOWN, None,
        "one of the two dates is wrong"),
    Row("dated after it was received", person().sighted(on=30, known=0), UNKNOWN, None, "the date can't be right"),
    Row("skull", person().sighted(BodySite.SKULL), NO, None, "skull is never counted"),
    Row("finger, and a finder that names no bone", person().sighted(BodySite.DIGIT).sighted(UNNAMED, by=REPORT),
        UNKNOWN, None, "may mean another"),
    Row("face", person().sighted(BodySite.FACE), NO),
    Row("finger", person().sighted(BodySite.DIGIT), NO),
    Row("finger and wrist on one day", wrist().sighted(BodySite.DIGIT, by=CLINIC), YES, None, "wrist fracture"),
    Row("a bone that nobody names", person().sighted(UNNAMED), UNKNOWN, None, "no finder names the bone"),
    Row("a bone that one finder names", person().sighted(UNNAMED).sighted(WRIST, by=CLINIC), YES),
    Row("ankle", person().sighted(BodySite.ANKLE), YES),
    Row(
        "ankle, at a service that takes no other sites",
        person().sighted(BodySite.ANKLE).where(takes_other_sites=False),
        NO,
        None,
        "this service takes no other sites",
    ),
    Row("ankle and hip, at such a service", hip().sighted(BodySite.ANKLE).where(takes_other_sites=False), YES),
    Row("mechanism not given", hip(low_trauma=Answer.UNKNOWN), UNKNOWN, None, "mechanism not known"),
    Row("fell from a ladder", hip(low_trauma=Answer.NO), NO, None, "not by low trauma, says the source"),
    Row("one finder knows the mechanism", hip(low_trauma=Answer.UNKNOWN).sighted(by=REPORT), YES, None, "low trauma"),
    Row("finders disagree on it", hip().sighted(by=REPORT, low_trauma=Answer.NO), UNKNOWN, None, "sources disagree"),
    Row("through a tumour", hip(pathological=Answer.YES), NO, None, "a pathological fracture"),
    Row("osteoporotic, says the code", hip(pathological=Answer.NO), YES),
    Row(
        "one source says tumour, another osteoporosis",
        hip(pathological=Answer.YES).sighted(by=REPORT, pathological=Answer.NO),
        UNKNOWN,
        None,
        "disagree whether the fracture is pathological",
    ),
    Row("suspected only", hip(certain=Answer.UNKNOWN), UNKNOWN, None, "suspected only"),
    Row(
        "suspected by one, confirmed by another",
        hip(certain=Answer.UNKNOWN).sighted(by=REPORT),
        YES,
        None,
        "seen by radiology report",
    ),
    Row("taken back", hip().took_back("hip", known=2), UNKNOWN, None, "every finder took its sighting back"),
    Row("under age, though the mechanism is unknown", fifty_on(1).sighted(low_trauma=Answer.UNKNOWN), NO),
)


def fractures(drawn: Drawn) -> str:
    """The episodes in words: day, bones, side, sightings."""
    return "; ".join(
        f"{_day(drawn, place)}: {' and '.join(care.episode.body_sites)}"
        + (f", {care.episode.side}" if care.episode.side is not Side.UNKNOWN else "")
        + f" ({len(care.episode.sightings)})"
        + (", refracture" if care.episode.refracture else "")
        for place, care in enumerate(drawn.cares)
    )


def _day(drawn: Drawn, place: int) -> str:
    return f"{drawn.cares[place].episode.index}"


MON, TUE = "02 Mar 2026", "03 Mar 2026"
DAY_60, DAY_61 = "01 May 2026", "02 May 2026"

ONE_FRACTURE = of_words(
    "Which sightings are one fracture",
    (
        "The answer lists each index fracture episode with its date, its bones, the number of sightings. The rule "
        "stands in `openfls.clinical.episodes`; its days are site parameters without a published source.",
    ),
    fractures,
    Row("one finder", hip(), f"{MON}: hip (1)"),
    Row("two finders on one day", hip().sighted(by=REPORT), f"{MON}: hip (2)"),
    Row("seen again on day 60", hip().sighted(on=60, by=CLINIC), f"{MON}: hip (2)"),
    Row("seen again on day 61", hip().sighted(on=61, by=CLINIC), f"{MON}: hip (1); {DAY_61}: hip (1), refracture"),
    Row("seen again on day 60 and on day 61: counted from the first, never from the last",
        hip().sighted(on=60, by=CLINIC).sighted(on=61, by=REPORT),
        f"{MON}: hip (2); {DAY_61}: hip (1), refracture"),
    Row("seen again on day 61 where the site groups 90 days",
        hip().sighted(on=61, by=CLINIC).where(grouping_days=90), f"{MON}: hip (2)"),
    Row("the other hip on day 60", hip(side=Side.LEFT).sighted(on=60, side=Side.RIGHT),
        f"{MON}: hip, left (1); {DAY_60}: hip, right (1), refracture"),
    Row("the other hip on day 60, though one finder of the first gave no side",
        hip(side=Side.LEFT).sighted(by=REPORT).sighted(on=60, side=Side.RIGHT),
        f"{MON}: hip, left (2); {DAY_60}: hip, right (1), refracture"),
    Row("a later finder gives no side: the nearer of two hips",
        hip(side=Side.LEFT).sighted(on=40, side=Side.RIGHT).sighted(on=42, by=REPORT),
        f"{MON}: hip, left (1); 11 Apr 2026: hip, right (2), refracture"),
    Row("both hips on one day", hip(side=Side.LEFT).sighted(side=Side.RIGHT), f"{MON}: hip, both (2)"),
    Row("hip and wrist on one day", hip().sighted(WRIST, by=CLINIC), f"{MON}: hip and wrist (2)"),
    Row("hip, and wrist the day after", hip().sighted(WRIST, on=1, by=CLINIC), f"{MON}: hip and wrist (2)"),
    Row("hip, and wrist two days after", hip().sighted(WRIST, on=2, by=CLINIC),
        f"{MON}: hip (1); 04 Mar 2026: wrist (1), refracture"),
    Row("a forearm that the clinic calls a wrist", person().sighted(FOREARM).sighted(WRIST, on=9, by=CLINIC),
        f"{MON}: wrist and forearm (2)"),
    Row("a bone not named ten days later", hip().sighted(UNNAMED, on=10, by=CLINIC), f"{MON}: hip (2)"),
    Row("a bone not named first, the hip ten days later", person().sighted(UNNAMED).sighted(HIP, on=10, by=CLINIC),
        f"{MON}: hip (2)"),
    Row("a bone not named first, then hip, then wrist",
        person().sighted(UNNAMED).sighted(HIP, on=10, by=CLINIC).sighted(WRIST, on=20, by=CLINIC),
        f"{MON}: hip (2); 22 Mar 2026: wrist (1), refracture"),
    Row("an unnamed bone beside the wrist, and a hip on day 40: a fracture of its own",
        wrist().sighted(UNNAMED).sighted(HIP, on=40), f"{MON}: wrist (2); 11 Apr 2026: hip (1), refracture"),
    Row("an unnamed bone on the day of the second of two fractures",
        wrist().sighted(HIP, on=30).sighted(UNNAMED, on=30, by=CLINIC),
        f"{MON}: wrist (1); 01 Apr 2026: hip (2), refracture"),
    Row("a date about day 5, give or take a week", hip().sighted(on=about(5), by=REPORT), f"{MON}: hip (2)"),
    Row("a date about day 67: its week reaches day 60", hip().sighted(on=about(67), by=REPORT), f"{MON}: hip (2)"),
    Row("a date about day 68: its week begins on day 61", hip().sighted(on=about(68), by=REPORT),
        f"{MON}: hip (1); about 09 May 2026: hip (1), refracture"),
    Row("first known about a month before, then exactly", person().sighted(on=about(-30), by=REPORT).sighted(),
        f"{MON}: hip (2)"),
    Row("a hip in March that the practice dates by the month, among two fractures",
        wrist().sighted(HIP, on=20).sighted(HIP, on=between(-1, 29), by=Finder.GENERAL_PRACTICE),
        f"{MON}: wrist (1); 22 Mar 2026: hip (2), refracture"),
    Row("a finder that looked and says no fracture", hip().sighted(by=REPORT, certain=Answer.NO), f"{MON}: hip (1)"),
    Row("nothing but a finder that says no fracture", person().sighted(certain=Answer.NO), ""),
    Row("a finder that says no fracture after all", hip().corrected("hip", known=3, certain=Answer.NO),
        f"{MON}: hip (1)"),
    Row("the date by injury stands above the date by discharge",
        person().sighted(on=12, by=Finder.CODED_DISCHARGE, dated_by="discharge").sighted(on=1, dated_by="injury"),
        f"{TUE}: hip (2)"),
    Row("a date that says from what stands above one that doesn't",
        person().sighted(dated_by="heard").sighted(on=3, dated_by="operation"), "05 Mar 2026: hip (2)"),
    Row("an exact date by discharge stands above a vague one by injury",
        hip(on=about(0), dated_by="injury").sighted(on=10, by=Finder.CODED_DISCHARGE, dated_by="discharge"),
        "12 Mar 2026: hip (2)"),
    Row("the date was corrected from day 61 to day 60",
        hip().sighted(on=61, by=CLINIC, key="c").corrected("c", known=70, occurred=60), f"{MON}: hip (2)"),
    Row("the first sighting was taken back: the next leads",
        hip().sighted(on=59, by=CLINIC).took_back("hip", known=80), "30 Apr 2026: hip (2)"),
    Row("what was taken back leads no sixty days",
        hip().sighted(on=59, by=CLINIC).sighted(on=70, by=REPORT).took_back("hip", known=80), "30 Apr 2026: hip (3)"),
    Row("a fracture after one that was taken back is no refracture",
        hip().took_back("hip", known=3).sighted(on=100), f"{MON}: hip (1); 10 Jun 2026: hip (1)"),
    Row("a finger, then a hip: no refracture", person().sighted(BodySite.DIGIT).sighted(on=100),
        f"{MON}: finger or toe (1); 10 Jun 2026: hip (1)"),
    Row("a hip at 49, then at 50: no refracture", fifty_on(30).sighted().sighted(on=100),
        f"{MON}: hip (1); 10 Jun 2026: hip (1)"),
    Row("three fractures", hip().sighted(WRIST, on=100).sighted(HIP, on=200),
        f"{MON}: hip (1); 10 Jun 2026: wrist (1), refracture; 18 Sep 2026: hip (1), refracture"),
)  # fmt: skip


def status(drawn: Drawn) -> str:
    return drawn.cares[0].status


UNDO, NOT, UNSURE = Triage.UNDO, Triage.NOT_FRAGILITY, Triage.UNSURE
two_that_meet = (
    hip(key="hip").sighted(WRIST, 20, by=CLINIC, key="wrist").enrolled(21, points_at=("hip",))
    .triaged(NOT, 22, points_at=("wrist",)).corrected("wrist", known=30, occurred=1)
)  # fmt: skip

TRIAGED = of_words(
    "Where a fracture stands with the service",
    ("Only a named person enrols or dismisses. Age under 50 and a site that is never counted need no person.",),
    status,
    Row("seen by a finder", hip(), "to triage"),
    Row("mechanism not known", hip(low_trauma=Answer.UNKNOWN), "to triage"),
    Row("high energy, says the source: a person decides", hip(low_trauma=Answer.NO), "to triage"),
    Row("date of birth not known", person(None).sighted(), "to triage"),
    Row("aged 49", fifty_on(1).sighted(), "outside the definition"),
    Row("finger", person().sighted(BodySite.DIGIT), "outside the definition"),
    Row("aged 49, enrolled all the same", fifty_on(1).sighted().enrolled(), "enrolled"),
    Row("enrolled", hip().enrolled(), "enrolled"),
    Row("not a fragility fracture", hip().triaged(NOT), "not a fragility fracture"),
    Row("unsure", hip().triaged(UNSURE), "unsure"),
    Row("unsure, then enrolled", hip().triaged(UNSURE).enrolled(2), "enrolled"),
    Row("enrolled, then undone", hip().enrolled().triaged(UNDO, 1), "to triage"),
    Row("unsure, enrolled, undone", hip().triaged(UNSURE).enrolled().triaged(UNDO), "unsure"),
    Row("enrolled, undone, undone once more", hip().enrolled().triaged(UNDO).triaged(UNDO), "to triage"),
    Row("undone, then enrolled", hip().triaged(UNDO).enrolled(2), "enrolled"),
    Row("the decision itself was taken back", hip().enrolled(key="t").took_back("t", known=2), "to triage"),
    Row("enrolled, then seen by another finder", hip().enrolled().sighted(by=REPORT), "enrolled"),
    Row("taken back", hip().took_back("hip", known=2), "withdrawn"),
    Row("taken back after enrolment", hip().enrolled().took_back("hip", known=2), "withdrawn"),
    Row("one of two finders took it back", hip().sighted(by=REPORT).took_back("hip", known=2), "to triage"),
    Row("taken back and stated again",
        hip().enrolled().took_back("hip", known=2).corrected("hip", known=3, retracted=False), "enrolled"),
    Row("dismissed, then taken back", hip().triaged(NOT).took_back("hip", known=2), "not a fragility fracture"),
    Row("aged 49 and taken back",
        fifty_on(1).sighted(key="f").took_back("f", known=2), "outside the definition"),
    Row("the enrolled sighting was corrected: still enrolled",
        hip().enrolled().corrected("hip", known=9, side=Side.LEFT), "enrolled"),
    Row("dismissed, then another finder says low trauma",
        hip(low_trauma=Answer.UNKNOWN).triaged(NOT).sighted(known=9, by=REPORT), "to triage again"),
    Row("the hip enrolled, the wrist dismissed, and then they turn out to be one event", two_that_meet, "enrolled"),
    Row("only the second of two fractures enrolled", hip().sighted(on=100).enrolled(101), "to triage"),
)  # fmt: skip


def finders(drawn: Drawn) -> str:
    return "; ".join(
        f"{found.finder} after {found.days_after}" + (", late" if found.late else "") for found in drawn.care.findings
    )


FINDINGS = of_words(
    "Which finder saw it, and when",
    ("Days from the fracture to the receipt of each finder's first sighting. Late is a site parameter.",),
    finders,
    Row("on the day", hip(known=0), "trauma list after 0"),
    Row("known after 30 days", hip(known=30), "trauma list after 30"),
    Row("known after 31 days", hip(known=31), "trauma list after 31, late"),
    Row("a site that calls a week late", hip(known=8).where(late_finding_days=7), "trauma list after 8, late"),
    Row("in the order in which they knew", hip(known=20).sighted(by=REPORT, known=2),
        "radiology report after 2; trauma list after 20"),
    Row("the same finder twice: the first", hip(known=3).sighted(on=10, known=40), "trauma list after 3"),
    Row("the same finder at two sites", hip(known=3).sighted(known=5, site="RX202"),
        "trauma list after 3; trauma list after 5"),
    Row("sent again on day 40 with a correction", hip(known=3).corrected("hip", known=40, side=Side.LEFT),
        "trauma list after 3"),
    Row("taken back by one of two", hip(known=0).sighted(by=REPORT, known=5).took_back("hip", known=9),
        "radiology report after 5"),
    Row("suspected on day 1", vertebra(known=1, certain=Answer.UNKNOWN), "radiology report after 1"),
)  # fmt: skip

CHAPTER = Chapter("Case finding", (WHO_COUNTS, ONE_FRACTURE, TRIAGED, FINDINGS))
