"""Measures the error of linkage on data of known truth, and trains the weights anew where that is asked for.

    python -m docs.generating.linkage_measured [--train]

It needs the public data of known truth (see `PUBLIC`) beside the project, and takes some minutes. The figures go to
`linkage_measured.json`, from which the reference page is written; a test measures the public data again.
"""

import csv
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path
from typing import Any

from docs.generating.linkage import FIGURES
from openfls.cli.link import LISTED_FROM
from openfls.clinical.likeness import WEIGHTS, plain_weights
from openfls.clinical.patients import PatientRecord
from openfls.demo.known_records import known_records
from openfls.demo.region import region
from openfls.linkage.arrivals import Known, arrivals_error
from openfls.linkage.linking import CLUSTER_AT, link
from openfls.linkage.measuring import Error, cluster_error, error, true_pairs
from openfls.linkage.model import Model
from openfls.linkage.rows import Row
from openfls.linkage.settings import LinkType
from openfls.linkage.shipped import shipped
from openfls.linkage.training import train

PUBLIC = Path(__file__).parents[3] / "shared/data/linkage"  # of moj-analytical-services/splink_datasets, MIT
SHIPPED = Path(__file__).parents[2] / "src/openfls/clinical/likeness_weights.json"
TODAY = date(2026, 11, 26)
TRAINED_ON = "the records of a demonstration region (seed 7, scale 0.3), and the even-numbered half of FEBRL 4"


def febrl(which: str = "ab") -> list[Row]:
    """FEBRL 4: each person once in file a, and once with slips in file b."""
    return [row for letter in which for row in _febrl(letter)]


def _febrl(letter: str) -> list[Row]:
    with (PUBLIC / f"dataset4{letter}.csv").open(newline="") as file:
        return [
            Row(
                cells["rec_id"],
                PatientRecord(
                    family_name=cells["surname"],
                    given_name=cells["given_name"],
                    birth_date=_day(cells["date_of_birth"].strip()),
                ),
                cells["postcode"],
                letter,
                truth=cells["rec_id"].split("-")[1],
            )
            for cells in csv.DictReader(file, skipinitialspace=True)
        ]


def _day(text: str) -> date | None:
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return None


def fake_1000() -> list[Row]:
    """1,000 rows of 250 people, many details missing; the town stands for the postcode, e-mail is a further detail."""
    with (PUBLIC / "fake_1000.csv").open(newline="") as file:
        return [
            Row(
                cells["unique_id"],
                PatientRecord(
                    family_name=cells["surname"],
                    given_name=cells["first_name"],
                    birth_date=date.fromisoformat(cells["dob"]) if cells["dob"] else None,
                ),
                cells["city"],
                also=(cells["email"].casefold(),),
                truth=cells["cluster"],
            )
            for cells in csv.DictReader(file)
        ]


def held_out(rows: Sequence[Row]) -> list[Row]:
    """The odd-numbered people of FEBRL 4, on whom nothing was trained."""
    return [row for row in rows if int(row.truth) % 2]


def region_rows(seed: int, scale: float) -> tuple[list[Known], tuple[Any, ...], int]:
    found = known_records(region(seed=seed, scale=scale, today=TODAY))
    known = [Known(one.record, one.postcode, one.truth) for one in found.records]
    return known, found.links, found.messages


def training() -> None:
    known, _, _ = region_rows(7, 0.3)
    named = [one for one in known if one.truth and one.record.family_name]
    rows = [Row(one.record.key, one.record, one.postcode, truth=one.truth) for one in named]
    slips = [row for row in febrl() if not int(row.truth) % 2]
    weights = shipped(rows, slips, TRAINED_ON, TODAY)
    SHIPPED.write_text(json.dumps(plain_weights(weights), indent=2) + "\n", encoding="utf-8")


def as_known(rows: Sequence[Row], postcodes: bool = True) -> list[Known]:
    return [Known(row.record, row.postcode if postcodes else "", row.truth) for row in rows]


def arriving() -> dict[str, Any]:
    """The doubts that single arrivals raise, with the weights that are shipped."""
    known, links, messages = region_rows(1, 1.0)
    return {
        "region": {"messages": messages} | asdict(arrivals_error(known, links)),
        "region, no NHS numbers": asdict(arrivals_error([_without_nhs_number(one) for one in known])),
        "region, no numbers at all": asdict(arrivals_error([_without_numbers(one) for one in known if _named(one)])),
        "FEBRL 4": asdict(arrivals_error(as_known(held_out(febrl())))),
        "fake_1000": asdict(arrivals_error(as_known(fake_1000(), postcodes=False))),
    }


def _without_nhs_number(known: Known) -> Known:
    record = replace(known.record, nhs_number=None, doubtful_nhs_number=None)
    return replace(known, record=record)


def _named(known: Known) -> bool:
    """Of a record that gives a number alone nothing would be left."""
    return bool(known.record.family_name and known.record.birth_date)


def _without_numbers(known: Known) -> Known:
    return replace(known, record=replace(_without_nhs_number(known).record, hospital_numbers=()))


def whole_files() -> dict[str, Any]:
    """Files against files, with the weights that are shipped and with weights learned from the files."""
    plain = [Row(row.id, row.record, row.postcode, row.source, (), row.truth) for row in fake_1000()]
    return {
        "FEBRL 4, a against b": files_error(held_out(febrl()), "link_only", (), trained=False),
        "FEBRL 4, a against b, trained on it": files_error(febrl(), "link_only", (), trained=True),
        "fake_1000, duplicates": files_error(plain, "dedupe_only", (), trained=False),
        "fake_1000, duplicates, trained on it with e-mail": files_error(
            fake_1000(), "dedupe_only", ("email",), trained=True
        ),
    }


def files_error(rows: Sequence[Row], link_type: LinkType, also: tuple[str, ...], *, trained: bool) -> dict[str, Any]:
    model = train(rows, link_type=link_type, also=also, on="", today=TODAY) if trained else Model(WEIGHTS, {})
    model = replace(model, weights=replace(model.weights, lower=LISTED_FROM))
    linked = link(rows, model, link_type=link_type, also=also)
    true = true_pairs(rows, link_type)
    return {
        "rows": len(rows),
        "true": len(true),
        "lower": _told(error(linked.pairs, true, model.weights.lower)),
        "upper": _told(error(linked.pairs, true, model.weights.upper)),
        "clusters": _told(cluster_error(linked, true, CLUSTER_AT, link_type, rows)),
    }


def _told(one: Error) -> dict[str, Any]:
    return asdict(one) | {"precision": one.precision, "recall": one.recall, "f1": one.f1}


def main() -> None:
    if "--train" in sys.argv:
        training()
        print("trained: run again without --train to measure")
        return
    FIGURES.write_text(json.dumps({"arriving": arriving(), "files": whole_files()}, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
