"""What is missing of an audit's fields, in which cases, before anything is submitted.

FLS-DB's KPI 1: fewer than 5 of 17 fields with more than 20% missing (2018 report). Which 17 these are, and whether
"Don't know" is missing, is not confirmed: here the fields marked in the table count, and "Don't know" is an answer.
See docs/safety/to-confirm.md.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from openfls.clinical.decisions import Decision, no, unknown, yes
from openfls.clinical.service_rulebook import FEW_MISSING
from openfls.measures.audits.fields import Audit, AuditField, AuditRow, State

MISSING = (State.BLANK, State.NO_WORD)


@dataclass(frozen=True)
class FieldFilled:
    """One field over all rows. ``missing`` are the rows in which it is blank though it is due, or has no word."""

    field: AuditField
    states: Counter[State]
    missing: tuple[AuditRow, ...]

    @property
    def due(self) -> int:
        return self.states.total() - self.states[State.NOT_DUE]

    @property
    def share_missing(self) -> float:
        """Among the rows of which the field is due; 0 where it is of none."""
        return len(self.missing) / self.due if self.due else 0.0

    @property
    def short(self) -> bool:
        return 100 * len(self.missing) > FEW_MISSING.percent * self.due


@dataclass(frozen=True)
class Completeness:
    fields: tuple[FieldFilled, ...]
    rows: int

    @property
    def short(self) -> tuple[FieldFilled, ...]:
        """The counted fields of which too much is missing."""
        return tuple(one for one in self.fields if one.field.counted and one.short)

    @property
    def complete_enough(self) -> Decision:
        """KPI 1 of the file as it stands."""
        if not self.rows:
            return unknown("no record in the file")
        counted = sum(one.field.counted for one in self.fields)
        told = f"{len(self.short)} of {counted} fields have more than {FEW_MISSING.percent:g}% missing"
        return yes(told) if len(self.short) < FEW_MISSING.limit else no(told)


def completeness(audit: Audit, rows: Sequence[AuditRow]) -> Completeness:
    return Completeness(tuple(_filled(place, field, rows) for place, field in enumerate(audit.columns)), len(rows))


def missing_by_field(of: Completeness) -> dict[str, tuple[int, int]]:
    """Of each counted field, by its header, how many rows lack it, and of how many it is due."""
    return {one.field.header: (len(one.missing), one.due) for one in of.fields if one.field.counted}


def _filled(place: int, field: AuditField, rows: Sequence[AuditRow]) -> FieldFilled:
    states = Counter(row.cells[place].state for row in rows)
    return FieldFilled(field, states, tuple(row for row in rows if row.cells[place].state in MISSING))
