"""The reference page of the service profile: every question with its name, its answers and where it comes from."""

from collections.abc import Iterable

from docs.generating.tables import document, table
from openfls.clinical.profile.asked import SECTIONS
from openfls.clinical.profile.questions import Kind, Question, Section
from openfls.clinical.profile.self_assessment import SCALE, SOURCE, STATEMENTS

INTRODUCTION = """What a [service profile](../how-to/describe-your-service.md) asks. The names are those of the CSV and
JSON. The source says where it is known from that the matter is worth asking; the wording, and the answers to choose
among, are our own ([to confirm](../safety/to-confirm.md)). Every question with answers to choose takes *don't know*
too, and *none of these* where several can be chosen. What nobody answered, and *don't know*, are unknown."""


def page() -> str:
    parts = [part for section in SECTIONS for part in _section(section)]
    return document("Service profile", INTRODUCTION, *parts, "## Self-assessment", _words(), _statements())


def _section(section: Section) -> Iterable[str]:
    rows = [(f"`{one.name}`", one.asks, _answers(one), one.source.value) for one in section.questions]
    component = f"Component: {section.component}." if section.component else "Belongs to no single component."
    return f"## {section.title}", component, table(("Name", "Question", "Answers", "Source"), rows)


def _answers(question: Question) -> str:
    match question.kind:
        case Kind.NUMBER:
            kind = "whole number" if question.whole else "number"
            return f"{kind}, {question.least:.0f} to {question.most:.0f}"
        case Kind.WORDS:
            return "words"
    return f"{question.kind}: {', '.join(question.choices)}"


def _words() -> str:
    return f"Each is answered from 1 (*{SCALE[0]}*) to {len(SCALE)} (*{SCALE[-1]}*). The statements are {SOURCE}."


def _statements() -> str:
    rows = [(f"`{one.name}`", one.construct, one.words, one.finding) for one in STATEMENTS]
    return table(("Name", "Construct", "Statement", "After the finding"), rows)
