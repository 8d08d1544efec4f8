"""Who of the region lives in a care home, as lists write it: all of it made up.

The shares are assumed so that both parts of a split show. They are not to be quoted, and neither a hospital's habits
nor anybody's course of care hang on them.
"""

from datetime import date

from openfls.demo.streams import luck

BORN_BEFORE = 1946  # the older half of the patients
IN_CARE_HOMES = {True: 0.22, False: 0.04}  # of those born before, and of the others

HOMES = (("Nursing care", "85"), ("Residential care", "65"), ("Nursing care", "54"))  # words, source of admission
OWN_HOME = ("Own home/sheltered housing", "19")


def in_care_home(seed: int, slot: int, born: date) -> bool:
    return luck(seed, slot, "care home") < IN_CARE_HOMES[born.year < BORN_BEFORE]


def residence(slot: int, care_home: bool) -> tuple[str, str]:
    """In the words of an audit, and as the code of a source of admission."""
    return HOMES[slot % len(HOMES)] if care_home else OWN_HOME
