"""Reports read as negative, checked by a named person: what was missed becomes a sighting, and how often is told."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from openfls import coordination
from openfls.clinical.facts import Answer, BodySite, Finder, FractureSighting, Side, Source
from openfls.clinical.standards import Role
from openfls.feeds.reading import ReportRead
from openfls.inbox.models import ReportAnswer, ReportSample, SampledReport
from openfls.inbox.reading import read
from openfls.measures.intervals import Interval, wilson
from openfls.record import trail
from openfls.record.access import NotVisible, Viewer

CHECKERS = (Role.COORDINATOR, Role.NURSE, Role.DOCTOR)
PURPOSE = "check of the reader of reports"


@dataclass(frozen=True, slots=True)
class Checked:
    """Of the reports of a site that were read as negative and checked, how many had a fracture. ``share``: 0 to 1."""

    site: str
    checked: int
    missed: int
    undecided: int
    waiting: int

    @property
    def share(self) -> Interval | None:
        return wilson(self.missed, self.checked)


def waiting(viewer: Viewer) -> "QuerySet[SampledReport]":
    """The sampled reports of the viewer's sites that nobody has checked yet."""
    return SampledReport.objects.filter(sample__site__in=_sites(viewer), answer="")


def samples(viewer: Viewer) -> "QuerySet[ReportSample]":
    """The samples of the viewer's sites, the newest month first."""
    return ReportSample.objects.filter(site__in=_sites(viewer)).order_by("-month", "site").prefetch_related("reports")


def sample_for(viewer: Viewer, number: int) -> ReportSample:
    """Raises `NotVisible` where there is no such sample, or it is of a site where the viewer checks none."""
    sample = samples(viewer).filter(pk=number).first()
    if sample is None:
        raise NotVisible("no such sample")
    return sample


def take(sample: ReportSample, *, by: str) -> None:
    """This person will check the list."""
    ReportSample.objects.filter(pk=sample.pk).update(owner=by)


def report_for(viewer: Viewer, number: int) -> tuple[SampledReport, ReportRead]:
    """A sampled report with its text, read again from the bytes; the trail says that the viewer read it.

    Raises `NotVisible` as above.
    """
    held = SampledReport.objects.filter(pk=number, sample__site__in=_sites(viewer)).select_related("sample", "message")
    sampled = held.first()
    report = (
        next((one for one in read(sampled.message).reports if one.place == sampled.place), None) if sampled else None
    )
    if sampled is None or report is None:
        raise NotVisible("no such report")
    trail.write(
        user=viewer.user, action="read a report", site=sampled.sample.site, patient=report.record.key, purpose=PURPOSE,
        request=viewer.request, detail={"report": sampled.pk},
    )  # fmt: skip
    return sampled, report


def next_after(sampled: SampledReport) -> SampledReport | None:
    """The next report of the same sample that nobody has checked: those after it first, then from the beginning."""
    unchecked = SampledReport.objects.filter(sample=sampled.sample_id, answer="").order_by("pk")
    return unchecked.filter(pk__gt=sampled.pk).first() or unchecked.first()


@dataclass(frozen=True, slots=True, kw_only=True)
class Missed:
    """A fracture that the reader missed, as the person who checked it names it."""

    body_site: BodySite
    side: Side = Side.UNKNOWN
    words: str = ""


def answer(
    sampled: SampledReport, report: ReportRead, found: ReportAnswer, missed: Missed | None = None, *, by: str,
    at: datetime | None = None,
) -> None:  # fmt: skip
    """Keep what a named person found. A fracture becomes a sighting by hand, taken back where the answer is changed.

    Raises ``ValueError`` for a fracture without its bone, or without a person.
    """
    if not by or (found is ReportAnswer.FRACTURE) != (missed is not None):
        raise ValueError("an answer is a named person's, and a fracture has its bone: give both")
    now = at or timezone.now()
    if missed is not None:
        coordination.enter([_sighting(sampled, report, missed, by, now)], by=by, purpose=PURPOSE)
    elif sampled.answer == ReportAnswer.FRACTURE:
        taken_back = _sighting(sampled, report, Missed(body_site=BodySite.UNSPECIFIED), by, now, retracted=True)
        coordination.enter([taken_back], by=by, purpose=PURPOSE)
    with transaction.atomic(using="inbox"):
        SampledReport.objects.filter(pk=sampled.pk).update(answer=found, answered_by=by, answered_at=now)
        told = {"report": sampled.pk, "answer": found.value}
        trail.write(
            user=by, action="checked a report", site=sampled.sample.site, patient=report.record.key, detail=told
        )


def _sighting(
    sampled: SampledReport, report: ReportRead, missed: Missed, by: str, now: datetime, *, retracted: bool = False
) -> FractureSighting:
    said = f"{sampled.pk} {missed.body_site} {missed.side} {missed.words} {now.isoformat()} {retracted}"
    return FractureSighting(
        record=report.record,
        occurred=report.occurred,
        known=now,
        version=now,
        source=Source(f"hand/{by}", sha256(said.encode()).hexdigest(), "sighting"),
        site=sampled.sample.site,
        key=f"check of report {sampled.pk}",
        by=by,
        retracted=retracted,
        finder=Finder.BY_HAND,
        body_site=missed.body_site,
        side=missed.side,
        certain=Answer.UNKNOWN if retracted else Answer.YES,
        dated_by="report",
        words=missed.words,
    )


def checked(sites: Collection[str], since: date | None = None) -> list[Checked]:
    """How often the reader missed a fracture at each of these sites, in the samples of the months since then."""
    rows = SampledReport.objects.filter(sample__site__in=sites)
    if since is not None:
        rows = rows.filter(sample__month__gte=since)
    counts: dict[str, Counter[str]] = {}
    for site, found in rows.values_list("sample__site", "answer"):
        counts.setdefault(site, Counter())[found] += 1
    return [_checked(site, counted) for site, counted in sorted(counts.items())]


def _checked(site: str, counted: Counter[str]) -> Checked:
    missed = counted[ReportAnswer.FRACTURE]
    decided = missed + counted[ReportAnswer.NO_FRACTURE]
    return Checked(site, decided, missed, counted[ReportAnswer.CANT_TELL], counted[""])


def _sites(viewer: Viewer) -> list[str]:
    return [site for site in viewer.sites if viewer.has_role(*CHECKERS, site=site)]
