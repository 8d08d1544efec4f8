"""Splink's settings for our levels: the levels of `clinical.likeness_levels` in SQL, with the weights copied in.

Built anew for every engine, since a model that Splink saved embeds the dialect of the engine it was trained on. Only
equality and Levenshtein distance are used: Jaro distances differ between engines.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from splink import SettingsCreator

from openfls.clinical.likeness import Weights
from openfls.clinical.likeness_levels import LEVELS, LONG_ENOUGH

LinkType = Literal["dedupe_only", "link_only", "link_and_dedupe"]
Comparison = dict[str, Any]
DETAILS = tuple(LEVELS)


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
ALSO_LEVELS = ("the same", "one letter apart", "two letters apart", "different")

BLOCKS = {"blocking_rule": "l.blocks = r.blocks", "arrays_to_explode": ["blocks"]}


def settings(
    weights: Weights | None, *, link_type: LinkType = "dedupe_only", details: Sequence[str] = DETAILS, also: int = 0
) -> SettingsCreator:
    """For these details, with the weights or untrained. ``also``: how many further details, which are untrained."""
    own: list[Any] = [_comparison(what, LEVELS[what], SQL[what], weights) for what in details]
    further: list[Any] = [_also(f"also_{number}") for number in range(also)]
    return SettingsCreator(
        link_type=link_type,
        comparisons=own + further,
        blocking_rules_to_generate_predictions=[BLOCKS],
        probability_two_random_records_match=weights.prior if weights else 0.0001,
        unique_id_column_name="id",
        source_dataset_column_name="source",
        retain_intermediate_calculation_columns=False,
        max_iterations=100,
    )


def _comparison(what: str, levels: Sequence[str], conditions: Sequence[str], weights: Weights | None) -> Comparison:
    told = [
        {"sql_condition": condition, "label_for_charts": level}
        | ({"m_probability": weights.m[what][place], "u_probability": weights.u[what][place]} if weights else {})
        for place, (level, condition) in enumerate(zip(levels, conditions, strict=True))
    ]
    missing = {"sql_condition": f"{what}_l is null or {what}_r is null", "label_for_charts": "not given"}
    return {"output_column_name": what, "comparison_levels": [missing | {"is_null_level": True}, *told]}


def _also(column: str) -> Comparison:
    return _comparison(column, ALSO_LEVELS, (f"{column}_l = {column}_r", *_letters_apart(column), "ELSE"), None)
