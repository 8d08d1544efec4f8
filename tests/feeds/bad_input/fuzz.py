"""Fuzzes one reader, guided by which code its input reaches: ``python -m tests.feeds.bad_input.fuzz READER [options]``.

Options are libFuzzer's (``-max_total_time=600``). What crashes is kept as a file in the folder given by
``-artifact_prefix=``: put it into ``corpus/`` with what it should give, and mend the reader. ``make fuzz`` runs all.
"""

import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["openfls", "pydicom", "openpyxl", "csv", "json"]):
    from tests.feeds.bad_input.test_generated import SEEDS, checked

CORPUS = Path(__file__).parent / "corpus"
ENDS = {"hl7v2": ".hl7", "csv": ".csv", "fhir": ".json", "gzip": ".json.gz", "xlsx": ".xlsx", "dicom": ".dcm"}


def main(reader: str, options: list[str]) -> None:
    name, seeds = SEEDS[reader]
    with tempfile.TemporaryDirectory() as folder:
        known = [file.read_bytes() for file in CORPUS.iterdir() if file.name.endswith(ENDS[reader])]
        for number, content in enumerate([*seeds, *known]):
            (Path(folder) / f"seed-{number}").write_bytes(content)
        atheris.Setup([sys.argv[0], folder, "-rss_limit_mb=2048", "-timeout=30", *options], lambda c: checked(c, name))
        atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
