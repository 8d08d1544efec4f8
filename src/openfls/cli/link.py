"""``openfls link``: whole files against files by probability, for analysis. It joins nobody in the record."""

import argparse
import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from openfls.cli.asking import Refused
from openfls.clinical.likeness import WEIGHTS, UnfitWeights

if TYPE_CHECKING:
    from openfls.linkage.files import Columns, ReadFile
    from openfls.linkage.linking import Linked
    from openfls.linkage.measuring import Error
    from openfls.linkage.model import Model
    from openfls.linkage.rows import Row
    from openfls.linkage.settings import LinkType

HELP = "link the rows of CSV files that may be one person, by probability; needs no database (extra: linkage)"
EXAMPLE = "openfls link audit.csv discharges.csv --train --json"
SHOWN = 20
LISTED_FROM = 0.5  # an analyst reads a list; the threshold of the weights is for questions to a busy person


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "files", nargs="+", type=Path, metavar="FILE", help="one file: its duplicates; several: across them"
    )
    parser.add_argument("--within", action="store_true", help="of several files, find duplicates within each too")
    parser.add_argument(
        "--column", action="append", default=[], metavar="DETAIL=HEADER",
        help="which column is id, nhs_number, family_name, given_name, birth_date, sex or postcode, where its own"
        " header doesn't say so",
    )  # fmt: skip
    parser.add_argument(
        "--also", action="append", default=[], metavar="HEADER",
        help="a further detail to compare, as text; with --train",
    )  # fmt: skip
    parser.add_argument("--dates", action="append", metavar="FORM", help="how dates are written: dd/mm/yyyy (and more)")
    parser.add_argument("--encoding", default="utf-8", help="utf-8 (default), utf-16 or cp1252")
    parser.add_argument("--train", action="store_true", help="learn the weights from these files first")
    parser.add_argument("--weights", type=Path, metavar="FILE", help="weights that --save wrote, not those shipped")
    parser.add_argument("--save", type=Path, metavar="FILE", help="write the weights that were used")
    parser.add_argument("--truth", metavar="HEADER", default="", help="who it truly is: prints the error of linkage")
    parser.add_argument("--lower", type=float, metavar="P", help="probability from which a pair is listed (0.5)")
    parser.add_argument(
        "--cluster-at", type=float, metavar="P", help="probability from which rows hang together (0.6)"
    )
    parser.add_argument("--json", action="store_true", help="one JSON document (docs/reference/json.md)")


def run(args: argparse.Namespace) -> int:
    _refuse_what_does_not_fit(args)
    read = _read(args)
    rows = [row for file in read for row in file.rows]
    model = _model(args, rows)
    if args.save:
        _save(model, args.save)
    lower, upper = args.lower or LISTED_FROM, model.weights.upper
    model = replace(model, weights=replace(model.weights, lower=lower, upper=max(lower, upper)))
    report = _report(args, read, rows, model)
    if args.json:
        print(json.dumps(report, indent=2, ensure_ascii=False))
    else:
        print("\n".join(_lines(report)))
    return 1 if report["unreadable"] else 0


def _refuse_what_does_not_fit(args: argparse.Namespace) -> None:
    try:
        import splink  # noqa: F401
    except ImportError:
        raise Refused("Splink and DuckDB are not installed. Install them: pip install 'openfls[linkage]'") from None
    if args.also and not (args.train or args.weights):
        raise Refused("--also: nothing is known of what it weighs. Add --train, or --weights trained with it.")
    if args.train and args.weights:
        raise Refused("--train and --weights: give one of them.")
    if len({path.resolve() for path in args.files}) < len(args.files):
        raise Refused("one file is named twice. Name it once to find its duplicates.")
    for name in ("lower", "cluster_at"):
        value = getattr(args, name)
        if value is not None and not (math.isfinite(value) and 0 < value <= 1):
            raise Refused(f"--{name.replace('_', '-')} {value}: a probability is above 0 and at most 1.")


def _read(args: argparse.Namespace) -> "list[ReadFile]":
    from openfls.linkage.files import Columns

    columns = Columns(_named(args.column), tuple(args.also), args.truth)
    alone = len({path.name for path in args.files}) == len(args.files)
    return [_read_one(args, path, path.name if alone else str(path), columns) for path in args.files]


def _named(words: Sequence[str]) -> dict[str, str]:
    from openfls.linkage.files import HEADERS

    named = {}
    for word in words:
        what, equals, header = word.partition("=")
        if not equals or what not in HEADERS:
            raise Refused(f"--column {word}: write DETAIL=HEADER; details are {', '.join(HEADERS)}.")
        named[what] = header
    return named


def _read_one(args: argparse.Namespace, path: Path, source: str, columns: "Columns") -> "ReadFile":
    from openfls.feeds.csv.faults import Fault
    from openfls.linkage.files import DATES, read_file

    try:
        return read_file(
            path, columns, source=source, today=datetime.now(UTC).date(), encoding=args.encoding,
            dates=args.dates or DATES,
        )  # fmt: skip
    except OSError as error:
        raise Refused(f"{path}: {error.strerror}. Give a CSV file that can be read.") from None
    except Fault as fault:
        told = fault.unreadable
        raise Refused(f"{path}, {told.place}: {told.reason} {told.mend}") from None


def _link_type(args: argparse.Namespace) -> "LinkType":
    if len(args.files) == 1:
        return "dedupe_only"
    return "link_and_dedupe" if args.within else "link_only"


def _model(args: argparse.Namespace, rows: "Sequence[Row]") -> "Model":
    """The weights: learned from these rows, read from a file, or those that are shipped."""
    from openfls.linkage.model import Model
    from openfls.linkage.training import TooLittle, train

    try:
        if args.train:
            on, today = ", ".join(path.name for path in args.files), datetime.now(UTC).date()
            model = train(rows, link_type=_link_type(args), also=args.also, on=on, today=today)
        else:
            model = _kept(args.weights, args.also) if args.weights else Model(WEIGHTS, {})
    except TooLittle as error:
        raise Refused(f"--train: {error}. Leave it out to use the weights that are shipped.") from None
    return model


def _kept(path: Path, also: Sequence[str]) -> "Model":
    from openfls.linkage.model import model_from

    try:
        return model_from(json.loads(path.read_text(encoding="utf-8")), also)
    except OSError as error:
        raise Refused(f"{path}: {error.strerror}. Give a file that --save wrote.") from None
    except (UnfitWeights, ValueError) as error:
        raise Refused(f"{path}: {error}. Give a file that --save wrote.") from None


def _save(model: "Model", path: Path) -> None:
    from openfls.linkage.model import plain_model

    try:
        path.write_text(json.dumps(plain_model(model), indent=2) + "\n", encoding="utf-8")
    except OSError as error:
        raise Refused(f"{path}: {error.strerror}. Name a file that can be written.") from None


def _report(
    args: argparse.Namespace, read: "Sequence[ReadFile]", rows: "Sequence[Row]", model: "Model"
) -> dict[str, Any]:
    from openfls.linkage.linking import CLUSTER_AT, link

    at = args.cluster_at or CLUSTER_AT
    linked = link(rows, model, link_type=_link_type(args), also=args.also, cluster_at=at)
    unreadable = [one for file in read for one in file.unreadable]
    return {
        "pairs": [_pair(pair) for pair in linked.pairs],
        "clusters": [list(cluster) for cluster in linked.clusters],
        "summary": {
            "rows": len(rows),
            "pairs": len(linked.pairs),
            "clusters": len(linked.clusters),
            "unreadable": len(unreadable),
        },
        "thresholds": {"lower": model.weights.lower, "very_likely": model.weights.upper, "clusters": at},
        "weights": dict(model.weights.about),
        "columns": {row_source(file): dict(file.columns) for file in read},
        "not_compared": dict(sorted(linked.crowded.items(), key=lambda one: -one[1])),
        "unreadable": [{"place": one.place, "reason": one.reason, "mend": one.mend} for one in unreadable],
        **({"error": _errors(args, rows, linked, model, at)} if args.truth else {}),
    }


def row_source(file: "ReadFile") -> str:
    return file.rows[0].source if file.rows else "no rows"


def _pair(pair: Any) -> dict[str, Any]:
    return {
        "left": pair.left,
        "right": pair.right,
        "probability": round(pair.probability, 6),
        "says": pair.band.value,
        "by": pair.by,
        "because": pair.because,
    }


def _errors(
    args: argparse.Namespace, rows: "Sequence[Row]", linked: "Linked", model: "Model", at: float
) -> dict[str, Any]:
    """Held against the truth: the pairs at both thresholds, and those inside the clusters."""
    from openfls.linkage.measuring import cluster_error, error, true_pairs

    true = true_pairs(rows, _link_type(args))
    return {
        "pairs": _error(error(linked.pairs, true, model.weights.lower)),
        "pairs_very_likely": _error(error(linked.pairs, true, model.weights.upper)),
        "clusters": _error(cluster_error(linked, true, at, _link_type(args), rows)),
    }


def _error(error: "Error") -> dict[str, float | int | None]:
    shares = {name: getattr(error, name) for name in ("precision", "recall", "f1")}
    counted = {name: getattr(error, name) for name in ("threshold", "right", "wrong", "missed")}
    return counted | {name: share if share is None else round(share, 4) for name, share in shares.items()}


def _lines(report: Mapping[str, Any]) -> Iterator[str]:
    for pair in report["pairs"][:SHOWN]:
        yield f"{pair['left']}  {pair['right']}  {pair['because']}"
    if len(report["pairs"]) > SHOWN:
        yield f"… and {len(report['pairs']) - SHOWN} more pairs; all of them with --json"
    summary = report["summary"]
    yield f"{summary['pairs']} pairs and {summary['clusters']} clusters of {summary['rows']} rows"
    for words, size in report["not_compared"].items():
        yield f"not compared with one another: {size} rows {words}"
    if len(report["unreadable"]) > SHOWN:
        yield f"{len(report['unreadable'])} cells can't be read; the first {SHOWN}, and all of them with --json:"
    for one in report["unreadable"][:SHOWN]:
        yield f"{one['place']}: {one['reason']} {one['mend']}"
    for what, told in report.get("error", {}).items():
        shares = ", ".join(f"{name} {told[name]}" for name in ("precision", "recall", "f1"))
        counted = f"{told['wrong']} wrong, {told['missed']} missed"
        yield f"{what.replace('_', ' ')} at {told['threshold']}: {shares} ({counted})"
