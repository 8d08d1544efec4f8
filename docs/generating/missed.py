"""The reference page of the estimates of how many every finder missed: how often they cover the truth."""

import json
from collections.abc import Iterator
from pathlib import Path

from docs.generating.tables import document, table
from openfls.measures.missed import STRATA, Stratum

FIGURES = Path(__file__).parent / "missed_measured.json"

INTRODUCTION = """How many patients no finder saw is estimated in up to three ways
([why a backstop](../explanation/why-a-backstop.md)). This page has the groups, what each way takes for granted,
and how often its 95% interval held the number truly missed in generated regions whose truth is known. A generated
region knows only the dependences that were built into it: these figures say that the arithmetic is right, and how
it fares where its assumptions fail in known ways. They are no promise about a real hospital."""

MEASURED = """## How often the intervals cover the truth
Regions of eleven hospitals, each with another seed; scale 1 is a region of about 23,500 fractures in a year. *Above the
truth*: the whole interval lies above it. The lower bound is meant to lie below the truth where patients differ: for it
that column counts, not the coverage."""


def page() -> str:
    groups = [part for stratum in STRATA for part in _stratum(stratum)]
    return document("How many every finder missed", INTRODUCTION, "## The groups", *groups, MEASURED, _measured())


def _stratum(stratum: Stratum) -> Iterator[str]:
    yield f"### {stratum.name[0].upper()}{stratum.name[1:]}"
    sources = ((name, ", ".join(sorted(finders))) for name, finders in stratum.sources.items())
    yield table(("Source of the model", "Finders"), sources)
    chapman = stratum.dependence or f"against {' and '.join(sorted(stratum.independent))}"
    yield f"- Chapman's estimate: {chapman}.\n- Log-linear model: {stratum.why_depending}."
    if stratum.assumptions:
        yield "\n".join(f"- {assumption}" for assumption in stratum.assumptions)


def _measured() -> str:
    headers = ("Scale", "Group", "Way", "Regions", "Covered", "Above the truth", "Truly missed", "Estimated")
    return table(headers, (_cells(row) for row in json.loads(FIGURES.read_text())))


def _cells(row: dict[str, object]) -> tuple[object, ...]:
    regions, covered, above = (int(str(row[name])) for name in ("regions", "covered", "above_the_truth"))
    shares = (f"{number / regions:.0%}" for number in (covered, above))
    return row["scale"], row["stratum"], row["way"], regions, *shares, row["truly"], row["estimated"]
