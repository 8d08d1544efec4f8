"""How senders write a person: numbers missing or mistyped, names shortened, accents lost, dates turned round."""

import unicodedata
from dataclasses import dataclass, replace
from datetime import date
from random import Random

from openfls.clinical.facts import Finder
from openfls.clinical.patients import Sex
from openfls.demo.habits import Trust
from openfls.demo.names import SHORT_FORMS, TRANSLITERATED
from openfls.demo.people import Person

NHS_NUMBER_MISSING = {
    Finder.EMERGENCY_DEPARTMENT: 0.18, Finder.TRAUMA_LIST: 0.22, Finder.THEATRE_LIST: 0.12, Finder.WARD_ROUND: 0.10,
    Finder.FRACTURE_CLINIC: 0.08, Finder.CODED_DISCHARGE: 0.02, Finder.NATIONAL_AUDIT: 0.01, Finder.ADMISSION: 0.03,
    Finder.RADIOLOGY_REPORT: 0.05, Finder.CODED_RECORD: 0.02,
}  # fmt: skip
NHS_NUMBER_MISTYPED = 0.008
SHORT_FORM = 0.02
ACCENTS_LOST = 0.35
MISSPELT = 0.004
BIRTH_DATE_TURNED = 0.004


@dataclass(frozen=True, slots=True)
class Written:
    """A person as one sender has him."""

    nhs_number: str
    hospital_number: str
    family: str
    given: str
    born: date
    sex: Sex


def written(chance: Random, person: Person, trust: Trust, finder: Finder, encoding: str = "utf-8") -> Written:
    """The person in the words of this sender; the same chances give the same writing."""
    told = Written(person.nhs_number, person.number_at(trust), person.family, person.given, person.born, person.sex)
    if chance.random() < NHS_NUMBER_MISSING[finder]:
        told = replace(told, nhs_number="")
    elif chance.random() < NHS_NUMBER_MISTYPED:
        told = replace(told, nhs_number=_mistyped(chance, told.nhs_number))
    told = replace(told, family=_family(chance, told.family), given=_given(chance, told.given))
    if chance.random() < ACCENTS_LOST or not _fits(told, encoding):
        told = replace(told, family=without_accents(told.family), given=without_accents(told.given))
    if told.born.day <= 12 and chance.random() < BIRTH_DATE_TURNED:
        told = replace(told, born=told.born.replace(month=told.born.day, day=told.born.month))
    return told


def without_accents(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.translate(TRANSLITERATED))
    return "".join(c for c in plain if not unicodedata.combining(c))


def _fits(told: Written, encoding: str) -> bool:
    try:
        (told.family + told.given).encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _mistyped(chance: Random, number: str) -> str:
    """One digit wrong: the check digit always shows it."""
    place = chance.randint(3, 8)
    return number[:place] + str((int(number[place]) + chance.randint(1, 9)) % 10) + number[place + 1 :]


def _family(chance: Random, name: str) -> str:
    luck = chance.random()
    if luck < MISSPELT and len(name) > 4:
        return name[:2] + name[3] + name[2] + name[4:]
    return name.upper() if luck < 0.5 else name


def _given(chance: Random, name: str) -> str:
    luck = chance.random()
    return SHORT_FORMS.get(name, name) if luck < SHORT_FORM else name


def digits_apart(number: str) -> str:
    """As people write it: ``999 123 4567``."""
    return f"{number[:3]} {number[3:6]} {number[6:]}" if number else ""
