"""Reference pages that the code writes about itself: `python -m docs.generating` writes them, a test compares them."""

from collections.abc import Callable
from pathlib import Path

from docs.generating import (
    audits,
    commands,
    conformance,
    facts,
    feeds,
    linkage,
    missed,
    parameters,
    reader,
    roles,
    service_profile,
    standards,
)

REFERENCE = Path(__file__).parents[1] / "reference"

PAGES: dict[str, Callable[[], str]] = {
    "audit-fields.md": audits.page,
    "commands.md": commands.page,
    "facts.md": facts.page,
    "feeds.md": feeds.page,
    "linkage.md": linkage.page,
    "missed.md": missed.page,
    "report-reader.md": reader.page,
    "roles.md": roles.page,
    "service-profile.md": service_profile.page,
    "site-parameters.md": parameters.page,
    "sql-on-fhir-conformance.md": conformance.page,
    "standards.md": standards.page,
}


def write() -> list[str]:
    """Write every page that differs from what the code says now; the names of those written."""
    changed = [name for name, page in PAGES.items() if _text(name) != page()]
    for name in changed:
        (REFERENCE / name).write_text(PAGES[name](), encoding="utf-8")
    return changed


def _text(name: str) -> str:
    path = REFERENCE / name
    return path.read_text(encoding="utf-8") if path.exists() else ""
