"""Doubts of identity: two records that may be one person. The answer is a fact and can be taken back."""

from dataclasses import dataclass
from datetime import date

from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from openfls import coordination
from openfls.clinical.facts import RecordsLinked, RecordsSeparated, RecordsUndecided
from openfls.clinical.people import LinkFact
from openfls.clinical.when import on
from openfls.pages.doors import CARE, open_to
from openfls.pages.environment import day
from openfls.pages.forms.hand import HandForm
from openfls.pages.frame.frame import show
from openfls.pages.frame.notices import tell
from openfls.pages.identity.comparing import SideBySide, side_by_side
from openfls.pages.pager import page_of
from openfls.pages.patient.chart import open_chart
from openfls.pages.patient.corrections import version_of
from openfls.pages.staff import Staff
from openfls.record.access import (
    Viewer,
    crowded_seen_by,
    doubts_seen_by,
    people_doubted_elsewhere,
    record_list_read,
)
from openfls.record.models import DoubtRow, Person

A_PAGE = 10
ANSWERS = {"link": RecordsLinked, "separate": RecordsSeparated, "unsure": RecordsUndecided}
IN_ORDER = (F("undecided_on").asc(nulls_first=True), "-probability", "left", "right")  # the likeliest new ones first
DONE = {
    RecordsLinked: "The two records are one person now.",
    RecordsSeparated: "The two records are kept apart.",
    RecordsUndecided: "The question stays open, after those nobody has looked at.",
}


@dataclass(frozen=True)
class Doubt:
    """``left`` and ``right`` lead to the patient pages, ``left_record`` and ``right_record`` name the records."""

    left: str
    right: str
    left_record: str
    right_record: str
    name: str
    beside: SideBySide
    undecided: str
    form: HandForm


@dataclass(frozen=True)
class OwnSide:
    """A person of the viewer's own sites of whom there may be a record elsewhere."""

    patient: str
    name: str
    nhs_number: str | None
    born: date | None


@open_to(CARE)
def doubts(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Those that the viewer may answer; ``elsewhere=1``: those of which he may see one side alone."""
    if request.GET.get("elsewhere") == "1":
        return _elsewhere(request, viewer)
    rows = doubts_seen_by(viewer).filter(answered=False).order_by(*IN_ORDER)
    rows = rows.select_related("left__person", "right__person").prefetch_related("left__numbers", "right__numbers")
    page = page_of(rows, request, A_PAGE)
    people = [key for row in page.rows for key in (row.person_left_id, row.person_right_id)]
    staff = Staff({row.undecided_by for row in page.rows if row.undecided_by})
    record_list_read(viewer, "doubts of identity", people, "identity")
    return show(
        request,
        "identity/identity.html",
        viewer,
        title="Identity",
        page=page,
        crowded=[block.words for block in crowded_seen_by(viewer)],
        doubts=[_doubt(row, viewer, staff) for row in page.rows],
        elsewhere=False,
        elsewhere_count=people_doubted_elsewhere(viewer).count(),
    )


def _elsewhere(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    page = page_of(people_doubted_elsewhere(viewer).order_by("name", "key"), request, A_PAGE)
    record_list_read(viewer, "doubts of identity with a record elsewhere", [row.key for row in page.rows], "identity")
    return show(
        request,
        "identity/identity.html",
        viewer,
        title="Identity",
        page=page,
        people=[_own_side(row) for row in page.rows],
        elsewhere=True,
        elsewhere_count=page.total,
    )


def _own_side(person: Person) -> OwnSide:
    return OwnSide(person.key, person.name or "name not given", person.nhs_number, person.birth_date)


def _doubt(row: DoubtRow, viewer: Viewer, staff: Staff) -> Doubt:
    return Doubt(
        left=row.person_left_id,
        right=row.person_right_id,
        left_record=row.left_id,
        right_record=row.right_id,
        name=_names(row),
        beside=side_by_side(row, viewer),
        undecided=_undecided(row, staff),
        form=HandForm(),
    )


@require_POST
@open_to(CARE)
def answer(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The two records are one person, or two."""
    kind = ANSWERS.get(request.POST.get("answer", ""))
    pair = (request.POST.get("left", ""), request.POST.get("right", ""))
    row = doubts_seen_by(viewer).filter(left=pair[0], right=pair[1]).select_related("left", "right").first()
    form = HandForm(request.POST)
    if kind is None or row is None or not form.is_valid():
        raise Http404("no such doubt")
    hand = form.hand(viewer.user, None, timezone.now())
    stamp = hand.stamp(f"{row.left_id} {row.right_id}")
    fact = kind(record=row.left.to_record(), other=row.right.to_record(), occurred=on(timezone.localdate()), **stamp)
    coordination.enter([fact], by=viewer.user, purpose="identity")
    undo_it = reverse("identity-undo", args=[row.left_id, fact.id])
    if kind is RecordsLinked:
        tell(request, DONE[kind], undo_it, reverse("patient", args=[row.left_id]), "Open the patient")
    else:
        tell(request, DONE[kind], undo_it)
    return redirect("identity")


@require_POST
@open_to(CARE)
def undo(request: HttpRequest, viewer: Viewer, key: str, fact: str) -> HttpResponse:
    """Take back an answer that the viewer gave; the question is asked again."""
    chart, form = open_chart(viewer, key, "identity"), HandForm(request.POST)
    given = chart.fact_by_id.get(fact)
    if not isinstance(given, LinkFact) or given.by != viewer.user or not form.is_valid():
        raise Http404("no such answer")
    hand = form.hand(viewer.user, given.site, timezone.now())
    coordination.enter([version_of(given, hand, retracted=True)], by=viewer.user, purpose="identity")
    tell(request, "The answer was taken back. The question is open again.")
    return redirect("identity")


def _undecided(row: DoubtRow, staff: Staff) -> str:
    """``Carys Tester couldn't tell on 26 Nov 2026``, where somebody looked before."""
    return f"{staff.name(row.undecided_by)} couldn't tell on {day(row.undecided_on)}" if row.undecided_on else ""


def _names(row: DoubtRow) -> str:
    """Both names where they differ, so that a heading names what is asked."""
    return " or ".join(dict.fromkeys((row.left.to_record().name, row.right.to_record().name)))
