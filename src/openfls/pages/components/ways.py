"""Each site's way of working as its record shows it: who finds, who assesses, where treatment begins, who follows up.

Read off what was entered, so that the comparison needs no questionnaire.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Count, QuerySet

from openfls.clinical.facts import DoseGiven, DxaRequest, FlsAssessment, FollowUpOutcome, PrescriptionIssued
from openfls.clinical.rulebook import STANDARDS
from openfls.clinical.standards import Component
from openfls.measures.counting import Measure
from openfls.pages.components.measures import Counted, counted
from openfls.record.models import EpisodeRow
from openfls.record.reckoning import EVERY_SITE

FACTS = "person__records__facts"
NOT_SAID = "not said"


@dataclass(frozen=True)
class SiteRow:
    """One site's measures of a component, in the order of the component's standards."""

    site: str
    measures: tuple[Counted, ...]


@dataclass(frozen=True)
class Sites:
    titles: tuple[str, ...]
    rows: tuple[SiteRow, ...]


@dataclass(frozen=True)
class Way:
    """What a site does, and how often: ``inpatient 61, outpatient 4``, the commonest first."""

    site: str
    told: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Ways:
    question: str
    sites: tuple[Way, ...]


@dataclass(frozen=True)
class Question:
    """Asked of the facts of these kinds: the value of ``field``, counted once a statement."""

    words: str
    kinds: tuple[str, ...]
    field: str


QUESTIONS: Mapping[Component, tuple[Question, ...]] = {
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
) -> Sites:
    """Every site in view beside the others, by name. ``by_site``: as `reckoning.measured_by_site` gives it."""
    standards = [standard for standard in STANDARDS if standard.component is component]
    rows = [
        SiteRow(names.get(code, code), tuple(counted(measures[standard.name]) for standard in standards))
        for code, measures in by_site.items()
        if code != EVERY_SITE
    ]
    return Sites(tuple(standard.title for standard in standards), tuple(sorted(rows, key=lambda row: row.site)))


def ways(episodes: "QuerySet[EpisodeRow]", component: Component, names: Mapping[str, str]) -> list[Ways]:
    """What each site does in this component."""
    if component is Component.CASE_FINDING:
        return [_ways("Who finds first", _first_finders(episodes), names)]
    return [_ways(asked.words, _answers(episodes, asked, names), names) for asked in QUESTIONS[component]]


def _first_finders(episodes: "QuerySet[EpisodeRow]") -> Iterable[tuple[str | None, str, int]]:
    for site, finders in episodes.values_list("site", "finders").iterator(2000):
        if finders:
            yield site, finders[0]["finder"], 1


def _answers(
    episodes: "QuerySet[EpisodeRow]", asked: Question, names: Mapping[str, str]
) -> Iterable[tuple[str | None, str, int]]:
    field = f"{FACTS}__{asked.field}"
    told = episodes.filter(**{f"{FACTS}__kind__in": asked.kinds, f"{FACTS}__retracted": False})
    counts = told.values_list("site", field).annotate(Count(f"{FACTS}__statement", distinct=True)).order_by()
    for site, answer, number in counts:
        yield site, names.get(answer, answer) or NOT_SAID, number


def _ways(question: str, answers: Iterable[tuple[str | None, str, int]], names: Mapping[str, str]) -> Ways:
    by_site: dict[str, Counter[str]] = defaultdict(Counter)
    for site, answer, number in answers:
        by_site[names.get(site or "", site or "site not given")][answer] += number
    return Ways(question, tuple(Way(site, tuple(told.most_common())) for site, told in sorted(by_site.items())))
