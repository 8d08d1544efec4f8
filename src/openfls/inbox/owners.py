"""Who answers for a feed: a site, or the trust where one feed serves all its sites. A trust is one data controller."""

from collections.abc import Iterable

from openfls.record.models import Site


def owners(sites: Iterable[str]) -> set[str]:
    """These sites and the trusts they belong to: the feeds that the people who work there answer for."""
    codes = set(sites)
    return codes | set(Site.objects.filter(code__in=codes).values_list("trust", flat=True))
