"""The generated reference pages say what the code says."""

import sys
from dataclasses import fields

import pytest

from docs import generating
from docs.generating import commands, feeds, parameters, standards
from openfls.clinical.facts import KINDS, Finder
from openfls.clinical.parameters import Parameters
from openfls.clinical.rulebook import STANDARDS

WRITTEN_WITH = (3, 11)
HOW = "write them anew: .venv/bin/python -m docs.generating"


@pytest.mark.parametrize("name", generating.PAGES)
def test_a_generated_page_is_up_to_date(name):
    if name == "commands.md" and sys.version_info[:2] != WRITTEN_WITH:
        pytest.skip("other versions of Python word the help otherwise")
    written = (generating.REFERENCE / name).read_text(encoding="utf-8")
    assert written == generating.PAGES[name](), HOW


def test_every_standard_has_its_section_with_source_edition_and_checker():
    page = standards.page()
    for standard in STANDARDS:
        section = page.split(f"### {standard.name}\n", 1)[1].split("\n### ", 1)[0]
        for said in (standard.title, standard.source, standard.edition, standard.checked, standard.direction):
            assert said in section, standard.name


def test_no_two_standards_share_a_name_or_an_alias():
    names = [standard.name for standard in STANDARDS]
    aliases = [alias for standard in STANDARDS for alias in standard.aliases]
    assert len(set(names)) == len(names)
    assert len(set(aliases)) == len(aliases)


def test_a_node_that_nobody_put_into_words_is_refused():
    with pytest.raises(TypeError, match="no words yet"):
        standards.words(object())


def test_every_site_parameter_is_explained_and_listed_for_confirmation():
    to_confirm = (generating.REFERENCE.parent / "safety/to-confirm.md").read_text(encoding="utf-8")
    explained = parameters.explained()
    assert set(explained) == {field.name for field in fields(Parameters)}
    assert [name for name in explained if f"`{name}`" not in to_confirm] == []


def test_every_kind_of_fact_has_its_section():
    page = (generating.REFERENCE / "facts.md").read_text(encoding="utf-8")
    assert [kind for kind in KINDS if f"### {kind}\n" not in page] == []


def test_every_folder_of_feeds_has_a_readme_and_is_listed():
    page = (generating.REFERENCE / "feeds.md").read_text(encoding="utf-8")
    folders = feeds.folders_of_feeds()
    assert {"csv", "fhir", "hl7v2"} <= {folder.name for folder in folders}
    assert [folder.name for folder in folders if not (folder / "README.md").exists()] == []
    assert [folder.name for folder in folders if f"[`{folder.name}`]" not in page] == []


def test_every_command_says_what_it_does():
    names = commands.commands()
    assert {"run", "import", "find", "backstop", "measures", "rebuild", "verify", "users", "serve", "work"} <= {*names}
    assert [name for name in names if len(commands.help_of(name).splitlines()) < 3] == []


def test_the_glossary_names_every_finder():
    glossary = (generating.REFERENCE.parents[1] / "GLOSSARY.md").read_text(encoding="utf-8")
    [row] = [line for line in glossary.splitlines() if line.startswith("| **finder** |")]
    told = {Finder.BY_HAND: "entry by hand"}
    assert [finder for finder in Finder if told.get(finder, finder.value) not in row] == []
