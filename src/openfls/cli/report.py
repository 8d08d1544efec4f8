"""``openfls report``: a site's board report as PDF."""

import argparse
from collections.abc import Collection
from datetime import date
from pathlib import Path

from openfls.cli.asking import Refused, day
from openfls.cli.home import opened
from openfls.cli.operator import operator

HELP = "write a site's board report as PDF: what to do, pictures, measures, trend, national figures"
EXAMPLE = "openfls report --site X1A01 --to board.pdf"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--site", required=True, metavar="CODE", help="the site that answers for the fractures")
    parser.add_argument("--from", dest="first", type=day, metavar="DAY", help="default: two years ago")
    parser.add_argument("--until", dest="last", type=day, metavar="DAY", help="default: today")
    parser.add_argument(
        "--beside", action="append", default=[], metavar="CODE",
        help="a site to compare with, which is named in it: only where the report's readers may see its figures",
    )  # fmt: skip
    parser.add_argument("--to", required=True, type=Path, metavar="FILE.pdf", help="where to write it")


def run(args: argparse.Namespace) -> int:
    opened()
    pdf = _pdf(args.site, args.beside, args.first, args.last)
    try:
        args.to.write_bytes(pdf)
    except OSError as error:
        raise Refused(f"{args.to} can't be written: {error.strerror}; name a file in a folder that there is") from None
    print(f"{args.to}: {len(pdf):,} bytes")
    return 0


def _pdf(code: str, beside: Collection[str], first: date | None, last: date | None) -> bytes:
    from openfls.inbox.currency import as_of, progress
    from openfls.measures.board.document import pdf_of
    from openfls.record import trail
    from openfls.record.board import Asked, Beside, board_report
    from openfls.record.models import EpisodeRow, StandingRow, TaskRow
    from openfls.record.parameters import threshold_of
    from openfls.record.purposes import SERVICE_MANAGEMENT

    names = _names({code, *beside})
    begins, ends, today = _period(first, last)
    asked = Asked(
        site=code, site_name=names[code], first=begins, last=ends, today=today, below=threshold_of(names),
        as_of=as_of(progress([code])),
    )  # fmt: skip
    standings, episodes = StandingRow.objects.filter(site=code), EpisodeRow.objects.filter(site=code)
    others = Beside(names, StandingRow.objects.filter(site__in=names))
    made = board_report(asked, standings, episodes, TaskRow.objects.filter(site=code), others)
    detail = {"first": begins, "last": ends, "beside": sorted(beside)}
    trail.write(user=operator(), action="board report made", site=code, purpose=SERVICE_MANAGEMENT, detail=detail)
    return pdf_of(made)


def _names(codes: Collection[str]) -> dict[str, str]:
    from openfls.record.models import Site

    names = dict(Site.objects.filter(code__in=codes).values_list("code", "name"))
    for code in sorted(codes):
        if code not in names:
            raise Refused(f"there is no site {code!r}: openfls organisations list names them")
    return names


def _period(first: date | None, last: date | None) -> tuple[date, date, date]:
    """First day, last day, today."""
    from django.utils import timezone

    from openfls.record.board import two_years_before

    today = timezone.localdate()
    begins, ends = first or two_years_before(last or today), last or today
    if ends < begins:
        raise Refused(f"the period ends on {ends} before it begins on {begins}: turn the two round")
    if ends > today:
        raise Refused(f"the period ends on {ends}, which is still to come: end it today, {today}, or before")
    return begins, ends, today
