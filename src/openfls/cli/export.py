"""``openfls export``: ask for a file for an audit, or write a standard's MeasureReports.

An audit's file does not leave by this command: it asks, a person approves on the page, and ``--take`` writes what was
approved. MeasureReports hold counts alone, the small ones hidden, and are written at once.
"""

import argparse
import json
import sys
from datetime import date
from pathlib import Path

from openfls.cli.asking import Refused
from openfls.cli.home import opened
from openfls.cli.operator import operator

HELP = "ask for an audit's file, take an approved one, or write MeasureReports"
EXAMPLE = "openfls export fls-db --site X1A01 --from 2026-01-01 --to 2026-12-31"
ASKED = ("fls-db", "hip-audit")


def arguments(parser: argparse.ArgumentParser) -> None:
    kinds = parser.add_subparsers(dest="what", required=True, metavar="WHAT")
    for name in ASKED:
        kind = kinds.add_parser(name, help=f"ask for the {name}-shaped file; a person approves it on the page")
        _period(kind)
    report = kinds.add_parser("measure-report", help="FHIR MeasureReports of every standard, small numbers hidden")
    _period(report)
    report.add_argument("--out", type=Path, metavar="FILE", help="write it there; default: to the terminal")
    take = kinds.add_parser("take", help="write an approved file")
    take.add_argument("number", type=int, help="the export's number")
    take.add_argument("--out", type=Path, required=True, metavar="FILE", help="where to write it")
    exempt = kinds.add_parser("exempt", help="store why opt-outs are not applied to a site's exports")
    exempt.add_argument("--site", required=True, metavar="CODE", help="the site")
    exempt.add_argument("--reference", required=True, help="the approval's reference, or where it is written")
    exempt.add_argument("--wales", action="store_true", help="because the site is in Wales; else an approval exempts")
    exempt.add_argument("--until", type=date.fromisoformat, metavar="DAY", help="the last day on which it holds")


def _period(kind: argparse.ArgumentParser) -> None:
    kind.add_argument("--site", required=True, metavar="CODE", help="the site that answers for the fractures")
    for option, name, words in (("--from", "first", "first"), ("--to", "last", "last")):
        told = f"the {words} day of the fractures, like 2026-01-01"
        kind.add_argument(option, dest=name, type=date.fromisoformat, required=True, metavar="DAY", help=told)


def run(args: argparse.Namespace) -> int:
    opened()
    if args.what in ASKED:
        return _ask(args)
    return {"measure-report": _reports, "take": _take, "exempt": _exempt}[args.what](args)


def _ask(args: argparse.Namespace) -> int:
    from django.utils import timezone

    from openfls.coordination.exports.asking import ExportRefused, ask, built
    from openfls.record.access import NotVisible, viewer_of_command

    viewer, today = viewer_of_command(args.site, operator()), timezone.localdate()
    try:
        asked = ask(viewer, args.what, args.site, args.first, args.last, at=timezone.now(), today=today)
    except NotVisible:
        raise Refused(f"there is no site {args.site!r}: openfls organisations list names them") from None
    except ExportRefused as refused:
        raise Refused(str(refused)) from None
    would = built(viewer, asked, today)
    print(f"export {asked.number}: {asked.records} records; {'; '.join(would.completeness.complete_enough.because)}")
    print("".join(f"  left out, {why}: {count}\n" for why, count in would.left_out.items()), end="")
    print(f"  it can't leave yet: {would.held_up}" if would.held_up else "  it waits for approval on the page")
    return 1 if would.held_up else 0


def _take(args: argparse.Namespace) -> int:
    from openfls.coordination.exports.asking import taken
    from openfls.record.access import NotVisible, viewer_of_command
    from openfls.record.models import ExportRequest

    asked = ExportRequest.objects.filter(number=args.number).first()
    try:
        if asked is None:
            raise NotVisible("no such export")
        approved = taken(viewer_of_command(asked.site_id, operator()), args.number)
    except NotVisible:
        raise Refused(f"there is no approved export {args.number}: see Exports in the menu") from None
    _write(args.out, bytes(approved.content or b""))
    return 0


def _exempt(args: argparse.Namespace) -> int:
    from django.utils import timezone

    from openfls.coordination.exports.asking import BASES, ExportRefused, exempt

    told = {"begins": timezone.localdate(), "ends": args.until, "by": operator(), "at": timezone.now()}
    try:
        stored = exempt(args.site, BASES[1] if args.wales else BASES[0], args.reference, **told)
    except ExportRefused as refused:
        raise Refused(str(refused)) from None
    print(f"opt-outs are not applied to the exports of {stored}; the page says so beside each")
    return 0


def _reports(args: argparse.Namespace) -> int:
    from django.utils import timezone

    from openfls.measures.fhir_reports import measure_report
    from openfls.record.models import Site, StandingRow
    from openfls.record.parameters import suppress_below
    from openfls.record.reckoning import measured_of_period

    if not Site.objects.filter(code=args.site).exists():
        raise Refused(f"there is no site {args.site!r}: openfls organisations list names them")
    if args.last < args.first:
        raise Refused(f"the period ends on {args.last} before it begins on {args.first}: turn the two round")
    today, below = timezone.localdate(), suppress_below(args.site)
    measures = measured_of_period(StandingRow.objects.filter(site=args.site), args.first, args.last, today)
    entries = [
        {"resource": measure_report(one, args.site, args.first, args.last, today, below=below)}
        for one in measures.values()
    ]
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": entries}
    _write(args.out, (json.dumps(bundle, indent=2) + "\n").encode())
    return 0


def _write(where: Path | None, content: bytes) -> None:
    if where is None:
        sys.stdout.write(content.decode())
        return
    try:
        where.write_bytes(content)
    except OSError as error:
        raise Refused(f"{where} can't be written: {error.strerror}; name a file in a folder that there is") from None
    print(f"{where}: {len(content):,} bytes")
