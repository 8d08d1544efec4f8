"""Doubts of identity: two records that may be one person. The answer is a fact and can be taken back."""

from dataclasses import dataclass
from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from openfls import coordination
from openfls.clinical.facts import RecordsLinked, RecordsSeparated
from openfls.clinical.patients import PatientRecord, Sex
from openfls.clinical.when import on
from openfls.pages.doors import CARE, open_to
from openfls.pages.environment import day, nhs_number
from openfls.pages.forms.hand import HandForm
from openfls.pages.frame.frame import show
from openfls.pages.frame.notices import tell
from openfls.pages.pager import page_of
from openfls.pages.patient.chart import open_chart
from openfls.pages.patient.corrections import version_of
from openfls.record.access import Viewer, doubts_seen_by, people_doubted_elsewhere, record_list_read
from openfls.record.models import DoubtRow, Person

A_PAGE = 10
ANSWERS = {"link": RecordsLinked, "separate": RecordsSeparated}


@dataclass(frozen=True)
class Compared:
    """One detail of both records; ``differs`` where both say something and not the same."""

    what: str
    left: str
    right: str
    differs: bool


@dataclass(frozen=True)
class Doubt:
    """``left`` and ``right`` lead to the patient pages, ``left_record`` and ``right_record`` name the records."""

    because: str
    left: str
    right: str
    left_record: str
    right_record: str
    name: str
    compared: tuple[Compared, ...]
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
    rows = doubts_seen_by(viewer).filter(answered=False).order_by("id")
    rows = rows.select_related("left", "right").prefetch_related("left__numbers", "right__numbers")
    page = page_of(rows, request, A_PAGE)
    people = [key for row in page.rows for key in (row.person_left_id, row.person_right_id)]
    record_list_read(viewer, "doubts of identity", people, "identity")
    return show(
        request,
        "identity/identity.html",
        viewer,
        title="Identity",
        page=page,
        doubts=[_doubt(row) for row in page.rows],
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


def _doubt(row: DoubtRow) -> Doubt:
    left, right = row.left.to_record(), row.right.to_record()
    return Doubt(
        because=row.because,
        left=row.person_left_id,
        right=row.person_right_id,
        left_record=row.left_id,
        right_record=row.right_id,
        name=left.name,
        compared=tuple(_compared(left, right)),
        form=HandForm(),
    )


def _compared(left: PatientRecord, right: PatientRecord) -> list[Compared]:
    details = zip(_details(left), _details(right), strict=True)
    return [Compared(what, a, b, differs=bool(a and b and a != b)) for (what, a), (_, b) in details]


def _details(record: PatientRecord) -> list[tuple[str, str]]:
    return [
        ("Name", record.name),
        ("Date of birth", day(record.birth_date)),
        ("Sex", "" if record.sex is Sex.UNKNOWN else record.sex.value),
        ("NHS number", nhs_number(record.nhs_number, "")),
        ("NHS number that fails its check", record.doubtful_nhs_number or ""),
        ("Hospital numbers", ", ".join(str(number) for number in record.hospital_numbers)),
    ]


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
        patient = reverse("patient", args=[row.left_id])
        tell(request, "The two records are one person now.", undo_it, patient, "Open the patient")
    else:
        tell(request, "The two records are kept apart.", undo_it)
    return redirect("identity")


@require_POST
@open_to(CARE)
def undo(request: HttpRequest, viewer: Viewer, key: str, fact: str) -> HttpResponse:
    """Take back an answer that the viewer gave; the question is asked again."""
    chart, form = open_chart(viewer, key, "identity"), HandForm(request.POST)
    given = chart.fact_by_id.get(fact)
    if not isinstance(given, RecordsLinked | RecordsSeparated) or given.by != viewer.user or not form.is_valid():
        raise Http404("no such answer")
    hand = form.hand(viewer.user, given.site, timezone.now())
    coordination.enter([version_of(given, hand, retracted=True)], by=viewer.user, purpose="identity")
    tell(request, "The answer was taken back. The question is open again.")
    return redirect("identity")
