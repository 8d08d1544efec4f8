"""One task: why it is there, and what can be done with it."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from openfls import coordination
from openfls.clinical.facts import ClosingReason
from openfls.clinical.standards import Step
from openfls.pages.doors import CARE, open_to
from openfls.pages.forms.fields import sentence
from openfls.pages.frame.frame import show
from openfls.pages.frame.notices import tell
from openfls.pages.patient.acts import ACTS, DONE, Act, Close, HandOver, Reopen, Take
from openfls.pages.patient.chart import Chart, open_chart
from openfls.pages.patient.fracture import index_of, task_line, title_of
from openfls.record.access import Viewer
from openfls.record.models import EpisodeRow, TaskRow
from openfls.record.users import list_users


@open_to(CARE)
def task(request: HttpRequest, viewer: Viewer, key: str, sighting: str, slug: str) -> HttpResponse:
    chart = open_chart(viewer, key)
    episode = chart.fracture_with(sighting)
    row = chart.task_of(episode, slug)
    return _show(request, viewer, chart, episode, row, {})


@require_POST
@open_to(CARE)
def act(request: HttpRequest, viewer: Viewer, key: str, sighting: str, slug: str, name: str) -> HttpResponse:
    """Do one of `ACTS` with the task."""
    kind = ACTS.get(name)
    if kind is None:
        raise Http404
    chart = open_chart(viewer, key)
    episode = chart.fracture_with(sighting)
    row = chart.task_of(episode, slug)
    form = _form(kind, viewer, request.POST)
    if not form.is_valid():
        return _show(request, viewer, chart, episode, row, {name: form})
    now = timezone.now()
    hand = form.hand(viewer.user, chart.site(episode), now)
    about = tuple(episode.sightings)
    fact = form.fact(hand, chart.record(episode), about, Step(row.step), timezone.localtime(now).replace(tzinfo=None))
    coordination.enter([fact], by=viewer.user, purpose="direct care")
    tell(request, DONE[name])
    return redirect(_next(request, chart))


def _form(kind: type[Act], viewer: Viewer, sent: Any = None, **options: Any) -> Act:
    if kind is HandOver:
        options["colleagues"] = colleagues(viewer)
    if kind.base_fields.keys() - {"form_mark"}:  # several stand on one page: their boxes must not share names
        options["prefix"] = kind.__name__.lower()
    return kind(sent, **options)


def colleagues(viewer: Viewer) -> list[tuple[str, str]]:
    """Active users who care for patients at one of the viewer's sites, by name."""
    at_hand = [
        (user.username, f"{user.full_name or user.username} ({', '.join(_roles_at(user.roles, viewer))})")
        for user in list_users()
        if user.active and _roles_at(user.roles, viewer)
    ]
    return sorted(at_hand, key=lambda pair: pair[1])


def _roles_at(roles: Any, viewer: Viewer) -> list[str]:
    return sorted({role.value for site in viewer.sites for role in roles.get(site, ()) if role in CARE})


def _show(
    request: HttpRequest, viewer: Viewer, chart: Chart, episode: EpisodeRow, row: TaskRow, sent: dict[str, Act]
) -> HttpResponse:
    today = timezone.localdate()
    return show(
        request,
        "patient/task.html",
        viewer,
        title=sentence(row.step),
        banner=chart.banner(today),
        fracture=f"{title_of(episode)}, {index_of(episode)}",
        about=episode.sightings[0],
        task=task_line(row, today, chart.staff),
        mine=row.owner == viewer.user,
        close=sent.get("close") or _form(Close, viewer, initial={"reason": _likely(row, chart)}),
        hand_over=sent.get("hand-over") or _form(HandOver, viewer),
        reopen=sent.get("reopen") or _form(Reopen, viewer),
        take=Take(),
        sent=next(iter(sent.values()), None),
    )


def _likely(row: TaskRow, chart: Chart) -> str:
    """The reason that a confirmation is about; nothing is chosen for any other task."""
    if row.step != Step.CONFIRM_CLOSING:
        return ""
    return ClosingReason.DIED if chart.person.died_on else ClosingReason.WITHDRAWN


def _next(request: HttpRequest, chart: Chart) -> str:
    wanted = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()})
    return wanted if safe else f"/patients/{chart.person.key}/"
