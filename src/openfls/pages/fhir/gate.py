"""The gate: whose token it is, what was sent, and one form of answer for everything that goes wrong."""

import logging
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, cast

from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from openfls.pages.fhir.answers import Refusal
from openfls.record.access import Viewer, viewer_of_system
from openfls.record.systems import Known, system_of

logger = logging.getLogger(__name__)

LARGEST_BODY = 64 * 1024 * 1024  # bytes; a bigger export is a file for `openfls import`
JSON_TYPES = ("application/fhir+json", "application/json", "text/json")
JSON_FORMATS = ("json", *JSON_TYPES)

View = Callable[..., HttpResponse]


def by_method(**views: View) -> View:
    """One address, a view for each method. No cookie opens it, so no form of another site can (no CSRF token)."""

    @csrf_exempt
    def answered(request: HttpRequest, **parts: str) -> HttpResponse:
        try:
            view = views.get(request.method or "")
            if view is None:
                raise Refusal(405, "not-supported", f"{request.method} is not for this address: {', '.join(views)}.")
            _refuse_other_formats(request)
            return view(request, **parts)
        except Refusal as refusal:
            return _allowing(refusal.answer(), views)
        except Http404:
            return Refusal(404, "not-found", "There is no such resource, or this system may not see it.").answer()
        except OperationalError:
            logger.exception("a database failed while a system waited")
            return Refusal(503, "transient", "The record is busy or out of reach: send the same again later.").answer()
        except Exception:
            logger.exception("a request of a system failed")
            return Refusal(500, "exception", "This failed here, not with you; it is in our log.").answer()

    return answered


def _allowing(reply: HttpResponse, views: Mapping[str, View]) -> HttpResponse:
    if reply.status_code == 405:
        reply.headers["Allow"] = ", ".join(views)
    return reply


def _refuse_other_formats(request: HttpRequest) -> None:
    wanted = request.GET.get("_format") or ""
    if wanted and wanted.partition(";")[0].strip() not in JSON_FORMATS:
        raise Refusal(406, "not-supported", "Only JSON is spoken here: application/fhir+json.")
    if not wanted and not any(request.accepts(kind) for kind in JSON_TYPES):
        raise Refusal(406, "not-supported", "Only JSON is spoken here: accept application/fhir+json.")


def reading(view: View) -> View:
    """The view takes ``(request, viewer, …)``: a system that may read, and sees what its sites see."""

    @wraps(view)
    def opened(request: HttpRequest, **parts: str) -> HttpResponse:
        system = _system(request)
        if not system.may_read:
            raise Refusal(403, "forbidden", f"{system.name} may send but not read.")
        return view(request, viewer_at_gate(request, system), **parts)

    return opened


def sending(view: View) -> View:
    """The view takes ``(request, system, content, …)``: a system that may send, and what it sent."""

    @wraps(view)
    def opened(request: HttpRequest, **parts: str) -> HttpResponse:
        system = _system(request)
        if not system.source:
            raise Refusal(403, "forbidden", f"{system.name} may read but not send.")
        return view(request, system, _content(request), **parts)

    return opened


def viewer_at_gate(request: HttpRequest, system: Known) -> Viewer:
    return viewer_of_system(system, request=cast(Any, request).request_id)


def _system(request: HttpRequest) -> Known:
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    system = system_of(token.strip()) if kind.lower() == "bearer" and token else None
    if system is None:
        raise Refusal(401, "login", "Send a token that is in force: Authorization: Bearer …")
    return system


def _content(request: HttpRequest) -> bytes:
    if request.content_type not in JSON_TYPES:
        raise Refusal(415, "not-supported", "Send it as application/fhir+json.")
    content = request.read(LARGEST_BODY + 1)
    if len(content) > LARGEST_BODY:
        raise Refusal(413, "too-long", f"At most {LARGEST_BODY // 2**20} MB at once: divide the bundle.")
    if not content.strip():
        raise Refusal(400, "required", "The body is empty: send a resource.")
    return content
