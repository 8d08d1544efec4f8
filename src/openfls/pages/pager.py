"""Long lists in pages: which rows, and the addresses of the pages before and after."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest

ALL = 1000  # rows: what a browser still shows and prints without complaint


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
    """The page that the address asks for; one that doesn't exist gives the nearest that does. ``all=1``: so many rows
    as may stand on one."""
    paginator = Paginator(rows, ALL if request.GET.get("all") == "1" else size)
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


def on_one_page(request: HttpRequest) -> str:
    """The address of the same list without pages: to print it."""
    query = request.GET.copy()
    query.pop("page", None)
    query["all"] = "1"
    return f"?{query.urlencode()}"


def _address(request: HttpRequest, number: int) -> str:
    query = request.GET.copy()
    query["page"] = str(number)
    return f"?{query.urlencode()}"
