"""Made-up people with a fracture and the care that follows, as facts: what every benchmark here runs on."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from random import Random

from openfls.clinical.facts import (
    Admission,
    Answer,
    BodySite,
    Discharge,
    Fact,
    Finder,
    FlsAssessment,
    FractureSighting,
    LetterSent,
    Setting,
    Source,
    TreatmentAdvice,
    TreatmentDecision,
    Triage,
    TriageDecision,
)
from openfls.clinical.patients import HospitalNumber, PatientRecord, Sex
from openfls.clinical.when import on

FIRST = date(2025, 1, 1)
SITES = (BodySite.HIP, BodySite.WRIST, BodySite.HUMERUS, BodySite.SPINE, BodySite.ANKLE)


BEGINNINGS = ("Al", "Br", "Cor", "Dun", "El", "Far", "Gre", "Hol", "Ing", "Jen", "Kel", "Lan", "Mar", "Nor", "Ol", "Pe")
MIDDLES = ("be", "ca", "di", "fo", "gu", "ham", "ling", "mo", "ner", "pa", "ri", "sto", "ta", "ver", "wi", "xa")
ENDS = ("by", "den", "field", "gate", "ley", "man", "ness", "ow", "ric", "son", "ton", "well", "wick", "wa", "ya", "z")


def name(number: int) -> str:
    """A made-up name, another for each number below 4096."""
    return BEGINNINGS[number % 16] + MIDDLES[number // 16 % 16] + ENDS[number // 256 % 16]


def person(number: int, random: Random) -> list[Fact]:
    """Nine facts about one person: two finders, a stay, triage, assessment, decision, letter, a correction."""
    record = PatientRecord(
        hospital_numbers=(HospitalNumber("X1A", str(number)),),
        family_name=name(number % 4000),
        given_name=name(number * 7919 % 900),
        birth_date=date(1930, 1, 1) + timedelta(days=random.randrange(14000)),
        sex=random.choice((Sex.FEMALE, Sex.MALE)),
    )
    day = FIRST + timedelta(days=random.randrange(500))
    positions = iter(range(100))

    def said(kind: type[Fact], after: int, by: str = "", **more: object) -> Fact:
        known = datetime.combine(day + timedelta(days=after), datetime.min.time(), UTC)
        source = Source(f"hand/{by}" if by else "X1A/pas", f"{number:064d}", str(next(positions)))
        occurred = on(day + timedelta(days=after))
        return kind(record=record, occurred=occurred, known=known, source=source, site="X1A01", by=by, **more)  # type: ignore[call-arg]

    site = random.choice(SITES)
    first = said(
        FractureSighting, 0, finder=Finder.TRAUMA_LIST, body_site=site, low_trauma=Answer.YES, key=f"{number}/1"
    )
    about = (first.id,)
    return [
        first,
        said(FractureSighting, 20, finder=Finder.CODED_DISCHARGE, body_site=site, setting=Setting.INPATIENT),
        said(Admission, 0, visit="1", ward="Ward 7"),
        said(Discharge, 12, visit="1"),
        said(TriageDecision, 1, by="coordinator", about=about, answer=Triage.ENROL),
        said(FlsAssessment, random.randrange(5, 120), by="nurse", about=about),
        said(TreatmentDecision, 30, by="doctor", about=about, advice=TreatmentAdvice.RECOMMENDED),
        said(LetterSent, 35, by="nurse", about=about),
        said(FractureSighting, 2, finder=Finder.TRAUMA_LIST, body_site=site, low_trauma=Answer.YES, key=f"{number}/1"),
    ]


def people(count: int, seed: int = 1) -> Iterator[list[Fact]]:
    random = Random(seed)
    return (person(number, random) for number in range(count))
