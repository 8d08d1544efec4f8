"""The reference page of the reader of reports: what its words mean, and how well it reads the challenge."""

from collections.abc import Iterator

from docs.generating.tables import document, table
from openfls.feeds.reports.lexicon import TABLE
from openfls.measures.intervals import Interval, wilson
from tests.feeds.reports.scoring import ATTRIBUTES, CHALLENGE, Confusion, Scores, rows_of, score

INTRODUCTION = f"""`openfls read-report` and the feeds read the text of radiology reports by rules: each mention of a
fracture with bone, vertebral levels, side, age, how surely it is said, whose it is, and its place in the text. It only
ever suggests: a person confirms in triage, or nothing happens. How it works stands in
[reading reports](../explanation/reading-reports.md), its folder in
[`feeds/reports`](../../src/openfls/feeds/reports/README.md).

The words are a table, `src/openfls/feeds/reports/vocabulary.json`, edition {TABLE["edition"]}. Source:
{TABLE["source"]} Checked by: {TABLE["checked_by"] or "nobody yet"}."""

FIELDS = (
    ("site", "the bone, as elsewhere; *site not given* where neither the report nor the examination names it"),
    ("levels", "C1 to L5, lists and ranges written out; D12 is T12; levels of discs and nerve roots are not meant"),
    ("side", "left, right, both, unknown; from the sentence, else from before it, else from the examination"),
    ("acuity", "new or old where words say so (*acute*, *healed*, *with marrow oedema*, *not present in 2019*); a "
               "limb's fracture described as fresh ones are (*displaced*, *comminuted*) is new; else indeterminate"),
    ("certainty", "definite as stated (*in keeping with* too), suspected (*possible*, *likely*, *cannot be excluded*, "
                  "slight wedging), negated (*no*, *not seen*, *unlikely*, a shape with another cause)"),
    ("subject", "patient, or family"),
    ("known before", "the report says that it is known, unchanged or seen previously: not for triage again"),
    ("in request", "past history in what the requester wrote; a question there is no mention at all"),
    ("part", "of the femur, subtrochanteric or shaft: it may be an atypical fracture"),
    ("marks", "pathological, tumour, insufficiency, osteoporotic, stress, avulsion, periprosthetic, atypical"),
)  # fmt: skip

HALVES = """Texts with their mentions marked by hand, in the form that `tests/feeds/reports/scoring.py` describes, in
two halves. The half for building was there while the rules were written, and the rules were mended until they read it:
its figures say that nothing was lost since, and nothing about other texts. The held-out half was written by somebody
who had not seen the rules, its digest was committed before it, and it was opened only to report the figures below.
Neither holds a real patient's report: on a hospital's own reports the reader has not been measured, which is what the
[monthly check](../how-to/check-reports-read-as-negative.md) is for."""

COUNTING = """*A fracture of the patient*: the text says, or suspects, that the patient has one, old or new. *A
vertebral fracture*: the same of the spine. A mention that was read and one that was marked match where their words
overlap; bone, levels, side and age are compared in matched mentions that both claim a fracture. In brackets: 95%
intervals (Wilson)."""


def page() -> str:
    halves = {name: score(rows_of(CHALLENGE / file)) for name, file in _files().items()}
    parts = [INTRODUCTION, "## What is told of a mention", table(("Field", "What it says"), list(FIELDS))]
    parts += ["## How well it reads", HALVES, _sizes(), COUNTING, _figures(halves)]
    if "held out" not in halves:
        parts.append("The held-out half is not here yet: its figures are missing.")
    parts += ["## The lists of the table", table(("List", "Phrases"), list(_lists()))]
    return document("The reader of reports", *parts)


def _files() -> dict[str, str]:
    named = {"for building": "building.jsonl", "held out": "held_out.jsonl"}
    return {name: file for name, file in named.items() if (CHALLENGE / file).exists()}


def _sizes() -> str:
    rows = []
    for name, file in _files().items():
        texts = list(rows_of(CHALLENGE / file))
        kinds = [sum(row.kind == kind for row in texts) for kind in ("sentence", "report")]
        rows.append((name, str(kinds[0]), str(kinds[1]), str(sum(len(row.expected) for row in texts))))
    return table(("Half", "Sentences", "Whole reports", "Mentions"), rows)


def _figures(halves: dict[str, Scores]) -> str:
    told = {name: dict(_rows(scores)) for name, scores in halves.items()}
    names = list(next(iter(told.values())))
    return table(("Figure", *told), [(name, *(rows[name] for rows in told.values())) for name in names])


def _rows(scores: Scores) -> Iterator[tuple[str, str]]:
    confusions: tuple[tuple[str, Confusion], ...] = (
        ("A fracture of the patient", scores.present),
        ("A vertebral fracture", scores.vertebral),
    )
    for what, confusion in confusions:
        yield f"{what}: sensitivity", _percent(confusion.sensitivity)
        yield f"{what}: specificity", _percent(confusion.specificity)
        yield f"{what}: positive predictive value", _percent(confusion.ppv)
        yield f"{what}: F1", f"{confusion.f1:.3f}"
    mentions = {"Marked mentions that were read": scores.found, "Mentions read that were marked": scores.read_rightly}
    for what, counted in mentions.items():
        yield what, _percent(wilson(counted[True], counted.total()))
    for name in ATTRIBUTES:
        yield f"Of matched mentions: {name} right", _percent(scores.share(name))


def _percent(share: Interval | None) -> str:
    return f"{share.value:.1%} ({share.low:.1%} to {share.high:.1%})" if share else "of nothing"


def _lists() -> Iterator[tuple[str, str]]:
    for name, told in TABLE.items():
        if isinstance(told, list):
            yield f"`{name}`", str(len(told))
        elif isinstance(told, dict):
            yield f"`{name}`", str(sum(len(phrases) for phrases in told.values()))
