"""How alike two records are: the weight of evidence that they are one person, after Fellegi and Sunter.

Each detail that both records give falls into a level (`clinical.likeness_levels`), and a level weighs what was learned
once: how often two records of one person fall into it (m) against those of two strangers (u). The weights are data with
their source and date (`likeness_weights.json`); nothing here counts the register, so the same two records always weigh
the same. It only proposes: who is one person is decided in `clinical.people`, and by a person.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from importlib.resources import files
from math import log2
from pathlib import Path
from typing import Any

from openfls.clinical.likeness_levels import COMPARE, DIFFERENT, LEVELS, SAME, SHORT_FORM, SWAPPED, Details

IN_WORDS = {
    "family": "family name",
    "given": "given name",
    "born": "date of birth",
    "sex": "sex",
    "postcode": "postcode",
}


class Band(StrEnum):
    """What likeness amounts to. Even the highest only asks a person."""

    VERY_LIKELY = "very likely one person"
    MAY_BE = "may be one person"
    UNLIKELY = "hardly one person"


@dataclass(frozen=True)
class Weights:
    """What was learned. ``prior``: the chance that two records are one person, before they are compared. ``m`` and
    ``u``: for each detail one number a level, in the order of `LEVELS`. ``lower``, ``upper``: the probabilities from
    which a doubt is raised, and called very likely. ``about``: on what, with what and when they were trained.
    """

    prior: float
    m: Mapping[str, tuple[float, ...]]
    u: Mapping[str, tuple[float, ...]]
    lower: float
    upper: float
    about: Mapping[str, str]

    @cached_property
    def bits(self) -> dict[str, dict[str, float]]:
        """What each level weighs, in bits: the logarithm of how much likelier it is for one person than for two."""
        return {
            what: {level: log2(m / u) for level, m, u in zip(LEVELS[what], self.m[what], self.u[what], strict=True)}
            for what in LEVELS
        }

    @cached_property
    def prior_bits(self) -> float:
        return log2(self.prior / (1 - self.prior))


class UnfitWeights(ValueError):
    """Weights that can't be used: what is wrong, and where."""


def weights_from(plain: Mapping[str, Any]) -> Weights:
    """Weights as JSON holds them. Raises `UnfitWeights`."""
    try:
        details = plain["details"]
        m = {what: tuple(float(details[what][level]["m"]) for level in LEVELS[what]) for what in LEVELS}
        u = {what: tuple(float(details[what][level]["u"]) for level in LEVELS[what]) for what in LEVELS}
        numbers = {name: float(plain[name]) for name in ("prior", "lower", "upper")}
        about = {str(name): str(value) for name, value in plain["about"].items()}
    except KeyError as error:
        raise UnfitWeights(f"there is no {error}; a file that `openfls link train` wrote has it") from None
    except (TypeError, ValueError, AttributeError) as error:
        raise UnfitWeights(f"{error}; take a file that `openfls link train` wrote") from None
    shares = [*numbers.values(), *(share for learned in (m, u) for shares in learned.values() for share in shares)]
    if not all(0 < share <= 1 for share in shares) or not numbers["prior"] < 1:
        raise UnfitWeights("a share is not above 0 and at most 1")
    if numbers["lower"] > numbers["upper"]:
        raise UnfitWeights("the lower threshold is above the upper")
    return Weights(m=m, u=u, about=about, **numbers)


def read_weights(path: Path) -> Weights:
    """The weights of a file. Raises `UnfitWeights`."""
    try:
        return weights_from(json.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise UnfitWeights(f"{error.strerror}: {path}") from None
    except ValueError as error:
        raise UnfitWeights(f"{error}: {path}") from None


def plain_weights(weights: Weights) -> dict[str, Any]:
    """As JSON holds them, the other way round."""
    details = {
        what: {
            level: {"m": m, "u": u}
            for level, m, u in zip(LEVELS[what], weights.m[what], weights.u[what], strict=True)
        }
        for what in LEVELS
    }
    numbers = {"prior": weights.prior, "lower": weights.lower, "upper": weights.upper}
    return {"about": dict(weights.about), **numbers, "details": details}


@dataclass(frozen=True, slots=True)
class Likeness:
    """Of two records: the level of each detail, None where one of them lacks it, and what all weigh together."""

    levels: Mapping[str, str | None]
    weight: float

    @property
    def probability(self) -> float:
        return probability_of(self.weight)


def probability_of(weight: float) -> float:
    """The probability that a weight in bits stands for."""
    odds: float = 2.0 ** min(max(weight, -1000.0), 1000.0)
    return odds / (1 + odds)


def weigh(a: Details, b: Details, weights: Weights) -> Likeness:
    weight, levels = weights.prior_bits, {}
    for what, compare in COMPARE.items():
        level = levels[what] = compare(a, b)
        if level is not None:
            weight += weights.bits[what][level]
    return Likeness(levels, weight)


def band(likeness: Likeness, weights: Weights) -> Band:
    """Twins, and a father and son of one name, are alike in all but one detail: whatever the weight, *very likely*
    wants names and a date of birth that both give, and none of them another."""
    if likeness.probability < weights.lower:
        return Band.UNLIKELY
    sure = likeness.probability >= weights.upper and not speaks_against(likeness)
    return Band.VERY_LIKELY if sure else Band.MAY_BE


def speaks_against(likeness: Likeness) -> bool:
    levels = likeness.levels
    swapped = levels["family"] == SWAPPED
    family_differs = levels["family"] in (None, DIFFERENT)
    given_differs = levels["given"] not in (SAME, SHORT_FORM) and not swapped
    return family_differs or given_differs or levels["born"] in (None, DIFFERENT) or levels["sex"] == DIFFERENT


def in_words(likeness: Likeness, weights: Weights) -> str:
    """``may be one person (87%): the same family name and date of birth; given name one letter apart``."""
    return f"{band(likeness, weights)} ({percent(likeness.probability)}): {'; '.join(_evidence(likeness))}"


def percent(probability: float) -> str:
    """Never 100% or 0%: nothing is that sure."""
    share = probability * 100
    if share > 99.9 or share < 0.1:
        return "over 99.9%" if share > 50 else "under 0.1%"
    return f"{share:.1f}%" if share > 99 else f"{share:.0f}%"


def _evidence(likeness: Likeness) -> list[str]:
    said = {IN_WORDS[what]: level for what, level in likeness.levels.items() if level}
    near = [f"{what} {level}" for what, level in said.items() if level not in (SAME, DIFFERENT)]
    alike = _listed("the same", [what for what, level in said.items() if level == SAME])
    other = _listed("another", [what for what, level in said.items() if level == DIFFERENT])
    return [*alike, *near, *other]


def _listed(how: str, details: list[str]) -> list[str]:
    """``the same sex``, ``the same family name, date of birth and sex``; nothing of nothing."""
    *first, last = details or [""]
    return [f"{how} {', '.join(first)} and {last}" if first else f"{how} {last}"] if last else []


def _shipped() -> Weights:
    text = files("openfls.clinical").joinpath("likeness_weights.json").read_text(encoding="utf-8")
    return weights_from(json.loads(text))


WEIGHTS = _shipped()
