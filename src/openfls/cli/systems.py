"""``openfls systems``: other systems that send or ask over FHIR, each with a token."""

import argparse
import json
from datetime import date

from openfls.cli.asking import Refused
from openfls.cli.home import opened
from openfls.cli.operator import operator

HELP = "list systems that come in with a token; add one; give it another token; withdraw it"
EXAMPLE = "openfls systems add x9a-epr --owner X9A --send X9A/epr --read"

ACTS = {
    "list": "all systems, and what each may do",
    "add": "a new system; its token is printed once and kept nowhere",
    "renew": "another token in place of the old one",
    "withdraw": "its token opens nothing any more; what it sent stays",
}


def arguments(parser: argparse.ArgumentParser) -> None:
    acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
    for act, does in ACTS.items():
        own = acts.add_parser(act, help=does, description=does)
        if act == "list":
            own.add_argument("--json", action="store_true", help="one JSON document (docs/reference/json.md)")
            continue
        own.add_argument("name")
        if act == "add":
            own.add_argument("--owner", required=True, metavar="CODE", help="the site or trust that it belongs to")
            own.add_argument("--send", default="", metavar="SOURCE", help="it may send, as the feed of this name")
            own.add_argument("--finder", default="", help="the method of case finding that what it sends stands for")
            own.add_argument("--read", action="store_true", help="it may read what the owner's sites may see")
            own.add_argument("--until", type=_day, metavar="DAY", help="the last day on which its token opens")


def run(args: argparse.Namespace) -> int:
    opened()
    from openfls.record.systems import SystemRefused

    try:
        print(_act(args))
    except SystemRefused as refused:
        raise Refused(str(refused)) from None
    return 0


def _act(args: argparse.Namespace) -> str:
    from openfls.record import systems

    by = operator()
    match args.act:
        case "list":
            return _list(args.json)
        case "add":
            token = systems.add_system(
                args.name, args.owner, by=by, source=args.send, finder=args.finder, may_read=args.read,
                ends_on=args.until,
            )  # fmt: skip
            return f"{token}\nGive this token to {args.name} now: it can't be shown again."
        case "renew":
            return f"{systems.renew_token(args.name, by=by)}\nThe token before opens nothing any more."
    systems.withdraw_system(args.name, by=by)
    return f"{args.name} can't come in any more"


def _list(as_json: bool) -> str:
    from openfls.record.systems import list_systems

    told = [
        {
            "name": one.name,
            "owner": one.owner,
            "sends_as": one.source,
            "finder": one.finder,
            "may_read": one.may_read,
            "until": one.ends_on.isoformat() if one.ends_on else None,
            "withdrawn": one.withdrawn_at is not None,
        }
        for one in list_systems()
    ]
    if as_json:
        return json.dumps(told, indent=2)
    return "\n".join(_line(one) for one in told) or "no system may come in"


def _line(one: dict[str, object]) -> str:
    sends = f"sends as {one['sends_as']}" if one["sends_as"] else ""
    may = " and ".join(filter(None, [sends, "reads" if one["may_read"] else ""]))
    until = f", until {one['until']}" if one["until"] else ""
    return f"{one['name']} of {one['owner']}: {may}{until}{' (withdrawn)' if one['withdrawn'] else ''}"


def _day(words: str) -> date:
    try:
        return date.fromisoformat(words)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{words!r} is no day: write 2027-03-31") from None
