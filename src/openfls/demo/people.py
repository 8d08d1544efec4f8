"""The people of the region: numbers, names, addresses. Each drawn from a stream of its own."""

import calendar
from dataclasses import dataclass, replace
from datetime import date
from random import Random

from openfls.clinical.ethnic_categories import EthnicCategory
from openfls.clinical.patients import NHS_NUMBER_WEIGHTS, Sex
from openfls.demo import ethnicity, names, residences
from openfls.demo.epidemiology import NAMESAKES, OUT_OF_AREA, TWINS
from openfls.demo.habits import Hospital, Trust
from openfls.demo.hospitals import NO_PRACTICE, PRACTICES_PER_HOSPITAL, TRUSTS, practice_code
from openfls.demo.streams import stream

SLOTS_PER_HOSPITAL = 45_000
SLOTS = 500_000  # each gives one valid number of the range 999 000 0000 to 999 999 9999 kept for tests
SCATTER = 386_329  # coprime with SLOTS: neighbours in a hospital get numbers far apart
PRIME = 9_999_991


@dataclass(frozen=True, slots=True, eq=False)
class Person:
    """A made-up person as he is, before any sender misspells him. ``slot`` numbers people over the whole region.

    Two people are never equal: whoever keeps something by person keeps it by this very one.
    """

    slot: int
    nhs_number: str
    family: str
    given: str
    born: date
    sex: Sex
    address: tuple[str, str]
    postcode: str
    phone: str
    practice: str
    out_of_area: bool = False
    care_home: bool = False
    ethnic_category: EthnicCategory = EthnicCategory.NOT_STATED

    def ethnic_category_at(self, trust: Trust) -> EthnicCategory:
        """As a trust has it: not known where it never asked."""
        return self.ethnic_category if ethnicity.asked(self.slot, trust.code) else EthnicCategory.NOT_KNOWN

    def number_at(self, trust: Trust) -> str:
        """The person's hospital number in a trust: another in each."""
        place = TRUSTS.index(trust)
        return f"{trust.prefix}{(self.slot * 7919 + place * 104_729) % PRIME:07d}"


def nhs_number(slot: int) -> str:
    """The test number of this slot (0 to 499,999): always valid, never issued.

    Two neighbouring bases can't both have the check digit 10, so that each pair of bases gives one valid number.
    """
    base = (slot * SCATTER % SLOTS) * 2
    return next(number for candidate in (base, base + 1) if (number := _with_check_digit(f"999{candidate:06d}")))


def _with_check_digit(digits: str) -> str | None:
    total = sum(weight * int(digit) for weight, digit in zip(NHS_NUMBER_WEIGHTS, digits, strict=True))
    check = (11 - total % 11) % 11
    return None if check == 10 else f"{digits}{check}"


def person(seed: int, hospital: Hospital, place: int, born: date, sex: Sex) -> Person:
    """Patient number ``place`` of a hospital, born that day."""
    chance = stream(seed, hospital.code, place, "person")
    slot = hospital.number * SLOTS_PER_HOSPITAL + place
    away = chance.random() < OUT_OF_AREA
    street = f"{chance.randint(1, 140)} {chance.choice(names.STREETS)} {chance.choice(names.KINDS_OF_STREET)}"
    return Person(
        slot=slot,
        nhs_number=nhs_number(slot),
        family=chance.choice(names.FAMILY),
        given=_given(chance, born, sex),
        born=born,
        sex=sex,
        address=(street, "Farhaven" if away else hospital.name.split()[0]),
        postcode=_postcode(chance, "XZ" if away else hospital.area),
        phone=f"01632 960{chance.randint(0, 999):03d}",  # a range that Ofcom keeps for fiction
        practice=NO_PRACTICE if away else practice_code(hospital, chance.randint(1, PRACTICES_PER_HOSPITAL)),
        out_of_area=away,
        care_home=residences.in_care_home(seed, slot, born),
        ethnic_category=ethnicity.category(seed, slot),
    )


def kin(drawn: Person, earlier: Person, chance: Random) -> Person | None:
    """Seldom the twin or the namesake of an earlier patient, with that one's birth date; else None."""
    luck = chance.random()
    if luck < TWINS:
        if drawn.given == earlier.given:
            return None
        home = replace(drawn, address=earlier.address, postcode=earlier.postcode, care_home=earlier.care_home)
        return replace(home, family=earlier.family, born=earlier.born)
    if luck < TWINS + NAMESAKES:
        return replace(drawn, family=earlier.family, given=earlier.given, born=earlier.born, sex=earlier.sex)
    return None


def _given(chance: Random, born: date, sex: Sex) -> str:
    older = born.year < 1960
    women = names.WOMEN_BORN_BEFORE_1960 if older else names.YOUNGER_WOMEN
    men = names.MEN_BORN_BEFORE_1960 if older else names.YOUNGER_MEN
    return chance.choice(women if sex is Sex.FEMALE else men)


def _postcode(chance: Random, area: str) -> str:
    letters = "ABDEFGHJLNPQRSTUWXYZ"
    return f"{area}{chance.randint(1, 19)} {chance.randint(1, 9)}{chance.choice(letters)}{chance.choice(letters)}"


def born_at_age(chance: Random, age: int, day: date) -> date:
    """A birth date on which ``age`` years are completed by ``day``; leap days included."""
    year = day.year - age - (chance.random() < 0.5)
    month = chance.randint(1, 12)
    candidate = date(year, month, chance.randint(1, calendar.monthrange(year, month)[1]))
    completed = day.year - candidate.year - ((day.month, day.day) < (candidate.month, candidate.day))
    return candidate if completed == age else _year_moved(candidate, completed - age)


def _year_moved(day: date, years: int) -> date:
    year = day.year + years
    return date(year, day.month, min(day.day, calendar.monthrange(year, day.month)[1]))
