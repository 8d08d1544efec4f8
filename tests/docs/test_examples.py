"""Every example in the documents runs and gives what it says."""

import doctest
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[2]
WITH_EXAMPLES = [path for path in [*HOUSE.glob("*.md"), *(HOUSE / "docs").rglob("*.md")] if ">>> " in path.read_text()]


def test_some_documents_have_examples():
    assert len(WITH_EXAMPLES) >= 3


@pytest.mark.parametrize("path", WITH_EXAMPLES, ids=lambda path: path.stem)
def test_the_examples_in_a_document_give_what_they_say(path):
    failed, tried = doctest.testfile(
        str(path), module_relative=False, optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    )
    assert tried
    assert failed == 0
