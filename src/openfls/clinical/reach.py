"""Where a person can be reached, how she describes herself and on which ward she lies, from whichever facts may be
seen."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import takewhile
from typing import Any

from openfls.clinical.ethnic_categories import EthnicCategory
from openfls.clinical.facts import Admission, Answer, Demographics, Discharge, Fact, Transfer
from openfls.clinical.undoing import counting
from openfls.clinical.versions import current, rank

SILENT = frozenset({"", Answer.UNKNOWN, EthnicCategory.NOT_KNOWN})


@dataclass(frozen=True, slots=True)
class Reach:
    """Of each detail what was said last; empty where no source gives it.

    A source that repeats itself says nothing new: what a person corrected by hand stands until some source says
    something else than it said before.
    """

    postcode: str = ""
    phone: str = ""
    practice: str = ""
    care_home: Answer = Answer.UNKNOWN
    ethnic_category: EthnicCategory = EthnicCategory.NOT_KNOWN


@dataclass(frozen=True, slots=True)
class Stay:
    """The newest that a site says of where a person lies: on a ward of the site ``at``; no ``ward``: not in hospital.

    ``told_by`` is the site that says so: whoever may not see its facts may not see this.
    """

    told_by: str
    at: str
    ward: str


def reach(facts: Iterable[Fact]) -> Reach:
    statements = _statements(facts)
    told = {name: _told(statements, name) for name in ("postcode", "phone", "practice", "care_home")}
    newest = {name: said[-1].value for name, said in told.items() if said}
    return Reach(**newest, ethnic_category=_ethnic_category(_told(statements, "ethnic_category")))


def _statements(facts: Iterable[Fact]) -> list[list[Demographics]]:
    """The versions of each statement that stands, the one that holds first."""
    versions: dict[str, list[Demographics]] = defaultdict(list)
    for fact in counting(facts):
        if isinstance(fact, Demographics):
            versions[fact.statement].append(fact)
    ranked = [sorted(same, key=rank, reverse=True) for same in versions.values()]
    return [same for same in ranked if not same[0].retracted]


@dataclass(frozen=True, slots=True)
class _Said:
    """A detail as one statement has it, and since when it has had it so."""

    since: datetime
    fact: str
    source: str
    value: Any


def _told(statements: Iterable[Sequence[Demographics]], name: str) -> list[_Said]:
    """What the statements say of a detail, what was said last at the end."""
    said = (_said(versions, name) for versions in statements if getattr(versions[0], name) not in SILENT)
    return sorted(said, key=lambda one: (one.since, one.fact))


def _said(versions: Sequence[Demographics], name: str) -> _Said:
    holds, value = versions[0], getattr(versions[0], name)
    alike = takewhile(lambda fact: getattr(fact, name) == value, versions)
    return _Said(min(fact.version or fact.known for fact in alike), holds.id, holds.source.system, value)


def _ethnic_category(told: Iterable[_Said]) -> EthnicCategory:
    """Of what each source says last, the newest that names a category; else that somebody chose not to state one.

    A source that asked and got no answer doesn't take back what the person told another; the same source does.
    """
    last: dict[str, EthnicCategory] = {}
    for said in told:
        last.pop(said.source, None)  # so that the newest stands last
        last[said.source] = said.value
    answers = list(last.values())
    named = [answer for answer in answers if answer is not EthnicCategory.NOT_STATED]
    return (named or answers or [EthnicCategory.NOT_KNOWN])[-1]


def postcode_of(facts: Iterable[Fact]) -> str:
    """The newest postcode that these facts give."""
    return reach(fact for fact in facts if isinstance(fact, Demographics)).postcode


def stays(facts: Iterable[Fact], today: date = date.max) -> tuple[Stay, ...]:
    """One a site that says anything, by the times on its messages, the newest last; none where she lies on no ward.

    Of those whose sites may be seen the last holds, as if nobody else had said anything. A stay whose date lies ahead,
    by plan or by a slip, is none yet.
    """
    latest: dict[str, Admission | Transfer | Discharge] = {}
    told = [f for f in current(facts) if isinstance(f, Admission | Transfer | Discharge) and not f.retracted]
    for fact in sorted((f for f in told if not f.occurred.lies_ahead(today)), key=_moment):
        if fact.site:
            latest[fact.site] = fact
    found = tuple(_stay(site, fact) for site, fact in sorted(latest.items(), key=lambda pair: _moment(pair[1])))
    return found if any(stay.ward for stay in found) else ()


def _moment(fact: Fact) -> tuple[str, bool, str]:
    clock = fact.occurred.at.isoformat() if fact.occurred.at else fact.occurred.start.isoformat()
    return clock, isinstance(fact, Discharge), fact.id


def _stay(site: str, fact: Admission | Transfer | Discharge) -> Stay:
    at = fact.to_site if isinstance(fact, Transfer) and fact.to_site else site
    return Stay(site, at, "" if isinstance(fact, Discharge) else fact.ward)
