"""An export as its page shows it: how many records, who is left out, what is missing, what may be done."""

from collections.abc import Iterable
from dataclasses import dataclass

from openfls.coordination.exports.asking import APPROVERS
from openfls.coordination.exports.building import Built
from openfls.measures.audits.completeness import FieldFilled
from openfls.measures.audits.fields import State
from openfls.record.access import Viewer, people_seen_by
from openfls.record.models import ExportRequest, ExportState


@dataclass(frozen=True)
class Line:
    """One field: ``place`` stands in the address of the list of those in whom it is missing."""

    place: int
    header: str
    how: str
    counted: bool
    given: int
    dont_know: int
    missing: int
    not_due: int
    percent: float
    short: bool


@dataclass(frozen=True)
class Person:
    key: str
    name: str
    nhs_number: str | None
    why: str


def lines(built: Built) -> list[Line]:
    keys = len(built.audit.keys)
    found = enumerate(built.completeness.fields)
    return [_line(place, one) for place, one in found if place >= keys]


def _line(place: int, one: FieldFilled) -> Line:
    return Line(
        place=place,
        header=one.field.header,
        how=one.field.how,
        counted=one.field.counted,
        given=one.states[State.GIVEN],
        dont_know=one.states[State.DONT_KNOW],
        missing=len(one.missing),
        not_due=one.states[State.NOT_DUE],
        percent=100 * one.share_missing,
        short=one.short,
    )


def people(viewer: Viewer, told: Iterable[tuple[str, str]]) -> list[Person]:
    """The people behind these keys whom the viewer may see, by name, each with why she stands here."""
    why = dict(told)
    rows = people_seen_by(viewer).filter(key__in=why)
    found = [Person(row.key, row.name or "name not given", row.nhs_number, why[row.key]) for row in rows]
    return sorted(found, key=lambda one: (one.name, one.key))


def may_approve(viewer: Viewer, asked: ExportRequest) -> bool:
    waiting = asked.state == ExportState.ASKED
    return waiting and viewer.has_role(*APPROVERS, site=asked.site_id) and viewer.user != asked.asked_by
