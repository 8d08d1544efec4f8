"""National figures as the audit published them: reference lines beside a site's own, never targets.

Read from a web table that had lost its separators: there is exactly one way to divide each row into the records and the
KPIs 2 to 11. Figures of annual reports may differ after cleaning. KPI 3 is left out, for its denominator is not known.
"""

from dataclasses import dataclass

from openfls.clinical.standards import Standard

SOURCE = "FLS-DB webtool, national row"
NOTE = (
    "National rows were read from a web table without separators, which can be divided in one way only; annual reports "
    "may differ. They are counted by the audit's definitions, not by ours."
)
ALIAS = "FLS-DB KPI "


@dataclass(frozen=True, slots=True)
class Published:
    """``shares``: by the number of the KPI, in percent."""

    year: int
    records: int
    shares: dict[int, float]


NATIONAL = (
    Published(2019, 69_926, {4: 70, 5: 46.8, 6: 62, 7: 52.5, 8: 6.1, 9: 20.7, 10: 22.9, 11: 20.8}),
    Published(2021, 49_327, {4: 72.7, 5: 47.9, 6: 52.7, 7: 48.5, 8: 4.1, 9: 14.4, 10: 23.8, 11: 20.4}),
)


def national(standard: Standard) -> list[tuple[int, float]]:
    """The published years of the KPI that this standard is, with their shares in percent; empty where it is none."""
    numbers = [int(alias.removeprefix(ALIAS)) for alias in standard.aliases if alias.startswith(ALIAS)]
    return [(row.year, row.shares[n]) for row in NATIONAL for n in numbers if n in row.shares]
