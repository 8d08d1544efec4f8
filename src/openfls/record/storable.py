"""What a database can hold. Whatever an engine would refuse, or drop without a word, is refused here with a reason.

PostgreSQL has no NUL character and no NaN in JSON, and limits the length of an index entry; SQLite's INSERT OR IGNORE
skips a row that breaks a JSON check in silence. So the door asks first: a feed's message then waits in quarantine.
"""

from hashlib import sha256
from math import isfinite
from typing import Any

from openfls.clinical.facts import Fact
from openfls.clinical.patients import PatientRecord

LONGEST_INDEXED = 300  # characters; PostgreSQL's index entries end at 2,704 bytes, a character has up to 4
LONGEST_SITE = 100  # characters of an organisation code


class NotStorable(ValueError):
    """A fact or record that no database row can hold. ``where`` names the field, ``mend`` says what to do."""

    def __init__(self, what: str, where: str, mend: str) -> None:
        super().__init__(f"{what} in {where}: {mend}")
        self.what, self.where, self.mend = what, where, mend


def indexed(text: str) -> str:
    """The text, or its digest where it is too long for an index: equal texts stay equal."""
    return text if len(text) <= LONGEST_INDEXED else f"sha256:{sha256(text.encode()).hexdigest()}"


def check_record(record: PatientRecord) -> None:
    texts = [("family name", record.family_name), ("given name", record.given_name)]
    for number in record.hospital_numbers:
        texts += [("hospital number", number.value), ("authority of a hospital number", number.authority)]
    for where, text in texts:
        _check_length(text, where, LONGEST_INDEXED)
        _check_text(text, where)
    _check_length(record.nhs_number or "", "NHS number", 10)
    _check_text(record.doubtful_nhs_number or "", "doubtful NHS number")


def check_fact(fact: Fact, body: dict[str, Any]) -> None:
    """Raises `NotStorable`; ``body`` is ``to_plain(fact)``, which holds every text of the fact and of its record."""
    check_record(fact.record)
    check_plain(body, fact.kind)
    if fact.site is not None:
        _check_length(fact.site, "site", LONGEST_SITE)
    if fact.known.utcoffset() is None:
        raise NotStorable("a time without offset", f"{fact.kind}.known", "give it as an aware UTC instant")


def check_plain(value: object, where: str) -> None:
    """Raises `NotStorable` for a NUL character, half a surrogate pair, NaN or infinity anywhere inside ``value``."""
    match value:
        case str():
            _check_text(value, where)
        case float() if not isfinite(value):
            raise NotStorable("a number that is not finite", where, "leave the value out, or write it as text")
        case dict():
            for name, part in value.items():
                check_plain(part, f"{where}.{name}")
        case list() | tuple():
            for part in value:
                check_plain(part, where)


def _check_text(text: str, where: str) -> None:
    if "\0" in text:
        raise NotStorable("a NUL character", where, "remove it where the message is read")
    if not text.isascii() and any("\ud800" <= c <= "\udfff" for c in text):
        raise NotStorable("half a character", where, "read the message in its true encoding")


def _check_length(text: str, where: str, longest: int) -> None:
    if len(text) > longest:
        raise NotStorable(f"{len(text)} characters", where, f"at most {longest} can be searched: shorten it")
