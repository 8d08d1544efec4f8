"""The region's organisations as plain data for loading, and one account for each role that a visitor may try."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from openfls.demo.habits import Hospital
from openfls.demo.hospitals import HOSPITALS, NO_PRACTICE, PRACTICES_PER_HOSPITAL, REGION, TRUSTS, practice_code
from openfls.demo.names import STREETS


@dataclass(frozen=True, slots=True)
class User:
    """An account that exists only in the demonstration. ``roles`` at each site: words of the service's roles."""

    username: str
    name: str
    roles: tuple[tuple[str, str], ...]  # (site or practice code, role)
    about: str


def organisations() -> dict[str, Any]:
    """Trusts, sites with their wards, practices, scanners: lists of plain dictionaries."""
    return {
        "region": REGION,
        "trusts": [{"code": trust.code, "name": trust.name} for trust in TRUSTS],
        "sites": [
            {"code": h.code, "name": h.name, "trust": h.trust, "wards": [*h.wards, *h.medical_wards]} for h in HOSPITALS
        ],
        "practices": [
            {"code": practice_code(h, n), "name": _surgery(h, n)}
            for h in HOSPITALS
            for n in range(1, PRACTICES_PER_HOSPITAL + 1)
        ]
        + [{"code": NO_PRACTICE, "name": "Practice outside the region"}],
        "scanners": [
            {"code": f"{h.code}-DXA", "site": h.code, "name": f"DXA, {h.name}"} for h in HOSPITALS if h.dxa_on_site
        ],
    }  # fmt: skip


def _surgery(hospital: Hospital, number: int) -> str:
    return f"{STREETS[(hospital.number * 7 + number) % len(STREETS)]} Surgery, {hospital.name.split()[0]}"


def users() -> tuple[User, ...]:
    """The staff of one hospital, a coordinator of another trust, a general practitioner, a regional manager."""
    home, elsewhere = "X1A01", "X1E01"
    every = tuple((h.code, "manager") for h in HOSPITALS)
    return (
        User("coordinator", "Carys Coordinator", ((home, "coordinator"),), "FLS coordinator at Aldermere"),
        User("nurse", "Nadia Nurse", ((home, "nurse"),), "FLS nurse at Aldermere"),
        User("doctor", "Deepak Doctor", ((home, "doctor"),), "orthogeriatrician at Aldermere"),
        User("manager", "Morag Manager", ((home, "manager"),), "service manager at Aldermere"),
        User("elsewhere", "Eamon Elsewhere", ((elsewhere, "coordinator"),), "FLS coordinator of another trust"),
        User("practice", "Grace Practice", ((home, "general practice"),), "general practitioner near Aldermere"),
        User("region", "Rhoda Region", every, "manager of all eleven hospitals"),
    )


@cache
def username(role: str, site: str) -> str:
    """The account under which this role enters facts at a site: a visitor's own where there is one."""
    own = next((user.username for user in users() if (site, role) in user.roles), "")
    return own or f"{site.lower()}-{role}"
