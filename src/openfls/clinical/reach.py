"""Where a person can be reached and on which ward she lies, from whichever facts may be seen."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from openfls.clinical.facts import Admission, Answer, Demographics, Discharge, Fact, Transfer
from openfls.clinical.versions import current


@dataclass(frozen=True, slots=True)
class Reach:
    """The newest of each detail that any source gives; empty where none does."""

    postcode: str = ""
    phone: str = ""
    practice: str = ""
    care_home: Answer = Answer.UNKNOWN
    ward: str = ""


def reach(facts: Iterable[Fact]) -> Reach:
    standing = [fact for fact in current(facts) if not fact.retracted]
    told = [fact for fact in standing if isinstance(fact, Demographics)]
    newest: dict[str, Any] = {"ward": _ward([f for f in standing if isinstance(f, Admission | Transfer | Discharge)])}
    for fact in sorted(told, key=lambda fact: (fact.version or fact.known, fact.id)):
        details = {name: getattr(fact, name) for name in ("postcode", "phone", "practice", "care_home")}
        newest.update({name: value for name, value in details.items() if value and value != Answer.UNKNOWN})
    return Reach(**newest)


def _ward(stays: Sequence[Admission | Transfer | Discharge]) -> str:
    """The ward of a stay that no discharge has ended, by the times on the messages; empty when not in hospital."""

    def moment(fact: Fact) -> tuple[str, bool, str]:
        clock = fact.occurred.at.isoformat() if fact.occurred.at else fact.occurred.start.isoformat()
        return clock, isinstance(fact, Discharge), fact.id

    latest = max(stays, key=moment, default=None)
    return "" if latest is None or isinstance(latest, Discharge) else latest.ward
