"""``openfls organisations``: trusts, sites, wards, practices, scanners, agreements, and what a site decides."""

import argparse
import json
from pathlib import Path

from openfls.cli.asking import Refused
from openfls.cli.home import opened
from openfls.cli.operator import operator

HELP = "load trusts, sites and practices from a file; list them; set a site's parameter"
EXAMPLE = "openfls organisations load region.json"


def arguments(parser: argparse.ArgumentParser) -> None:
    acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
    load = acts.add_parser("load", help="add or rename those in a JSON file; nothing is removed")
    load.add_argument("file", type=Path)
    listed = acts.add_parser("list", help="the trusts with their sites")
    listed.add_argument("--json", action="store_true", help="one JSON document (docs/reference/json.md)")
    own = acts.add_parser("set", help="set a site parameter (docs/reference/site-parameters.md)")
    own.add_argument("site")
    own.add_argument("name")
    own.add_argument("value", help="as JSON: 5, true, 2.5")
    own.add_argument("--because", default="", help="why; kept with it")


def run(args: argparse.Namespace) -> int:
    opened()
    match args.act:
        case "load":
            print(f"{_load(args.file)} sites")
        case "list":
            print(_listed(args.json))
        case "set":
            _set(args.site, args.name, args.value, args.because)
            print(f"{args.site}: {args.name} is {args.value}; openfls rebuild applies it to what is there")
    return 0


def _load(file: Path) -> int:
    from openfls.record.organisations import OrganisationsRefused, load_file

    try:
        return load_file(file, by=operator())
    except OrganisationsRefused as refused:
        raise Refused(str(refused)) from None


def _set(site: str, name: str, value: str, because: str) -> None:
    from openfls.record.models import Site
    from openfls.record.organisations import set_parameter

    try:
        set_parameter(site, name, json.loads(value), by=operator(), rationale=because)
    except Site.DoesNotExist:
        raise Refused(f"there is no site {site!r}: openfls organisations list names them") from None
    except ValueError as wrong:
        raise Refused(f"{name} {value}: {wrong}") from None


def _listed(as_json: bool) -> str:
    from openfls.record.models import Trust

    trusts = Trust.objects.order_by("code").prefetch_related("sites")
    if as_json:
        plain = [
            {"code": trust.code, "name": trust.name, "sites": [{"code": s.code, "name": s.name} for s in _sites(trust)]}
            for trust in trusts
        ]
        return json.dumps(plain, indent=2, ensure_ascii=False)
    lines = [line for trust in trusts for line in (str(trust), *(f"  {s.code}  {s.name}" for s in _sites(trust)))]
    return "\n".join(lines) or "there are none: openfls organisations load FILE"


def _sites(trust):  # type: ignore[no-untyped-def]
    return sorted(trust.sites.all(), key=lambda site: site.code)
