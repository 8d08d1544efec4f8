"""Refuses an object that writes one key twice: which of the two values holds, no reader could say.

The JSON library is silent about it. Comparing counts of key ends in what was written and in what was understood finds
it at the library's own speed; only where spacing or escapes make the count mean nothing is the text read again slowly.
"""

import json
import re
from typing import Any, NoReturn

import orjson

from openfls.feeds.fhir.faults import CannotRead

_KEY_ENDS = b'":'
_SPACED = re.compile(rb'"[ \t\r\n]+:')
_ESCAPED = (b"\\u0022", b"\\u003a", b"\\u003A")  # a quote or a colon that is written another way than it is given


def refuse_repeated_keys(written: bytes, document: Any) -> None:
    """``document`` is what orjson made of ``written``. Raises `CannotRead`."""
    plain = not any(escape in written for escape in _ESCAPED) and not _SPACED.search(written)
    if plain and written.count(_KEY_ENDS) == orjson.dumps(document).count(_KEY_ENDS):
        return
    try:
        json.loads(written, object_pairs_hook=_distinct)
    except RecursionError as error:
        raise CannotRead("The JSON is nested too deep.", "Send a FHIR R4 bundle or NDJSON.") from error


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        _refuse(pairs)
    return found


def _refuse(pairs: list[tuple[str, Any]]) -> NoReturn:
    seen: set[str] = set()
    twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
    raise CannotRead(f"The key {twice[:80]!r} stands twice in one object.", "Send each key once.")
