"""Reports read as negative: the lists of the viewer's sites, and one report at a time with its text."""

from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from openfls.feeds.reports import marked
from openfls.inbox import checking
from openfls.inbox.models import ReportSample
from openfls.pages.doors import CARE, open_to
from openfls.pages.forms.hand import sent
from openfls.pages.frame.frame import show, site_names
from openfls.pages.frame.notices import tell
from openfls.pages.reports.forms import Check
from openfls.pages.staff import Staff
from openfls.record.access import Viewer

SHOWN = 24  # lists: two years of a site


@dataclass(frozen=True)
class ListLine:
    """One list: ``next`` is the report to check next, None where all are."""

    number: int
    site: str
    month: date
    owner: str
    total: int
    done: int
    next: int | None


@open_to(CARE)
def lists(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    names = site_names(viewer)
    drawn = [_line(sample, names.get(sample.site, sample.site)) for sample in checking.samples(viewer)[:SHOWN]]
    return show(
        request,
        "reports/reports.html",
        viewer,
        title="Reports to check",
        lists=drawn,
        staff=Staff(one.owner for one in drawn),
        checked=[(names.get(one.site, one.site), one) for one in checking.checked(viewer.sites)],
    )


def _line(sample: ReportSample, site: str) -> ListLine:
    reports = sorted(sample.reports.all(), key=lambda report: report.pk)
    unchecked = [report.pk for report in reports if not report.answer]
    return ListLine(
        number=sample.pk,
        site=site,
        month=sample.month,
        owner=sample.owner,
        total=len(reports),
        done=len(reports) - len(unchecked),
        next=next(iter(unchecked), None),
    )


@require_POST
@open_to(CARE)
def take(request: HttpRequest, viewer: Viewer, number: int) -> HttpResponse:
    checking.take(checking.sample_for(viewer, number), by=viewer.user)
    tell(request, "The list is yours.")
    return redirect("reports")


@open_to(CARE)
def report(request: HttpRequest, viewer: Viewer, number: int) -> HttpResponse:
    sampled, read = checking.report_for(viewer, number)
    form = Check(sent(request), auto_id="%s")
    if form.is_valid():
        checking.answer(sampled, read, form.answer(), form.missed(), by=viewer.user)
        following = checking.next_after(sampled)
        missed = "; it waits for triage now" if form.missed() else ""
        tell(request, f"Saved: {form.answer()}{missed}." + ("" if following else " The list is done."))
        return redirect("report", number=following.pk) if following else redirect("reports")
    line = _line(checking.sample_for(viewer, sampled.sample_id), site_names(viewer).get(sampled.sample.site, ""))
    return show(
        request,
        "reports/report.html",
        viewer,
        title="Check a report",
        sampled=sampled,
        list=line,
        staff=Staff([line.owner, sampled.answered_by]),
        report=read,
        text=marked(read.text),
        form=form,
    )
