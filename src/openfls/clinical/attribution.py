"""Which facts belong to which episode of a person."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from openfls.clinical.episodes import Episode
from openfls.clinical.facts import (
    Admission,
    Attendance,
    Death,
    Declined,
    Demographics,
    Fact,
    FractureSighting,
    OptOutChecked,
    RecordsLinked,
    RecordsSeparated,
    RecordsUndecided,
    TaskClosed,
    TaskOwned,
    TaskReopened,
    TaskSeen,
    TriageDecision,
)
from openfls.clinical.parameters import Parameters

# What belongs to a person as a whole, not to one of the episodes.
OF_THE_PERSON = (
    Death, Demographics, OptOutChecked, RecordsLinked, RecordsSeparated, RecordsUndecided, FractureSighting,
)  # fmt: skip

# Answers and acts of people about the sightings that they name: never guessed onto another episode.
OF_NAMED_SIGHTINGS = (TriageDecision, TaskClosed, TaskReopened, TaskOwned, TaskSeen, Declined)

# Sources date a fracture by injury or by admission, so that the stay may begin just before it.
MAY_COME_JUST_BEFORE = (Admission, Attendance)


def attribute(
    facts: Sequence[Fact], episodes: Sequence[Episode], statements: Mapping[str, str], parameters: Parameters
) -> Mapping[int, list[Fact]]:
    """Each fact of care to the episodes whose sightings it points at, else to the latest that had begun by then.

    ``statements``: of each fact id, so that what pointed at an old version of a sighting still finds it. Care that
    points at sightings which are no longer this person's goes by its date; an act on a task goes nowhere.
    """
    place_of = {s.statement: place for place, episode in enumerate(episodes) for s in episode.sightings}
    begun = [episode.index.start for episode in episodes]
    slack = timedelta(days=parameters.simultaneous_days)
    shares: dict[int, list[Fact]] = defaultdict(list)
    for fact in facts:
        if isinstance(fact, OF_THE_PERSON):
            continue
        places = {place_of[s] for fact_id in fact.about if (s := statements.get(fact_id, "")) in place_of}
        if not places and not (fact.about and isinstance(fact, OF_NAMED_SIGHTINGS)):
            by = fact.occurred.end + (slack if isinstance(fact, MAY_COME_JUST_BEFORE) else timedelta(0))
            places = _latest_begun(begun, by)
        for place in places:
            shares[place].append(fact)
    return shares


def _latest_begun(begun: Sequence[date], by: date) -> set[int]:
    earlier = [(start, place) for place, start in enumerate(begun) if start <= by]
    return {max(earlier)[1]} if earlier else set()
