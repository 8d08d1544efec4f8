"""The words of FLS-DB's fields about treatment, as its exports write them; the dataset's own list is not at hand.

Met in published analyses of exports of 2023 and 2024 (docs/safety/to-confirm.md). One table for reading and writing.
"""

import re

AUDIT = "FLS-DB"
# FLS-DB's word for each drug -> the drug's name in the record. Field 4.01 has them all, 6.05 and 7.05 most.
DRUGS = {
    "Alendronate": "alendronate",
    "Risedronate": "risedronate",
    "Ibandronate": "ibandronate",
    "Zoledronate": "zoledronate",
    "Denosumab": "denosumab",
    "Teriparatide": "teriparatide",
    "Romosozumab": "romosozumab",
    "Alfacalcidol": "alfacalcidol",
    "Systemic Oestrogens": "systemic oestrogens",
}
AUDIT_DRUGS = tuple(DRUGS.values())
NOT_STARTED, NO_LONGER, DECLINED = "not started", "no longer appropriate", "informed decline"
FOR_OPINION = "referred for clinical opinion"  # says nothing of whether treatment is taken
NOT_TAKEN = (NOT_STARTED, NO_LONGER, DECLINED, FOR_OPINION)
DONT_KNOW = "Don't know"
BROKEN = re.compile(r"don.{0,4}t know", re.IGNORECASE)  # its apostrophe, read in one encoding and written in another


def mended(word: str) -> str:
    """The word, with "Don't know" as it was before encodings were mixed up ("Donít know", "Donâ€™t know")."""
    return DONT_KNOW if BROKEN.fullmatch(word.strip()) else word.strip()
