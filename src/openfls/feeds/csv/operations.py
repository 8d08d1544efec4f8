"""What a row says was done: the operation, on the day that the list names."""

from openfls.clinical.codes import Opcs4, bare
from openfls.clinical.facts import Surgery
from openfls.clinical.patients import PatientRecord
from openfls.feeds.csv.row import Row


def surgery(row: Row, record: PatientRecord) -> list[Surgery]:
    """The operation where its day has come; a planned one may be cancelled, so it is nothing that occurred."""
    done = row.when("surgery_date")
    if not done or done.start > row.table.received:
        return []
    codes = [part for _, text in row.texts("opcs4_code") for part in text.replace(",", " ").split()]
    row_id = row.text("row_id")
    return [
        Surgery(
            record=record,
            occurred=done,
            codes=tuple(Opcs4(bare(code)) for code in codes),
            procedure=row.text("procedure"),
            **row.common("surgery", f"{row.table.origin.source}/{row_id}/surgery" if row_id else ""),
        )
    ]
