"""The reference page of roles: which page opens to whom, as the views declare it."""

import re

from docs.generating.tables import document, table
from openfls.clinical.standards import Role
from openfls.clinical.tasks import OWNER_ROLE

INTRODUCTION = """A user works at sites, in one or more roles at each. Each page names the roles that it opens
to. Within a page, a user sees the people of his sites, and those of trusts under a sharing agreement in force.
What he may not open or see answers like what doesn't exist. `PERSON`, `FRACTURE` and `FACT` below are digests:
no address names a patient."""


def page() -> str:
    roles = list(Role)
    rows = [(f"`{address}`", *[_mark(opened, role) for role in roles]) for address, opened in openings().items()]
    owners = table(("Step", "Role"), [(step, role) for step, role in OWNER_ROLE.items()])
    parts = [INTRODUCTION, "## Pages", table(("Page", *roles), rows)]
    parts += ["`all`: also without signing in.", "## Who owns which task at first", OWNERS, owners]
    return document("Roles", *parts)


OWNERS = """A task belongs to a role until a person takes it. Who does what is a site's own choice, so these are
defaults to be confirmed. A triage that was *unsure* goes to the doctor."""


def openings() -> dict[str, frozenset[Role] | None]:
    """Each page's address with the roles to which it opens; None where it opens to anybody."""
    from openfls.urls import urlpatterns

    return {_address(str(pattern.pattern)): getattr(pattern.callback, "open_to", None) for pattern in urlpatterns}


def _address(pattern: str) -> str:
    named = {"key": "PERSON", "sighting": "FRACTURE", "fact": "FACT"}
    return "/" + re.sub(r"<\w+:(\w+)>", lambda found: named.get(found[1], found[1].upper()), pattern)


def _mark(opened: frozenset[Role] | None, role: Role) -> str:
    if opened is None:
        return "all"
    return "yes" if role in opened else ""
