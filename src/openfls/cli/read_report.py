"""``openfls read-report``: which fractures radiology reports speak of, one report or an archive; needs no database."""

import argparse
import json
import sys
from collections.abc import Iterable, Iterator
from multiprocessing import Pool
from pathlib import Path
from typing import Any

from openfls.cli.asking import Refused
from openfls.cli.progress import Progress
from openfls.feeds.reports import Mention, read_text, to_triage
from openfls.feeds.reports.batches import Report, Unread, reports_in
from openfls.feeds.reports.reading import LONGEST

HELP = "read radiology reports for fractures: plain text, or one report a line with its id; needs no database"
EXAMPLE = "openfls read-report archive.ndjson --json --jobs 4"

AT_ONCE = 500  # reports that a process takes at a time


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "file", nargs="?", metavar="FILE",
        help="a report as plain text, or a report a line: ID, tab and text, or {\"id\": …, \"text\": …}; "
        "standard input without one",
    )  # fmt: skip
    parser.add_argument("--json", action="store_true", help="one JSON object a report (docs/reference/json.md)")
    parser.add_argument("--whole", action="store_true", help="one report, whatever its lines look like")
    parser.add_argument("--encoding", default="utf-8", help="of the file, for instance cp1252 (default utf-8)")
    parser.add_argument("--jobs", type=int, default=1, metavar="N", help="processes that read at a time (default 1)")


def run(args: argparse.Namespace) -> int:
    if args.jobs < 1:
        raise Refused(f"--jobs {args.jobs}: give 1 or more")
    reports = reports_in(_lines(args.file), encoding=_encoding(args.encoding), whole=args.whole)
    unread = 0
    with Progress("reports read") as progress:
        for told in _read(reports, args.jobs):
            unread += "unread" in told
            print(json.dumps(told, ensure_ascii=False) if args.json else "\n".join(_words(told)))
            progress.step()
    return 1 if unread else 0


def _encoding(named: str) -> str:
    try:
        "".encode(named)
    except LookupError:
        raise Refused(f"--encoding {named}: no such encoding; try utf-8 or cp1252") from None
    return named


def _lines(file: str | None) -> Iterator[bytes]:
    if file in (None, "-"):
        yield from sys.stdin.buffer
        return
    try:
        with Path(str(file)).open("rb") as opened:
            yield from opened
    except OSError as error:
        raise Refused(f"{file} can't be read: {error.strerror}. Give a file that exists.") from None


def _read(reports: Iterable[Report | Unread], jobs: int) -> Iterator[dict[str, Any]]:
    """In the order of the file, however many processes read."""
    if jobs == 1:
        yield from map(told, reports)
        return
    with Pool(jobs) as pool:
        yield from pool.imap(told, reports, chunksize=AT_ONCE)


def told(report: Report | Unread) -> dict[str, Any]:
    """What is printed of a report."""
    if isinstance(report, Unread):
        return {"id": None, "unread": {"place": report.place, "reason": report.reason, "mend": report.mend}}
    mentions = read_text(report.text)
    return {
        "id": report.id,
        "mentions": [_mention(mention, report.text) for mention in mentions],
        "for_triage": [_for_triage(mention) for mention in to_triage(mentions)],
        "cut_short": len(report.text) > LONGEST,
    }


def _mention(mention: Mention, text: str) -> dict[str, Any]:
    return {
        "evidence": text[mention.start : mention.end],
        "start": mention.start,
        "end": mention.end,
        "sentence": mention.words,
        "site": mention.body_site.value,
        "levels": list(mention.levels),
        "side": mention.side.value,
        "acuity": mention.acuity.value,
        "certainty": mention.certainty.value,
        "subject": mention.subject.value,
        "known_before": mention.known,
        "in_request": mention.asked,
        "part": mention.part,
        "marks": list(mention.marks),
        "may_be_atypical": mention.may_be_atypical,
    }


def _for_triage(mention: Mention) -> dict[str, Any]:
    return {
        "site": mention.body_site.value,
        "levels": list(mention.levels),
        "side": mention.side.value,
        "sentence": mention.words,
    }


def _words(told: dict[str, Any]) -> Iterator[str]:
    if "unread" in told:
        fault = told["unread"]
        yield f"unread: {fault['place']}: {fault['reason']} {fault['mend']}"
        return
    yield told["id"] or "report"
    for mention in told["mentions"]:
        yield f"  {mention['start']}-{mention['end']}  “{' '.join(mention['evidence'].split())}”"
        yield f"      {', '.join(_traits(mention))}"
    if not told["mentions"]:
        yield "  speaks of no fracture"
    asked = [" ".join([one["site"], *one["levels"]]) for one in told["for_triage"]]
    yield f"  for a person to triage: {'; '.join(asked) or 'nothing'}"


def _traits(mention: dict[str, Any]) -> Iterator[str]:
    yield " ".join([mention["site"], *mention["levels"]])
    if mention["side"] != "unknown":
        yield mention["side"]
    yield mention["certainty"]
    yield {"indeterminate": "age not said"}.get(mention["acuity"], mention["acuity"])
    traits = {"known_before": "known before", "in_request": "in the request", "may_be_atypical": "may be atypical"}
    yield from (words for name, words in traits.items() if mention[name])
    yield from filter(None, (mention["part"], *mention["marks"], "family" * (mention["subject"] == "family")))
