"""The conformance report of SQL on FHIR v2: how every official test case ends on our compiler."""

from collections import Counter

from docs.generating.tables import document, table
from openfls.feeds.fhir.views.functions import SUPPORTED
from openfls.feeds.fhir.views.repeating import DEEPEST
from tests.feeds.sql_on_fhir.cases import PASSES, Case, Outcome, cases, outcome

INTRODUCTION = """Views of FHIR data are declared as ViewDefinitions of [SQL on FHIR v2](https://sql-on-fhir.org) and
compiled to one typed scan ([decision 0020](../decisions/0020-views-compiled-to-one-typed-scan.md)). This page
runs the official test cases, as published, on that compiler and DuckDB."""

REFUSES = f"""## What is refused
What isn't supported is an error when a view is loaded, never a silent null. Functions that are supported:
{{functions}}. Operators: `= != < > <= >= and or + - * / div mod &`. Refused are all others; literals of dates
and quantities (a constant takes their place); extensions of primitive values; a choice (`value[x]`) without
`ofType`; an element taken whole and in parts; and any element that FHIR R4 doesn't have, because a misspelt
name would be a silent null. A tree followed by `repeat` may be {DEEPEST} levels deep; a deeper one stops the
query, as does a column of several values that isn't a collection."""


def page() -> str:
    found = [(case, outcome(case)) for case in cases()]
    lenient = sum(outcome(case, unknown_is_empty=True).ended == PASSES for case, _ in found)
    ended = Counter(told.ended for _, told in found)
    counted = ", ".join(f"{number} {name}" for name, number in ended.most_common())
    summary = (
        f"**{ended[PASSES]} of {len(found)} pass** ({counted}). Where an element that FHIR R4 doesn't have"
        f" counts as nothing (`compiled(view, unknown_is_empty=True)`), {lenient} pass."
    )
    names = ", ".join(f"`{name}()`" for name in SUPPORTED)
    return document(
        "Conformance with SQL on FHIR v2",
        INTRODUCTION,
        summary,
        REFUSES.replace("{functions}", names),
        "## Every case",
        table(("File", "Case", "Tag", "Ends"), (_row(case, told) for case, told in found)),
    )


def _row(case: Case, told: Outcome) -> tuple[str, ...]:
    ends = told.ended if told.ended == PASSES else f"{told.ended}: {told.because}"
    return case.file, case.title, ", ".join(case.test.get("tags", ())), ends
