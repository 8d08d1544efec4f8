"""The reference page of the audits' fields: how each follows from the facts, and which answers it may have."""

from docs.generating.tables import document, table
from openfls.measures.audits.fields import Audit
from openfls.measures.audits.fls_db import FLS_DB
from openfls.measures.audits.hip_audit import HIP_AUDIT

INTRODUCTION = """What stands in a file for an audit, from the declarations that write it. **None of these is an
official format**: the audits' import specifications have not been obtained. Headers are those met in exports; what is
not confirmed stands in [to-confirm](../safety/to-confirm.md). How to make one: [export for an
audit](../how-to/export-for-the-audit.md)."""
STATES = """A cell is *given*, *Don't know* (somebody was asked), *missing* (nobody said, or the audit has no word
for what was said) or *not due* (not asked of this fracture, or not yet). *Counted* are those whose completeness counts:
fewer than 5 of them may have more than 20% missing among the records of which they are due."""


def page() -> str:
    parts = [INTRODUCTION, STATES]
    for audit in (FLS_DB, HIP_AUDIT):
        parts += [f"## {audit.title}", audit.label, _fields(audit)]
    return document("Fields of audit files", *parts)


def _fields(audit: Audit) -> str:
    rows = [
        (column.header, column.how, ", ".join(column.words), "counted" if column.counted else "")
        for column in audit.columns
    ]
    return table(("Field", "Follows from", "Answers", ""), rows)
