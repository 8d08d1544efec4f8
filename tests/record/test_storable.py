"""What enters the record comes back as it was; what a database can't hold is refused with a reason before any row."""

import math
from dataclasses import replace
from random import Random

import pytest

from openfls.clinical.facts import DxaResult
from openfls.clinical.patients import HospitalNumber
from openfls.record.models import FactRow, RecordNumber, RecordRow
from openfls.record.storable import LONGEST_INDEXED, NotStorable
from tests.record import rows

pytestmark = pytest.mark.django_db(databases="__all__")


def dxa(**changes: object) -> DxaResult:
    known = rows.note()
    return DxaResult(record=known.record, occurred=known.occurred, known=known.known, source=known.source, **changes)


def test_a_fact_comes_back_from_the_database_as_it_was():
    fact = dxa(t_score=-2.5, bmd_g_cm2=1.0, region="femoral neck é😀\u200b")
    rows.fact_row(fact)
    assert FactRow.objects.get(fact_id=fact.id).to_fact() == fact


def test_a_record_comes_back_with_all_its_numbers():
    record = rows.patient(hospital_numbers=(HospitalNumber("RX9", "1"), HospitalNumber("RTD", "1")), nhs_number=None)
    rows.record_row(record)
    assert RecordRow.objects.get().to_record() == record


def test_the_same_facts_again_add_no_row():
    fact = rows.note()
    rows.fact_row(fact)
    FactRow.objects.bulk_create([FactRow.of(fact), FactRow.of(rows.note("second"))], ignore_conflicts=True)
    RecordRow.objects.bulk_create([RecordRow.of(fact.record)], ignore_conflicts=True)
    RecordNumber.objects.bulk_create(RecordNumber.of(fact.record), ignore_conflicts=True)
    assert (FactRow.objects.count(), RecordRow.objects.count(), RecordNumber.objects.count()) == (2, 1, 1)


@pytest.mark.parametrize(
    ("fact", "where", "what"),
    [
        (lambda: rows.note("fell\0"), "note", "NUL"),
        (lambda: rows.note("half \ud83d"), "note", "half a character"),
        (lambda: dxa(t_score=math.nan), "DXA result.t_score", "not finite"),
        (lambda: dxa(bmd_g_cm2=math.inf), "DXA result.bmd_g_cm2", "not finite"),
        (lambda: rows.note(record=rows.patient(family_name="O\0Neill")), "family name", "NUL"),
        (lambda: rows.note(record=rows.patient(given_name="B\udfff")), "given name", "half a character"),
        (lambda: rows.note(record=rows.patient(doubtful_nhs_number="\0")), "doubtful NHS number", "NUL"),
        (lambda: rows.note(record=rows.patient(nhs_number="12345678901")), "NHS number", "11 characters"),
        (lambda: rows.note(record=rows.patient(family_name="x" * 301)), "family name", "301 characters"),
        (lambda: rows.note(site="x" * 101), "site", "101 characters"),
        (lambda: replace(rows.note(), known=rows.KNOWN.replace(tzinfo=None)), "note.known", "without offset"),
        (lambda: replace(rows.note(), key="a\0b"), "note.key", "NUL"),
    ],
)
def test_what_a_database_can_not_hold_is_refused(fact, where, what):
    with pytest.raises(NotStorable) as refused:
        FactRow.of(fact())
    assert what in refused.value.what
    assert refused.value.where.startswith(where)
    assert refused.value.mend


def test_a_statement_too_long_for_an_index_is_found_by_its_digest():
    longest, longer = "k" * LONGEST_INDEXED, "😀" * 5000
    first, second = (rows.fact_row(replace(rows.note(text), key=longer)) for text in ("first", "second"))
    assert rows.fact_row(replace(rows.note("third"), key=longest)).statement == longest
    assert first.statement == second.statement != longest
    assert FactRow.objects.filter(statement=first.statement).count() == 2
    assert second.to_fact().key == longer


def test_the_longest_texts_that_are_taken_fit_an_index_of_either_engine():
    letters = Random(1).choices([chr(n) for n in range(0x20000, 0x2A000)], k=LONGEST_INDEXED)  # no two bytes compress
    widest = "".join(letters)
    record = rows.patient(family_name=widest, hospital_numbers=(HospitalNumber(widest, widest),))
    rows.fact_row(replace(rows.note(record=record), key=widest, site=widest[:100]))
    assert len(RecordRow.objects.get().matching_family.encode()) == 4 * LONGEST_INDEXED
    assert FactRow.objects.get().to_fact().record == record
