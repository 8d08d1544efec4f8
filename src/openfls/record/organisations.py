"""Loading trusts, sites, practices and agreements from plain data, and setting what a site decides for itself."""

import json
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from django.db import DatabaseError, transaction
from django.utils import timezone

from openfls.clinical.parameters import with_changes
from openfls.record import trail
from openfls.record.models import Practice, Scanner, SharingAgreement, Site, SiteParameter, Trust, Ward

Plain = Mapping[str, Any]


class OrganisationsRefused(ValueError):
    """The file or data does not say what is needed; the words name the place."""


def load_file(path: Path, *, by: str) -> int:
    """`load` from a JSON file."""
    try:
        plain = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as wrong:
        raise OrganisationsRefused(f"{path} is no readable JSON file: {wrong}") from wrong
    return load(plain, by=by)


def load(plain: Plain, *, by: str) -> int:
    """Add or rename organisations, all or none; how many sites there are then. Nothing is ever removed.

    The shape, where only codes and names must be given (an agreement: giver, receiver, reference, begins)::

        {"trusts": [{"code": "RX9", "name": "…",
                     "sites": [{"code": "RX901", "name": "…", "wards": ["Ward 5"],
                                "scanners": [{"code": "RX901-1", "name": "…"}],
                                "parameters": {"triage_days": 5}}]}],
         "practices": [{"code": "A81001", "name": "…"}],
         "sharing_agreements": [{"giver": "RX9", "receiver": "RTD", "reference": "…",
                                 "begins": "2026-01-01", "ends": null}]}

    Raises `OrganisationsRefused`.
    """
    try:
        with transaction.atomic():
            for trust in plain.get("trusts", ()):
                _load_trust(trust, by)
            for practice in plain.get("practices", ()):
                Practice.objects.update_or_create(code=practice["code"], defaults={"name": practice["name"]})
            for agreement in plain.get("sharing_agreements", ()):
                _load_agreement(agreement)
            trail.write(user=by, action="organisations loaded", detail={"trusts": _codes(plain.get("trusts", ()))})
    except OrganisationsRefused:
        raise
    except KeyError as missing:
        raise OrganisationsRefused(f"an organisation or agreement lacks {missing}") from missing
    except (AttributeError, TypeError, ValueError, DatabaseError) as wrong:
        raise OrganisationsRefused(f"the organisations are not in the shape that is needed: {wrong}") from wrong
    return Site.objects.count()


def practice_names() -> dict[str, str]:
    """The names of all practices that are known, by code."""
    return dict(Practice.objects.values_list("code", "name"))


def practice_name(code: str) -> str:
    """The name of a practice, its code where it is not known."""
    known = Practice.objects.filter(code=code).first() if code else None
    return known.name if known else code


def set_parameter(site: str, name: str, value: object, *, by: str, rationale: str = "") -> None:
    """The site's own value of a `clinical.parameters.Parameters` field from now on; what held before is kept.

    Raises ``ValueError`` for a name that is no parameter or a value of another type.
    """
    with_changes({name: value})
    with transaction.atomic():
        SiteParameter.objects.create(
            site=Site.objects.get(code=site),
            name=name,
            value=value,
            rationale=rationale,
            set_by=by,
            set_at=timezone.now(),
        )
        trail.write(user=by, action="parameter set", site=site, detail={"name": name, "value": value})


def _load_trust(plain: Plain, by: str) -> None:
    trust, _ = Trust.objects.update_or_create(code=plain["code"], defaults={"name": plain["name"]})
    for part in plain.get("sites", ()):
        site, _ = Site.objects.update_or_create(code=part["code"], defaults={"name": part["name"], "trust": trust})
        for ward in part.get("wards", ()):
            Ward.objects.get_or_create(site=site, name=ward)
        for scanner in part.get("scanners", ()):
            Scanner.objects.update_or_create(code=scanner["code"], defaults={"name": scanner["name"], "site": site})
        _load_parameters(site, part.get("parameters", {}), by)


def _load_parameters(site: Site, wanted: Plain, by: str) -> None:
    """Only what differs from the value in force is set anew."""
    in_force = dict(SiteParameter.objects.filter(site=site).order_by("set_at", "id").values_list("name", "value"))
    for name, value in wanted.items():
        if name not in in_force or in_force[name] != value:
            set_parameter(site.code, name, value, by=by, rationale="loaded with the organisations")


def _load_agreement(plain: Plain) -> None:
    ends = plain.get("ends")
    SharingAgreement.objects.update_or_create(
        reference=plain["reference"],
        giver=_known_trust(plain["giver"]),
        receiver=_known_trust(plain["receiver"]),
        defaults={
            "begins": date.fromisoformat(plain["begins"]),
            "ends": date.fromisoformat(ends) if ends else None,
        },
    )


def _known_trust(code: str) -> Trust:
    trust = Trust.objects.filter(code=code).first()
    if trust is None:
        raise OrganisationsRefused(f"a sharing agreement names the trust {code!r}, which is not there")
    return trust


def _codes(plain: Iterable[Plain]) -> list[str]:
    return [part["code"] for part in plain]
