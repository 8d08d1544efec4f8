"""Which finders catch what, and when their list leaves.

Given the stratum (hip, other inpatient, outpatient) finders catch independently, but for one stated dependence: a
patient off the usual pathway (`epidemiology.OFF_PATHWAY`) is less often on every list that people keep. Lists of
inpatients never see an outpatient, the hip audit begins at 60, the theatre list sees only who was operated on.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

from openfls.clinical.facts import BodySite, Finder
from openfls.demo.epidemiology import OFF_PATHWAY, OFF_PATHWAY_FACTOR
from openfls.demo.habits import ListHabit
from openfls.demo.streams import stream
from openfls.demo.truth import Catch, Happening, Stay

HIP_AUDIT_FROM = 60
KEPT_BY_PEOPLE = {
    Finder.TRAUMA_LIST, Finder.WARD_ROUND, Finder.THEATRE_LIST, Finder.EMERGENCY_DEPARTMENT, Finder.FRACTURE_CLINIC,
}  # fmt: skip
CODED_RECORD_INPATIENT, CODED_RECORD_OUTPATIENT = 0.92, 0.55


def catch_all(seed: int, happening: Happening, now: datetime) -> Happening:
    """The happening with what its finders truly caught and sent until now (local)."""
    if not happening.is_fracture:
        return happening
    chance = stream(seed, happening.number, "catching")
    catches = (catch for stay in happening.stays for catch in _at(chance, happening, stay, now))
    return happening.caught(catch for catch in catches if catch.sent <= now)


def _at(chance: Random, happening: Happening, stay: Stay, now: datetime) -> Iterator[Catch]:
    seldom = OFF_PATHWAY_FACTOR if chance.random() < OFF_PATHWAY else 1.0
    for habit in stay.hospital.lists:
        luck, lag = chance.random(), chance.randint(*habit.lag_days)
        likely = _likely(habit, happening, stay) * (seldom if habit.finder in KEPT_BY_PEOPLE else 1.0)
        ready = listed_at(habit, stay)
        if ready is None or luck >= likely:
            continue
        sent = habit.rhythm.next_after(ready + timedelta(days=lag))
        if not silent(habit, sent, now):
            yield Catch(habit.finder, stay, sent)
    yield from _by_messages(chance, happening, stay)


def _likely(habit: ListHabit, happening: Happening, stay: Stay) -> float:
    if not stay.inpatient:
        return habit.outpatient
    hip = BodySite.HIP in happening.body_sites
    if habit.finder is Finder.NATIONAL_AUDIT and happening.age < HIP_AUDIT_FROM:
        return 0.0
    return habit.hip if hip else habit.other_inpatient


def listed_at(habit: ListHabit, stay: Stay) -> datetime | None:
    """The moment from which this finder could list the stay; None where it never could."""
    match habit.finder:
        case Finder.TRAUMA_LIST | Finder.WARD_ROUND | Finder.NATIONAL_AUDIT:
            return stay.arrived if stay.inpatient else None
        case Finder.THEATRE_LIST:
            return stay.surgery if stay.inpatient else None
        case Finder.EMERGENCY_DEPARTMENT:
            return stay.arrived if stay.by_ed else None
        case Finder.FRACTURE_CLINIC:
            return stay.clinic
        case Finder.CODED_DISCHARGE:
            return stay.left if stay.inpatient else None
    raise ValueError(f"no list of this finder is known: {habit.finder}")


def silent(habit: ListHabit, sent: datetime, now: datetime) -> bool:
    """Whether the list had fallen silent by then."""
    return habit.stops_after is not None and sent > now - timedelta(days=habit.stops_after)


def _by_messages(chance: Random, happening: Happening, stay: Stay) -> Iterator[Catch]:
    """Admission messages that say fracture, radiology reports, the coded record."""
    says, reported, coded = chance.random(), chance.random(), chance.random()
    minutes = chance.randint(5, 55)
    if stay.inpatient and not stay.since and says < stay.hospital.adt_reason:
        yield Catch(Finder.ADMISSION, stay, stay.arrived + timedelta(minutes=minutes))
    if stay is happening.stays[0] and reported < stay.hospital.reports:
        yield Catch(Finder.RADIOLOGY_REPORT, stay, reported_at(chance, happening, stay))
    likely = CODED_RECORD_INPATIENT if stay.inpatient else CODED_RECORD_OUTPATIENT
    over = stay.left or stay.clinic or stay.arrived
    if stay.hospital.bundles and not happening.incidental and coded < likely:
        yield Catch(Finder.CODED_RECORD, stay, over + timedelta(days=2, minutes=minutes))


def reported_at(chance: Random, happening: Happening, stay: Stay) -> datetime:
    """Inpatients' films are reported within a day or two, others within days, incidental findings with their scan."""
    longest = 36 if stay.inpatient else 24 * 7
    return stay.arrived + timedelta(hours=1 + chance.random() * longest)
