"""Systems that send or ask with a token: made, given another, withdrawn. Each change leaves a row in the trail."""

import secrets
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from django.db import transaction
from django.utils import timezone

from openfls.clinical.facts import Finder
from openfls.record import trail
from openfls.record.models import Site, System, Trust

RANDOM_BYTES = 32  # of a token: no guess will do, so nothing counts failed ones
BEGINS = "openfls_"  # so that a scanner for secrets knows one


class SystemRefused(ValueError):
    """What was asked for a system can't be done; the words say why and what to do."""


@dataclass(frozen=True, slots=True)
class Known:
    """A system that showed a token that opens today. ``sites``: those whose patients it may be told of."""

    name: str
    owner: str
    sites: frozenset[str]
    source: str
    finder: str
    may_read: bool

    @property
    def site(self) -> str | None:
        """Where things happened unless a message says so: the owner, where that is a site."""
        return self.owner if self.owner in self.sites else None


def add_system(
    name: str, owner: str, *, by: str, source: str = "", finder: str = "", may_read: bool = False,
    ends_on: date | None = None,
) -> str:  # fmt: skip
    """A new system; gives its token, which can't be shown again. Raises `SystemRefused`."""
    if not name or System.objects.filter(name=name).exists():
        raise SystemRefused(f"there is a system {name!r} already: choose another name" if name else "name the system")
    if not _sites(owner):
        raise SystemRefused(f"there is no site or trust {owner!r}: load the organisations first")
    if finder and finder not in list(Finder):
        raise SystemRefused(f"there is no finder {finder!r}: {', '.join(Finder)}")
    if not (source or may_read):
        raise SystemRefused("a system that neither sends nor reads needs no token: say which")
    token = _new_token()
    with transaction.atomic():
        System.objects.create(
            name=name, owner=owner, source=source, finder=finder, may_read=may_read, ends_on=ends_on,
            token_digest=_digest(token),
        )  # fmt: skip
        _tell(by, "system added", name, owner=owner, source=source, may_read=may_read)
    return token


def renew_token(name: str, *, by: str) -> str:
    """Another token in place of the old, which opens nothing from now on. Raises `SystemRefused`."""
    token = _new_token()
    with transaction.atomic():
        if not System.objects.filter(name=name, withdrawn_at=None).update(token_digest=_digest(token)):
            raise SystemRefused(f"there is no system {name!r} that may still come in")
        _tell(by, "token of a system renewed", name)
    return token


def withdraw_system(name: str, *, by: str) -> None:
    """Its token opens nothing from now on; what it sent stays. Raises `SystemRefused`."""
    with transaction.atomic():
        if not System.objects.filter(name=name, withdrawn_at=None).update(withdrawn_at=timezone.now()):
            raise SystemRefused(f"there is no system {name!r} that may still come in")
        _tell(by, "system withdrawn", name)


def list_systems() -> list[System]:
    return list(System.objects.order_by("name"))


def system_of(token: str) -> Known | None:
    """The system to which the token belongs and opens today; None for every other token, after the same query."""
    found = System.objects.filter(token_digest=_digest(token), withdrawn_at=None).first()
    if found is None or (found.ends_on and found.ends_on < timezone.localdate()):
        return None
    return Known(found.name, found.owner, _sites(found.owner), found.source, found.finder, found.may_read)


def _sites(owner: str) -> frozenset[str]:
    """The site itself, or the sites of the trust."""
    if Trust.objects.filter(code=owner).exists():
        return frozenset(Site.objects.filter(trust=owner).values_list("code", flat=True))
    return frozenset(Site.objects.filter(code=owner).values_list("code", flat=True))


def _new_token() -> str:
    return BEGINS + secrets.token_urlsafe(RANDOM_BYTES)


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def _tell(by: str, action: str, name: str, **told: object) -> None:
    trail.write(user=by, action=action, detail={"system": name, **told})
