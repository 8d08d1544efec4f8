"""Radiology reports read per second of one core, and how rightly, beside medspaCy on the same texts and target.

The target: does the report speak of a fracture that the patient has or may have, yes or no. The texts: the whole
reports of the challenge (tests/feeds/reports/challenge), nearly all of which speak of fractures; and a mix as an
archive has it, one of them to nine others. On the half for building our F1 is right by making: only the held-out
half, where it is there, compares the two fairly. Time is that of the processor, so that what else the machine does
counts for neither. medspaCy needs numpy below 2: it gets an environment of its own in the cache folder, made at the
first run.
"""

import json
import os
import subprocess
import sys
from itertools import cycle
from pathlib import Path
from time import process_time

HOUSE = Path(__file__).parents[1]
sys.path.insert(0, str(HOUSE))  # the challenge and its scorer stand among the tests

from _archive import ARCHIVE  # noqa: E402
from _machine import machine  # noqa: E402

from openfls.feeds.reports import read_text  # noqa: E402
from openfls.feeds.reports.lexicon import TABLE  # noqa: E402
from tests.feeds.reports.scoring import CHALLENGE, Confusion, rows_of  # noqa: E402

MEDSPACY = ("medspacy==1.3.1", "numpy<2")
CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "openfls" / "medspacy-1.3.1"
REPEATED = 30  # times that we read the texts
MEDSPACY_REPEATED = 1
OTHERS = 9  # reports of other things to each of the challenge, in the mix
PLAIN_SHAPES = ("wedging", "vertebral collapse", "loss of vertebral height", "loss of height", "height loss")


class NotHere(Exception):
    """medspaCy can't be had, and why."""


def interpreter() -> Path:
    """The Python of medspaCy's environment, made where it is missing. Raises `NotHere`."""
    python = CACHE / "bin" / "python"
    ready = CACHE / "ready"
    if not ready.exists():
        print(f"making an environment for {' and '.join(MEDSPACY)} in {CACHE} …", flush=True)
        install = [str(python), "-m", "pip", "install", "-q", *MEDSPACY]
        for command in ([sys.executable, "-m", "venv", str(CACHE)], install):
            done = subprocess.run(command, capture_output=True, text=True)
            if done.returncode:
                told = "\n".join((done.stderr or done.stdout).splitlines()[-3:])
                raise NotHere(f"medspaCy can't be installed here, so there is nothing to compare with:\n{told}")
        ready.touch()
    return python


def by_medspacy(texts: list[str]) -> dict:
    phrases = [*TABLE["fractures"], *TABLE["shapes"]["fracture"], *PLAIN_SHAPES]
    phrases += [phrase for named in TABLE["named_fractures"].values() for phrase in named]
    targets = sorted({form for phrase in phrases for form in (phrase, phrase + "s") if form.strip()})
    asked = {"texts": texts, "targets": targets}
    script = Path(__file__).with_name("_medspacy.py")
    bare = {"PATH": os.environ["PATH"]}
    done = subprocess.run([interpreter(), script], input=json.dumps(asked), capture_output=True, text=True, env=bare)
    if done.returncode:
        raise NotHere(f"medspaCy failed:\n{done.stderr[-1000:]}")
    return json.loads(done.stdout)


def present(text: str) -> bool:
    return any(mention.claims for mention in read_text(text))


def confusion(truth: list[bool], found: list[bool]) -> Confusion:
    counted = Confusion()
    for true, told in zip(truth, found, strict=True):
        counted.add(true, told)
    return counted


def told(name: str, rate: float, counted: Confusion) -> str:
    figures = [f"{what} {getattr(counted, what).value:.1%}" for what in ("sensitivity", "specificity")]
    return f"  {name}: {rate:,.0f} reports a second; F1 {counted.f1:.3f}, {', '.join(figures)}"


def compare(name: str, texts: list[str], truth: list[bool]) -> None:
    begin = process_time()
    for _ in range(REPEATED):
        ours = [present(text) for text in texts]
    rate = REPEATED * len(texts) / (process_time() - begin)
    print(f"{name}: {len(texts)} reports of {sum(map(len, texts)) / len(texts):.0f} letters on average")
    print(told("ours", rate, confusion(truth, ours)))
    try:
        theirs = by_medspacy(texts * MEDSPACY_REPEATED)
    except NotHere as why:
        print(f"SKIPPED: {why}")
        return
    their_rate = MEDSPACY_REPEATED * len(texts) / theirs["seconds"]
    print(told(theirs["versions"], their_rate, confusion(truth, theirs["present"][: len(texts)])))
    print(f"  ratio: {rate / their_rate:.0f} times as fast")


def halves() -> None:
    for name in ("building.jsonl", "held_out.jsonl"):
        if not (CHALLENGE / name).exists():
            print(f"{name}: not here yet")
            continue
        rows = [row for row in rows_of(CHALLENGE / name) if row.kind == "report"]
        truth = [any(one.claims for one in row.expected) for row in rows]
        compare(f"challenge, {name}", [row.text for row in rows], truth)
        others = cycle(ARCHIVE)
        mixed = [(text, said) for row, said in zip(rows, truth, strict=True)
                 for text, said in ((row.text, said), *((next(others), False) for _ in range(OTHERS)))]  # fmt: skip
        compare(f"archive with {name}", [text for text, _ in mixed], [said for _, said in mixed])


if __name__ == "__main__":
    print(machine())
    halves()
