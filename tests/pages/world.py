"""A small made-up world for the pages: two trusts, staff of every role, a few patients. Dates count from today."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from typing import Any

from openfls import coordination
from openfls.clinical.facts import (
    Admission,
    Answer,
    BodySite,
    Death,
    Demographics,
    Fact,
    Finder,
    FlsAssessment,
    FractureSighting,
    Source,
    Triage,
    TriageDecision,
)
from openfls.clinical.patients import HospitalNumber, PatientRecord, Sex
from openfls.clinical.standards import Role
from openfls.clinical.when import on
from openfls.record import organisations, users

PASSWORD = "a-long-made-up-password"
HOME, SISTER, ELSEWHERE = "X1A01", "X1A02", "X1E01"
ORGANISATIONS = {
    "trusts": [
        {
            "code": "X1A",
            "name": "Aldermere Hospitals",
            "sites": [{"code": HOME, "name": "Aldermere Royal"}, {"code": SISTER, "name": "Brackenshaw General"}],
        },
        {"code": "X1E", "name": "Elverton Hospitals", "sites": [{"code": ELSEWHERE, "name": "Elverton District"}]},
    ]
}
STAFF: dict[str, dict[str, list[Role]]] = {
    "carys": {HOME: [Role.COORDINATOR]},
    "nadia": {HOME: [Role.NURSE]},
    "deepak": {HOME: [Role.DOCTOR]},
    "morag": {HOME: [Role.MANAGER]},
    "ada": {HOME: [Role.ADMINISTRATOR]},
    "grace": {HOME: [Role.GENERAL_PRACTICE]},
    "eamon": {ELSEWHERE: [Role.COORDINATOR]},
    "tara": {HOME: [Role.COORDINATOR], ELSEWHERE: [Role.NURSE]},
    "nobody": {},
}
NHS = ("9990000018", "9990000026", "9990000034", "9990000042", "9990000050", "9990000069")


@dataclass
class World:
    """What stands in it: each patient's first sighting, by given name."""

    today: date
    sightings: dict[str, FractureSighting] = field(default_factory=dict)
    _positions: Iterator[int] = field(default_factory=count)

    def key(self, given_name: str) -> str:
        return self.sightings[given_name].record.key

    def sighting_id(self, given_name: str) -> str:
        return self.sightings[given_name].id

    def address(self, given_name: str, rest: str = "") -> str:
        """Of the patient's page, or of a page of her fracture."""
        fracture = f"fractures/{self.sighting_id(given_name)}/{rest}" if rest else ""
        return f"/patients/{self.key(given_name)}/{fracture}"

    def day(self, days_ago: int) -> date:
        return self.today - timedelta(days=days_ago)

    def known(self, days_ago: int) -> datetime:
        return datetime.combine(self.day(days_ago), time(8), tzinfo=UTC)

    def said(
        self, kind: type[Fact], record: PatientRecord, days_ago: int, source: str = "X1A/pas", **more: Any
    ) -> Fact:
        details = {
            "record": record,
            "occurred": on(self.day(days_ago)),
            "known": self.known(max(0, days_ago - 1)),
            "source": Source(source, "m" * 64, str(next(self._positions))),
            "site": HOME,
        }
        return kind(**details | more)

    def saw(self, record: PatientRecord, days_ago: int, finder: Finder = Finder.TRAUMA_LIST, **more: Any) -> Fact:
        details: dict[str, Any] = {"finder": finder, "body_site": BodySite.HIP, "low_trauma": Answer.YES}
        return self.said(FractureSighting, record, days_ago, f"X1A/{finder}", **details | more)

    def by_hand(self, kind: type[Fact], about: Fact, days_ago: int, by: str = "carys", **more: Any) -> Fact:
        whose = {"by": by, "about": (about.id,), "site": about.site}
        return self.said(kind, about.record, days_ago, f"hand/{by}", **whose | more)

    def enrols(self, about: Fact, days_ago: int) -> Fact:
        return self.by_hand(TriageDecision, about, days_ago, answer=Triage.ENROL)

    def enter(self, *facts: Fact) -> None:
        for fact in facts:
            if isinstance(fact, FractureSighting):
                self.sightings.setdefault(fact.record.given_name, fact)
        coordination.enter(facts, by="a test", today=self.today)


def patient(given: str, family: str, nhs: str | None, number: str, born: date = date(1941, 3, 2), **more: Any):
    numbers = (HospitalNumber("X1A", number),) if number else ()
    details = {"family_name": family, "given_name": given, "birth_date": born, "sex": Sex.FEMALE}
    return PatientRecord(nhs_number=nhs, hospital_numbers=numbers, **details | more)


def staff() -> None:
    """Organisations and users."""
    organisations.load(ORGANISATIONS, by="a test")
    for name, roles in STAFF.items():
        users.create_user(name, PASSWORD, roles, by="a test", full_name=f"{name.capitalize()} Tester")


def people(today: date) -> World:
    """To triage: Anne. Enrolled: Beryl (overdue), Cyril (on a ward). Died: Doris. At another trust: Frank. Doubtful:
    two records of an Edith."""
    world = World(today)
    anne = patient("Anne", "Smith", NHS[0], "A100")
    world.enter(
        world.saw(anne, 20, words="# left neck of femur; tripped on rug"),
        world.saw(anne, 20, Finder.EMERGENCY_DEPARTMENT, low_trauma=Answer.UNKNOWN),
    )
    beryl = world.saw(patient("Beryl", "Jones", NHS[1], "A101", date(1950, 1, 1)), 120, body_site=BodySite.WRIST)
    world.enter(beryl, world.enrols(beryl, 110))
    cyril = world.saw(patient("Cyril", "Brown", NHS[2], "A102", sex=Sex.MALE), 10)
    ward = world.said(Admission, cyril.record, 10, visit="V1", ward="Trauma A")
    world.enter(cyril, ward, world.enrols(cyril, 8))
    doris = world.saw(patient("Doris", "Green", NHS[3], "A103"), 60, Finder.CODED_DISCHARGE)
    assessed = world.by_hand(FlsAssessment, doris, 40, by="deepak", assessor_role="specialist nurse")
    world.enter(doris, world.enrols(doris, 50), assessed, world.said(Death, doris.record, 5))
    frank = world.saw(patient("Frank", "Black", NHS[4], "", sex=Sex.MALE), 15, site=ELSEWHERE)
    world.enter(frank, world.enrols(frank, 12))
    edith = patient("Edith", "White", None, "A105", date(1940, 12, 6))
    twin = patient("Edith", "White", None, "A105", date(1940, 6, 12))
    world.enter(world.saw(edith, 30), world.saw(twin, 30, Finder.RADIOLOGY_REPORT, low_trauma=Answer.UNKNOWN))
    return world


def two_spellings(world: World) -> None:
    """Two records of a Mabel whose family names differ by a letter; one town, no number in common."""
    mabel = patient("Mabel", "Appleyard", None, "A200", date(1939, 4, 7))
    other = patient("Mabel", "Applyard", NHS[5], "A201", date(1939, 4, 7))
    lives = {"postcode": "XA5 7HL", "site": None}
    world.enter(world.saw(mabel, 30), world.said(Demographics, mabel, 30, **lives))
    world.enter(
        world.saw(other, 20, Finder.CODED_DISCHARGE, body_site=BodySite.WRIST),
        world.said(Demographics, other, 20, **lives),
    )


def crowd(world: World, size: int) -> None:
    """So many more sightings that wait for triage."""
    facts = []
    for number in range(size):
        record = patient(f"Crowd{number:03}", "Waiting", None, f"C{number:04}", date(1930 + number % 30, 1, 1))
        facts.append(world.saw(record, 5, body_site=BodySite.WRIST, words="tripped"))
    world.enter(*facts)
