"""How the region's people describe themselves, and which trust ever asked them: all of it made up.

The shares are assumed so that every part of a split shows. They are not to be quoted, and neither a hospital's habits
nor anybody's course of care hang on them: what differs between the parts differs by chance.
"""

from openfls.clinical.ethnic_categories import EthnicCategory
from openfls.demo.streams import luck, stream, weighted

CATEGORIES = {
    EthnicCategory.BRITISH: 0.80, EthnicCategory.IRISH: 0.02, EthnicCategory.OTHER_WHITE: 0.04,
    EthnicCategory.WHITE_AND_BLACK_CARIBBEAN: 0.006, EthnicCategory.WHITE_AND_BLACK_AFRICAN: 0.002,
    EthnicCategory.WHITE_AND_ASIAN: 0.006, EthnicCategory.OTHER_MIXED: 0.004, EthnicCategory.INDIAN: 0.03,
    EthnicCategory.PAKISTANI: 0.02, EthnicCategory.BANGLADESHI: 0.006, EthnicCategory.OTHER_ASIAN: 0.01,
    EthnicCategory.CARIBBEAN: 0.02, EthnicCategory.AFRICAN: 0.01, EthnicCategory.OTHER_BLACK: 0.004,
    EthnicCategory.CHINESE: 0.006, EthnicCategory.ANY_OTHER: 0.016,
}  # fmt: skip
NOT_STATED = 0.05  # of everybody: whoever asks gets no answer
NOT_ASKED = 0.15  # of each trust's patients: registered in haste


def category(seed: int, slot: int) -> EthnicCategory:
    """What this person answers when asked."""
    chance = stream(seed, slot, "ethnic category")
    return EthnicCategory.NOT_STATED if chance.random() < NOT_STATED else weighted(chance, CATEGORIES)


def asked(slot: int, trust: str) -> bool:
    """Whether this trust ever asked."""
    return luck(slot, trust, "asked for the ethnic category") >= NOT_ASKED
