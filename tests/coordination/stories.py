"""Facts of made-up people, as a feed or a nurse would enter them."""

from datetime import UTC, date, datetime, timedelta
from itertools import count

from openfls.clinical.facts import (
    Answer,
    BodySite,
    Death,
    Fact,
    Finder,
    FlsAssessment,
    FractureSighting,
    RecordsLinked,
    RecordsSeparated,
    Source,
    Triage,
    TriageDecision,
)
from openfls.clinical.patients import HospitalNumber, PatientRecord, Sex
from openfls.clinical.when import on

DAY = date(2026, 3, 2)
KNOWN = datetime(2026, 3, 3, 8, tzinfo=UTC)
_positions = count()


def record(
    name: str = "Anne",
    nhs: str | None = "9990000018",
    number: str = "1",
    born: date = date(1940, 5, 6),
    family: str = "Smith",
) -> PatientRecord:
    numbers = (HospitalNumber("X1A", number),) if number else ()
    return PatientRecord(
        nhs_number=nhs, hospital_numbers=numbers, family_name=family, given_name=name, birth_date=born, sex=Sex.FEMALE
    )


def source(name: str = "X1A/trauma") -> Source:
    return Source(name, "m" * 64, str(next(_positions)))


def sighting(of: PatientRecord, *, day: date = DAY, site: str = "X1A01", finder=Finder.TRAUMA_LIST, **more):
    details = {"body_site": BodySite.HIP, "low_trauma": Answer.YES, "known": KNOWN} | more
    return FractureSighting(record=of, occurred=on(day), source=source(), site=site, finder=finder, **details)


def by_hand(kind: type[Fact], about: FractureSighting, days: int = 1, by: str = "nurse", **more) -> Fact:
    known = KNOWN + timedelta(days=days)
    return kind(
        record=about.record, occurred=on(known.date()), known=known, source=source(f"hand/{by}"), site=about.site,
        by=by, about=(about.id,), **more,
    )  # fmt: skip


def enrolled(about: FractureSighting, days: int = 1) -> TriageDecision:
    return by_hand(TriageDecision, about, days, answer=Triage.ENROL)


def assessed(about: FractureSighting, days: int = 7) -> FlsAssessment:
    return by_hand(FlsAssessment, about, days, assessor_role="nurse")


def died(of: PatientRecord, day: date) -> Death:
    return Death(record=of, occurred=on(day), known=KNOWN + timedelta(days=30), source=source("X1A/pas"), site="X1A01")


def linked(a: PatientRecord, b: PatientRecord, by: str = "coordinator", days: int = 2) -> RecordsLinked:
    known = KNOWN + timedelta(days=days)
    return RecordsLinked(record=a, other=b, occurred=on(known.date()), known=known, source=source(f"hand/{by}"), by=by)


def separated(a: PatientRecord, b: PatientRecord, by: str = "coordinator", days: int = 3) -> RecordsSeparated:
    known = KNOWN + timedelta(days=days)
    return RecordsSeparated(
        record=a, other=b, occurred=on(known.date()), known=known, source=source(f"hand/{by}"), by=by
    )
