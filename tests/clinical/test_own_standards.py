"""A site's own standard, from its file: the same tree as the rulebook's, and a fault for everything that is wrong."""

import json
from copy import deepcopy
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openfls.clinical.bands import Band
from openfls.clinical.caseload import derive
from openfls.clinical.own_standards import Fault, OwnStandard, read
from openfls.clinical.rulebook import STANDARDS
from openfls.clinical.standards import Family, Standard, Step, Verdict
from tests.clinical.histories import Drawn, day, hip

OURS: dict[str, Any] = {
    "name": "dxa-within-6-weeks-of-request",
    "title": "DXA done within 6 weeks of its request",
    "why": "Our board promised it.",
    "step": "DXA scan",
    "source": "Board paper 12",
    "edition": "March 2026",
    "authored_by": "Service lead",
    "next_review": "2027-03-01",
    "counts": {"all": ["enrolled", {"recorded": "DXA request", "where": {"need": ["requested"]}}]},
    "met_by": [{"recorded": "DXA result"}],
    "window": {"closes": {"days": 42, "after": {"recorded": "DXA request", "where": {"need": ["requested"]}}}},
    "excludes": {"either": [{"latest": "DXA request", "where": {"need": ["no DXA needed"]}}, {"died": {}}]},
    "makes_task": False,
    "bands": {"green": 90, "red": 70},
    "choices": ["A wait that the patient asked for runs on."],
    "sites": ["RX101"],
}


def own(**changes: Any) -> OwnStandard | list[Fault]:
    return read(json.dumps({**OURS, **changes}), "ours.json")


def standard(**changes: Any) -> Standard:
    found = own(**changes)
    assert isinstance(found, OwnStandard), found
    return found.standard


def verdict(drawn: Drawn, of: Standard) -> Verdict:
    standards = (*STANDARDS, of)
    [care] = derive(drawn.facts, day(drawn.today), drawn.parameters, standards).episodes
    return care.standings[-1].verdict


def test_a_file_makes_a_standard_of_the_sites_own():
    found = own()
    assert isinstance(found, OwnStandard)
    assert (found.standard.family, found.standard.step) == (Family.OWN, Step.DXA)
    assert found.standard.next_review == date(2027, 3, 1)
    assert found.standard.checked == "not clinically checked"
    assert (found.holds_at("RX101"), found.holds_at("RX102"), found.holds_at(None)) == (True, False, False)
    assert found.standard.bands is not None
    assert [found.standard.bands.of(met, 100) for met in (90, 89, 70, 69)] == [
        *(Band.GREEN, Band.AMBER, Band.AMBER, Band.RED)
    ]


def test_it_judges_histories_as_a_declaration_in_the_code_would():
    requested = hip().enrolled().dxa_requested(10)
    assert verdict(hip().enrolled().seen_on(60), standard()) is Verdict.NOT_ASKED
    assert verdict(requested.scanned(52).seen_on(60), standard()) is Verdict.MET
    assert verdict(requested.scanned(53).seen_on(60), standard()) is Verdict.MET_LATE
    assert verdict(requested.seen_on(52), standard()) is Verdict.DUE
    assert verdict(requested.seen_on(53), standard()) is Verdict.MISSED
    assert verdict(requested.dxa_not_needed(20).seen_on(53), standard()) is Verdict.EXCLUDED


def test_one_that_makes_a_task_asks_for_the_act():
    strict = standard(makes_task=True, counts="enrolled", window={"closes": {"days": 3}}, excludes={"died": {}})
    drawn = hip().enrolled().seen_on(2)
    [care] = derive(drawn.facts, day(2), drawn.parameters, (*STANDARDS, strict)).episodes
    [task] = [task for task in care.tasks if task.step is Step.DXA]
    assert (task.standard, task.due) == (strict.name, day(3))


CHANGES = {
    "a name of the program's": ({"name": "gp-told"}, "name", "comes with the program"),
    "a name with spaces": ({"name": "Our scan"}, "name", "is no name"),
    "an empty title": ({"title": " "}, "title", "no words"),
    "a step that there isn't": ({"step": "scan"}, "step", "DXA scan"),
    "a date in words": ({"next_review": "next March"}, "next_review", "2027-05-01"),
    "an entry that nobody knows": ({"windows": {}}, "windows", "Nobody knows this entry"),
    "a kind that there isn't": ({"met_by": [{"recorded": "dxa"}]}, "met_by[0].recorded", "is no kind of fact"),
    "no fact that meets it": ({"met_by": []}, "met_by", "one or more"),
    "a field that the kind hasn't": (
        {"met_by": [{"recorded": "DXA result", "where": {"needs": ["requested"]}}]}, "met_by[0].where.needs", "t_score",
    ),
    "an answer that the field hasn't": (
        {"counts": {"all": ["enrolled", {"recorded": "DXA request", "where": {"need": ["Requested"]}}]}},
        "counts.all[1].where.need[0]", "no DXA needed",
    ),
    "who counts without enrolment": ({"counts": {"recorded": "DXA request"}}, "counts", "enrolment"),
    "two things at once": ({"counts": {"all": ["enrolled"], "not": "enrolled"}}, "counts", "not exactly one thing"),
    "no closing day": ({"window": {}}, "window", "closes"),
    "half a day": ({"window": {"closes": {"days": 1.5}}}, "window.closes.days", "whole number"),
    "a parameter that there isn't": ({"window": {"closes": {"days": "x_days"}}}, "window.closes.days", "triage_days"),
    "a parameter that counts no days": (
        {"window": {"closes": {"days": "silence_factor"}}}, "window.closes.days", "no site parameter of days",
    ),
    "bands that cross": ({"bands": {"green": 50, "red": 80}}, "bands", "cross"),
    "a band beyond all": ({"bands": {"green": 150, "red": 80}}, "bands.green", "from 0 to 100"),
    "yes for true": ({"makes_task": "yes"}, "makes_task", "true or false"),
}  # fmt: skip


@pytest.mark.parametrize(("changes", "at", "said"), CHANGES.values(), ids=CHANGES)
def test_what_is_wrong_is_told_with_what_where_and_how_to_mend_it(changes, at, said):
    [fault] = own(**changes)
    assert fault.place == f"ours.json, {at}"
    assert said in f"{fault.reason} {fault.mend}"
    assert fault.mend


def test_every_entry_that_is_wrong_or_missing_is_told_at_once():
    plain = {name: value for name, value in OURS.items() if name not in ("authored_by", "why")}
    faults = read(json.dumps({**plain, "step": "scan"}), "ours.json")
    assert isinstance(faults, list)
    assert [fault.place for fault in faults] == ["ours.json, why", "ours.json, authored_by", "ours.json, step"]


@pytest.mark.parametrize("text", ["", "[]", "null", "{", '"enrolled"', "[" * 100_000, "{" + '"not":' * 5])
def test_what_is_no_object_is_told_and_never_raises(text):
    [fault] = read(text, "ours.json")
    assert fault.place == "ours.json"


plain_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(("all", "not", "recorded", "days")), inner)
    ),
    max_leaves=6,
)


@given(st.sampled_from(sorted(OURS)), plain_values)
def test_any_value_makes_a_standard_or_a_fault_and_never_raises(name, value):
    found = read(json.dumps({**deepcopy(OURS), name: value}), "ours.json")
    assert isinstance(found, OwnStandard) or (found and all(fault.mend for fault in found))
