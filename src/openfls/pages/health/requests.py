"""Middleware: each request gets an id, a log line and its place in the figures."""

import logging
import time
from collections.abc import Callable
from uuid import uuid4

from django.http import HttpRequest, HttpResponse

from openfls.pages.health.exposition import answered

logger = logging.getLogger("openfls.requests")
NO_ROUTE = "none"  # static files, and addresses that lead nowhere: what was typed is not repeated


class Watched:
    """First of all middleware, so that nothing goes by unseen. The trail holds the same ``request.request_id``."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.request_id = uuid4().hex  # type: ignore[attr-defined]
        began = time.perf_counter()
        response = self.get_response(request)
        seconds = time.perf_counter() - began
        matched = request.resolver_match
        route, method = (matched.url_name if matched else None) or NO_ROUTE, request.method or ""
        answered(route, method, response.status_code, seconds)
        told = {"route": route, "method": method, "status": response.status_code, "seconds": round(seconds, 4)}
        logger.info("answered", extra=told | {"request_id": request.request_id})  # type: ignore[attr-defined]
        return response
