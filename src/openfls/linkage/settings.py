"""Splink's settings for our levels: the levels of `clinical.likeness_levels` in SQL, with the weights copied in.

Built anew for every engine, since a model that Splink saved embeds the dialect of the engine it was trained on. Only
equality and Levenshtein distance are used: Jaro distances differ between engines.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from splink import SettingsCreator

from openfls.clinical.likeness_levels import LEVELS, LONG_ENOUGH
from openfls.linkage.model import ALSO_LEVELS, Model, Shares

LinkType = Literal["dedupe_only", "link_only", "link_and_dedupe"]
BLOCKS = {"blocking_rule": "l.blocks = r.blocks", "arrays_to_explode": ["blocks"]}


def _letters_apart(name: str) -> tuple[str, str]:
    one = f"levenshtein({name}_l, {name}_r) = 1"
    long = f"least(length({name}_l), length({name}_r)) >= {LONG_ENOUGH}"
    return one, f"levenshtein({name}_l, {name}_r) = 2 and {long}"


TURNED = (
    "substr(born_l, 1, 4) = substr(born_r, 1, 4) and substr(born_l, 6, 2) = substr(born_r, 9, 2)"
    " and substr(born_l, 9, 2) = substr(born_r, 6, 2)"
)
SQL: Mapping[str, tuple[str, ...]] = {
    "family": ("family_l = family_r", "family_l = given_r and given_l = family_r", *_letters_apart("family"), "ELSE"),
    "given": (
        "given_l = given_r",
        "starts_with(given_l, given_r) or starts_with(given_r, given_l)",
        *_letters_apart("given"),
        "ELSE",
    ),
    "born": (
        "born_l = born_r", TURNED, "levenshtein(born_l, born_r) = 1", "levenshtein(born_l, born_r) = 2", "ELSE",
    ),
    "sex": ("sex_l = sex_r", "ELSE"),
    "postcode": (
        "postcode_l = postcode_r", "levenshtein(postcode_l, postcode_r) = 1", "district_l = district_r", "ELSE",
    ),
}  # fmt: skip


def settings(
    model: Model | None,
    *,
    link_type: LinkType = "dedupe_only",
    details: Sequence[str] = tuple(LEVELS),
    also: Sequence[str] = (),
) -> SettingsCreator:
    """For these details and further details, with the model's weights or untrained."""
    own: list[Any] = [_comparison(what, LEVELS[what], SQL[what], _shares(model, what)) for what in details]
    further: list[Any] = [
        _also(f"also_{number}", model.also.get(name) if model else None) for number, name in enumerate(also)
    ]
    return SettingsCreator(
        link_type=link_type,
        comparisons=own + further,
        blocking_rules_to_generate_predictions=[BLOCKS],
        probability_two_random_records_match=model.weights.prior if model else 0.0001,
        unique_id_column_name="id",
        source_dataset_column_name="source",
        max_iterations=100,
    )


def _shares(model: Model | None, what: str) -> tuple[Shares, Shares] | None:
    return (model.weights.m[what], model.weights.u[what]) if model else None


def _comparison(
    what: str, levels: Sequence[str], conditions: Sequence[str], shares: tuple[Shares, Shares] | None
) -> dict[str, Any]:
    told: list[dict[str, Any]] = [
        {"sql_condition": condition, "label_for_charts": level}
        for level, condition in zip(levels, conditions, strict=True)
    ]
    if shares:
        for level, m, u in zip(told, *shares, strict=True):
            level |= {"m_probability": m, "u_probability": u}
    missing = {"sql_condition": f"{what}_l is null or {what}_r is null", "label_for_charts": "not given"}
    return {"output_column_name": what, "comparison_levels": [missing | {"is_null_level": True}, *told]}


def _also(column: str, shares: tuple[Shares, Shares] | None) -> dict[str, Any]:
    return _comparison(column, ALSO_LEVELS, (f"{column}_l = {column}_r", *_letters_apart(column), "ELSE"), shares)
