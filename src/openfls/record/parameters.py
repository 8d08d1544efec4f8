"""Site parameters in force: each site's latest answers over the defaults."""

from collections.abc import Collection

from openfls.clinical.parameters import DEFAULTS, RETIRED, Parameters, with_changes
from openfls.measures.suppression import LEAST_THRESHOLD
from openfls.record.models import SiteParameter


def parameters_of_sites() -> dict[str, Parameters]:
    """The parameters of every site that has set any. Raises ``ValueError`` where a row names no parameter."""
    changes: dict[str, dict[str, object]] = {}
    rows = SiteParameter.objects.exclude(name__in=RETIRED).order_by("set_at", "id")
    for site, name, value in rows.values_list("site", "name", "value"):
        changes.setdefault(site, {})[name] = value
    return {site: with_changes(changed) for site, changed in changes.items()}


def threshold_of(sites: Collection[str]) -> int:
    """The strictest of these sites' own, and never below what any site may set."""
    told = parameters_of_sites()
    return max([LEAST_THRESHOLD, *(told.get(site, DEFAULTS).suppress_below for site in sites)])


def suppress_below(site: str) -> int:
    """Below which number the site hides a count in what leaves the building."""
    return parameters_of_sites().get(site, DEFAULTS).suppress_below
