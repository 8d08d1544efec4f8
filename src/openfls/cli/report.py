"""``openfls report``: a site's board report as PDF."""

import argparse
from datetime import date, timedelta
from pathlib import Path

from openfls.cli.asking import Refused
from openfls.cli.home import opened
from openfls.cli.operator import operator

HELP = "write a site's board report as PDF: measures, trend, national figures, what to do"
EXAMPLE = "openfls report --site X1A01 --to board.pdf"
A_YEAR = timedelta(days=365)


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--site", required=True, metavar="CODE", help="the site that answers for the fractures")
    parser.add_argument("--from", dest="first", type=date.fromisoformat, metavar="DAY", help="default: a year ago")
    parser.add_argument("--until", dest="last", type=date.fromisoformat, metavar="DAY", help="default: today")
    parser.add_argument("--to", required=True, type=Path, metavar="FILE.pdf", help="where to write it")


def run(args: argparse.Namespace) -> int:
    opened()
    pdf = _pdf(args.site, args.first, args.last)
    try:
        args.to.write_bytes(pdf)
    except OSError as error:
        raise Refused(f"{args.to} can't be written: {error.strerror}; name a file in a folder that there is") from None
    print(f"{args.to}: {len(pdf):,} bytes")
    return 0


def _pdf(code: str, first: date | None, last: date | None) -> bytes:
    from django.utils import timezone

    from openfls.measures.board.document import pdf_of
    from openfls.record import trail
    from openfls.record.board import board_report
    from openfls.record.models import EpisodeRow, Site, StandingRow, TaskRow
    from openfls.record.parameters import suppress_below
    from openfls.record.purposes import SERVICE_MANAGEMENT

    site, today = Site.objects.filter(code=code).first(), timezone.localdate()
    if site is None:
        raise Refused(f"there is no site {code!r}: openfls organisations lists them")
    begins, ends = first or today - A_YEAR, last or today
    if ends < begins:
        raise Refused(f"the period ends on {ends} before it begins on {begins}: turn the two round")
    standings, episodes = StandingRow.objects.filter(site=code), EpisodeRow.objects.filter(site=code)
    tasks, below = TaskRow.objects.filter(site=code), suppress_below(code)
    made = board_report(site.name, standings, episodes, tasks, begins, ends, today, below)
    detail = {"first": begins, "last": ends}
    trail.write(user=operator(), action="board report made", site=code, purpose=SERVICE_MANAGEMENT, detail=detail)
    return pdf_of(made)
