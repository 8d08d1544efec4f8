"""Asking for an export, approving it as another person, taking the file: each leaves its row in the trail."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet

from openfls.clinical.standards import Role
from openfls.coordination.exports.building import AUDITS, Built, build
from openfls.record import trail
from openfls.record.access import NotVisible, Viewer, record_list_read
from openfls.record.models import ExportRequest, ExportState, OptOutExemption, Site
from openfls.record.purposes import NATIONAL_AUDIT

ASKERS = frozenset({Role.COORDINATOR, Role.MANAGER})
APPROVERS = frozenset({Role.MANAGER, Role.DOCTOR})
BASES = ("an approval that exempts the audit from the opt-out", "the site is in Wales")


class ExportRefused(ValueError):
    """What was asked of an export can't be done; the words say why and what to do."""


def exports_seen_by(viewer: Viewer) -> "QuerySet[ExportRequest]":
    """Those of the viewer's own sites, the newest first, without their files."""
    return ExportRequest.objects.filter(site__in=viewer.sites).defer("content").order_by("-number")


def export_for(viewer: Viewer, number: int) -> ExportRequest:
    """Raises `NotVisible`."""
    found = exports_seen_by(viewer).filter(number=number).first()
    if found is None:
        raise NotVisible("no such export")
    return found


def built(viewer: Viewer, asked: ExportRequest, today: date) -> Built:
    """The file of the request as it would leave now."""
    return build(viewer, AUDITS[asked.audit], asked.site_id, asked.first, asked.last, today)


def ask(viewer: Viewer, audit: str, site: str, first: date, last: date, *, at: datetime, today: date) -> ExportRequest:
    """Ask that a file may leave. Raises `ExportRefused` where the period is none. What holds the file up, a person
    mends before somebody approves."""
    if audit not in AUDITS:
        raise ExportRefused(f"there is no audit {audit!r}: {', '.join(AUDITS)}")
    if site not in viewer.sites or not Site.objects.filter(code=site).exists():
        raise NotVisible("no such site")
    if last < first:
        raise ExportRefused(f"the period ends on {last} before it begins on {first}: turn the two round")
    would = build(viewer, AUDITS[audit], site, first, last, today)
    with transaction.atomic():
        asked = ExportRequest.objects.create(
            site_id=site, audit=audit, first=first, last=last, asked_by=viewer.user, asked_at=at,
            digest=would.digest, records=len(would.rows), left_out=would.left_out,
        )  # fmt: skip
        record_list_read(viewer, "export asked for", would.patients, NATIONAL_AUDIT, which=str(asked))
    return asked


def approve(viewer: Viewer, number: int, shown: str, *, at: datetime, today: date) -> ExportRequest:
    """Approve the file whose digest was ``shown``; it can be taken from then on. The caller has made sure that it is
    the viewer himself (by the password again). Raises `ExportRefused`; then nothing has changed."""
    asked = export_for(viewer, number)
    _refuse_whom_it_does_not_open_to(viewer, asked)
    would = built(viewer, asked, today)
    if would.held_up:
        raise ExportRefused(f"it can't leave now: {would.held_up}")
    if would.digest != shown:
        raise ExportRefused("the record has changed since this page was opened: look at the figures again")
    with transaction.atomic():
        _settle(
            asked, ExportState.APPROVED, settled_by=viewer.user, settled_at=at, digest=would.digest,
            records=len(would.rows), left_out=would.left_out, content=would.content, patients=would.patients,
        )  # fmt: skip
        record_list_read(viewer, "export approved", would.patients, NATIONAL_AUDIT, which=f"{asked}, {would.digest}")
    return export_for(viewer, number)


def decline(viewer: Viewer, number: int, reason: str, *, at: datetime) -> None:
    """Say no, with a reason; whoever asked may take it back so too."""
    asked = export_for(viewer, number)
    if not reason.strip():
        raise ExportRefused("say why")
    with transaction.atomic():
        _settle(asked, ExportState.DECLINED, settled_by=viewer.user, settled_at=at, reason=reason.strip())
        trail.write(
            user=viewer.user, action="export declined", site=asked.site_id, request=viewer.request,
            purpose=NATIONAL_AUDIT, detail={"export": str(asked), "reason": reason.strip()},
        )  # fmt: skip


def taken(viewer: Viewer, number: int) -> ExportRequest:
    """An approved file, handed out; the trail names everybody in it. Raises `NotVisible` where there is none."""
    asked = export_for(viewer, number)
    if asked.state != ExportState.APPROVED:
        raise NotVisible("no such file")
    record_list_read(viewer, "export taken", asked.patients, NATIONAL_AUDIT, which=f"{asked}, {asked.digest}")
    return asked


def file_name(asked: ExportRequest) -> str:
    return f"{asked.audit}-shaped_{asked.site_id}_{asked.first}_{asked.last}_not-an-official-format.csv"


def exempt(
    site: str, basis: str, reference: str, begins: date, ends: date | None, *, by: str, at: datetime
) -> OptOutExemption:
    """From now on opt-outs are not applied to the site's exports. Raises `ExportRefused` without a reference."""
    if not Site.objects.filter(code=site).exists():
        raise ExportRefused(f"there is no site {site!r}: load the organisations first")
    if not reference.strip():
        raise ExportRefused("give the reference of the approval, or where it is written that the site is in Wales")
    with transaction.atomic():
        stored = OptOutExemption.objects.create(
            site_id=site, basis=basis, reference=reference.strip(), begins=begins, ends=ends, set_by=by, set_at=at
        )
        detail = {"basis": basis, "reference": reference.strip(), "begins": begins, "ends": ends}
        trail.write(user=by, action="opt-out exemption stored", site=site, detail=detail)
    return stored


def _refuse_whom_it_does_not_open_to(viewer: Viewer, asked: ExportRequest) -> None:
    if not viewer.has_role(*APPROVERS, site=asked.site_id):
        raise ExportRefused("a manager or a doctor of the site approves")
    if viewer.user == asked.asked_by:
        raise ExportRefused("another person than the one who asked approves")


def _settle(asked: ExportRequest, state: str, **told: object) -> None:
    """Whoever comes first settles it."""
    waiting = ExportRequest.objects.filter(number=asked.number, state=ExportState.ASKED)
    if not waiting.update(state=state, **told):
        raise ExportRefused("somebody has settled it meanwhile: look at it again")
