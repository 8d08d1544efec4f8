"""Case finding: whose fracture counts, and what each finder saw of it.

Who counts (RCP FLS-DB, dataset v2.0): aged 50 or over at a fracture by low trauma (a fall from standing height or
less), any site but skull, face and digits. What no source says (mechanism, pathology) is *unknown* and goes to
triage, never out.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from openfls.clinical.decisions import Decision, all_of, no, unknown, yes
from openfls.clinical.episodes import Episode
from openfls.clinical.facts import Answer, BodySite, Finder, FractureSighting, birthday_age
from openfls.clinical.parameters import DEFAULTS, Parameters
from openfls.clinical.when import When

RULE, EDITION = "who counts", "RCP FLS-DB dataset v2.0"
YOUNGEST = 50  # completed years at the fracture; RCP FLS-DB dataset v2.0
NEVER_COUNTED = frozenset({BodySite.SKULL, BodySite.FACE, BodySite.DIGIT})  # RCP FLS-DB dataset v2.0
NAMED_SITES = frozenset(  # RCP FLS-DB field 1.11 (2024 values); the rest is its "Other"
    {BodySite.HIP, BodySite.SPINE, BodySite.HUMERUS, BodySite.PELVIS, BodySite.WRIST, BodySite.FOREARM}
)


def who_counts(episode: Episode, births: Collection[date], parameters: Parameters = DEFAULTS) -> Decision:
    """Whether the service should take this episode, with the reasons; unknown means that a person must look.

    ``births``: every date of birth that a source gives.
    """
    of_person = (mechanism(episode), pathology(episode), certainty(episode), dating(episode))
    return all_of([*definition(episode, births, parameters), *of_person]).under(RULE, EDITION)


def definition(episode: Episode, births: Collection[date], parameters: Parameters = DEFAULTS) -> tuple[Decision, ...]:
    """The parts that no person needs to judge: age and body site."""
    return old_enough(births, episode.index), counted_site(episode, parameters)


def with_refractures(
    episodes: Iterable[Episode], births: Collection[date], parameters: Parameters = DEFAULTS
) -> tuple[Episode, ...]:
    """The episodes, those marked that come after one which stands and may count; a child's fracture opens nothing."""
    marked: list[Episode] = []
    after_one = False
    for episode in episodes:
        marked.append(replace(episode, refracture=after_one))
        outside = all_of(definition(episode, births, parameters)).no
        after_one = after_one or not (outside or episode.withdrawn)
    return tuple(marked)


def age_at(birth_date: date | None, when: When) -> int | None:
    """Completed years at the earliest possible day, or None without a date of birth that can be right."""
    return None if birth_date is None or birth_date > when.end else max(0, birthday_age(birth_date, when.start))


def old_enough(births: Collection[date], index: When) -> Decision:
    """Where sources give several dates of birth, all of them must agree; else nobody is ruled out by one of them."""
    if not births:
        return unknown("date of birth not known")
    answers = [_old_enough(born, index) for born in sorted(births)]
    if len({answer.outcome for answer in answers}) == 1:
        return answers[0]
    told = " or ".join(f"{born:%d %b %Y}" for born in sorted(births))
    return unknown(f"sources disagree on the date of birth: {told}")


def _old_enough(birth_date: date, index: When) -> Decision:
    if birth_date > index.end:
        return unknown(f"born {birth_date:%d %b %Y}, after the fracture: one of the two dates is wrong")
    youngest, oldest = birthday_age(birth_date, index.start), birthday_age(birth_date, index.end)
    if youngest >= YOUNGEST:
        return yes(f"aged {youngest} at the fracture")
    if oldest < YOUNGEST:
        return no(f"aged {oldest} at the fracture, under {YOUNGEST}")
    return unknown(f"aged {youngest} or {oldest} at the fracture: its date is not exact")


def counted_site(episode: Episode, parameters: Parameters) -> Decision:
    counted = [site for site in episode.body_sites if site not in NEVER_COUNTED]
    taken = counted if parameters.takes_other_sites else [site for site in counted if site in NAMED_SITES]
    if BodySite.UNSPECIFIED in counted:
        return unknown("no finder names the bone")
    if taken:
        return yes(f"{_words(counted)} fracture")
    if any(sighting.body_site is BodySite.UNSPECIFIED for sighting in episode.standing):
        return unknown(f"{_words(episode.body_sites)}, but a finder that names no bone may mean another")
    if counted:
        return no(f"{_words(counted)}: this service takes no other sites than the named ones")
    return no(f"{_words(episode.body_sites)} is never counted")


def is_other_site(episode: Episode) -> bool:
    """Only bones that FLS-DB counts as "Other"; a site parameter says whether the service takes them."""
    return not NAMED_SITES.intersection(episode.body_sites) and BodySite.UNSPECIFIED not in episode.body_sites


def mechanism(episode: Episode) -> Decision:
    said = {s.low_trauma for s in episode.standing} - {Answer.UNKNOWN}
    if said == {Answer.YES}:
        return yes("low trauma")
    if said == {Answer.NO}:
        return no("not by low trauma, says the source")
    return unknown("sources disagree on the mechanism" if said else "mechanism not known")


def pathology(episode: Episode) -> Decision:
    """A fracture through a tumour or other local disease does not count; an osteoporotic one does."""
    said = {s.pathological for s in episode.standing} - {Answer.UNKNOWN}
    if said == {Answer.YES}:
        return no("a pathological fracture, not by osteoporosis, says the source")
    if said == {Answer.YES, Answer.NO}:
        return unknown("sources disagree whether the fracture is pathological")
    return yes("no source says that the fracture is pathological")


def certainty(episode: Episode) -> Decision:
    if episode.withdrawn:
        return unknown("every finder took its sighting back")
    if all(s.certain is Answer.UNKNOWN for s in episode.standing):
        return unknown("suspected only: no finder has confirmed it")
    return yes("seen by " + ", ".join(dict.fromkeys(s.finder for s in episode.standing if s.certain is Answer.YES)))


def dating(episode: Episode) -> Decision:
    if episode.misdated:
        return unknown(f"dated {episode.dated_by.occurred}, after it was received: the date can't be right")
    return yes()


@dataclass(frozen=True, slots=True)
class Finding:
    """What one finder at one site first knew of an episode. ``days_after``: from the fracture to the receipt.

    ``suspected``: it never said more than that there may be a fracture.
    """

    finder: Finder
    site: str | None
    sighting: FractureSighting
    days_after: int
    late: bool
    suspected: bool = False


def findings(episode: Episode, parameters: Parameters = DEFAULTS) -> tuple[Finding, ...]:
    """Each finder's first sighting of the episode, in the order in which they became known."""
    told: dict[tuple[Finder, str], list[FractureSighting]] = {}
    for sighting in sorted(episode.standing, key=lambda s: (s.known, s.id)):
        told.setdefault((sighting.finder, sighting.site or ""), []).append(sighting)
    return tuple(_finding(same, episode, parameters) for same in told.values())


def _finding(sightings: Sequence[FractureSighting], episode: Episode, parameters: Parameters) -> Finding:
    first = sightings[0]
    days = (first.known.date() - episode.index.start).days
    suspected = all(sighting.certain is Answer.UNKNOWN for sighting in sightings)
    return Finding(first.finder, first.site, first, days, days > parameters.late_finding_days, suspected)


def _words(sites: Iterable[BodySite]) -> str:
    return " and ".join(sites)
