"""Why somebody reads about a patient: it follows from the role by which he may, and stands in the trail."""

from collections.abc import Collection, Mapping

from openfls.clinical.standards import Role

DIRECT_CARE = "direct care"
SERVICE_MANAGEMENT = "service management"
NATIONAL_AUDIT = "national audit"
ADMINISTRATION = "administration of the system"

# The first that is held counts: who cares for a patient and also manages reads for her care.
PURPOSE_OF: Mapping[Role, str] = {
    Role.COORDINATOR: DIRECT_CARE,
    Role.NURSE: DIRECT_CARE,
    Role.DOCTOR: DIRECT_CARE,
    Role.GENERAL_PRACTICE: DIRECT_CARE,
    Role.MANAGER: SERVICE_MANAGEMENT,
    Role.ADMINISTRATOR: ADMINISTRATION,
}


def purpose_of(held: Collection[Role]) -> str:
    """The purpose of whoever holds these roles; empty where he holds none."""
    return next((purpose for role, purpose in PURPOSE_OF.items() if role in held), "")
