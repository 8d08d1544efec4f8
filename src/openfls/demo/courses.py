"""The course of an event through hospitals: arrival, ward, operation, transfer, clinic, discharge or death there."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from random import Random

from openfls.clinical.facts import BodySite, Side
from openfls.demo.epidemiology import FALSE_SETTING_UNDER_50, SITES, TRANSFERRED
from openfls.demo.habits import Hospital
from openfls.demo.hospitals import HOSPITALS
from openfls.demo.truth import Stay

NOT_FOR_THE_CLINIC = {BodySite.SPINE, BodySite.RIB, BodySite.PELVIS, BodySite.SKULL, BodySite.FACE}


def course(
    chance: Random, number: str, kind: str, day: date, bones: tuple[tuple[BodySite, Side], ...], hospital: Hospital,
    died_on: date | None, *, incidental: bool,
) -> tuple[Stay, ...]:  # fmt: skip
    """The stays of one event; the visit numbers follow its number."""
    visit = number.replace("-", "")
    if kind == "elective hip":
        return (_elective(chance, visit, day, hospital),)
    if kind == "admitted in error":
        return (Stay(hospital, visit, _arrival(chance, day), True, True, ward=hospital.wards[0]),)
    site = bones[0][0] if bones else BodySite.RIB
    wait, most = _wait(chance, site), (died_on - day).days - 1 if died_on else 365
    arrived = _arrival(chance, day + timedelta(days=min(wait, most)))
    if incidental or not _admitted(chance, kind, site, bones):
        attended = _outpatient(chance, visit, arrived, site, hospital, incidental=incidental, fracture=bool(bones))
        gone = attended.clinic is not None and died_on is not None and attended.clinic.date() >= died_on
        return (replace(attended, clinic=None) if gone else attended,)
    return _inpatient(chance, visit, arrived, site, hospital, died_on, fracture=bool(bones))


def _arrival(chance: Random, day: date) -> datetime:
    hour = min(23, max(0, round(chance.gauss(14, 5))))
    return datetime.combine(day, time(hour, chance.randint(0, 59), chance.randint(0, 59)))


def _wait(chance: Random, site: BodySite) -> int:
    """Days from the fracture to the hospital: mostly none."""
    if site is BodySite.SPINE:
        return chance.choice((0, 0, 1, 2, 4, 7, 10))
    return chance.randint(1, 3) if chance.random() < 0.06 else 0


def _admitted(chance: Random, kind: str, site: BodySite, bones: tuple[tuple[BodySite, Side], ...]) -> bool:
    if not bones:
        return chance.random() < 0.25
    factor = FALSE_SETTING_UNDER_50 if kind == "under 50" else 1.0
    return any(chance.random() < SITES[bone].inpatient * factor for bone, _ in bones)


def _outpatient(
    chance: Random, visit: str, arrived: datetime, site: BodySite, hospital: Hospital, *, incidental: bool,
    fracture: bool,
) -> Stay:  # fmt: skip
    by_ed = not incidental and (site is not BodySite.SPINE or chance.random() < 0.4)
    seen = arrived + timedelta(days=chance.randint(2, 12))
    while seen.weekday() > 4:
        seen += timedelta(days=1)
    to_clinic = not incidental and site not in NOT_FOR_THE_CLINIC and (fracture or chance.random() < 0.2)
    clinic = seen.replace(hour=9 + chance.randint(0, 6), minute=chance.choice((0, 10, 20, 30, 40, 50)), second=0)
    return Stay(hospital, visit, arrived, False, by_ed, clinic=clinic if to_clinic else None)


def _inpatient(
    chance: Random, visit: str, arrived: datetime, site: BodySite, hospital: Hospital, died_on: date | None, *,
    fracture: bool,
) -> tuple[Stay, ...]:  # fmt: skip
    of_site = SITES[site]
    admitted = arrived + timedelta(hours=chance.randint(2, 6))
    surgical = fracture and (of_site.operated > 0.2 or chance.random() < 0.3)
    operated = fracture and chance.random() < of_site.operated
    surgery = _next_list(chance, admitted) if operated else None
    days = max(1, round(chance.lognormvariate(0, 0.55) * of_site.stay_days * 0.86))
    left = (admitted + timedelta(days=days)).replace(hour=chance.randint(10, 18))
    died = died_on is not None and died_on <= left.date()
    if died and died_on is not None:
        left = datetime.combine(died_on, time(chance.randint(0, 23), chance.randint(0, 59)))
        surgery = surgery if surgery and surgery < left else None
    ward = chance.choice(hospital.wards if surgical else hospital.medical_wards)
    if chance.random() < TRANSFERRED and days >= 4:
        moved = (surgery or admitted) + timedelta(days=2)
        if moved < left:
            return _transferred(chance, visit, admitted, ward, surgery, moved, left, died, hospital)
    return (Stay(hospital, visit, admitted, True, True, ward, surgery, left, died),)


def _transferred(
    chance: Random, visit: str, admitted: datetime, ward: str, surgery: datetime | None, moved: datetime,
    left: datetime, died: bool, hospital: Hospital,
) -> tuple[Stay, ...]:  # fmt: skip
    """To the sister site under the same visit number, or to another trust as a visit of its own."""
    sister = [h for h in HOSPITALS if h.trust == hospital.trust and h is not hospital]
    to = chance.choice(sister or [h for h in HOSPITALS if h is not hospital])
    first = Stay(hospital, visit, admitted, True, True, ward, surgery, moved, False, onward=to)
    ward = chance.choice(to.wards)
    same = to.trust == hospital.trust
    second = Stay(
        to, visit if same else f"{visit}T", moved, True, False, ward, None, left, died, since=admitted if same else None
    )
    return first, second


def _next_list(chance: Random, admitted: datetime) -> datetime:
    """Most within 36 hours."""
    day = admitted + timedelta(days=chance.choice((1, 1, 1, 1, 2, 2, 3)))
    return day.replace(hour=chance.randint(8, 17), minute=chance.choice((0, 15, 30, 45)), second=0)


def _elective(chance: Random, visit: str, day: date, hospital: Hospital) -> Stay:
    admitted = datetime.combine(day, time(7, chance.randint(0, 59)))
    return Stay(
        hospital, visit, admitted, True, False, hospital.wards[-1],
        surgery=admitted.replace(hour=chance.randint(9, 16), minute=0),
        left=admitted.replace(hour=12) + timedelta(days=chance.randint(2, 5)),
    )  # fmt: skip
