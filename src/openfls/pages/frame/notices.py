"""A line at the top of the next page: what was just done, where it can be seen, and the address that undoes it."""

from dataclasses import dataclass

from django.http import HttpRequest

KEPT_IN = "notices"


@dataclass(frozen=True)
class Notice:
    """``undo`` is an address that takes a POST, empty where there is nothing to undo; ``see`` an address to go on to,
    with ``see_words`` on it."""

    words: str
    undo: str = ""
    see: str = ""
    see_words: str = ""


def tell(request: HttpRequest, words: str, undo: str = "", see: str = "", see_words: str = "") -> None:
    """Show this on the next page of this session. Name no patient: the session outlives the page."""
    request.session[KEPT_IN] = [*request.session.get(KEPT_IN, []), [words, undo, see, see_words]]


def taken_notices(request: HttpRequest) -> tuple[Notice, ...]:
    """What waits to be told; told once."""
    return tuple(Notice(*kept) for kept in request.session.pop(KEPT_IN, []))
