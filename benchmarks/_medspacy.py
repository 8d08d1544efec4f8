"""medspaCy on the same texts, run by the interpreter of an environment of its own: see `reports.py`.

Takes ``{"texts": […], "targets": […]}`` on standard input and prints ``{"seconds": …, "present": [true, false, …],
"versions": "…"}``. Its own pipeline and rules (sentences, targets, context); the targets are the words of our table,
so that it looks for the same. Its detection of sections was tried with our headings: on these texts it takes the report
for part of the request where no heading follows, and its F1 falls from 0.93 to 0.69, so it stays off.
"""

import json
import sys
import time
import warnings

warnings.filterwarnings("ignore")

from loguru import logger  # noqa: E402 (its debug messages cost half the time: they are turned off first)

logger.remove()
logger.disable("PyRuSH")

import medspacy  # noqa: E402
import spacy  # noqa: E402
from medspacy.ner import TargetRule  # noqa: E402


def pipeline(targets: list[str]) -> spacy.language.Language:
    nlp = medspacy.load()
    nlp.get_pipe("medspacy_target_matcher").add([TargetRule(phrase, "FRACTURE") for phrase in targets])
    return nlp


def present(doc: spacy.tokens.Doc) -> bool:
    return any(_claims(entity._) for entity in doc.ents)


def _claims(said: object) -> bool:
    return not (said.is_negated or said.is_family or said.is_hypothetical)


def main() -> None:
    asked = json.load(sys.stdin)
    nlp = pipeline(asked["targets"])
    nlp("A fracture of the hip.")  # what is loaded at the first text is not counted
    begin = time.process_time()
    found = [present(doc) for doc in nlp.pipe(asked["texts"])]
    seconds = time.process_time() - begin
    versions = f"medspaCy {medspacy.__version__} on spaCy {spacy.__version__}"
    json.dump({"seconds": seconds, "present": found, "versions": versions}, sys.stdout)


if __name__ == "__main__":
    main()
