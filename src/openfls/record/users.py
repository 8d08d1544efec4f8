"""Users, and where they work as what. Each change leaves a row in the trail, in the name of who made it (``by``)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import router, transaction

from openfls.clinical.standards import Role
from openfls.record import trail
from openfls.record.models import Membership, Site


class UserRefused(ValueError):
    """What was asked for a user can't be done; the words say why and what to do."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A user as lists show him: ``roles`` by site code."""

    username: str
    full_name: str
    active: bool
    roles: Mapping[str, tuple[Role, ...]]


def create_user(
    username: str, password: str, roles: Mapping[str, Iterable[Role]], *, by: str, full_name: str = ""
) -> Any:
    """A user who signs in with this password and works at these sites (code -> roles). Gives Django's user.

    Raises `UserRefused`: the name is taken, the password is weak, a site is unknown. Nothing is half done.
    """
    users = get_user_model().objects
    if not username or users.filter(username=username).exists():
        raise UserRefused(f"there is a user {username!r} already: choose another name" if username else "name the user")
    first, _, last = full_name.rpartition(" ")
    new = get_user_model()(username=username, first_name=first, last_name=last)
    _check_password(password, new)
    with transaction.atomic():
        new.set_password(password)
        new.save()
        for site, wanted in roles.items():
            _join(new, site, wanted)
        _tell(by, "user created", username, {site: sorted(wanted) for site, wanted in roles.items()})
    return new


def grant(username: str, site: str, role: Role, *, by: str) -> None:
    """The user works at the site in this role from now on; no harm where he does already."""
    with transaction.atomic():
        _join(_user(username), site, [role])
        _tell(by, "role granted", username, {site: [role.value]})


def withdraw(username: str, site: str, role: Role, *, by: str) -> None:
    """No longer; his next request sees less already. Raises `UserRefused` where he had no such role."""
    with transaction.atomic():
        gone, _ = Membership.objects.filter(user=_user(username), site=site, role=role.value).delete()
        if not gone:
            raise UserRefused(f"{username} is no {role.value} at {site}")
        _tell(by, "role withdrawn", username, {site: [role.value]})


def set_password(username: str, password: str, *, by: str) -> None:
    """A new password; it ends every session of the user. Raises `UserRefused` for a weak one."""
    user = _user(username)
    _check_password(password, user)
    with transaction.atomic():
        user.set_password(password)
        user.save(update_fields=["password"])
        _tell(by, "password set", username)


def deactivate(username: str, *, by: str) -> None:
    """The user can't sign in and his sessions see nothing from the next request on. What he did stays in his name."""
    _set_active(username, False, by, "user deactivated")


def reactivate(username: str, *, by: str) -> None:
    _set_active(username, True, by, "user reactivated")


def end_sessions(username: str, *, by: str) -> int:
    """Sign the user out everywhere; how many sessions that were."""
    key = str(_user(username).pk)
    own = [session.pk for session in Session.objects.all() if session.get_decoded().get("_auth_user_id") == key]
    with transaction.atomic(using=router.db_for_write(Session)):
        Session.objects.filter(pk__in=own).delete()
        _tell(by, "sessions ended", username, {"sessions": len(own)})
    return len(own)


def list_users(usernames: Iterable[str] | None = None) -> list[Listed]:
    """These users, or all, by name, with their roles (two queries)."""
    users = get_user_model().objects.order_by("username").prefetch_related("memberships")
    if usernames is not None:
        users = users.filter(username__in=set(usernames))
    return [Listed(user.username, user.get_full_name(), user.is_active, _roles(user)) for user in users]


def _roles(user: Any) -> dict[str, tuple[Role, ...]]:
    held: dict[str, list[Role]] = {}
    for membership in sorted(user.memberships.all(), key=lambda m: (m.site_id, m.role)):
        held.setdefault(membership.site_id, []).append(Role(membership.role))
    return {site: tuple(roles) for site, roles in held.items()}


def _user(username: str) -> Any:
    user = get_user_model().objects.filter(username=username).first()
    if user is None:
        raise UserRefused(f"there is no user {username!r}")
    return user


def _join(user: Any, site: str, roles: Iterable[Role]) -> None:
    if not Site.objects.filter(code=site).exists():
        raise UserRefused(f"there is no site {site!r}: load the organisations first")
    for role in roles:
        Membership.objects.get_or_create(user=user, site_id=site, role=Role(role).value)


def _check_password(password: str, user: Any) -> None:
    """The demonstration's sign-ins are printed, so they may be easy; nowhere else."""
    if settings.DEMONSTRATION:
        return
    try:
        validate_password(password, user)
    except ValidationError as weak:
        raise UserRefused(" ".join(weak.messages)) from weak


def _set_active(username: str, active: bool, by: str, action: str) -> None:
    user = _user(username)
    with transaction.atomic():
        user.is_active = active
        user.save(update_fields=["is_active"])
        _tell(by, action, username)


def _tell(by: str, action: str, username: str, told: Mapping[str, Any] | None = None) -> None:
    trail.write(user=by, action=action, detail={"username": username, **({"told": told} if told else {})})
