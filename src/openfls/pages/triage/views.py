"""Triage: new sightings, twenty a screen, one key each, undo. Works with the keys of `triage.js` and without them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from secrets import token_hex
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from openfls import coordination
from openfls.clinical.facts import FractureSighting, Triage, TriageDecision
from openfls.clinical.patients import PatientRecord
from openfls.clinical.when import at
from openfls.pages.doors import CARE, open_to
from openfls.pages.environment import plural
from openfls.pages.forms.hand import Hand, content_of
from openfls.pages.frame.frame import show
from openfls.pages.frame.notices import tell
from openfls.pages.frame.waiting import to_triage
from openfls.pages.pager import page_of
from openfls.pages.triage.lines import Line, line
from openfls.pages.wards import ward_words
from openfls.record.access import Viewer, episodes_seen_by, facts_of, record_list_read
from openfls.record.models import EpisodeRow, TaskRow

A_SCREEN = 20
UNDO_KEPT_IN = "triage"  # of the session: the first sightings of what was answered last, newest last
UNDO_MOST = 40
ANSWERS = {answer.value: answer for answer in (Triage.ENROL, Triage.NOT_FRAGILITY, Triage.UNSURE)}


@dataclass(frozen=True)
class Answered:
    episode: EpisodeRow
    about: tuple[str, ...]
    answer: Triage


@open_to(CARE)
def triage(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    if request.method == "POST":
        return _answer(request, viewer)
    unsure = request.GET.get("unsure") == "1"
    waiting = to_triage(viewer, unsure=unsure)
    page = page_of(_in_order(waiting), request, A_SCREEN)
    ward_of = ward_words(viewer)
    lines = [_line(task, viewer, ward_of(task.episode.person)) for task in page.rows]
    record_list_read(viewer, "triage", [shown.patient for shown in lines], "case finding")
    return show(
        request,
        "triage/triage.html",
        viewer,
        title="Triage",
        page=page,
        lines=lines,
        unsure=unsure,
        unsure_count=to_triage(viewer, unsure=True).count(),
        undoable=len(request.session.get(UNDO_KEPT_IN, [])),
        mark=token_hex(16),
    )


def _in_order(tasks: "QuerySet[TaskRow]") -> "QuerySet[TaskRow]":
    """The oldest fracture first: nobody waits because newer ones keep coming."""
    return tasks.select_related("episode__person").order_by("episode__index_start", "episode")


def _line(task: TaskRow, viewer: Viewer, ward: str) -> Line:
    episode = task.episode
    wanted = facts_of(episode.person, viewer).filter(fact_id__in=episode.sightings)
    facts = (row.to_fact() for row in wanted)
    return line(task, {fact.id: fact for fact in facts if isinstance(fact, FractureSighting)}, ward)


def _answer(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    answered = list(_answered(request, viewer))
    facts = list(_decisions(request, viewer, answered))
    if facts:
        coordination.enter(facts, by=viewer.user, purpose="triage")
        _remember(request, [one.about[0] for one in answered])
    if request.headers.get("Accept") == "application/json":
        return JsonResponse({"answered": len(facts)})
    if facts:
        tell(request, f"{plural(len(facts), 'answer')} saved.", reverse("triage-undo"))
    elif request.POST.getlist("row"):
        tell(request, "No answer was chosen: nothing was saved.")
    return redirect(_next(request))


def _answered(request: HttpRequest, viewer: Viewer) -> Iterable[Answered]:
    """The rows with an answer. A row that is gone, or that the viewer may not see, is left out."""
    for row in request.POST.getlist("row")[:A_SCREEN]:
        answer = ANSWERS.get(request.POST.get(f"answer-{row}", ""))
        episode = _episode_with(viewer, row) if answer else None
        if answer and episode:
            shown = set(request.POST.get(f"about-{row}", "").split())
            about = tuple(s for s in episode.sightings if s in shown) or tuple(episode.sightings)
            yield Answered(episode, about, answer)


def _episode_with(viewer: Viewer, sighting: str) -> EpisodeRow | None:
    """The episode that holds this sighting now: first by the person of the sighting's record."""
    of_person = episodes_seen_by(viewer).filter(person__records__facts__fact_id=sighting)
    return next((episode for episode in of_person.select_related("person") if sighting in episode.sightings), None)


def _decisions(request: HttpRequest, viewer: Viewer, answered: Sequence[Answered]) -> Iterable[TriageDecision]:
    now = timezone.now()
    for one in answered:
        yield _decision(viewer, one, request.POST.get("form_mark", ""), now)


def _decision(viewer: Viewer, one: Answered, mark: str, now: Any) -> TriageDecision:
    content = content_of({"mark": mark, "row": one.about[0], "answer": one.answer})
    hand = Hand(viewer.user, one.episode.site, now, f"{mark}/{one.about[0]}/{one.answer}", content)
    return TriageDecision(
        record=_record(viewer, one),
        occurred=at(timezone.localtime(now).replace(tzinfo=None)),
        about=one.about,
        answer=one.answer,
        **hand.stamp("triage"),
    )


def _record(viewer: Viewer, one: Answered) -> PatientRecord:
    """Of a sighting in the viewer's sight; of any fact there, where another trust alone sighted the fracture."""
    facts = facts_of(one.episode.person, viewer)
    row = facts.filter(fact_id__in=one.about).first() or facts.first()
    if row is None:
        raise Http404
    return row.to_fact().record


@require_POST
@open_to(CARE)
def undo(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Take back the answer given last in this session."""
    remembered = request.session.get(UNDO_KEPT_IN, [])
    episode = _episode_with(viewer, remembered[-1]) if remembered else None
    if episode:
        one = Answered(episode, tuple(episode.sightings), Triage.UNDO)
        coordination.enter([_decision(viewer, one, token_hex(16), timezone.now())], by=viewer.user, purpose="triage")
    request.session[UNDO_KEPT_IN] = remembered[:-1]  # last: while the record is busy it can still be undone
    if request.headers.get("Accept") == "application/json":
        return JsonResponse({"row": remembered[-1] if episode else "", "left": len(remembered[:-1])})
    tell(request, "The last answer was taken back." if episode else "There was nothing to take back.")
    return redirect("triage")


def _remember(request: HttpRequest, rows: Sequence[str]) -> None:
    request.session[UNDO_KEPT_IN] = [*request.session.get(UNDO_KEPT_IN, []), *rows][-UNDO_MOST:]


def _next(request: HttpRequest) -> str:
    wanted = request.POST.get("next", "")
    return wanted if url_has_allowed_host_and_scheme(wanted, {request.get_host()}) else reverse("triage")
