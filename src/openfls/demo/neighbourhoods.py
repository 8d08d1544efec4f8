"""How deprived the region's neighbourhoods are: made up, for no published table knows invented postcodes.

In the shape of a publisher's lookup by postcode. Neither a hospital's habits nor anybody's course of care hang on it.
"""

from collections.abc import Iterator

from openfls.demo.streams import luck, stream
from openfls.demo.truth import Truth

INDEX = "Made-up index 2026"
HEADER = "Postcode,Index of Multiple Deprivation Decile"
NOT_IN_THE_TABLE = 0.03  # of postcodes: too new, or mistyped, as in life


def table(seed: int, truth: Truth) -> Iterator[str]:
    """The lines of the table: a decile for almost every postcode in which somebody lives or to which somebody moves."""
    homes = {life.person.postcode for life in truth.lives} | {life.move.postcode for life in truth.lives if life.move}
    yield HEADER
    for postcode in sorted(homes):
        if luck(seed, postcode, "in the table") >= NOT_IN_THE_TABLE:
            yield f"{postcode},{decile(seed, postcode)}"


def decile(seed: int, postcode: str) -> int:
    """That of the whole sector: neighbours are alike."""
    return stream(seed, postcode[:-2], "decile").randint(1, 10)
