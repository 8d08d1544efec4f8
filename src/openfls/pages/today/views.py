"""Today: the first page of each role."""

from collections.abc import Callable, Mapping
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from openfls.clinical.standards import Role
from openfls.pages.components.measures import summaries
from openfls.pages.doors import EVERYONE, answered_for, open_to
from openfls.pages.frame.frame import show
from openfls.pages.pager import on_one_page, page_of
from openfls.pages.staff import Staff
from openfls.pages.today.ward_round import ward_round
from openfls.pages.today.worklist import A_PAGE, LATER, OVERDUE, SOON, WHEN, Filters, counts_by_step, in_order, line
from openfls.pages.wards import ward_words
from openfls.record.access import Viewer, record_list_read, standings_seen_by, worklist_of

Today = Callable[[HttpRequest, Viewer, date], HttpResponse]


@open_to(EVERYONE)
def today(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """What is there to do, for the viewer's first role in the order of who acts most."""
    day = timezone.localdate()
    for role, page in PAGES.items():
        if viewer.has_role(role):
            return page(request, viewer, day)
    practice = viewer.has_role(Role.GENERAL_PRACTICE)
    return show(request, "today/nothing.html", viewer, title="Today", practice=practice)


def worklist(request: HttpRequest, viewer: Viewer, day: date, role: Role) -> HttpResponse:
    filters = Filters.asked(request.GET, role.value)
    tasks = worklist_of(viewer)
    page = page_of(in_order(filters.narrow(tasks, viewer.user, day)), request, A_PAGE)
    staff, ward_of = Staff(task.owner for task in page.rows), ward_words(viewer)
    lines = [line(task, day, staff, ward_of(task.person)) for task in page.rows]
    record_list_read(viewer, "worklist", [shown.patient for shown in lines])
    return show(
        request,
        "today/worklist.html",
        viewer,
        title="Today",
        day=day,
        filters=filters,
        roles=[Role.COORDINATOR, Role.NURSE, Role.DOCTOR],
        steps=counts_by_step(tasks, filters, day),
        mine=Filters(owner="mine").narrow(tasks, viewer.user, day).count(),
        overdue=Filters(role=filters.role, due=OVERDUE).narrow(tasks, viewer.user, day).count(),
        later=Filters(role=filters.role, due=LATER).narrow(tasks, viewer.user, day).count(),
        whens=WHEN,
        soon_days=SOON.days,
        unseen=Filters(role=filters.role, seen=True).narrow(tasks, viewer.user, day).count(),
        page=page,
        on_one_page=on_one_page(request),
        lines=lines,
    )


def for_coordinator(request: HttpRequest, viewer: Viewer, day: date) -> HttpResponse:
    return worklist(request, viewer, day, Role.COORDINATOR)


def for_nurse(request: HttpRequest, viewer: Viewer, day: date) -> HttpResponse:
    return worklist(request, viewer, day, Role.NURSE)


def for_doctor(request: HttpRequest, viewer: Viewer, day: date) -> HttpResponse:
    """The ward round, unless the doctor asks for tasks."""
    if request.GET:
        return worklist(request, viewer, day, Role.DOCTOR)
    wards = ward_round(viewer, day)
    shown = [bed.patient for ward in wards for bed in ward.beds]
    record_list_read(viewer, "ward round", shown)
    tasks = worklist_of(viewer)

    def counted(asked: Filters) -> int:
        return asked.narrow(tasks, viewer.user, day).count()

    return show(
        request,
        "today/ward_round.html",
        viewer,
        title="Ward round",
        day=day,
        wards=wards,
        tasks=counted(Filters(role=Role.DOCTOR)),
        overdue=counted(Filters(role=Role.DOCTOR, due=OVERDUE)),
        later=counted(Filters(role=Role.DOCTOR, due=LATER)),
        mine=counted(Filters(owner="mine")),
        soon_days=SOON.days,
    )


def for_manager(request: HttpRequest, viewer: Viewer, day: date) -> HttpResponse:
    measured = summaries(answered_for(standings_seen_by(viewer), viewer), day)
    return show(request, "today/measures.html", viewer, title="Today", day=day, components=measured)


def for_administrator(request: HttpRequest, viewer: Viewer, day: date) -> HttpResponse:
    return show(request, "today/administrator.html", viewer, title="Today")


PAGES: Mapping[Role, Today] = {
    Role.COORDINATOR: for_coordinator,
    Role.NURSE: for_nurse,
    Role.DOCTOR: for_doctor,
    Role.MANAGER: for_manager,
    Role.ADMINISTRATOR: for_administrator,
}
