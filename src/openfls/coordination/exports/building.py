"""A file as it would leave now: who is in it, who is left out and why, and what holds it up."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from hashlib import sha256

from openfls.clinical.decisions import Decision
from openfls.clinical.opt_outs import opted_out
from openfls.coordination.exports.cases import PatientCase, cases, parameters_of
from openfls.measures.audits.completeness import Completeness, completeness, missing_by_field
from openfls.measures.audits.fields import Audit, AuditRow, row_of
from openfls.measures.audits.fls_db import FLS_DB
from openfls.measures.audits.hip_audit import HIP_AUDIT
from openfls.measures.audits.writing import csv_of
from openfls.record.access import Viewer
from openfls.record.models import OptOutExemption

AUDITS = {audit.name: audit for audit in (FLS_DB, HIP_AUDIT)}


@dataclass(frozen=True)
class Built:
    """``opted_out`` and ``without_number`` are the keys of people who are left out; ``unchecked`` of those of whom
    nobody knows in time, who hold the file up; ``awaiting`` are their rows. ``exemption``: why opt-outs do not apply
    here, empty where they do."""

    audit: Audit
    site: str
    first: date
    last: date
    rows: tuple[AuditRow, ...]
    opted_out: tuple[str, ...] = ()
    without_number: tuple[str, ...] = ()
    unchecked: tuple[tuple[str, str], ...] = ()  # key, why
    awaiting: tuple[AuditRow, ...] = ()
    exemption: str = ""

    @cached_property
    def content(self) -> bytes:
        return csv_of(self.audit, self.rows)

    @cached_property
    def digest(self) -> str:
        """Of the file and of who is left out: what somebody approves is what he was shown."""
        parts = (self.content, *(key.encode() for key in (*self.opted_out, *self.without_number)))
        return sha256(b"\x1f".join(parts)).hexdigest()

    @cached_property
    def completeness(self) -> Completeness:
        """Of the file and of those who are not checked yet: what is missing can be mended meanwhile."""
        return completeness(self.audit, (*self.rows, *self.awaiting))

    @property
    def patients(self) -> list[str]:
        """Everybody in the file, once each."""
        return _patients(self.rows)

    @property
    def counted(self) -> list[str]:
        """Everybody of whom `completeness` tells."""
        return _patients((*self.rows, *self.awaiting))

    @property
    def left_out(self) -> dict[str, int]:
        return {
            "national data opt-out": len(self.opted_out),
            "no NHS number to check for an opt-out": len(self.without_number),
        }

    @property
    def held_up(self) -> str:
        """Why it can't leave now; empty where it can."""
        if self.unchecked:
            return f"{len(self.unchecked)} people have no check for a national data opt-out that is new enough"
        return "" if self.rows else "there is no record to send in this period"


def build(viewer: Viewer, audit: Audit, site: str, first: date, last: date, today: date) -> Built:
    """The file of this site and period as the viewer may see it. Reads many patients: the caller leaves the trail."""
    found = [one for one in cases(viewer, site, first, last, today) if audit.takes(one.case)]
    exemption = exemption_of(site, today)
    if exemption:
        return Built(audit, site, first, last, _rows(audit, found), exemption=exemption)
    parameters = parameters_of(site)
    answered = [(one, opted_out(one.case.person, today, parameters)) for one in found]
    unnumbered = [one for one, answer in answered if answer.unknown and not one.case.record.nhs_number]
    unknown = [(one, answer) for one, answer in answered if answer.unknown and one.case.record.nhs_number]
    return Built(
        audit, site, first, last,
        rows=_rows(audit, (one for one, answer in answered if answer.no)),
        opted_out=_keys(one for one, answer in answered if answer.yes),
        without_number=_keys(unnumbered),
        unchecked=_unchecked(unknown),
        awaiting=_rows(audit, (one for one, _ in unknown)),
    )  # fmt: skip


def fields_missing(
    viewer: Viewer, site: str, first: date, last: date, today: date
) -> tuple[dict[str, tuple[int, int]], list[str]]:
    """Of each counted field of FLS-DB how many lack it, of how many, opted out or not; and whom that was read of."""
    rows = _rows(FLS_DB, cases(viewer, site, first, last, today))
    return missing_by_field(completeness(FLS_DB, rows)) if rows else {}, [row.patient for row in rows]


def exemption_of(site: str, today: date) -> str:
    """Why the opt-out does not apply to this site's exports today; empty where it does."""
    stored = OptOutExemption.objects.filter(site=site, begins__lte=today).order_by("-set_at", "-id").first()
    if stored is None or (stored.ends and stored.ends < today):
        return ""
    return f"{stored.basis}: {stored.reference}"


def _rows(audit: Audit, found: Iterable[PatientCase]) -> tuple[AuditRow, ...]:
    return tuple(row_of(audit, one.case, one.patient) for one in found)


def _patients(rows: Iterable[AuditRow]) -> list[str]:
    return list(dict.fromkeys(row.patient for row in rows))


def _keys(found: Iterable[PatientCase]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.patient for one in found))


def _unchecked(found: Iterable[tuple[PatientCase, Decision]]) -> tuple[tuple[str, str], ...]:
    return tuple({one.patient: "; ".join(answer.because) for one, answer in found}.items())
