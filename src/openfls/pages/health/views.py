"""``/livez``, ``/readyz`` and ``/metrics``, for whatever watches over the service."""

from secrets import compare_digest

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from openfls.inbox.readiness import checks
from openfls.pages.health.exposition import CONTENT_TYPE, exposition


@require_safe
def livez(request: HttpRequest) -> HttpResponse:
    """This process answers. It asks no database: a full disk is no reason to restart it."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Whether requests should be sent here: 200, or 503 with what stands against it."""
    found = checks()
    ready = all(check.fine for check in found)
    told = [{"name": check.name, "fine": check.fine, "says": check.says} for check in found]
    return JsonResponse({"ready": ready, "checks": told}, status=200 if ready else 503)


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Figures for Prometheus: with the token of the settings, or without one where only this machine can ask."""
    if not _may_read_metrics(request):
        raise Http404
    return HttpResponse(exposition(), content_type=CONTENT_TYPE)


def _may_read_metrics(request: HttpRequest) -> bool:
    token = settings.METRICS_TOKEN
    if not token:
        return bool(settings.ON_LOOPBACK)
    return compare_digest(request.headers.get("Authorization", "").encode(), f"Bearer {token}".encode())
