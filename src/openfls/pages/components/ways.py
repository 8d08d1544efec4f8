"""Each site's way of working as its record shows it: who finds, who assesses, where treatment begins, who follows up.

Read off what was entered, so that the comparison needs no questionnaire. Counted are fractures; each count opens them.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import QuerySet

from openfls.clinical.facts import DoseGiven, DxaRequest, FlsAssessment, FollowUpOutcome, PrescriptionIssued
from openfls.clinical.standards import Component
from openfls.measures.counting import Measure
from openfls.pages.components.measures import Counted, summary
from openfls.record.models import EpisodeRow
from openfls.record.reckoning import EVERY_SITE, answers, episodes_answered

NOT_SAID = "not said"


@dataclass(frozen=True)
class SiteRow:
    """One site's measures of a component, in the order of the component's standards."""

    site: str
    measures: tuple[Counted, ...]


@dataclass(frozen=True)
class Sites:
    """``name``: what these standards have in common, as on the tables above."""

    name: str
    titles: tuple[str, ...]
    rows: tuple[SiteRow, ...]


@dataclass(frozen=True)
class Told:
    """One answer at a site: in words, for how many fractures; ``query`` is the address of their list."""

    words: str
    number: int
    query: str


@dataclass(frozen=True)
class Way:
    """What a site does, and how often: ``inpatient 61, outpatient 4``, the commonest first."""

    site: str
    told: tuple[Told, ...]


@dataclass(frozen=True)
class Ways:
    question: str
    sites: tuple[Way, ...]


@dataclass(frozen=True)
class Question:
    """Asked of the facts of these kinds: the value of ``field``. Without kinds: which finder knew first."""

    words: str
    kinds: tuple[str, ...] = ()
    field: str = ""


QUESTIONS: Mapping[Component, tuple[Question, ...]] = {
    Component.CASE_FINDING: (Question("Who finds first"),),
    Component.ASSESSMENT: (
        Question("Who assesses", (FlsAssessment.kind,), "body__assessor_role"),
        Question("Is a scan asked for", (DxaRequest.kind,), "body__need"),
    ),
    Component.TREATMENT: (
        Question("Where treatment is given or prescribed", (DoseGiven.kind, PrescriptionIssued.kind), "body__setting"),
    ),
    Component.MONITORING: (Question("Who follows up", (FollowUpOutcome.kind,), "site"),),
}


def sites_compared(
    by_site: Mapping[str, Mapping[str, Measure]], component: Component, names: Mapping[str, str]
) -> list[Sites]:
    """Every site in view beside the others, by name, a table for each group of standards. ``by_site``: as
    `reckoning.measured_by_site` gives it."""
    of_site = {code: summary(component, found.values()) for code, found in by_site.items() if code != EVERY_SITE}
    shown = sorted((names.get(code, code), dict(found.groups)) for code, found in of_site.items())
    groups = shown[0][1] if shown else {}
    return [
        Sites(
            group,
            tuple(measure.title for measure in measures),
            tuple(SiteRow(site, of_group[group]) for site, of_group in shown),
        )
        for group, measures in groups.items()
    ]


def ways(episodes: "QuerySet[EpisodeRow]", component: Component, names: Mapping[str, str]) -> list[Ways]:
    """What each site does in this component."""
    return [_ways(place, asked, episodes, names) for place, asked in enumerate(QUESTIONS[component])]


def fractures_behind(
    episodes: "QuerySet[EpisodeRow]", component: Component, place: int, site: str, answer: str
) -> "tuple[str, QuerySet[EpisodeRow]] | None":
    """The question of this place and the fractures behind one answer at a site; None where nothing of it is asked."""
    if place >= len(QUESTIONS[component]):
        return None
    asked = QUESTIONS[component][place]
    here = episodes.filter(site=site or None)
    if not asked.kinds:
        return asked.words, here.filter(finders__0__finder=answer)
    values = (None, "") if answer == NOT_SAID else (answer,)
    behind = here.none()
    for value in values:
        behind = behind | here.filter(id__in=episodes_answered(here, asked.kinds, asked.field, value).values("id"))
    return asked.words, behind


def _ways(place: int, asked: Question, episodes: "QuerySet[EpisodeRow]", names: Mapping[str, str]) -> Ways:
    by_site: dict[str, Counter[str]] = defaultdict(Counter)
    for site, answer, number in _counted(asked, episodes):
        by_site[site][answer or NOT_SAID] += number
    sites = [(names.get(site, site) or "site not given", site) for site in by_site]
    return Ways(asked.words, tuple(Way(name, _told(place, site, by_site[site], names)) for name, site in sorted(sites)))


def _counted(asked: Question, episodes: "QuerySet[EpisodeRow]") -> Iterable[tuple[str, str, int]]:
    if asked.kinds:
        return answers(episodes, asked.kinds, asked.field)
    told = episodes.values_list("site", "finders").iterator(2000)
    return ((site or "", finders[0]["finder"], 1) for site, finders in told if finders)


def _told(place: int, site: str, counted: Counter[str], names: Mapping[str, str]) -> tuple[Told, ...]:
    return tuple(
        Told(names.get(answer, answer), number, urlencode({"asked": place, "site": site, "answer": answer}))
        for answer, number in counted.most_common()
    )
