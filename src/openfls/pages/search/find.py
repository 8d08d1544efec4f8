"""Finding a person by what is typed in one box: an NHS number, a hospital number, or a name with a date of birth."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet

from openfls.clinical.patients import checked_nhs_number, matching_name
from openfls.record.models import Person

MOST = 50
DATE = re.compile(r"\b(\d{1,2})[ ./-](\d{1,2}|[A-Za-z]{3,9})[ ./-](\d{4})\b|\b(\d{4})-(\d{2})-(\d{2})\b")
NUMBER = re.compile(r"\d")
SHORTEST_NAME = 2


@dataclass(frozen=True)
class Found:
    """``how`` says what was looked for, so that nobody takes an empty answer for "not on record"."""

    how: str
    people: Sequence[Person]
    more: bool = False


def find(people: "QuerySet[Person]", words: str) -> Found | None:
    """Among these people; None where too little was typed to look for."""
    text = " ".join(words.split())
    if number := checked_nhs_number(text):
        return _taken(f"NHS number {number[:3]} {number[3:6]} {number[6:]}", people.filter(records__nhs_number=number))
    if re.fullmatch(r"[\d -]{10,}", text) and len(NUMBER.findall(text)) == 10:
        how = "that number as a hospital number (it fails the NHS number's check: look at the digits again)"
        return _taken(how, _by_hospital_number(people, text))
    born, rest = _date_in(text)
    if NUMBER.search(rest):
        return _taken("that hospital number", _by_hospital_number(people, rest))
    return _by_name(people, rest, born)


def _by_hospital_number(people: "QuerySet[Person]", text: str) -> "QuerySet[Person]":
    plain = text.replace(" ", "")
    return people.filter(records__numbers__value__in={text, plain, plain.upper(), plain.lower()})


def _by_name(people: "QuerySet[Person]", words: str, born: date | None) -> Found | None:
    """Every part of a name is the beginning of a family or given name; a date of birth narrows."""
    parts = [part for part in (matching_name(word) for word in re.split(r"[ ,]+", words)) if part]
    if not born and not any(len(part) >= SHORTEST_NAME for part in parts):
        return None
    for part in parts:
        named = Q(records__matching_family__startswith=part) | Q(records__matching_given__startswith=part)
        people = people.filter(named)
    if born:
        people = people.filter(records__birth_date=born)
    how = " and ".join(_ for _ in (f"the name “{words.strip(' ,')}”" if parts else "", _born_words(born)) if _)
    return _taken(how, people)


def _born_words(born: date | None) -> str:
    return f"born {born:%d %b %Y}" if born else ""


def _taken(how: str, people: "QuerySet[Person]") -> Found:
    rows = list(people.distinct().order_by("family_name", "name", "key")[: MOST + 1])
    return Found(how, rows[:MOST], more=len(rows) > MOST)


def _date_in(text: str) -> tuple[date | None, str]:
    """A date in the words, and the words without it."""
    match = DATE.search(text)
    if not match:
        return None, text
    written = "-".join(part for part in match.groups() if part)
    for form in ("%d-%m-%Y", "%d-%b-%Y", "%d-%B-%Y", "%Y-%m-%d"):
        try:
            return datetime.strptime(written, form).date(), (text[: match.start()] + text[match.end() :]).strip()  # noqa: DTZ007
        except ValueError:
            continue
    return None, text
