"""What the laboratory measures for fracture prevention: the unit in which each is compared, what nobody can have, and
the latest result of each. No clinical advice: no threshold of this page says whether a value is good.

The bounds are room to spare, not a reference range: what lies outside is a slip of the keyboard, another unit or a
placeholder. They have no published source. A laboratory's own adjusted calcium is a measurement of its own and is never
adjusted again; its eGFR is shown as it was reported, never computed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from openfls.clinical.facts import Fact, LaboratoryResult, Status

MOLAR_MASS_SOURCE = "Molar masses from the elements' standard atomic weights (IUPAC); PTH 1-84 as the peptide"
BOUNDS_SOURCE = "none: room to spare on both sides of what general knowledge of the field calls possible"


@dataclass(frozen=True, slots=True)
class Analyte:
    """One measurement. ``unit``: in which it is compared, empty for a text; ``low`` and ``high`` in that unit.

    ``molar_mass`` (g/mol) turns mass into amount of substance, None where nobody asks that. ``as_written``: units that
    stand as they are, because nothing turns them into ``unit``. ``core``: unknown is shown where there is none.
    """

    name: str
    unit: str = ""
    low: float = 0.0
    high: float = 0.0
    molar_mass: str | None = None
    as_written: tuple[str, ...] = ()
    core: bool = False

    @property
    def is_text(self) -> bool:
        return not self.unit


ANALYTES: dict[str, Analyte] = {
    analyte.name: analyte
    for analyte in (
        Analyte("creatinine", "umol/L", 5, 5000, "113.12", core=True),
        Analyte("eGFR", "mL/min/{1.73_m2}", 0.5, 300, as_written=("mL/min",), core=True),
        Analyte("adjusted calcium", "mmol/L", 0.8, 6, "40.078", core=True),
        Analyte("calcium", "mmol/L", 0.8, 6, "40.078"),
        Analyte("albumin", "g/L", 3, 90),
        Analyte("25-hydroxyvitamin D", "nmol/L", 1, 2500, "400.64", core=True),
        Analyte("parathyroid hormone", "pmol/L", 0.05, 1000, "9425", core=True),
        Analyte("phosphate", "mmol/L", 0.05, 10, "30.974"),
        Analyte("alkaline phosphatase", "U/L", 1, 20_000, core=True),
        Analyte("haemoglobin", "g/L", 20, 300, core=True),
        Analyte("white cell count", "10*9/L", 0.01, 1000),
        Analyte("platelets", "10*9/L", 0.5, 5000),
        Analyte("mean cell volume", "fL", 40, 180),
        Analyte("alanine aminotransferase", "U/L", 0.5, 50_000),
        Analyte("gamma-glutamyltransferase", "U/L", 0.5, 20_000),
        Analyte("bilirubin", "umol/L", 0.1, 2000, "584.66"),
        Analyte("thyroid stimulating hormone", "mU/L", 0.001, 1000, core=True),
        Analyte("free thyroxine", "pmol/L", 0.1, 300, "776.87"),
        Analyte("protein electrophoresis", core=True),
        Analyte("immunofixation"),
        Analyte("paraprotein", "g/L", 0.05, 200),
        Analyte("kappa free light chains", "mg/L", 0.05, 200_000),
        Analyte("lambda free light chains", "mg/L", 0.05, 200_000),
        Analyte("kappa to lambda ratio", "1", 0.0001, 100_000),
    )
}
# What stands in the place of a value that there isn't.
PLACEHOLDERS = frozenset({"999", "9999", "99999", "999999", "9999.9", "999.9", "-1", "-99", "-999", "-9999"})


@dataclass(frozen=True, slots=True)
class Latest:
    """The latest standing result of a measurement; None where none is known, which is not a normal one."""

    analyte: Analyte
    result: LaboratoryResult | None

    def age_in_days(self, today: date) -> int | None:
        """From the last day on which it may have been taken."""
        return max(0, (today - self.result.occurred.end).days) if self.result else None


def latest(facts: Iterable[Fact]) -> list[Latest]:
    """Of the current facts, the latest result of each measurement that is core or known, in the order of the table.

    A final result of one moment stands above a preliminary one; what was taken back counts for nothing.
    """
    newest: dict[str, LaboratoryResult] = {}
    for fact in facts:
        if isinstance(fact, LaboratoryResult) and fact.analyte in ANALYTES and not fact.retracted:
            before = newest.get(fact.analyte)
            if before is None or _order(fact) > _order(before):
                newest[fact.analyte] = fact
    return [Latest(a, newest.get(name)) for name, a in ANALYTES.items() if a.core or name in newest]


def _order(fact: LaboratoryResult) -> tuple[date, str, Status, str]:
    moment = fact.occurred.at.isoformat() if fact.occurred.at else ""
    return fact.occurred.end, moment, fact.status, fact.id
