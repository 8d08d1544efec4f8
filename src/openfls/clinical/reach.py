"""Where a person can be reached, how she describes herself and on which ward she lies, from whichever facts may be
seen."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from openfls.clinical.ethnic_categories import EthnicCategory
from openfls.clinical.facts import Admission, Answer, Demographics, Discharge, Fact, Transfer
from openfls.clinical.versions import by_statement, current, rank

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
    statements = by_statement(fact for fact in facts if isinstance(fact, Demographics))
    standing = [same for same in statements if not max(same, key=rank).retracted]
    told = {name: _told(standing, name) for name in ("postcode", "phone", "practice", "care_home")}
    newest = {name: said[-1].value for name, said in told.items() if said}
    return Reach(**newest, ethnic_category=_ethnic_category(_told(standing, "ethnic_category")))


@dataclass(frozen=True, slots=True)
class _Said:
    """A detail as a source has it, and since when it has had it so."""

    since: datetime
    fact: str
    source: str
    value: Any


def _told(statements: Sequence[Sequence[Fact]], name: str) -> list[_Said]:
    """What stands of a detail, what was said last at the end. A feed may say the same in a new statement: what it said
    before is looked for in all of its own, while each entry by hand is news."""
    holds = {max(same, key=rank).id for same in statements}
    versions = (fact for same in statements for fact in same if getattr(fact, name) not in SILENT)
    last: dict[str, _Said] = {}
    told = []
    for fact in sorted(versions, key=_said_at):
        source, value = fact.source.system, getattr(fact, name)
        before = last.get(source)
        repeats = before is not None and before.value == value and not fact.by
        last[source] = _Said(before.since if before and repeats else _said_at(fact)[0], fact.id, source, value)
        if fact.id in holds:
            told.append(last[source])
    return sorted(told, key=lambda said: (said.since, said.fact))


def _said_at(fact: Fact) -> tuple[datetime, str]:
    return fact.version or fact.known, fact.id


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
