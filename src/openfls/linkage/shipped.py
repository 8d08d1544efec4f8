"""How the weights that are shipped were trained: slips of the pen from one source, strangers from another.

Public data of known slips (FEBRL) tells how one person's records differ, but its postcodes and names are not ours.
The demonstration region has details in our form, yet only the slips that we gave it. So *m* is learned from both, pair
for pair within each, and *u* from the region's people, one record each. Run by `docs.generating.linkage_measured`.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from openfls.clinical.likeness import WEIGHTS, Weights
from openfls.clinical.likeness_levels import LEVELS, SAME
from openfls.linkage.model import Model
from openfls.linkage.rows import Row, table_of
from openfls.linkage.training import PAIRS_AT_RANDOM, SEED, about, learn_slips, linker_of, shares_of

# A record that arrives is one of so many people whom a region's hospitals know: not confirmed.
PRIOR = 1 / 100_000
# From here on somebody is asked, and from here on it is called very likely. No published source; measured.
LOWER, UPPER = 0.8, 0.99
# The made-up region spreads its people thinly. About 40 live at one postcode; of a region of 400,000, one in 10,000.
STRANGERS_AT_ONE_POSTCODE = 1e-4


def shipped(region: Sequence[Row], slips: Sequence[Row], on: str, today: date) -> Weights:
    """The weights from a region's records and public ones, both of known truth; see the module's words."""
    u = _strangers(region)
    started = replace(WEIGHTS, u=u)
    both = [_of("region", row) for row in region] + [_of("slips", row) for row in slips]
    linker = linker_of(table_of(both), Model(started, {}), "dedupe_only", tuple(LEVELS), ())
    learn_slips(linker, LEVELS, within="source")
    learned = shares_of(linker.misc.save_model_to_json())
    return Weights(PRIOR, {what: learned[what][0] for what in LEVELS}, u, LOWER, UPPER, about(on, today))


def _strangers(region: Sequence[Row]) -> dict[str, tuple[float, ...]]:
    """How often strangers agree, by pairs drawn at random from the fullest record of each person."""
    fullest: dict[str, Row] = {}
    for row in sorted(region, key=_fullness):
        fullest[row.truth] = row
    linker = linker_of(table_of(list(fullest.values())), None, "dedupe_only", tuple(LEVELS), ())
    linker.training.estimate_u_using_random_sampling(max_pairs=10 * PAIRS_AT_RANDOM, seed=SEED)
    learned = shares_of(linker.misc.save_model_to_json())
    u = {what: learned[what][1] for what in LEVELS}
    place = LEVELS["postcode"].index(SAME)
    postcode = list(u["postcode"])
    postcode[place] = max(postcode[place], STRANGERS_AT_ONE_POSTCODE)
    return u | {"postcode": tuple(postcode)}


def _fullness(row: Row) -> tuple[int, str]:
    return sum(bool(getattr(row.details, what)) for what in LEVELS), row.id


def _of(source: str, row: Row) -> Row:
    return replace(row, id=f"{source}/{row.id}", source=source, truth=f"{source}/{row.truth}")
