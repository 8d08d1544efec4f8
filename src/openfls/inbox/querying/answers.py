"""An answer as a list: the same rows give the same bytes, in whatever order the database gave them."""

import csv
from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal
from io import StringIO
from typing import Any
from uuid import UUID

from django.utils import timezone

from openfls.feeds.csv.headers import columns
from openfls.feeds.csv.mapping import Mapping
from openfls.feeds.csv.meanings import meaning_in_words
from openfls.feeds.csv.mending import safe, written_cell
from openfls.inbox.querying.asking import Answer, CannotAsk
from openfls.inbox.querying.declared import Query

ASKED_AT = "OpenFLS asked at"  # a column that keeps an answer apart from an earlier one of the same rows


def listed(answer: Answer, query: Query, mapping: Mapping, *, asked_at: datetime | None = None) -> bytes:
    """The list of the answer. Raises `CannotAsk` where its columns don't fit the mapping or a value is no text."""
    headers = _headers(answer, query, mapping)
    rows = sorted([safe(_cell(value, name, mapping)) for name, value in _named(answer, row)] for row in answer.rows)
    if asked_at:
        headers = [*headers, ASKED_AT]
        rows = [[*row, f"{asked_at:%Y-%m-%dT%H:%M:%SZ}"] for row in rows]
    out = StringIO()
    csv.writer(out, delimiter=mapping.delimiter or ",").writerows([headers, *rows])
    return out.getvalue().encode()


def largest(answer: Answer, query: Query) -> Any:
    """The largest value of the watermark's column, None where there is none. Raises `CannotAsk`."""
    if query.watermark not in answer.columns:
        mend = "Select that column, or name another watermark."
        raise CannotAsk(f"The answer has no column {query.watermark}, which is the watermark.", mend)
    place = answer.columns.index(query.watermark)
    return max((row[place] for row in answer.rows if row[place] is not None), default=None)


def _headers(answer: Answer, query: Query, mapping: Mapping) -> list[str]:
    if unknown := sorted(set(query.columns) - set(answer.columns)):
        mend = f"It has {', '.join(answer.columns)}: correct the query, or its columns."
        raise CannotAsk(f"The answer has no column {', '.join(unknown)}.", mend)
    headers = [query.columns.get(name, name) for name in answer.columns]
    found = columns(headers, mapping)
    if not found.fit:
        wanted = [" or ".join(meaning_in_words(one) for one in group) for group in found.unmet]
        lacks = f"no column for {'; nor for '.join(wanted)}" if wanted else "two columns of one meaning"
        mend = f"It has {', '.join(headers)}: name them in columns as the mapping {mapping.name} does."
        raise CannotAsk(f"The answer has {lacks}.", mend)
    return headers


def _named(answer: Answer, row: Sequence[Any]) -> list[tuple[str, Any]]:
    return list(zip(answer.columns, row, strict=True))


def _cell(value: Any, column: str, mapping: Mapping) -> str:
    match value:
        case None:
            return ""
        case str():
            return value.replace("\0", "\ufffd")
        case bool():
            return "yes" if value else "no"
        case int() | Decimal() | UUID():
            return str(value)
        case float():
            return str(int(value)) if value.is_integer() else str(value)
        case datetime():
            local = timezone.localtime(value).replace(tzinfo=None) if timezone.is_aware(value) else value
            return written_cell(local.replace(microsecond=0), mapping)
        case date() | time():
            return written_cell(value, mapping)
    reason = f"The column {column} holds values of the kind {type(value).__name__}, which are no text."
    raise CannotAsk(reason, "Leave the column out, or turn it into text in the query.")
