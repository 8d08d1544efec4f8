"""Facts as plain data and back: every kind with every field, as the dataclasses declare them."""

import json
from collections.abc import Callable
from dataclasses import MISSING, Field, fields
from datetime import UTC, date, datetime
from enum import Enum
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openfls.clinical.codes import SYSTEMS, Code
from openfls.clinical.facts import KINDS, Fact, Note, Source
from openfls.clinical.patients import HospitalNumber, PatientRecord, Sex
from openfls.clinical.plain import from_plain, to_plain
from openfls.clinical.when import When, about, at, between, on
from tests.clinical.histories import hip, person

days = st.dates(date(1900, 1, 1), date(2099, 12, 31))
clocks = st.datetimes(datetime(1900, 1, 1), datetime(2099, 1, 1)).map(lambda wall: wall.replace(fold=0))  # noqa: DTZ001
instants = clocks.map(lambda wall: wall.replace(tzinfo=UTC))
whens = st.one_of(
    days.map(on),
    clocks.map(at),
    st.builds(about, st.dates(date(1901, 1, 1), date(2098, 1, 1)), st.integers(0, 90)),
    st.tuples(days, days).map(sorted).map(lambda pair: between(*pair)),
)
words = st.text(max_size=12)
records = st.builds(
    PatientRecord,
    nhs_number=st.none() | words,
    doubtful_nhs_number=st.none() | words,
    hospital_numbers=st.lists(st.builds(HospitalNumber, words, words), max_size=3).map(tuple),
    family_name=words,
    given_name=words,
    birth_date=st.none() | days,
    sex=st.sampled_from(Sex),
)
KNOWN: dict[Any, st.SearchStrategy[Any]] = {
    str: words,
    int: st.integers(),
    bool: st.booleans(),
    float: st.floats(allow_nan=False),
    date: days,
    datetime: instants,
    When: whens,
    Source: st.builds(Source, words, words, words),
    PatientRecord: records,
    Code: st.sampled_from(sorted(SYSTEMS)).flatmap(lambda system: st.builds(SYSTEMS[system], words, words)),
}


def values(hint: Any) -> st.SearchStrategy[Any]:
    """Any value that a field of this type may hold."""
    if get_origin(hint) in (Union, UnionType):
        return st.one_of(*(st.none() if part is NoneType else values(part) for part in get_args(hint)))
    if get_origin(hint) is tuple:
        return st.lists(values(get_args(hint)[0]), max_size=3).map(tuple)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return st.sampled_from(hint)
    return KNOWN[hint]


def any_of(kind: type[Fact]) -> st.SearchStrategy[Fact]:
    hints = get_type_hints(kind)
    return st.fixed_dictionaries({f.name: values(hints[f.name]) for f in fields(kind)}).map(lambda given: kind(**given))


def read_again(fact: Fact) -> Fact:
    return from_plain(json.loads(json.dumps(to_plain(fact))))


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
@settings(max_examples=15)
@given(st.data())
def test_every_kind_with_any_values_reads_back_the_same_and_leaves_out_its_defaults(kind, data: st.DataObject):
    fact = data.draw(any_of(kind))
    again = read_again(fact)
    assert again == fact
    assert repr(again) == repr(fact)  # the words beside a code too, which its equality leaves out
    assert (again.id, again.record.key) == (fact.id, fact.record.key)
    written = {f.name for f in fields(kind) if f.default is MISSING or getattr(fact, f.name) != f.default}
    assert set(to_plain(fact)) == {"kind", *written}


def test_every_kind_of_fact_is_listed_under_its_own_name():
    def below(kind: type[Fact]) -> list[type[Fact]]:
        return [kind, *(leaf for child in kind.__subclasses__() for leaf in below(child))]

    declared = [kind for kind in below(Fact) if kind is not Fact]
    assert {kind.kind: kind for kind in declared} == KINDS
    assert len({kind.kind for kind in declared}) == len(declared)


def test_no_default_can_change():
    changeable = [f"{kind}.{f.name}" for kind, cls in KINDS.items() for f in fields(cls) if not _hashable(f)]
    assert changeable == []


def _hashable(field: "Field[Any]") -> bool:
    hash(field.default)
    return field.default_factory is MISSING


ADDED: list[tuple[str, Callable[[dict[str, Any]], object], type[Exception]]] = [
    ("a kind that nobody knows", lambda plain: plain.update(kind="horoscope"), KeyError),
    ("a field that nobody knows", lambda plain: plain.update(colour="red"), KeyError),
    ("a code of a system that nobody knows", lambda plain: plain.update(codes=[["ICD-11", "X", ""]]), KeyError),
    ("a value that is none of the field's", lambda plain: plain.update(side="north"), ValueError),
    ("no date", lambda plain: plain.pop("occurred"), TypeError),
    ("a date that is none", lambda plain: plain.update(occurred=["yesterday"]), ValueError),
    ("an interval that ends before it begins",
     lambda plain: plain.update(occurred=["2026-03-02", "2026-03-01", "interval"]), ValueError),
]  # fmt: skip


@pytest.mark.parametrize(("what", "spoil", "error"), ADDED, ids=[what for what, *_ in ADDED])
def test_what_no_version_of_it_wrote_is_refused(what, spoil, error):
    plain = to_plain(hip().facts[0])
    spoil(plain)
    with pytest.raises(error):
        from_plain(plain)


def test_a_value_that_a_fact_can_not_hold_is_refused_with_its_type():
    [fact] = person().noted(1, text={"a", "b"}).facts
    assert isinstance(fact, Note)
    with pytest.raises(TypeError, match="a fact can't hold a set"):
        to_plain(fact)
