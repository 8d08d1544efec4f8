"""``openfls grades``: the service standards of a year, by what is on record and what the service answers."""

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from openfls.cli.asking import Refused
from openfls.cli.home import opened
from openfls.clinical.service_rulebook import QUESTIONS
from openfls.measures.service import Answers, Grade, faults, grades

HELP = "grade the service by FLS-DB, IOF and the Best Practice Framework's thirteen standards, for one year"
EXAMPLE = "openfls grades --year 2026 --answers our-service.json"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--year", type=int, metavar="YEAR", help="of the fractures; the last whole year unless given")
    parser.add_argument("--site", action="append", metavar="CODE", help="only episodes that this site answers for")
    parser.add_argument("--answers", type=Path, metavar="FILE", help="the service's answers, a JSON object")
    parser.add_argument("--questions", action="store_true", help="print the questions, as a file to be filled in")
    parser.add_argument("--json", action="store_true", help="one JSON document (docs/reference/json.md)")


def run(args: argparse.Namespace) -> int:
    if args.questions:
        print(json.dumps(dict.fromkeys(QUESTIONS), indent=2))
        return 0
    answers = _answers(args.answers) if args.answers else {}
    opened()
    graded = _graded(args.year, args.site, answers)
    if args.json:
        print(json.dumps([_plain(grade) for grade in graded], indent=2))
    else:
        print("\n".join(line for grade in graded for line in _lines(grade)))
    return 0


def _answers(path: Path) -> Answers:
    """Raises `Refused` with all that is wrong."""
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise Refused(f"--answers {path}: it can't be read ({error.strerror})") from None
    except ValueError as error:
        raise Refused(f"--answers {path}: it is no JSON ({error}); `openfls grades --questions` prints one") from None
    if not isinstance(told, dict):
        raise Refused(f"--answers {path}: it holds no JSON object; `openfls grades --questions` prints one")
    if wrong := faults(told):
        raise Refused(f"--answers {path}: {' '.join(wrong)}")
    return told


def _graded(year: int | None, sites: list[str] | None, answers: Answers) -> list[Grade]:
    from django.utils import timezone

    from openfls.clinical.parameters import DEFAULTS
    from openfls.record.models import EpisodeRow, StandingRow
    from openfls.record.parameters import parameters_of_sites
    from openfls.record.service_year import figures

    today = timezone.localdate()
    episodes, standings = EpisodeRow.objects.all(), StandingRow.objects.all()
    if sites:
        episodes, standings = episodes.filter(site__in=sites), standings.filter(site__in=sites)
    only = sites[0] if sites and len(sites) == 1 else ""
    parameters = parameters_of_sites().get(only, DEFAULTS)
    return grades(figures(episodes, standings, year or today.year - 1, today, parameters), answers)


def _plain(grade: Grade) -> dict[str, Any]:
    standard = grade.standard
    return {
        "standard": standard.name,
        "title": standard.title,
        "family": standard.family.value,
        "component": standard.component.value,
        "source": standard.source,
        "edition": standard.edition,
        "also_known_as": list(standard.aliases),
        "checked": standard.checked,
        "confirmed": standard.confirmed,
        "choices": list(standard.choices),
        "grade": grade.grade,
        "value": grade.value,
        "because": list(grade.because),
        "open_questions": list(grade.open),
    }


def _lines(grade: Grade) -> Iterator[str]:
    standard = grade.standard
    doubt = "" if standard.confirmed else ", levels to be confirmed" if "Framework" in standard.source else ", inferred"
    yield f"{standard.title} [{', '.join(standard.aliases)}]: {grade.grade}; {standard.checked}{doubt}"
    yield f"    {'; '.join(grade.because)}"
