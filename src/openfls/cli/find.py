"""``openfls find``: who had an index fracture, found in files without any database. The analyst's main job."""

import argparse
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from openfls.cli import own_mappings
from openfls.cli.asking import Refused, parameters_from
from openfls.cli.progress import Progress
from openfls.clinical.facts import Fact
from openfls.clinical.patients import PatientRecord
from openfls.clinical.population import FoundEpisode, FoundPerson, Population, find
from openfls.feeds import doors, laboratory
from openfls.feeds.csv.mappings import Mappings

HELP = "find index fractures in files or folders (FHIR, HL7 v2, CSV, XLSX); needs no database"
EXAMPLE = "openfls find exports/ --json"
BUILT = "facts.json"  # in a folder that `openfls facts build` made


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "paths", nargs="+", type=Path, metavar="PATH",
        help="files or folders (also one that `openfls facts build` made); a feed.json declares lists",
    )  # fmt: skip
    parser.add_argument(
        "--mappings", action="append", default=[], type=Path, metavar="FOLDER", help=own_mappings.HELP
    )
    parser.add_argument("--json", action="store_true", help="one JSON document (docs/reference/json.md)")
    parser.add_argument("--all", action="store_true", help="also list the episodes that do not count, with the reasons")
    parser.add_argument("--notes", action="store_true", help="also say what was passed over by rule, and what was odd")
    parser.add_argument(
        "--set", action="append", default=[], metavar="NAME=VALUE", dest="changes",
        help="a site parameter, for instance takes_other_sites=false (docs/reference/site-parameters.md)",
    )  # fmt: skip


def run(args: argparse.Namespace) -> int:
    parameters = parameters_from(args.changes)
    laboratory.look_in(own_mappings.home() / laboratory.FOLDER)
    mappings = own_mappings.gathered(own_mappings.brought(args.mappings, args.paths))
    facts, unreadable, notes = _read(args.paths, mappings)
    population = find(facts, parameters)
    report = _report(population, unreadable, everything=args.all) | {"notes": notes}
    if args.json:
        print(json.dumps(report, indent=2, ensure_ascii=False))
    else:
        print("\n".join([*_lines(report), *(_notes(report) if args.notes else ())]))
    return 1 if unreadable else 0


def _read(
    paths: Iterable[Path], mappings: Mappings
) -> tuple[list[Fact], list[dict[str, str]], list[dict[str, Any]]]:
    """All facts; what could not be read with file, place, reason and how to mend it; what the readers noted, each note
    once a file with how often."""
    facts: dict[str, Fact] = {}
    unreadable: list[dict[str, str]] = []
    notes: Counter[tuple[str, str]] = Counter()
    with Progress("files read") as progress:
        try:
            for folder in (path for path in paths if _is_built(path)):
                faults, said = _built(folder, facts)
                unreadable.extend(faults)
                notes.update(said)
                progress.step()
            files = [path for path in paths if not _is_built(path)]
            for file, reading in doors.readings(files, datetime.now(UTC), mappings):
                facts.update((fact.id, fact) for fact in reading.facts)
                unreadable.extend(
                    {"file": str(file), "place": u.place, "reason": u.reason, "mend": u.mend}
                    for u in reading.unreadable
                )
                notes.update((str(file), re.sub(r"^message \d+: ", "", note)) for note in reading.words)
                progress.step()
        except FileNotFoundError as error:
            raise Refused(f"{error}. Give a file or a folder that exists.") from None
    told = [{"file": file, "note": note, "times": times} for (file, note), times in notes.items()]
    return list(facts.values()), unreadable, told


def _is_built(path: Path) -> bool:
    """Whether ``openfls facts build`` made the folder."""
    return (path / BUILT).is_file()


def _built(folder: Path, facts: dict[str, Fact]) -> tuple[list[dict[str, str]], dict[tuple[str, str], int]]:
    """Adds the facts of a built folder; what of its files could not be read, and what was noted when it was built."""
    try:
        from openfls.extracts import store
    except ImportError:
        raise Refused("DuckDB is not installed. Install it: pip install 'openfls[population]'") from None
    try:
        facts.update((fact.id, fact) for fact in store.read(folder))
        said = store.manifest(folder)
    except store.NotFacts as error:
        raise Refused(str(error)) from None
    return said["unreadable"], {(note["file"], note["note"]): note["times"] for note in said["notes"]}


def _report(population: Population, unreadable: list[dict[str, str]], everything: bool) -> dict[str, Any]:
    pairs = [(person, one) for person in population.people for one in person.episodes]
    counted = [(person, one) for person, one in pairs if not one.counts.no]
    left_out = Counter("; ".join(one.counts.because) for _, one in pairs if one.counts.no)
    listed = pairs if everything else counted
    return {
        "episodes": [_episode(person, one) for person, one in listed],
        "summary": {
            "people": len({id(person) for person, _ in counted}),
            "episodes": len(counted),
            "for_a_person_to_triage": sum(one.counts.unknown for _, one in counted),
            "refractures": sum(one.episode.refracture for _, one in counted),
            "do_not_count": sum(left_out.values()),
            "doubts_of_identity": len(population.doubts),
            "unreadable": len(unreadable),
        },
        "do_not_count": dict(left_out.most_common()),
        "doubts_of_identity": [doubt.because for doubt in population.doubts],
        "unreadable": unreadable,
    }


def _episode(person: FoundPerson, one: FoundEpisode) -> dict[str, Any]:
    episode = one.episode
    return {
        "person": _person(person),
        "index_date": episode.index.start.isoformat(),
        "index_date_ends": episode.index.end.isoformat(),
        "index_date_is": episode.index.precision.value,
        "age": one.age,
        "body_sites": [site.value for site in episode.body_sites],
        "side": episode.side.value,
        "other_site": one.other_site,
        "refracture": episode.refracture,
        "counts": one.counts.outcome.value,
        "because": list(one.counts.because),
        "rule": f"{one.counts.rule}, {one.counts.edition}",
        "sites": sorted(episode.sites),
        "finders": [_finding(finding) for finding in one.findings],
    }


def _person(person: FoundPerson) -> dict[str, Any]:
    named = max(person.records, key=lambda record: (bool(record.nhs_number), bool(record.family_name), record.key))
    return {
        "name": named.name,
        "birth_date": person.birth_date.isoformat() if person.birth_date else None,
        "sex": named.sex.value,
        "nhs_numbers": sorted({record.nhs_number for record in person.records if record.nhs_number}),
        "hospital_numbers": _numbers(person.records),
    }


def _numbers(records: Iterable[PatientRecord]) -> list[dict[str, str]]:
    numbers = sorted({number for record in records for number in record.hospital_numbers})
    return [{"authority": number.authority, "value": number.value} for number in numbers]


def _finding(finding: Any) -> dict[str, Any]:
    sighting = finding.sighting
    return {
        "finder": finding.finder.value,
        "site": finding.site,
        "source": sighting.source.system,
        "position": sighting.source.position,
        "occurred": str(sighting.occurred),
        "dated_by": sighting.dated_by,
        "codes": [str(code) for code in sighting.codes],
        "words": sighting.words,
    }


def _lines(report: dict[str, Any]) -> Iterator[str]:
    for one in report["episodes"]:
        yield from _episode_lines(one)
    summary = report["summary"]
    yield f"{summary['episodes']} index fracture episodes of {summary['people']} people"
    yield f"  {summary['for_a_person_to_triage']} for a person to triage, {summary['refractures']} refractures"
    if summary["do_not_count"]:
        yield f"  {summary['do_not_count']} more do not count (--all lists them with the reasons)"
    if summary["doubts_of_identity"]:
        yield f"  {summary['doubts_of_identity']} pairs of records that may be one person each; kept as two"
    for fault in report["unreadable"]:
        yield f"unreadable: {fault['file']}, {fault['place']}: {fault['reason']} {fault['mend']}"


def _notes(report: dict[str, Any]) -> Iterator[str]:
    for one in report["notes"]:
        yield f"note: {one['file']}: {one['note']}{_times(one['times'])}"


def _times(number: int) -> str:
    return f" ({number} times)" if number > 1 else ""


def _episode_lines(one: dict[str, Any]) -> Iterator[str]:
    person = one["person"]
    numbers = [*person["nhs_numbers"], *(number["value"] for number in person["hospital_numbers"])]
    marks = [word for word, holds in (("other site", one["other_site"]), ("refracture", one["refracture"])) if holds]
    age = "age unknown" if one["age"] is None else f"aged {one['age']}"
    what = ", ".join([" and ".join(one["body_sites"]), age, *marks])
    yield f"{one['index_date']}  {person['name']} ({', '.join(numbers[:3]) or 'no number'}): {what}"
    yield f"    found by {', '.join(dict.fromkeys(f['finder'] for f in one['finders']))}"
    yield f"    counts: {one['counts']}, because {'; '.join(one['because'])}"
