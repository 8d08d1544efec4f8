"""Whether bone treatment is taken, on the patient page: what each source says, each with why. Nothing is advised."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from openfls.clinical.adherence import Adherence, Covered, LastDose, adherence, days_of
from openfls.clinical.facts import Answer, Fact
from openfls.pages.patient.words import said_by, told
from openfls.pages.staff import Staff


@dataclass(frozen=True)
class TakingLine:
    """``label: words``, with the reasons; ``late``: in how many days past its day, 0 where it isn't."""

    label: str
    words: str
    because: str = ""
    late_by: int = 0


@dataclass(frozen=True)
class Taking:
    """``unknown``: why nobody knows, where no source speaks."""

    lines: tuple[TakingLine, ...]
    unknown: tuple[str, ...]


def taking(facts: Iterable[Fact], index: date, today: date, died_on: date | None, staff: Staff) -> Taking:
    """``facts``: the current ones of the person, in the viewer's sight; ``index``: the day of this fracture."""
    found = adherence(facts, index, today)
    return Taking(tuple(_lines(found, today, died_on, staff)), () if found.speaks.yes else found.speaks.because)


def _lines(found: Adherence, today: date, died_on: date | None, staff: Staff) -> Iterator[TakingLine]:
    if found.issues:
        yield _covered("By medicines issued", found.issues)
    if found.last_issued:
        days = days_of(found.last_issued)
        lasts = f", for {days} days" if days is not None else ", for how long is not said"
        words = f"{found.last_issued.drug}, {found.last_issued.occurred}{lasts}"
        yield TakingLine("Last issued", words, said_by(found.last_issued, staff))
    if found.doses:
        yield _covered("By doses given", found.doses)
    for dose in found.last_doses:
        yield _next(dose, today, died_on)
    if found.told:
        answer = "on treatment" if found.told.on_treatment is Answer.YES else "not on treatment"
        yield TakingLine("Said at follow-up", f"{answer}, {found.told.occurred}", found.told.reason)
    yield from _beside(found)


def _beside(found: Adherence) -> Iterator[TakingLine]:
    if found.stopped:
        held = found.stopped.for_now is Answer.YES
        label = "Held for now" if held else "Stopped"
        yield TakingLine(label, f"{found.stopped.drug}, {found.stopped.occurred}", found.stopped.reason)
    if found.not_given:
        yield TakingLine("Not given", f"{found.not_given.drug}, {found.not_given.occurred}", found.not_given.reason)
    if found.checked:
        yield TakingLine("Record checked", str(found.checked.occurred), told(found.checked))


def _covered(label: str, covered: Covered) -> TakingLine:
    least = "at least " if covered.at_least else ""
    share = f" ({covered.days / covered.of:.0%})"
    words = f"covered {least}{covered.days} of {covered.of} days since {covered.since:%d %b %Y}{share}"
    return TakingLine(label, words, "; ".join(covered.because))


def _next(dose: LastDose, today: date, died_on: date | None) -> TakingLine:
    if dose.due is None or died_on:
        return TakingLine("Last dose", f"{dose.drug}, {dose.given:%d %b %Y}", dose.because)
    late = max(0, (today - dose.due).days)
    label = "Next injection was due" if late else "Next injection due"
    return TakingLine(label, f"{dose.drug}, {dose.due:%d %b %Y}", dose.because, late)
