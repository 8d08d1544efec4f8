"""Which version of a statement holds: ranked by status, sender's version time and digest, never by order of receipt."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from itertools import takewhile

from openfls.clinical.facts import Answer, Appointment, AppointmentState, Document, Fact, FractureSighting, Status
from openfls.clinical.undoing import counting
from openfls.clinical.when import When

EARLIEST = datetime.min.replace(tzinfo=UTC)


def rank(fact: Fact) -> tuple[Status, datetime, str]:
    """The order among versions of one statement; the highest stands."""
    return fact.status, fact.version or EARLIEST, fact.id


def current(facts: Iterable[Fact]) -> list[Fact]:
    """One fact a statement, the highest version, in the order of ``occurred`` and id.

    ``known`` is since when the statement stands in its present sense: a correction or a list sent again doesn't make
    its finder late. Where the highest version takes the statement back, the best version before it is given with
    ``retracted`` set, so that a person sees *what* was taken back, and ``known`` is when that was; a retraction of
    something never stated is given as it came. An appointment that was missed and then given another time is given
    twice: what became of it, and that it was missed. What an undone upload said is left out (`undoing.counting`).
    """
    versions = by_statement(facts)
    standing = [_standing(same) for same in versions]
    standing += [missed for same in versions if len(same) > 1 for missed in _missed_before(same)]
    return sorted(standing, key=lambda fact: (fact.occurred.start, fact.id))


def by_statement(facts: Iterable[Fact]) -> list[list[Fact]]:
    """The versions of each statement together, without what an undone upload said."""
    versions: dict[str, list[Fact]] = {}
    for fact in counting(facts):
        versions.setdefault(fact.statement, []).append(fact)
    return list(versions.values())


def takes_back(fact: Fact) -> bool:
    """The sender withdraws the statement, or the finder now says that there is no fracture."""
    return fact.retracted or (isinstance(fact, FractureSighting) and fact.certain is Answer.NO)


def _standing(versions: list[Fact]) -> Fact:
    if len(versions) == 1:
        return versions[0]
    ranked = sorted(versions, key=rank, reverse=True)
    highest = ranked[0]
    taken_back = takes_back(highest)
    known = min(fact.known for fact in takewhile(lambda fact: takes_back(fact) is taken_back, ranked))
    if not taken_back:
        return _since(_with_its_text(highest, ranked), known)
    stated = next((fact for fact in ranked if not takes_back(fact) and fact.kind == highest.kind), None)
    return replace(stated, retracted=True, known=known) if stated else _since(highest, known)


def _with_its_text(highest: Fact, ranked: list[Fact]) -> Fact:
    """A notice about a document (it was signed) comes without the text: that of the best version with one stays."""
    if not isinstance(highest, Document) or highest.form:
        return highest
    full = next((fact for fact in ranked if isinstance(fact, Document) and fact.form), highest)
    return replace(highest, form=full.form, text=full.text)


def _missed_before(versions: list[Fact]) -> list[Fact]:
    """The times of an appointment at which nobody came, where it has another time now."""
    slots: dict[When, list[Appointment]] = {}
    for fact in versions:
        if isinstance(fact, Appointment):
            slots.setdefault(fact.occurred, []).append(fact)
    slots.pop(_standing(versions).occurred, None)
    last = [max(slot, key=rank) for slot in slots.values()]
    return [fact for fact in last if fact.state is AppointmentState.MISSED and not fact.retracted]


def _since(fact: Fact, known: datetime) -> Fact:
    return fact if fact.known == known else replace(fact, known=known)
