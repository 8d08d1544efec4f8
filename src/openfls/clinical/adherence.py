"""Whether treatment is taken: what each kind of source says, each by itself. No source means unknown, never no.

Three kinds of sources speak: medicines issued or supplied with a number of days, doses given (which last until the next
is due), and what the person said at a follow-up. They are never added up into one figure, and no share of days is
called enough: that would be a rule, and it has no source here.

Days covered by issues are counted as CMA7 of AdhereR counts them ("banked"): issues in the order of their dates, each
begins when it was issued or when the one before it runs out, whichever is later, whatever bone drug it is; what reaches
beyond the end is left out. A published example is among the tests. The choices that this leaves are in
docs/explanation/adherence.md.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeAlias, TypeVar

from openfls.clinical.bone_drugs import bone_drug
from openfls.clinical.decisions import Decision, unknown, yes
from openfls.clinical.dosing import CHECKED, days_of_a_unit, months_after, months_to_the_next
from openfls.clinical.facts import (
    Answer,
    Death,
    DoseGiven,
    DoseNotGiven,
    Fact,
    FollowUpOutcome,
    MedicinesRecordChecked,
    MedicineSupplied,
    PrescriptionIssued,
    TreatmentStopped,
)

RULE = "adherence by source"
EDITION = "2026-01"

Medicine: TypeAlias = PrescriptionIssued | MedicineSupplied | DoseGiven | DoseNotGiven | TreatmentStopped
Issue: TypeAlias = PrescriptionIssued | MedicineSupplied
Some = TypeVar("Some", bound=Fact)


@dataclass(frozen=True, slots=True)
class Supply:
    """Days of medicine that a person could take from ``start`` on; ``fact`` is the id of what says so."""

    drug: str
    start: date
    days: int
    source: str
    fact: str


@dataclass(frozen=True, slots=True)
class Covered:
    """``days`` of the ``of`` days from ``since`` up to and without ``until``. ``at_least``: some issue doesn't tell how
    long it lasts, so that more may be covered."""

    days: int
    of: int
    since: date
    until: date
    at_least: bool
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LastDose:
    """The last dose given of one drug and when the next is due; ``due`` is None where no interval is known, or where
    only part of the dose went in."""

    drug: str
    given: date
    due: date | None
    fact: str
    because: str


@dataclass(frozen=True)
class Adherence:
    """What every source says by ``today``. ``speaks`` is yes where any source speaks about taking, else unknown; it
    never says that somebody takes a medicine or doesn't."""

    speaks: Decision
    issues: Covered | None
    doses: Covered | None
    last_issued: Issue | None
    last_doses: tuple[LastDose, ...]
    told: FollowUpOutcome | None
    checked: MedicinesRecordChecked | None
    not_given: DoseNotGiven | None
    stopped: TreatmentStopped | None


def adherence(facts: Iterable[Fact], index: date, today: date) -> Adherence:
    """What the current facts of a person say about taking a bone drug from ``index``, the day of the fracture, on.

    Medicines that may be bone drugs (oestrogens, a strength that has other uses) and retracted facts count for
    nothing. Days after a death are not counted.
    """
    standing = [fact for fact in facts if not fact.retracted and fact.occurred.start <= today]
    medicines = [fact for fact in standing if isinstance(fact, Medicine) and fact.bone_drug is Answer.YES]
    issued = [fact for fact in medicines if isinstance(fact, Issue)]
    given = [fact for fact in medicines if isinstance(fact, DoseGiven)]
    last = _end(standing, today)
    told = _latest(f for f in standing if isinstance(f, FollowUpOutcome) and f.on_treatment is not Answer.UNKNOWN)
    checked = _latest(fact for fact in standing if isinstance(fact, MedicinesRecordChecked))
    return Adherence(
        speaks=_speaks(issued, given, told, checked),
        issues=_by_issues(issued, _stops(medicines), index, last),
        doses=_by_doses(given, index, last),
        last_issued=_latest(issued),
        last_doses=tuple(last_doses(given)),
        told=told,
        checked=checked,
        not_given=_latest(fact for fact in medicines if isinstance(fact, DoseNotGiven)),
        stopped=_latest(fact for fact in medicines if isinstance(fact, TreatmentStopped)),
    )


def drug_of(fact: Medicine) -> str:
    """The drug by its name in the list of bone drugs, else as the fact names it."""
    return bone_drug(fact.codes, fact.words or fact.drug).drug or bone_drug((), fact.drug).drug or fact.drug


def days_of(issue: Issue) -> int | None:
    """Days that an issue covers: as its source counts them, else by the number of units of a listed strength."""
    if issue.days_supplied is not None:
        return issue.days_supplied
    each = days_of_a_unit(drug_of(issue), f"{issue.words} {issue.drug}")
    return round(issue.quantity * each) if issue.quantity and each else None


def supplies(issued: Iterable[Issue]) -> list[Supply]:
    """What could be taken, in order. Nothing twice: a prescription isn't counted beside the supply that names it, nor
    what two sources say of one drug and day (then the source that gives more days counts)."""
    issued = list(issued)
    filled = {fact.order for fact in issued if isinstance(fact, MedicineSupplied) and fact.order}
    told = [_supply(fact) for fact in issued if fact.statement not in filled]
    by_day: dict[tuple[str, date], dict[str, list[Supply]]] = defaultdict(lambda: defaultdict(list))
    for supply in told:
        if supply:
            by_day[supply.drug, supply.start][supply.source].append(supply)
    chosen = (max(by_source.values(), key=_most_days) for by_source in by_day.values())
    return sorted((supply for same in chosen for supply in same), key=lambda s: (s.start, s.drug, s.fact))


def _most_days(same: Sequence[Supply]) -> tuple[int, str]:
    return sum(supply.days for supply in same), same[0].source


def _supply(issue: Issue) -> Supply | None:
    days = days_of(issue)
    if days is None or days <= 0 or not issue.occurred.exact:
        return None
    return Supply(drug_of(issue), issue.occurred.start, days, issue.source.system, issue.id)


def banked(taken: Iterable[Supply], since: date, until: date) -> int:
    """Days from ``since`` up to and without ``until`` that the supplies cover, each begun when the one before ran out;
    a supply from before ``since`` reaches into it (CMA7)."""
    free, covered = date.min, 0
    for supply in taken:
        begins = max(supply.start, free)
        free = begins + timedelta(days=supply.days)
        covered += max(0, (min(free, until) - max(begins, since)).days)
    return covered


def last_doses(given: Iterable[DoseGiven]) -> Iterator[LastDose]:
    """The last dose of each drug, with the day on which the next is due. Counted from the dose *given*."""
    latest: dict[str, DoseGiven] = {}
    for fact in sorted(given, key=lambda fact: (fact.occurred.end, fact.id)):
        latest[drug_of(fact)] = fact
    for drug, fact in sorted(latest.items()):
        yield _last_dose(drug, fact)


def _last_dose(drug: str, fact: DoseGiven) -> LastDose:
    months = months_to_the_next(drug, f"{fact.words} {fact.drug}")
    told = f"{drug} given {fact.occurred}"
    day = fact.occurred.start  # of a vague day the first possible one: a recall too early harms nobody
    if fact.complete is not Answer.YES:
        return LastDose(drug, day, None, fact.id, f"{told}, not the whole dose")
    if months is None:
        return LastDose(drug, day, None, fact.id, f"{told}; how long it lasts is not listed")
    every = "every month" if months == 1 else f"every {months} months"
    return LastDose(drug, day, months_after(day, months), fact.id, f"{told}; {every} by its label ({CHECKED})")


def _by_issues(issued: Sequence[Issue], stops: Sequence[TreatmentStopped], index: date, last: date) -> Covered | None:
    """None where no issue tells how long it lasts, or none reaches into the time after the fracture."""
    taken = supplies(issued)
    since, until = _since(taken, index), _until(taken, stops, last)
    if since is None or since >= until:
        return None
    silent = len([fact for fact in issued if _supply(fact) is None])
    because = [f"{_count(len(taken), 'issue')} counted one after the other (CMA7)"]
    because += [f"{silent} more without a number of days"] if silent else []
    because += [f"stopped {until:%d %b %Y}"] if until < last else []
    return Covered(banked(taken, since, until), (until - since).days, since, until, bool(silent), tuple(because))


def _since(taken: Sequence[Supply], index: date) -> date | None:
    """The day of the fracture where treatment ran on it, else the first issue after it; None where there is none."""
    if banked(taken, index, index + timedelta(days=1)):
        return index
    return next((supply.start for supply in taken if supply.start >= index), None)


def _until(taken: Sequence[Supply], stops: Sequence[TreatmentStopped], last: date) -> date:
    """The day on which somebody stopped treatment, unless something was issued on it or later; else the last day."""
    stopped = [stop.occurred.start for stop in stops if all(s.start < stop.occurred.start for s in taken)]
    return min([last, *stopped])


def _stops(medicines: Iterable[Medicine]) -> list[TreatmentStopped]:
    return [fact for fact in medicines if isinstance(fact, TreatmentStopped) and fact.for_now is not Answer.YES]


def _by_doses(given: Sequence[DoseGiven], index: date, last: date) -> Covered | None:
    """Days on which a dose given still lasted. A dose given early banks nothing: the next is due from the dose."""
    spans = sorted((dose.given, dose.due) for fact in given if (dose := _last_dose(drug_of(fact), fact)).due)
    spans = [(start, end) for start, end in spans if end and end > index]
    if not spans or max(index, spans[0][0]) >= last:
        return None
    since, covered, free = max(index, spans[0][0]), 0, date.min
    for start, end in spans:
        covered += max(0, (min(end or last, last) - max(start, free, since)).days)
        free = max(free, end or last)
    because = (f"{_count(len(spans), 'dose')} given, lasting until the next is due",)
    return Covered(covered, (last - since).days, since, last, False, because)


def _speaks(
    issued: Sequence[Issue],
    given: Sequence[DoseGiven],
    told: FollowUpOutcome | None,
    checked: MedicinesRecordChecked | None,
) -> Decision:
    said = [f"{_count(len(issued), 'medicine')} issued or supplied"] if issued else []
    said += [f"{_count(len(given), 'dose')} given"] if given else []
    said += [f"asked at follow-up {told.occurred}"] if told else []
    if said:
        return yes(*said).under(RULE, EDITION)
    looked = [f"{checked.looked_in or 'a record'} checked {checked.occurred}: nothing found"] if checked else []
    nothing = "no medicine issued, no dose given and no answer at a follow-up is on record"
    return unknown(nothing, *looked).under(RULE, EDITION)


def _count(number: int, one: str) -> str:
    return f"{number} {one}{'' if number == 1 else 's'}"


def _end(facts: Iterable[Fact], today: date) -> date:
    """Today, or the day of death where it came before."""
    return min([today, *(fact.occurred.start for fact in facts if isinstance(fact, Death))])


def _latest(facts: Iterable[Some]) -> Some | None:
    return max(facts, key=lambda fact: (fact.occurred.end, fact.known, fact.id), default=None)
