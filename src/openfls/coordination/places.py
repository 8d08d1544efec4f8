"""Which sites answer for a fracture: the one that a message names, or its feed's where it names a place nobody knows.

A hospital system writes its own short words for places ("MAIN"). A patient at a site that is none would be on nobody's
list, so the sites for which the source of the sighting answers stand in.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from openfls.clinical.caseload import EpisodeCare
from openfls.clinical.facts import FractureSighting
from openfls.record.models import Site


@dataclass(frozen=True)
class Places:
    """``trust_of``: the trust of each site that is loaded, by their codes."""

    trust_of: Mapping[str, str]

    @classmethod
    def known(cls) -> "Places":
        return cls(dict(Site.objects.values_list("code", "trust")))

    def seen_at(self, care: EpisodeCare) -> frozenset[str]:
        return care.sites.union(*(self._standing_in(sighting) for sighting in care.episode.sightings))

    def answering(self, care: EpisodeCare) -> str | None:
        """The site that answers, None where several stand in: then each of them sees it as nobody's own yet."""
        if care.site is None or care.site in self.trust_of:
            return care.site
        named = (s for s in care.episode.sightings if s.site == care.site)
        standing_in = frozenset().union(*(self._standing_in(sighting) for sighting in named))
        return care.site if not standing_in else min(standing_in) if len(standing_in) == 1 else None

    def _standing_in(self, sighting: FractureSighting) -> frozenset[str]:
        """Nothing where the sighting's own site is known, or nobody knows its source either."""
        if sighting.site is None or sighting.site in self.trust_of:
            return frozenset()
        return frozenset(self._of_source(sighting.source.system.split("/")[0]))

    def _of_source(self, authority: str) -> Iterator[str]:
        """A source begins with the code of the trust, or of the site, that answers for it."""
        return (site for site, trust in self.trust_of.items() if authority in (site, trust))
