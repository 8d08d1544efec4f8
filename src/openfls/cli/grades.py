"""``openfls grades``: the service standards of a year, by what is on record and what the service answers."""

import argparse
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from openfls.cli.asking import Refused
from openfls.cli.home import opened
from openfls.cli.operator import operator
from openfls.clinical.service_rulebook import QUESTIONS
from openfls.measures.service import Answers, Grade, faults, grades

HELP = "grade the service by FLS-DB, IOF and the Best Practice Framework's thirteen standards, for one year"
EXAMPLE = "openfls grades --year 2026 --answers our-service.json"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--year", type=int, metavar="YEAR", help="of the fractures; the last whole year unless given")
    parser.add_argument("--site", action="append", metavar="CODE", help="only episodes that this site answers for")
    parser.add_argument(
        "--answers", type=Path, metavar="FILE",
        help="the service's answers, a JSON object; with one --site its profile answers what this doesn't",
    )  # fmt: skip
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
    year = year or today.year - 1
    episodes, standings = EpisodeRow.objects.all(), StandingRow.objects.all()
    if sites:
        episodes, standings = episodes.filter(site__in=sites), standings.filter(site__in=sites)
    if not sites or len(sites) > 1:
        return grades(figures(episodes, standings, year, today), answers)
    parameters = parameters_of_sites().get(sites[0], DEFAULTS)
    missing = _fields_missing(sites[0], year, today)
    return grades(
        figures(episodes, standings, year, today, parameters, missing), {**_of_profile(sites[0], year), **answers}
    )


def _fields_missing(site: str, year: int, today: date) -> dict[str, tuple[int, int]]:
    from openfls.coordination.exports.building import fields_missing
    from openfls.record.access import record_list_read, viewer_of_command

    viewer = viewer_of_command(site, operator())
    missing, patients = fields_missing(viewer, site, date(year, 1, 1), date(year, 12, 31), today)
    record_list_read(viewer, "completeness of a year counted", patients, which=f"{site}, {year}")
    return missing


def _of_profile(site: str, year: int) -> Answers:
    """What the site's own profile answers."""
    from openfls.clinical.profile.framework import framework_answers
    from openfls.record.models import Site
    from openfls.record.profiles import profile_of

    place = Site.objects.filter(code=site).first()
    if place is None:
        raise Refused(f"--site {site}: there is no such site; `openfls organisations list` names them")
    return framework_answers(profile_of(place, year).answers)


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
