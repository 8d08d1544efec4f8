"""Audit rows as CSV: a line that says what the file is, the headers, a row for each case.

A cell that a spreadsheet would run as a formula begins with an apostrophe; a plain number is none, and stays one.
"""

import csv
import re
from collections.abc import Iterable
from io import StringIO

from openfls.feeds.csv.mending import safe
from openfls.measures.audits.fields import Audit, AuditRow

PLAIN_NUMBER = re.compile(r"-?\d+(\.\d+)?")


def csv_of(audit: Audit, rows: Iterable[AuditRow]) -> bytes:
    """The file, in UTF-8 with the mark by which spreadsheets know it."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([audit.label])
    writer.writerow(audit.headers)
    writer.writerows([shown(cell.text) for cell in row.cells] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def shown(text: str) -> str:
    """The cell as it is written."""
    return text if PLAIN_NUMBER.fullmatch(text) else safe(text)
