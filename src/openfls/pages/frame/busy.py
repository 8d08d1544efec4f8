"""Somebody else is writing for long: whoever wanted to write is told so, keeps what was typed and can send it again."""

from collections.abc import Callable

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse

from openfls.pages.doors import viewer_at
from openfls.pages.frame.frame import show
from openfls.record.locks import is_busy, waiting_at_most

PATIENCE = 5.0  # seconds; as long as SQLite waits (settings)
NOT_KEPT = ("csrfmiddlewaretoken", "password")


class RecordBusy:
    """Middleware: the page in place of an error. Views write once, in one transaction, so nothing was saved."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with waiting_at_most(PATIENCE):
            return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        return busy(request) if isinstance(error, OperationalError) and is_busy(error) else None


def busy(request: HttpRequest) -> HttpResponse:
    if request.headers.get("Accept") == "application/json":
        return JsonResponse({"busy": True}, status=503)
    viewer = viewer_at(request) if request.user.is_authenticated else None
    sent = kept(request)
    page = show(
        request,
        "frame/busy.html",
        viewer,
        title="The record is busy",
        status=503,
        wrote=request.method == "POST",
        sent=sent,
        typed=[value for _, value in sent if " " in value.strip()],
        files=bool(request.FILES),
    )
    page.headers["Retry-After"] = "10"
    return page


def kept(request: HttpRequest) -> list[tuple[str, str]]:
    """What was sent, to be sent once more: the form's own mark makes that harmless."""
    return [(name, value) for name, values in request.POST.lists() if name not in NOT_KEPT for value in values]
