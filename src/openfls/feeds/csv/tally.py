"""What a reader says of a whole list: how many rows said what, and which were doubtful."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from openfls.clinical.facts import Answer, Demographics, Fact, FractureSighting
from openfls.clinical.patients import PatientRecord
from openfls.feeds.csv.mapping import Gives
from openfls.feeds.csv.people import named_in_doubt, strange_ethnic_category, strange_residence
from openfls.feeds.csv.row import Row

NAMED_ROWS = 10  # more are only counted


@dataclass
class Tally:
    """Rows by what they said of a fracture, and the rows with something doubtful."""

    rows: int = 0
    fractures: int = 0
    unclear: int = 0
    denied: int = 0
    silent: int = 0
    medicines: int = 0
    gives: Gives = Gives.SIGHTINGS
    doubtful: dict[str, list[str]] = field(default_factory=dict)

    def count(self, row: Row, record: PatientRecord, facts: Sequence[Fact]) -> None:
        """Counts a row that was read."""
        said = {fact.certain for fact in facts if isinstance(fact, FractureSighting)}
        self.rows += 1
        self.fractures += Answer.YES in said
        self.unclear += Answer.UNKNOWN in said and Answer.YES not in said
        self.denied += said == {Answer.NO}
        self.silent += not said
        self.medicines += any(not isinstance(fact, Demographics) for fact in facts)
        self.gives = row.table.mapping.gives
        self._before(row, facts)
        if record.doubtful_nhs_number:
            self._doubt("the NHS number fails its check, so it links nothing", row)
        if strange_residence(row):
            self._doubt("whether that residence is a care home is not known, so it is not read", row)
        if strange_ethnic_category(row):
            self._doubt("the ethnic category is none that is known, so it is not read", row)
        if named_in_doubt(row):
            self._doubt("family and given name can't be told apart, so the whole name stands as the family name", row)

    def counts(self) -> str:
        if self.gives is Gives.OPT_OUTS:
            return f"{self.rows} rows read: each says whether a person has a national data opt-out"
        if self.gives not in (Gives.SIGHTINGS, Gives.AUDIT_RECORDS):
            others = self.rows - self.medicines
            return f"{self.rows} rows read: {self.medicines} tell of a bone drug, {others} of another or nothing yet"
        return (
            f"{self.rows} rows read: {self.fractures} name a fracture, {self.unclear} leave doubt and go to triage, "
            f"{self.denied} say no fracture, {self.silent} say nothing of a fracture"
        )

    def notes(self) -> Iterator[str]:
        """Each doubt, with the rows that leave it."""
        return (f"{reason}: {_named(rows)}" for reason, rows in self.doubtful.items())

    def _before(self, row: Row, facts: Sequence[Fact]) -> None:
        """Of an audit's record: care dated before its fracture. It stands as written, and meets no standard."""
        if self.gives is Gives.AUDIT_RECORDS:
            index = min(fact.occurred.start for fact in facts if isinstance(fact, FractureSighting))
            for fact in facts:
                if fact.occurred.end < index:
                    self._doubt(f"{fact.kind} before the fracture: kept as it stands, it meets no standard", row)

    def _doubt(self, reason: str, row: Row) -> None:
        self.doubtful.setdefault(reason, []).append(row.place)


def _named(rows: Sequence[str]) -> str:
    more = f" and {len(rows) - NAMED_ROWS} more" if len(rows) > NAMED_ROWS else ""
    return ", ".join(rows[:NAMED_ROWS]) + more
