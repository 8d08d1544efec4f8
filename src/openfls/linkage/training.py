"""Training the weights with Splink on DuckDB, once: u by drawing pairs at random, m by expectation maximisation.

No truth is needed. Where it is known m could be counted instead: on FEBRL 4 both give nearly the same.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from importlib.metadata import version
from math import log2
from typing import Any

from splink import Linker, block_on
from splink.backends.duckdb import DuckDBAPI
from splink.internals.exceptions import EMTrainingException

from openfls.clinical.likeness import WEIGHTS, Weights, probability_of
from openfls.clinical.likeness_levels import LEVELS
from openfls.linkage.model import Model, Shares
from openfls.linkage.rows import Row, Table, table_of
from openfls.linkage.settings import LinkType, settings

SEED = 1
PAIRS_AT_RANDOM = 5e6
LEAST_M = 1e-3  # a slip that the training data doesn't show still happens once in a thousand
LEAST_PRIOR = 1e-9
ROUNDS = 100
LEAST_U = 1e-6  # nor is any agreement of strangers impossible
TRAINED_AT = (("born",), ("family", "given"), ("postcode",))  # pairs that agree in these teach what the others weigh


class TooLittle(ValueError):
    """The rows can't teach the weights: too few, or too few that are alike."""


def train(
    rows: Sequence[Row], *, link_type: LinkType = "dedupe_only", also: Sequence[str] = (), on: str, today: date
) -> Model:
    """The weights that these rows teach; ``on`` says what rows they are. A detail that they don't have keeps the
    weights that are shipped. Raises `TooLittle`.
    """
    details = [what for what in LEVELS if any(getattr(row.details, what) for row in rows)]
    table = table_of(rows)
    linker = linker_of(table, None, link_type, details, also)
    linker.training.estimate_u_using_random_sampling(max_pairs=PAIRS_AT_RANDOM, seed=SEED)
    if not learn_slips(linker, details):
        raise TooLittle("no two rows are alike enough: dates of birth, full names or postcodes must agree in some")
    model = _model(linker.misc.save_model_to_json(), also, about(on, today))
    return replace(model, weights=replace(model.weights, prior=_prior(table, rows, model, link_type, also)))


def linker_of(
    table: Table, model: Model | None, link_type: LinkType, details: Sequence[str], also: Sequence[str]
) -> Linker:
    """A linker on a DuckDB of its own, in memory; one table for each file."""
    engine = DuckDBAPI()
    whole = table.arrow
    sources = sorted(set(whole.column("source").to_pylist())) if link_type != "dedupe_only" else [None]
    tables = [engine.register(whole if one is None else _of_source(whole, one)) for one in sources]
    return Linker(tables, settings(model, link_type=link_type, details=details, also=also), log_level="ERROR")


def _of_source(whole: Any, source: str) -> Any:
    return whole.filter([one == source for one in whole.column("source").to_pylist()])


def learn_slips(linker: Linker, details: Iterable[str], within: str = "") -> int:
    """Expectation maximisation of m over each set of pairs that there is, ``within`` one value of a column where it
    is named; how many sets there were."""
    taught = 0
    for rule in TRAINED_AT:
        if {*rule} <= {*details}:
            try:
                where = block_on(*filter(None, (within, *rule)))
                linker.training.estimate_parameters_using_expectation_maximisation(where)
            except EMTrainingException:
                continue
            taught += 1
    return taught


def about(on: str, today: date) -> dict[str, str]:
    """What a model says of itself."""
    tools = f"Splink {version('splink')} on DuckDB {version('duckdb')}"
    return {"trained": today.isoformat(), "with": tools, "on": on}


def _prior(
    table: Table, rows: Sequence[Row], model: Model, link_type: LinkType, also: Sequence[str]
) -> float:
    """The share of true pairs among all pairs, as the weights tell it: that which gives back itself when the
    probabilities of all compared pairs are summed up with it."""
    linker = linker_of(table, model, link_type, tuple(LEVELS), also)
    predicted: Any = linker.inference.predict()
    weights = predicted.as_duckdbpyrelation().aggregate("round(match_weight, 2) AS weight, count(*) AS pairs")
    apart = [(weight - model.weights.prior_bits, pairs) for weight, pairs in weights.fetchall()]
    every, prior = _all_pairs(rows, link_type), model.weights.prior
    for _ in range(ROUNDS):
        bits = log2(prior / (1 - prior))
        expected = sum(pairs * probability_of(bits + weight) for weight, pairs in apart)
        prior = min(max(expected / every, LEAST_PRIOR), 0.5)
    return prior


def _all_pairs(rows: Sequence[Row], link_type: LinkType) -> int:
    within = sum(size * (size - 1) // 2 for size in Counter(row.source for row in rows).values())
    everything = len(rows) * (len(rows) - 1) // 2
    return everything - within if link_type == "link_only" else everything


def _model(saved: Mapping[str, Any], also: Sequence[str], told: Mapping[str, str]) -> Model:
    """Our weights out of what Splink saved; of the saved model only m, u and the prior are taken."""
    shares = shares_of(saved)
    m = {what: _told(shares, what, 0) for what in LEVELS}
    u = {what: _told(shares, what, 1) for what in LEVELS}
    prior = saved["probability_two_random_records_match"]
    weights = Weights(prior, m, u, WEIGHTS.lower, WEIGHTS.upper, told)
    return Model(weights, {name: shares[f"also_{number}"] for number, name in enumerate(also)})


def shares_of(saved: Mapping[str, Any]) -> dict[str, tuple[Shares, Shares]]:
    """m and u of each detail's levels, out of a model that Splink saved."""
    return {one["output_column_name"]: _shares(one) for one in saved["comparisons"]}


def _shares(comparison: Mapping[str, Any]) -> tuple[Shares, Shares]:
    levels = comparison["comparison_levels"][1:]
    m = tuple(max(level.get("m_probability") or 0.0, LEAST_M) for level in levels)
    return m, tuple(max(level.get("u_probability") or 0.0, LEAST_U) for level in levels)


def _told(shares: Mapping[str, tuple[Shares, Shares]], what: str, which: int) -> Shares:
    shipped = (WEIGHTS.m[what], WEIGHTS.u[what])
    return shares.get(what, shipped)[which]
