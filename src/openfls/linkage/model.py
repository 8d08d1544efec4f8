"""What training gives: the weights of our details, and those of further details of the files it was trained on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from openfls.clinical.likeness import UnfitWeights, Weights, plain_weights, weights_from
from openfls.clinical.likeness_levels import DIFFERENT, ONE_LETTER, SAME, TWO_LETTERS

Shares = tuple[float, ...]

ALSO_LEVELS = (SAME, ONE_LETTER, TWO_LETTERS, DIFFERENT)


@dataclass(frozen=True)
class Model:
    """``also``: the shares (m, u) of the levels of each further detail, by the header of its column."""

    weights: Weights
    also: Mapping[str, tuple[Shares, Shares]]


def plain_model(model: Model) -> dict[str, Any]:
    """As JSON holds it: weights as they are shipped, and further details beside them."""
    also = {
        name: {level: {"m": m, "u": u} for level, m, u in zip(ALSO_LEVELS, *shares, strict=True)}
        for name, shares in model.also.items()
    }
    return plain_weights(model.weights) | ({"also": also} if also else {})


def model_from(plain: Mapping[str, Any], also: Sequence[str]) -> Model:
    """The model that JSON holds, with these further details. Raises `UnfitWeights`."""
    weights = weights_from(plain)
    try:
        told = {name: plain.get("also", {})[name] for name in also}
        shares = {name: (_shares(levels, "m"), _shares(levels, "u")) for name, levels in told.items()}
    except (KeyError, TypeError) as error:
        raise UnfitWeights(f"they were not trained with {error}; train them with the same --also") from None
    return Model(weights, shares)


def _shares(levels: Mapping[str, Any], which: str) -> Shares:
    return tuple(float(levels[level][which]) for level in ALSO_LEVELS)
