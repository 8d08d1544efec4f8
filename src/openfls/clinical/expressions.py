"""The expression tree that standards are written in: frozen, no callables, so that every engine reads the same one.

This module is also the definition of right: `decide` and `matches` evaluate the tree over one `History`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from openfls.clinical.decisions import Decision, all_of, any_of, no, opposite, unknown, yes
from openfls.clinical.facts import Answer, BodySite, Fact, birthday_age
from openfls.clinical.histories import History
from openfls.clinical.when import When


class Expression:
    """A question about a history; `decide` answers it with yes, no or unknown."""


@dataclass(frozen=True, slots=True)
class Has:
    """A fact's field holds one of these values. A field that says *unknown* makes the answer unknown."""

    field: str
    one_of: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Parameter:
    """The name of a site parameter that holds a number of days."""

    name: str


@dataclass(frozen=True, slots=True)
class Moment:
    """So many days after the index date, or after the earliest fact that ``after`` finds, the last if ``latest``."""

    days: int | Parameter = 0
    after: "Recorded | None" = None
    latest: bool = False


@dataclass(frozen=True, slots=True)
class Window:
    """From ``opens`` to ``closes``, both days included; an end that is None is open."""

    opens: Moment | None = None
    closes: Moment | None = None


@dataclass(frozen=True, slots=True)
class Recorded(Expression):
    """A fact of this kind stands on record, with these fields, within this window."""

    kind: str
    where: tuple[Has, ...] = ()
    within: Window | None = None


@dataclass(frozen=True, slots=True)
class Latest(Expression):
    """What was recorded last of this kind has these fields; unknown where the last day's facts disagree."""

    kind: str
    where: tuple[Has, ...]


@dataclass(frozen=True, slots=True)
class Enrolled(Expression):
    """The service cares for the episode; unknown while it waits for triage."""


@dataclass(frozen=True, slots=True)
class AgeAtIndex(Expression):
    """Completed years at the index date, both ends included."""

    at_least: int = 0
    at_most: int = 200


@dataclass(frozen=True, slots=True)
class BodySiteAmong(Expression):
    sites: tuple[BodySite, ...]


@dataclass(frozen=True, slots=True)
class Died(Expression):
    """The person died within the window."""

    within: Window = Window()


@dataclass(frozen=True, slots=True)
class All(Expression):
    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Either(Expression):
    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Not(Expression):
    part: Expression


def decide(expression: Expression, history: History) -> Decision:
    """The answer of the tree over one history. Raises ``TypeError`` for a node that it doesn't know.

    Standards share nodes ("enrolled", "treatment recommended"): each is answered once for a history,
    which stays as it is.
    """
    known = history.answers.get(id(expression))
    if known is None:
        known = history.answers[id(expression)] = (expression, _decide(expression, history))
    return known[1]


def _decide(expression: Expression, history: History) -> Decision:
    match expression:
        case Recorded():
            return _decide_recorded(expression, history)
        case Latest():
            return _decide_latest(expression, history)
        case Enrolled():
            return history.enrolled
        case All(parts):
            return all_of(decide(part, history) for part in parts)
        case Either(parts):
            return any_of(decide(part, history) for part in parts)
        case Not(part):
            return opposite(decide(part, history))
        case AgeAtIndex():
            return _decide_age(expression, history)
        case BodySiteAmong(sites):
            return _decide_body_site(sites, history.episode.body_sites)
        case Died(within):
            return _decide_died(within, history)
    raise TypeError(f"an expression that nobody taught to decide: {expression!r}")


def _decide_body_site(wanted: tuple[BodySite, ...], named: tuple[BodySite, ...]) -> Decision:
    if set(wanted).intersection(named):
        return yes(" and ".join(named))
    return unknown("no finder names the bone") if BodySite.UNSPECIFIED in named else no(" and ".join(named))


def _decide_latest(wanted: Latest, history: History) -> Decision:
    facts = history.recorded(wanted.kind)
    last = max((fact.occurred.start for fact in facts), default=date.max)
    answers = [all_of(_holds(has, fact) for has in wanted.where) for fact in facts if fact.occurred.end >= last]
    if not answers:
        return no(f"no {wanted.kind} on record")
    agreed = len({answer.outcome for answer in answers}) == 1
    return all_of(answers) if agreed else unknown(f"more than one {wanted.kind} may be the latest, and they disagree")


def _decide_recorded(wanted: Recorded, history: History) -> Decision:
    answers = [answer for _, answer in matches(wanted, history)]
    found = any_of(answers)
    return no(f"no {wanted.kind} on record") if found.no else found


def matches(wanted: Recorded, history: History) -> Iterator[tuple[Fact, Decision]]:
    """Each standing fact of the kind, in the order in which it occurred, with whether it is what is wanted."""
    for fact in history.recorded(wanted.kind):
        parts = [_holds(has, fact) for has in wanted.where]
        if wanted.within:
            parts.append(inside(fact.occurred, wanted.within, history))
        told = yes(f"{fact.kind} on {fact.occurred}") if fact.occurred.exact else yes(f"{fact.kind} {fact.occurred}")
        yield fact, all_of([*parts, told]) if parts else told


def _holds(has: Has, fact: Fact) -> Decision:
    value, field = str(getattr(fact, has.field)), has.field.replace("_", " ")
    told = f"{fact.kind}: {field}, {value}" if value in set(Answer) else f"{fact.kind}: {value}"
    if value in has.one_of:
        return yes(told)
    return unknown(f"{fact.kind} on {fact.occurred}: {field} not known") if value == Answer.UNKNOWN else no(told)


def inside(occurred: When, window: Window, history: History) -> Decision:
    """Whether the day lies in the window; unknown where its interval straddles an end, or an anchor never happened."""
    opens, closes = moment(window.opens, history), moment(window.closes, history)
    if (window.opens and opens is None) or (window.closes and closes is None):
        return no("what the window is counted from has not happened")
    first, last = opens or date.min, closes or date.max
    if first <= occurred.start and occurred.end <= last:
        return yes()
    if occurred.end < first or occurred.start > last:
        return no(f"{occurred} lies outside the window")
    return unknown(f"{occurred} may lie outside the window: the day is not known exactly")


def moment(at: Moment | None, history: History) -> date | None:
    """The day of a moment, by the earliest possible day of what it is counted from; None where that never happened."""
    if at is None:
        return None
    start = history.episode.index.start if at.after is None else _anchor(at.after, at.latest, history)
    days = getattr(history.parameters, at.days.name) if isinstance(at.days, Parameter) else at.days
    return start and start + timedelta(days=days)


def _anchor(wanted: Recorded, latest: bool, history: History) -> date | None:
    found = [fact.occurred.start for fact, answer in matches(wanted, history) if answer.yes]
    return found[-1 if latest else 0] if found else None


def _decide_age(wanted: AgeAtIndex, history: History) -> Decision:
    if history.birth_date is None:
        return unknown("date of birth not known")
    index = history.episode.index
    youngest, oldest = birthday_age(history.birth_date, index.start), birthday_age(history.birth_date, index.end)
    ages = range(youngest, oldest + 1)
    inside_band = {wanted.at_least <= age <= wanted.at_most for age in ages}
    words = "aged " + " or ".join(str(age) for age in ages)
    if len(inside_band) == 2:
        return unknown(words)
    return yes(words) if inside_band.pop() else no(words)


def _decide_died(within: Window, history: History) -> Decision:
    if history.death is None:
        return no("not known to have died")
    if history.death.occurred.lies_ahead(history.today):
        return unknown(f"died, but {history.death.occurred} lies ahead: the date can't be right")
    answer = inside(history.death.occurred, within, history)
    return answer if answer.no else Decision(answer.outcome, (f"died {history.death.occurred}",))
