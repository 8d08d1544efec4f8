"""The reference page of linkage by likeness: the weights that are shipped, and the error measured with them."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from docs.generating.tables import document, table
from openfls.clinical.candidates import CROWDED_FROM
from openfls.clinical.likeness import IN_WORDS, WEIGHTS, Band
from openfls.clinical.likeness_levels import LEVELS

FIGURES = Path(__file__).parent / "linkage_measured.json"

INTRODUCTION = """Records that are alike raise a doubt; likeness alone joins nobody
([identity](../explanation/identity.md)). This page has the weights by which records are compared, and
what was measured with them on data whose truth is known. All of these data are made up; on your own
register measure again: `openfls link FILE --truth COLUMN`."""

BLOCKS = f"""## Which records are compared
Those that share at least one of these: date of birth and the first letter of either name; postcode and
the first letter of either name; how the family name sounds, the first letter of the given name and the
year of birth; both names with day and month of birth. What {CROWDED_FROM} records or more share tells
nobody apart and compares nobody: the page *Identity* and `openfls link` say so. Whole files are
compared by three more: the date of birth alone, both names alone, and each further detail."""

WEIGHTS_WORDS = """## The weights
*One person* is how often two records of one person fall into the level, *strangers* how often those of
two people do; the weight is the binary logarithm of one over the other. All weights and that of the
prior add up to the probability. A detail that one record lacks adds nothing."""

ARRIVING = """## Error of the questions while records arrive
What a person is asked once all records have come, in whatever order. *Apart*: pairs of pieces that are
one person in truth and that no number joins. *Asked rightly, wrongly*: doubts about one person and
about two. *Missed*: of those apart, not asked about. *Joined wrongly*: pieces in which two people stand
together."""

ARRIVING_NOTES = """The region's own records miss NHS numbers in up to a fifth of some lists, yet nearly
all have a hospital number, so that likeness has little to add there; so it is also measured without NHS
numbers, and with no number at all. There, two people of one name, birthday and sex whose records give
nothing else share one record: these are the ones joined wrongly. FEBRL is the half that taught nothing. In fake_1000 a
quarter to a third of the details are missing, and nothing of a town or e-mail address is used here:
what two records don't say, likeness can't find."""

FILES = """## Error of whole files
Pairs of rows at the threshold for a list and at that of *very likely*, and all pairs inside the
clusters."""

DATA = {
    "region": "the region, seed 1, as it is",
    "region, no NHS numbers": "the region, NHS numbers taken away",
    "region, no numbers at all": "the region, all numbers taken away",
    "FEBRL 4": "FEBRL 4, the half held out",
    "fake_1000": "fake_1000, names and dates of birth",
}


def page() -> str:
    figures = json.loads(FIGURES.read_text(encoding="utf-8"))
    return document(
        "Linkage by likeness",
        INTRODUCTION,
        _thresholds(),
        BLOCKS,
        WEIGHTS_WORDS,
        table(("Detail", "Level", "One person", "Strangers", "Weight"), _weights()),
        _trained(),
        ARRIVING,
        table(
            ("Data", "Records", "Apart", "Asked rightly", "Wrongly", "per 1,000 records", "Missed", "Joined wrongly"),
            _arriving(figures["arriving"]),
        ),
        _by_band(figures["arriving"]),
        ARRIVING_NOTES,
        FILES,
        table(("Data", "Threshold", "Precision", "Recall", "F1", "Wrong", "Missed"), _files(figures["files"])),
    )


def _thresholds() -> str:
    return f"""## Thresholds
From a probability of {WEIGHTS.lower:.0%} a doubt is raised: *{Band.MAY_BE}*. From {WEIGHTS.upper:.0%}
it says *{Band.VERY_LIKELY}*, if both records give names and a date of birth and none of these, nor the
sex, is another: twins, and a father and son of one name, are alike in all but one. Before anything is
compared, two records are taken to be one person in {1 / WEIGHTS.prior:,.0f}."""


def _trained() -> str:
    told = WEIGHTS.about
    return f"""Trained on {told['trained']} with {told['with']}, on {told['on']}. How often strangers
share a postcode is a round guess, since the region's addresses are drawn apart
([to confirm](../safety/to-confirm.md)). A service should train its own on its own data
([how](../how-to/link-files.md))."""


def _weights() -> Iterator[tuple[object, ...]]:
    for what, levels in LEVELS.items():
        for level, m, u in zip(levels, WEIGHTS.m[what], WEIGHTS.u[what], strict=True):
            yield IN_WORDS[what], level, _share(m), _share(u), f"{WEIGHTS.bits[what][level]:+.1f}"


def _share(share: float) -> str:
    return f"{share:.1%}" if share >= 0.001 else f"1 in {1 / share:,.0f}"


def _arriving(figures: Mapping[str, Any]) -> Iterator[tuple[object, ...]]:
    for name, told in figures.items():
        right, wrong = (sum(asked[which] for asked in told["asked"].values()) for which in ("right", "wrong"))
        often = f"{1000 * wrong / told['records']:.1f}"
        counts = (told["records"], told["apart"], right, wrong, often, told["missed"], told["joined_wrong"])
        yield (DATA[name], *(f"{one:,}" if isinstance(one, int) else one for one in counts))


def _by_band(figures: Mapping[str, Any]) -> str:
    rows = [
        (DATA[name], reason, f"{asked['right']:,}", f"{asked['wrong']:,}")
        for name, told in figures.items()
        for reason, asked in told["asked"].items()
    ]
    region = figures["region"]
    wrong = sum(asked["wrong"] for asked in region["asked"].values())
    messages = region["messages"]
    said = f"Of the region's {messages:,} messages, one in {messages / wrong:,.0f} asks wrongly."
    return f"{said} By the reason to ask:\n\n" + table(("Data", "Reason", "Rightly", "Wrongly"), rows)


def _files(figures: Mapping[str, Any]) -> Iterator[tuple[object, ...]]:
    for name, told in figures.items():
        for which, words in (("lower", "pairs"), ("upper", "pairs, very likely"), ("clusters", "clusters")):
            one = told[which]
            shares = (f"{one[share]:.3f}" for share in ("precision", "recall", "f1"))
            yield name, f"{words}, {one['threshold']}", *shares, one["wrong"], one["missed"]
