"""The reference page of the standards: their trees in words, so that a clinician can read what the code decides."""

from collections.abc import Iterable

from docs.generating.tables import document, table
from openfls.clinical import expressions as tree
from openfls.clinical.expressions import Expression, Moment, Parameter, Window
from openfls.clinical.parameters import DEFAULTS
from openfls.clinical.rulebook import STANDARDS
from openfls.clinical.standards import Component, Family, Standard

INTRODUCTION = """A standard says what should be true of an episode by when. The same declaration makes a
nurse's task and an audit's figure ([one definition](../explanation/one-definition.md)). How each decides drawn
histories stands in the [rulebook](rulebook.md). Days are counted from the index date, the day of the fracture
as the best-dated sighting has it; both ends of a window belong to it. Names in `code` are [site
parameters](site-parameters.md).

The number of an indicator is an alias inside its source: IOF's numbers and FLS-DB's are offset, and 12 weeks are
not 90 days. Where a source leaves a hole, the choice made here stands with the standard and on the
[list to confirm](../safety/to-confirm.md)."""

FOREVER = 150  # years: an age band that ends there has no upper end


def page() -> str:
    parts = [INTRODUCTION]
    for family in Family:
        asked = [standard for standard in STANDARDS if standard.family is family]
        parts += [f"## Asked by: {family}", _overview(asked)]
    for component in Component:
        mine = [standard for standard in STANDARDS if standard.component is component]
        if mine:
            parts += [f"## {component.value.capitalize()}", *(_standard(standard) for standard in mine)]
    return document("Standards", *parts)


def _overview(standards: Iterable[Standard]) -> str:
    return table(
        ("Standard", "Also known as", "Edition", "Step", "Makes a task", "Checker"),
        [
            (f"[{s.title}](#{s.name})", ", ".join(s.aliases), s.edition, s.step, _yes_or_no(s.makes_task), s.checked)
            for s in standards
        ],
    )


def _yes_or_no(answer: bool) -> str:
    return "yes" if answer else "no"


def _standard(standard: Standard) -> str:
    rows = [
        ("Title", standard.title),
        ("Why it matters", standard.why),
        ("Step", standard.step),
        ("Who counts", words(standard.counts)),
        ("What meets it", "; or ".join(words(wanted) for wanted in standard.met_by)),
        ("Window", window(standard.window)),
        ("Still met late", f"up to {moment(standard.late_until)}" if standard.late_until else "at any later time"),
        ("Set apart", words(standard.excludes) if standard.excludes else "nobody"),
        ("Makes a task", "yes" if standard.makes_task else "no: another standard of the same step asks for the act"),
        ("Direction", standard.direction),
        ("Source", f"{standard.source}; edition: {standard.edition}"),
        ("Also known as", ", ".join(standard.aliases)),
        ("Written by", standard.authored_by),
        ("Clinical check", standard.checked),
        ("Next review", f"{standard.next_review:%d %b %Y}"),
        ("Bands", standard.bands.told() if standard.bands else "none published"),
        ("Chosen where the source leaves a hole", "; ".join(choice.rstrip(".") for choice in standard.choices)),
        ("Notes", standard.notes),
    ]
    return f"### {standard.name}\n\n" + table(("", ""), [row for row in rows if row[1]])


def words(expression: Expression) -> str:
    """The tree as a sentence. Raises ``TypeError`` for a node that nobody taught it."""
    match expression:
        case tree.Enrolled():
            return "the episode is enrolled"
        case tree.Recorded(kind, where, within):
            return f"a fact *{kind}*{_fields(where)}{f', {window(within)}' if within else ''}"
        case tree.Latest(kind, where):
            return f"the latest fact *{kind}* is one{_fields(where)}"
        case tree.AgeAtIndex(youngest, oldest):
            upper = f" to {oldest}" if oldest < FOREVER else " or over"
            return f"aged {youngest}{upper} at the fracture"
        case tree.BodySiteAmong(sites):
            return f"one of the broken bones is: {', '.join(sites)}"
        case tree.Died(within):
            timed = f", {window(within)}" if within.opens or within.closes else ""
            return f"the person died{timed}"
        case tree.All(parts):
            return "; and ".join(_part(part) for part in parts)
        case tree.Either(parts):
            return "; or ".join(_part(part) for part in parts)
        case tree.Not(part):
            return f"not ({words(part)})"
    raise TypeError(f"an expression that has no words yet: {expression!r}")


def _part(expression: Expression) -> str:
    return f"({words(expression)})" if isinstance(expression, tree.All | tree.Either) else words(expression)


def _fields(where: tuple[tree.Has, ...]) -> str:
    said = [f"{has.field.replace('_', ' ')} {' or '.join(f'“{value}”' for value in has.one_of)}" for has in where]
    return f" with {' and '.join(said)}" if said else ""


def window(within: Window) -> str:
    opens = moment(within.opens) if within.opens else ""
    closes = moment(within.closes) if within.closes else ""
    if opens and closes:
        return f"from {opens} to {closes}"
    return f"up to {closes}" if closes else f"from {opens} on" if opens else "at any time"


def moment(at: Moment) -> str:
    start = f"the first fact *{at.after.kind}*{_fields(at.after.where)}" if at.after else "the index date"
    match at.days:
        case 0:
            return start
        case Parameter(name):
            return f"`{name}` days ({getattr(DEFAULTS, name)} by default) after {start}"
    return f"{_days(at.days)} after {start}"


def _days(days: int) -> str:
    return f"{days} days ({days // 7} weeks)" if days % 7 == 0 else f"{days} days"
