"""Pages start from what the viewer may see: none asks the record's models by itself."""

import ast
from pathlib import Path

PAGES = Path(__file__).parents[1] / "src/openfls/pages"
MANAGERS = {"objects", "_default_manager", "_base_manager"}  # doors to every row of a model
# A person may be seen while an episode or fact of hers, at a trust that doesn't share, may not: `episodes_seen_by` and
# `facts_of` know which. (The models themselves may be imported: as types.)
WIDER_THAN_THE_VIEWER = {"episodes", "facts", "doubts_left", "doubts_right", "memberships"}
WIDER_FIELDS = {"stays"}  # where a person lies, as every trust says it: `record.wards` knows who may be told
ASKING = {"all", "filter", "exclude", "get", "first", "last", "exists", "count", "values", "values_list", "order_by"}


def unscoped(source: str) -> list[str]:
    """The places where this source goes round `record.access`: line and what it does there."""
    return [f"{node.lineno}: {said}" for node in ast.walk(ast.parse(source)) for said in _said(node)]


def _said(node: ast.AST) -> list[str]:
    match node:
        case ast.Attribute(attr=attr) if attr in MANAGERS | WIDER_FIELDS:
            return [f"uses .{attr}"]
        case ast.Call(func=ast.Attribute(attr=asks, value=ast.Attribute(attr=attr))) if (
            asks in ASKING and attr in WIDER_THAN_THE_VIEWER
        ):
            return [f"asks .{attr}.{asks}()"]
        case ast.Call(func=ast.Name(id="getattr"), args=[_, ast.Constant(value=str() as name), *_]) if name in MANAGERS:
            return [f"uses .{name}"]
        case ast.Call(func=ast.Name(id="get_object_or_404" | "get_list_or_404" as name)):
            return [f"calls {name}"]
        case ast.ImportFrom(module="django.db", names=names):
            return [f"imports {alias.name}" for alias in names if alias.name in ("connection", "connections")]
    return []


def test_no_page_goes_round_the_access_functions():
    sources = list(PAGES.rglob("*.py"))
    assert sources
    assert {str(s.relative_to(PAGES)): found for s in sources if (found := unscoped(s.read_text()))} == {}


def test_every_way_round_is_noticed():
    ways = [
        "person._meta.model._default_manager.all()",
        "Person.objects.get(key=key)",
        "getattr(Person, 'objects').all()",
        "get_object_or_404(Person, pk=key)",
        "person.episodes.all()",
        "person.records.first().facts.filter(kind='note')",
        "from django.db import connection",
        "person.stays[-1]['ward']",
    ]
    assert [way for way in ways if not unscoped(way)] == []


def test_the_access_functions_and_models_as_types_are_not_refused():
    ways = [
        "from openfls.record.access import people_seen_by",
        "from openfls.record.models import Person",
        "people_seen_by(viewer).filter(name='x').first()",
        "facts = facts_of(person, viewer).filter(kind='note')",
        "[task for episode in page.episodes for task in episode.tasks.all()]",
    ]
    assert [way for way in ways if unscoped(way)] == []
