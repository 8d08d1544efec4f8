"""Where a person can be reached, how she describes herself and on which ward she lies, from whichever facts may be
seen."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from openfls.clinical.ethnic_categories import EthnicCategory
from openfls.clinical.facts import Admission, Answer, Demographics, Discharge, Fact, Transfer
from openfls.clinical.versions import current


@dataclass(frozen=True, slots=True)
class Reach:
    """The newest of each detail that any source gives; empty where none does."""

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
    told = [fact for fact in current(facts) if isinstance(fact, Demographics) and not fact.retracted]
    told.sort(key=lambda fact: (fact.version or fact.known, fact.id))
    newest: dict[str, Any] = {}
    for fact in told:
        details = {name: getattr(fact, name) for name in ("postcode", "phone", "practice", "care_home")}
        newest.update({name: value for name, value in details.items() if value and value != Answer.UNKNOWN})
    return Reach(**newest, ethnic_category=_ethnic_category(told))


def _ethnic_category(told: Sequence[Demographics]) -> EthnicCategory:
    """Of what each source says last, the newest that names a category; else that somebody chose not to state one.

    A source that asked and got no answer doesn't take back what the person told another; the same source does.
    """
    last: dict[str, EthnicCategory] = {}
    for fact in told:
        if fact.ethnic_category is not EthnicCategory.NOT_KNOWN:
            last.pop(fact.source.system, None)  # so that the newest stands last
            last[fact.source.system] = fact.ethnic_category
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
