"""What a row of an answer about national data opt-outs says: whether somebody has one, and when that was looked up."""

from openfls.clinical.facts import Answer, OptOutChecked
from openfls.clinical.patients import PatientRecord
from openfls.feeds.csv.audit_records import answer_in
from openfls.feeds.csv.people import identity
from openfls.feeds.csv.row import Row


def opt_out(row: Row, record: PatientRecord) -> list[OptOutChecked]:
    """Raises `Fault` where the answer or its day is missing: a blank is no "no"."""
    answered, checked = answer_in(row, "opted_out", row.text("opted_out")), row.past("checked_date")
    if not answered:
        raise row.fault("opted_out", "Nothing says whether the person opted out", "Write Yes or No.")
    if checked is None:
        raise row.fault("checked_date", "Nothing says when it was looked up", "Fill in the day of the check.")
    key = f"{row.table.origin.source}/opt-out/{identity(record)}/{checked.start}"
    return [OptOutChecked(record=record, occurred=checked, opted_out=Answer(answered), **row.common("opt-out", key))]
