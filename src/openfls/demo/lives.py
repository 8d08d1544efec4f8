"""Draws the lives of a hospital's patients: who breaks what, when, and whether he breaks another bone or dies."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from openfls.clinical.facts import Answer, BodySite, Side
from openfls.clinical.patients import Sex
from openfls.demo import epidemiology as figures
from openfls.demo.courses import course
from openfls.demo.epidemiology import NEVER_COUNTED, OLDEST, SITES, SiteFigures
from openfls.demo.habits import Hospital
from openfls.demo.moves import move
from openfls.demo.people import Person, born_at_age, kin, person
from openfls.demo.streams import stream, weighted
from openfls.demo.truth import YOUNGEST, Happening, Life

Bones = tuple[tuple[BodySite, Side], ...]

FRAGILITY = "fragility"
KINDS = {FRAGILITY: 1.0} | figures.BESIDE
FRAGILITY_SITES = {site: f.weight for site, f in SITES.items() if f.weight}
UNDER_50_SITES = {
    BodySite.WRIST: 0.22, BodySite.DIGIT: 0.21, BodySite.HAND: 0.15, BodySite.ANKLE: 0.15, BodySite.FOOT: 0.10,
    BodySite.CLAVICLE: 0.06, BodySite.FACE: 0.05, BodySite.LOWER_LEG: 0.04, BodySite.SPINE: 0.01, BodySite.HIP: 0.01,
}  # fmt: skip
HIGH_ENERGY_SITES = {
    BodySite.RIB: 0.20, BodySite.LOWER_LEG: 0.15, BodySite.WRIST: 0.15, BodySite.CLAVICLE: 0.12, BodySite.SPINE: 0.10,
    BodySite.ANKLE: 0.10, BodySite.HUMERUS: 0.10, BodySite.PELVIS: 0.06, BodySite.HIP: 0.02,
}  # fmt: skip
TUMOUR_SITES = {BodySite.FEMUR: 0.3, BodySite.SPINE: 0.3, BodySite.HUMERUS: 0.2, BodySite.HIP: 0.2}
SECOND_BONES = {BodySite.HIP: BodySite.WRIST, BodySite.HUMERUS: BodySite.WRIST, BodySite.WRIST: BodySite.HUMERUS}
UNPAIRED = {BodySite.SPINE, BodySite.PELVIS, BodySite.SKULL, BodySite.FACE}


def patients_of(hospital: Hospital, scale: float, days: int = 365) -> int:
    """How many people a hospital's finders meet in so many days."""
    share = FRAGILITY_SITES[BodySite.HIP] / sum(FRAGILITY_SITES.values())
    return round(hospital.hips * scale * days / 365 / share * sum(KINDS.values()))


def lives_of(seed: int, hospital: Hospital, scale: float, year: tuple[date, date]) -> Iterator[Life]:
    """The lives of its patients; the first ones are the same at every scale."""
    earlier: Person | None = None
    for place in range(patients_of(hospital, scale, (year[1] - year[0]).days + 1)):
        life = _life(seed, hospital, place, year, earlier)
        earlier = life.person
        yield life


def _life(seed: int, hospital: Hospital, place: int, year: tuple[date, date], earlier: Person | None) -> Life:
    chance = stream(seed, hospital.code, place, "life")
    kind = weighted(chance, KINDS)
    bones = _bones(chance, kind)
    of_site = SITES[bones[0][0] if bones else BodySite.HIP]
    day = _day(chance, bones[0][0] if bones else BodySite.RIB, year)
    age, sex = _age(chance, kind, of_site), _sex(chance, kind, of_site)
    who = person(seed, hospital, place, born_at_age(chance, age, day), sex)
    if earlier and kind == FRAGILITY and (day.year - earlier.born.year) > YOUNGEST + 5:
        who = kin(who, earlier, chance) or who
    died_on = _death(chance, kind, of_site, age, day)
    first = _happening(chance, f"{hospital.code}-{place:05d}-1", who, kind, day, bones, hospital, died_on)
    later = _refracture(chance, first, year, died_on) if first.counts and not first.incidental else None
    moved = move(seed, who, hospital, (later or first).day, died_on)
    return Life(who, (first, later) if later else (first,), died_on, moved)


def _bones(chance: Random, kind: str) -> Bones:
    match kind:
        case "under 50":
            return ((site := weighted(chance, UNDER_50_SITES), _side(chance, site)),)
        case "high energy":
            return ((site := weighted(chance, HIGH_ENERGY_SITES), _side(chance, site)),)
        case "skull, face or digit":
            return ((site := weighted(chance, NEVER_COUNTED), _side(chance, site)),)
        case "tumour":
            return ((site := weighted(chance, TUMOUR_SITES), _side(chance, site)),)
        case "admitted in error":
            return ((BodySite.HIP, _side(chance, BodySite.HIP)),)
        case "elective hip" | "no fracture":
            return ()
    site = weighted(chance, FRAGILITY_SITES)
    side = _side(chance, site)
    second = SECOND_BONES.get(site)
    if second and chance.random() < figures.SECOND_BONE:
        return (site, side), (second, side)
    return ((site, side),)


def _side(chance: Random, site: BodySite) -> Side:
    return Side.UNKNOWN if site in UNPAIRED else chance.choice((Side.LEFT, Side.RIGHT))


def _day(chance: Random, site: BodySite, year: tuple[date, date]) -> date:
    """A day of the year, likelier in winter: drawn again while the season says so."""
    days = (year[1] - year[0]).days
    highest = 1 + 2 * figures.SEASONAL_SWING
    while True:
        day = year[0] + timedelta(days=chance.randint(0, days))
        if chance.random() * highest < figures.season(day, site):
            return day


def _age(chance: Random, kind: str, of_site: SiteFigures) -> int:
    match kind:
        case "under 50":
            return chance.randint(16, 49)
        case "high energy":
            return chance.randint(50, 74)
        case "elective hip":
            return _between(chance, 69, 9, 50)
        case "no fracture":
            return _between(chance, 70, 15, 18)
    return _between(chance, of_site.age, of_site.sd, YOUNGEST)


def _between(chance: Random, mean: float, spread: float, youngest: int) -> int:
    while not youngest <= (age := round(chance.gauss(mean, spread))) <= OLDEST:
        pass
    return age


def _sex(chance: Random, kind: str, of_site: SiteFigures) -> Sex:
    women = {"under 50": 0.42, "high energy": 0.35, "elective hip": 0.6, "no fracture": 0.56}.get(kind, of_site.women)
    return Sex.FEMALE if chance.random() < women else Sex.MALE


def _death(chance: Random, kind: str, of_site: SiteFigures, age: int, day: date) -> date | None:
    """Within 30 days, or later within the year, by the figures of the site scaled to the age."""
    early, late, luck = chance.random(), chance.random(), chance.random()
    if kind not in (FRAGILITY, "tumour", "skull, face or digit"):
        return None
    in_30 = figures.deaths_scaled(of_site.dead_30_days, age, of_site)
    in_year = figures.deaths_scaled(of_site.dead_1_year, age, of_site)
    if early < in_30:
        return day + timedelta(days=2 + int(luck * 28))
    if late < (in_year - in_30) / (1 - in_30):
        return day + timedelta(days=31 + int(luck * 334))
    return None


def _happening(
    chance: Random, number: str, who: Person, kind: str, day: date, bones: Bones, hospital: Hospital,
    died_on: date | None,
) -> Happening:  # fmt: skip
    site = bones[0][0] if bones else None
    incidental = kind == FRAGILITY and site is BodySite.SPINE and chance.random() < figures.INCIDENTAL
    return Happening(
        number=number,
        person=who,
        kind=kind,
        day=day,
        bones=bones,
        low_trauma=Answer.NO if kind == "high energy" else Answer.YES,
        pathological=kind == "tumour",
        incidental=incidental,
        stays=course(chance, number, kind, day, bones, hospital, died_on, incidental=incidental),
    )


def _refracture(chance: Random, first: Happening, year: tuple[date, date], died_on: date | None) -> Happening | None:
    """Another bone, or the other hip, at least 61 days later: a new index fracture of the same person."""
    luck, wait = chance.random(), chance.randint(61, 365)
    day = first.day + timedelta(days=wait)
    if luck >= figures.REFRACTURE_IN_A_YEAR or day > year[1] or (died_on and day >= died_on):
        return None
    site = weighted(chance, {s: w for s, w in FRAGILITY_SITES.items() if s not in first.body_sites})
    bones = ((site, _side(chance, site)),)
    number = first.number[:-1] + "2"
    return _happening(chance, number, first.person, FRAGILITY, day, bones, first.hospital, died_on)
