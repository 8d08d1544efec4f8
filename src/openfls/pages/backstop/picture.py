"""The finders' overlap with the addresses that its columns open, and how finders stand in addresses."""

from collections.abc import Iterable

from django.urls import reverse

from openfls.clinical.facts import Finder
from openfls.measures.backstop import Backstop
from openfls.measures.charts.overlap import overlap_of, overlap_picture, words_of
from openfls.pages.gaps.pictures import Shown


def slug_of(finder: Finder) -> str:
    return finder.value.replace(" ", "-")


FINDER_OF_SLUG = {slug_of(finder): finder for finder in Finder}


def slug_of_group(finders: Iterable[Finder]) -> str:
    return "+".join(sorted(slug_of(finder) for finder in finders))


def words_of_group(finders: Iterable[Finder]) -> str:
    return words_of(frozenset(finder.value for finder in finders))


def overlap(backstop: Backstop, period: str) -> Shown | None:
    """The picture, each column and each row of its table opening exactly its fractures."""
    to = {names: _address(names, period) for names, _ in backstop.overlap}
    picture = overlap_picture(
        overlap_of(backstop), {frozenset(one.value for one in names): at for names, at in to.items()}
    )
    opens = {(words_of_group(names), "Fractures"): address for names, address in to.items()}
    return Shown(picture, opens) if picture else None


def _address(finders: Iterable[Finder], period: str) -> str:
    return reverse("backstop-names", args=["group", slug_of_group(finders)]) + f"?period={period}"
