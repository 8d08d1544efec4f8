"""Who did something, as colleagues call each other: full name and role; the user name where no more is known."""

from collections.abc import Iterable

from openfls.record.users import list_users


class Staff:
    """Those of these user names whom there is or was; asked once (two queries)."""

    def __init__(self, usernames: Iterable[str]) -> None:
        self._users = {user.username: user for user in list_users(usernames)}

    def name(self, username: str) -> str:
        """``Nadia Nurse``"""
        user = self._users.get(username)
        return (user and user.full_name) or username

    def title(self, username: str, site: str | None = None) -> str:
        """``Nadia Nurse, nurse``: with what she is at this site today; anywhere, where she is nothing there."""
        user = self._users.get(username)
        held = user.roles.get(site or "") or {role for roles in user.roles.values() for role in roles} if user else ()
        return ", ".join([self.name(username), *sorted(role.value for role in held)])
