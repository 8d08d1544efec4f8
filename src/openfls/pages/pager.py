"""Long lists in pages: which rows, and the addresses of the pages before and after."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest


@dataclass(frozen=True)
class Page:
    """``rows`` of this page; ``first`` and ``last`` count from 1, 0 where there is nothing."""

    rows: Sequence[Any]
    number: int
    pages: int
    first: int
    last: int
    total: int
    before: str = ""
    after: str = ""


def page_of(rows: Any, request: HttpRequest, size: int) -> Page:
    """The page that the address asks for; one that doesn't exist gives the nearest that does."""
    paginator = Paginator(rows, size)
    page = paginator.get_page(request.GET.get("page"))
    return Page(
        rows=list(page.object_list),
        number=page.number,
        pages=paginator.num_pages,
        first=page.start_index(),
        last=page.end_index(),
        total=paginator.count,
        before=_address(request, page.number - 1) if page.has_previous() else "",
        after=_address(request, page.number + 1) if page.has_next() else "",
    )


def _address(request: HttpRequest, number: int) -> str:
    query = request.GET.copy()
    query["page"] = str(number)
    return f"?{query.urlencode()}"
