"""Finds the true person that a record or an episode is about."""

from collections import defaultdict
from collections.abc import Iterable, Set
from datetime import date

from openfls.clinical.facts import BodySite
from openfls.clinical.patients import PatientRecord, matching_name
from openfls.demo.hospitals import TRUSTS
from openfls.demo.truth import Happening, Life, Truth

Name = tuple[str, str, date | None]


class People:
    """The lives of a region by NHS number, by hospital number with its authority, by name and date of birth."""

    def __init__(self, truth: Truth) -> None:
        self._by_nhs_number = {life.person.nhs_number: life for life in truth.lives}
        self._by_hospital_number = {
            (trust.code, life.person.number_at(trust)): life for life in truth.lives for trust in TRUSTS
        }
        self._by_name: dict[Name, list[Life]] = defaultdict(list)
        for life in truth.lives:
            self._by_name[_name(life.person.family, life.person.given, life.person.born)].append(life)

    def lives(
        self,
        nhs_numbers: Iterable[str],
        hospital_numbers: Iterable[tuple[str, str]],
        family: str,
        given: str,
        born: date | None,
    ) -> list[Life]:
        """Those with one of the numbers; where no number is known, those of the name."""
        by_number = [self._by_nhs_number.get(number) for number in sorted(nhs_numbers)]
        by_number += [self._by_hospital_number.get(number) for number in sorted(hospital_numbers)]
        numbered = [life for life in by_number if life]
        return numbered or self._by_name.get(_name(family, given, born), [])

    def happening(self, record: PatientRecord, body_sites: Set[BodySite], day: date) -> Happening | None:
        """What truly happened to whom the record is about, of the same bone if there is such, nearest to the day."""
        life = self.of(record)
        return nearest(life.happenings, body_sites, day) if life else None

    def of(self, record: PatientRecord) -> Life | None:
        """The one life that a record is about; None where that is nobody's or can't be told."""
        numbers = [(number.authority, number.value) for number in record.hospital_numbers]
        nhs = [record.nhs_number] if record.nhs_number else []
        found = self.lives(nhs, numbers, record.family_name, record.given_name, record.birth_date)
        return found[0] if len({id(life) for life in found}) == 1 else None


def nearest(happenings: Iterable[Happening], body_sites: Set[BodySite], day: date) -> Happening | None:
    """Of one person's events that of the same bone, if there is one, nearest to the day."""
    return min(happenings, key=lambda h: (body_sites.isdisjoint(h.body_sites), abs((h.day - day).days)), default=None)


def _name(family: str, given: str, born: date | None) -> Name:
    return matching_name(family), matching_name(given), born
