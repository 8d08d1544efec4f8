"""``openfls users``: who may sign in, and where each works as what."""

import argparse
import json
import sys
from getpass import getpass

from openfls.cli.asking import Refused
from openfls.cli.home import opened
from openfls.cli.operator import operator
from openfls.clinical.standards import Role

HELP = "list users; add one; grant or withdraw roles at a site; set a password; let in, keep out, sign out"
EXAMPLE = "openfls users add carol --name 'Carol Carter' --role X9A01=coordinator"

ACTS = {
    "list": "all users with their roles",
    "add": "a new user, who signs in with the password that is asked for",
    "grant": "let the user work at a site in a role",
    "withdraw": "no longer let him",
    "password": "set another password; ends his sessions",
    "keep-out": "he can't sign in any more; what he did stays in his name",
    "let-in": "he can again",
    "sign-out": "end all his sessions",
}


def arguments(parser: argparse.ArgumentParser) -> None:
    acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
    for act, does in ACTS.items():
        own = acts.add_parser(act, help=does, description=does)
        if act == "list":
            own.add_argument("--json", action="store_true", help="one JSON document (docs/reference/json.md)")
            continue
        own.add_argument("username")
        if act == "add":
            own.add_argument("--name", default="", help="the full name")
        if act in ("add", "grant", "withdraw"):
            own.add_argument(
                "--role", action="append", default=[], type=_role, metavar="SITE=ROLE",
                help=f"at a site, as {', '.join(Role)}; may be given again",
            )  # fmt: skip


def run(args: argparse.Namespace) -> int:
    opened()
    from openfls.record.users import UserRefused

    try:
        told = _act(args)
    except UserRefused as refused:
        raise Refused(str(refused)) from None
    print(told)
    return 0


def _role(words: str) -> tuple[str, Role]:
    site, equals, role = words.partition("=")
    if not equals or role not in list(Role):
        raise argparse.ArgumentTypeError(f"{words!r}: write SITE=ROLE, with a role of {', '.join(Role)}")
    return site, Role(role)


def _act(args: argparse.Namespace) -> str:
    from openfls.record import users

    by = operator()
    match args.act:
        case "list":
            return _listed(args.json)
        case "add":
            roles: dict[str, list[Role]] = {}
            for site, role in args.role:
                roles.setdefault(site, []).append(role)
            users.create_user(args.username, _password(), roles, by=by, full_name=args.name)
        case "grant" | "withdraw":
            for site, role in args.role:
                getattr(users, args.act)(args.username, site, role, by=by)
        case "password":
            users.set_password(args.username, _password(), by=by)
        case "keep-out":
            users.deactivate(args.username, by=by)
        case "let-in":
            users.reactivate(args.username, by=by)
        case "sign-out":
            return f"{users.end_sessions(args.username, by=by)} sessions ended"
    return f"done: {args.act} {args.username}"


def _listed(as_json: bool) -> str:
    from openfls.record.users import list_users

    listed = list_users()
    if as_json:
        plain = [
            {
                "username": user.username,
                "name": user.full_name,
                "active": user.active,
                "roles": {site: [role.value for role in roles] for site, roles in user.roles.items()},
            }
            for user in listed
        ]
        return json.dumps(plain, indent=2, ensure_ascii=False)
    lines = [
        f"{user.username}{'' if user.active else ' (kept out)'}  {user.full_name}  "
        + "; ".join(f"{site}: {', '.join(roles)}" for site, roles in user.roles.items())
        for user in listed
    ]
    return "\n".join(lines) or "there are no users: openfls users add NAME"


def _password() -> str:
    """Asked for twice on a terminal, else the first line of standard input; never in the words of a command."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    password = getpass("Password: ")
    if getpass("Once more: ") != password:
        raise Refused("the two passwords differ: try again")
    return password
