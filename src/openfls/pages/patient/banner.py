"""Who this is: what stands on top of every page about a patient."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from openfls.clinical.facts import Answer, Fact, birthday_age
from openfls.clinical.reach import reach
from openfls.record.models import Person
from openfls.record.organisations import practice_name


@dataclass(frozen=True)
class Banner:
    """Who this is: what is read out before anything is done."""

    key: str
    name: str
    nhs_number: str | None
    born: date | None
    age: int | None
    sex: str
    died_on: date | None
    died_ahead: bool
    ward: str
    practice: str
    phone: str
    postcode: str
    care_home: bool
    name_clash: bool


def banner(person: Person, today: date, ward: str, facts: Iterable[Fact] = ()) -> Banner:
    """``ward`` and ``facts`` as the viewer may see them; what another trust knows of ward and address does not show."""
    reached = reach(facts)
    last = min(person.died_on, today) if person.died_on else today
    return Banner(
        key=person.key,
        name=person.name or "name not given",
        nhs_number=person.nhs_number,
        born=person.birth_date,
        age=birthday_age(person.birth_date, last) if person.birth_date else None,
        sex=person.sex,
        died_on=person.died_on,
        died_ahead=person.died_on is not None and person.died_on > today,
        ward=ward,
        practice=practice_name(reached.practice),
        phone=reached.phone,
        postcode=reached.postcode,
        care_home=reached.care_home is Answer.YES,
        name_clash=person.name_clash,
    )
