"""Checks for national data opt-outs: a list of NHS numbers handed out, and the answer that names who may be kept.

The national service gives back the list without those who opted out. That form is general knowledge of the field, not
confirmed. So the answer is compared with the list that was handed out: who is missing from it has opted out.
"""

from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256

from django.db import transaction
from django.db.models import QuerySet

from openfls.clinical.facts import Answer, Fact, OptOutChecked, Source
from openfls.clinical.patients import PatientRecord, checked_nhs_number
from openfls.clinical.when import on
from openfls.coordination.entering import enter
from openfls.coordination.exports.asking import ExportRefused
from openfls.coordination.reading import in_chunks
from openfls.record.access import NotVisible, Viewer, episodes_seen_by, people_seen_by, record_list_read
from openfls.record.models import OptOutList, RecordRow
from openfls.record.purposes import NATIONAL_AUDIT

LONGEST = 10 * 1024 * 1024  # bytes of an answer


@dataclass(frozen=True)
class Answered:
    kept: int
    opted_out: int


def lists_seen_by(viewer: Viewer) -> "QuerySet[OptOutList]":
    return OptOutList.objects.filter(site__in=viewer.sites).order_by("-number")


def list_to_check(viewer: Viewer, site: str, *, at: datetime) -> OptOutList:
    """The checked NHS numbers of everybody enrolled at the site, handed out to be looked up."""
    if site not in viewer.sites:
        raise NotVisible("no such site")
    rows = episodes_seen_by(viewer).filter(site=site, status="enrolled").exclude(person__nhs_number=None)
    found = dict(rows.values_list("person__nhs_number", "person_id").order_by("person__nhs_number"))
    with transaction.atomic():
        made = OptOutList.objects.create(site_id=site, made_by=viewer.user, made_at=at, numbers=list(found))
        record_list_read(viewer, "list for a check of opt-outs", list(found.values()), NATIONAL_AUDIT, which=str(made))
    return made


def list_content(made: OptOutList) -> bytes:
    """One number a line, with the comma that ends a line of the service's files."""
    return "".join(f"{number},\r\n" for number in made.numbers).encode("ascii")


def answer(viewer: Viewer, number: int, content: bytes, checked_on: date, *, at: datetime) -> Answered:
    """Enter what the answer says of everybody on the list. Raises `ExportRefused`; then nothing is entered."""
    made = lists_seen_by(viewer).filter(number=number).first()
    if made is None:
        raise NotVisible("no such list")
    kept = _numbers(content)
    if strangers := kept - set(made.numbers):
        raise ExportRefused(f"{len(strangers)} numbers of the answer are not on list {number}: is it another list's?")
    if not kept and made.numbers:
        raise ExportRefused("the answer holds no NHS number: everybody would count as opted out. Is it the right file?")
    whose = _records(viewer, made)
    facts = [_said(one, one.nhs_number in kept, made, content, checked_on, viewer.user, at) for one in whose]
    with transaction.atomic():
        enter(facts, by=viewer.user, purpose=NATIONAL_AUDIT)
        OptOutList.objects.filter(number=number).update(answered_by=viewer.user, answered_at=at)
    return Answered(len(kept), len(made.numbers) - len(kept))


def _numbers(content: bytes) -> set[str]:
    """The numbers of the answer's first column. Raises `ExportRefused` for a line that is none."""
    if len(content) > LONGEST:
        raise ExportRefused("the answer has more than 10 MB: is it the right file?")
    lines = content.decode("utf-8-sig", "replace").splitlines()
    cells = [(place, line.split(",")[0].strip().strip('"')) for place, line in enumerate(lines, start=1)]
    told = [(place, cell) for place, cell in cells if cell]
    wrong = [place for place, cell in told if checked_nhs_number(cell) is None]
    if wrong[:1] == [1] and not any(letter.isdigit() for letter in told[0][1]):
        wrong, told = wrong[1:], told[1:]  # a line of headers
    if wrong:
        raise ExportRefused(f"line {wrong[0]} begins with no valid NHS number: send the answer as it came")
    return {number for _, cell in told if (number := checked_nhs_number(cell))}


def _records(viewer: Viewer, made: OptOutList) -> list[PatientRecord]:
    """One record of each person with a number of the list; a number alone would be nobody's for certain."""
    found: dict[str, PatientRecord] = {}
    for chunk in in_chunks(made.numbers):
        rows = RecordRow.objects.filter(nhs_number__in=chunk, person__in=people_seen_by(viewer))
        for row in rows.prefetch_related("numbers").order_by("key"):
            found.setdefault(row.person_id or row.key, row.to_record())
    return list(found.values())


def _said(
    whose: PatientRecord, kept: bool, made: OptOutList, content: bytes, checked_on: date, by: str, at: datetime
) -> Fact:
    position = f"list {made.number}, {whose.key}"
    return OptOutChecked(
        record=whose,
        occurred=on(checked_on),
        known=at,
        version=at,
        source=Source("opt-out check", sha256(content).hexdigest(), position),
        site=made.site_id,
        key=f"opt-out check/{made.number}/{whose.key}",
        by=by,
        opted_out=Answer.NO if kept else Answer.YES,
    )
