"""Short ways to a filled record for tests."""

from datetime import UTC, date, datetime
from typing import Any

from django.contrib.auth import get_user_model

from openfls.clinical.facts import Fact, Note, Source
from openfls.clinical.patients import HospitalNumber, PatientRecord
from openfls.clinical.standards import Role
from openfls.clinical.when import on
from openfls.record.models import (
    EpisodeRow,
    EpisodeSite,
    FactRow,
    Membership,
    Person,
    PersonSite,
    RecordNumber,
    RecordRow,
    SharingAgreement,
    Site,
    TaskRow,
    Trail,
    Trust,
)

KNOWN = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def patient(number: int = 1, **changes: Any) -> PatientRecord:
    details: dict[str, Any] = {
        "hospital_numbers": (HospitalNumber("RX9", f"H{number}"),),
        "family_name": "O'Neill",
        "given_name": "Béla",
        "birth_date": date(1941, 5, 6),
    }
    return PatientRecord(**details | changes)


def note(text: str = "fell on the stairs", *, record: PatientRecord | None = None, **changes: Any) -> Note:
    details: dict[str, Any] = {
        "record": record or patient(),
        "occurred": on(date(2026, 3, 1)),
        "known": KNOWN,
        "source": Source("by hand", "m1", text),
        "site": "RX901",
    }
    return Note(text=text, **details | changes)


def record_row(record: PatientRecord | None = None) -> RecordRow:
    record = record or patient()
    row, new = RecordRow.objects.get_or_create(key=record.key, defaults=_columns(RecordRow.of(record)))
    if new:
        RecordNumber.objects.bulk_create(RecordNumber.of(record))
    return row


def fact_row(fact: Fact | None = None) -> FactRow:
    fact = fact or note()
    record_row(fact.record)
    row = FactRow.of(fact)
    row.save()
    return row


def person(*records: PatientRecord, sites: tuple[str, ...] = (), name: str = "O'NEILL, Béla") -> Person:
    """A person with these records, seen at these sites, as the derivation would leave her."""
    entered = [record_row(record) for record in records or (patient(),)]
    row = Person.objects.create(key=min(r.key for r in entered), name=name, sex="unknown")
    RecordRow.objects.filter(pk__in=[r.key for r in entered]).update(person=row)
    PersonSite.objects.bulk_create(PersonSite(person=row, site=site) for site in sites)
    return row


def site(code: str, trust: str) -> Site:
    Trust.objects.get_or_create(code=trust, defaults={"name": f"Trust {trust}"})
    return Site.objects.get_or_create(code=code, defaults={"trust_id": trust, "name": f"Site {code}"})[0]


def user(name: str, *sites: str, role: Role = Role.COORDINATOR) -> Any:
    made = get_user_model().objects.create(username=name)
    for code in sites:
        Membership.objects.create(user=made, site_id=code, role=role.value)
    return made


def agreement(giver: str, receiver: str, begins: date, ends: date | None = None) -> SharingAgreement:
    return SharingAgreement.objects.create(
        giver_id=giver, receiver_id=receiver, reference=f"{giver} to {receiver}", begins=begins, ends=ends
    )


def episode(person: Person, number: int, *, sites: tuple[str, ...], task_site: str | None = None) -> EpisodeRow:
    """An episode seen at these sites, with one task."""
    row = EpisodeRow.objects.create(
        id=f"{number:064x}", person=person, index_start=date(2026, 3, 1), index_end=date(2026, 3, 1),
        index_precision="exact", main_site="hip", side="left", status="to triage", eligible="yes",
    )  # fmt: skip
    EpisodeSite.objects.bulk_create(EpisodeSite(episode=row, site=site) for site in sites)
    TaskRow.objects.create(
        episode=row, person=person, step="triage", state="open", owner_role="coordinator", site=task_site
    )
    return row


def bare_trail_row(number: int) -> Trail:
    """A row that no key has signed."""
    return Trail.objects.create(number=number, at=KNOWN, user="anne", action="read", previous="0" * 64, digest="1" * 64)


def _columns(row: Any) -> dict[str, Any]:
    return {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields if not f.primary_key}
