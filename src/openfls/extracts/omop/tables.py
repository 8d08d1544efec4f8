"""Each OMOP table as rows (id, key, subject, encounter, whole) of a FHIR type, in SQL.

Concept ids are those of the OMOP vocabularies (Gender, Visit, Type Concept). Days without a time are days: OMOP's
``*_datetime`` is optional and often midnight by default, so that the date is taken.
"""

from dataclasses import dataclass

from openfls.extracts.deciding import ALWAYS, DECIDING
from openfls.extracts.omop.codings import concept, joined

SEXES = {"8507": "male", "8532": "female"}
# Visit: emergency room; inpatient; emergency room and then inpatient; outpatient; home; non-hospital institution.
VISITS = {"9203": "EMER", "9201": "IMP", "262": "IMP", "9202": "AMB", "581476": "HH"}
# Type Concept: EHR dispensing record, prescription dispensed in pharmacy, mail order; EHR administration record,
# inpatient administration. Every other drug exposure counts as prescribed.
DISPENSED = ("32825", "38000175", "38000176")
ADMINISTERED = ("32818", "38000180")


@dataclass(frozen=True, slots=True)
class Table:
    """``kind``: the FHIR type its rows become; ``columns``: those without which nothing can be told."""

    name: str
    kind: str
    columns: tuple[str, ...]
    source: str


def _case(column: str, meanings: dict[str, str]) -> str:
    return f"CASE {column} {' '.join(f'WHEN {text(key)} THEN {text(value)}' for key, value in meanings.items())} END"


def text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _rows(kind: str, table: str, parts: dict[str, str], joins: str = "", where: str = "") -> str:
    """The statement of a table: ``parts`` are the elements of the resource, in SQL."""
    said = {"id": f"t.{table}_id", "subject": "{reference: 'Patient/' || t.person_id}"} | parts
    columns = ", ".join(f"{value} AS {name}" for name, value in said.items())
    whole = ", ".join(f"{name}: {name}" for name in said)
    encounter = "'Encounter/' || visit" if "encounter" in said else "NULL::VARCHAR"
    visit = ", t.visit_occurrence_id AS visit" if "encounter" in said else ""
    key = DECIDING[kind].key if kind in DECIDING else ALWAYS
    inner = f"SELECT {columns}{visit}, t.person_id AS person FROM {table} t{joins}{where}"
    return (
        f"SELECT id, {key} AS key, 'Patient/' || person AS subject, {encounter} AS encounter,"
        f" {{resourceType: '{kind}', {whole}}} AS whole FROM ({inner})"
    )


_ENCOUNTER = (
    "CASE WHEN t.visit_occurrence_id IS NOT NULL THEN {reference: 'Encounter/' || t.visit_occurrence_id} END"
)


def _medicine(kind: str, more: dict[str, str], where: str) -> Table:
    ids = "drug_source_concept_id", "drug_concept_id"
    parts = {
        "status": "'completed'",
        "medicationCodeableConcept": concept(*ids),
        "context" if kind != "MedicationRequest" else "encounter": _ENCOUNTER,
    } | more
    columns = ("drug_exposure_id", "person_id", "drug_concept_id", "drug_exposure_start_date", "drug_type_concept_id")
    return Table("drug_exposure", kind, columns, _rows(kind, "drug_exposure", parts, joined(*ids), f" WHERE {where}"))


_DISPENSED, _ADMINISTERED = (f"({', '.join(map(text, ids))})" for ids in (DISPENSED, ADMINISTERED))
_SUPPLY = {
    "quantity": "{value: TRY_CAST(t.quantity AS DOUBLE)}",
    "daysSupply": "{value: TRY_CAST(t.days_supply AS DOUBLE), unit: 'd'}",
}

TABLES = (
    Table(
        "condition_occurrence",
        "Condition",
        ("condition_occurrence_id", "person_id", "condition_concept_id", "condition_start_date"),
        _rows(
            "Condition",
            "condition_occurrence",
            {
                "code": concept("condition_source_concept_id", "condition_concept_id"),
                "encounter": _ENCOUNTER,
                "recordedDate": "t.condition_start_date",
            },
            joined("condition_source_concept_id", "condition_concept_id"),
        ),
    ),
    Table(
        "procedure_occurrence",
        "Procedure",
        ("procedure_occurrence_id", "person_id", "procedure_concept_id", "procedure_date"),
        _rows(
            "Procedure",
            "procedure_occurrence",
            {
                "status": "'completed'",
                "code": concept("procedure_source_concept_id", "procedure_concept_id"),
                "reasonCode": "NULL::JSON",
                "encounter": _ENCOUNTER,
                "performedDateTime": "t.procedure_date",
            },
            joined("procedure_source_concept_id", "procedure_concept_id"),
        ),
    ),
    Table(
        "measurement",
        "Observation",
        ("measurement_id", "person_id", "measurement_concept_id", "measurement_date"),
        _rows(
            "Observation",
            "measurement",
            {
                "status": "'final'",
                "code": concept("measurement_source_concept_id", "measurement_concept_id"),
                "encounter": _ENCOUNTER,
                "effectiveDateTime": "t.measurement_date",
                "valueQuantity": "CASE WHEN TRY_CAST(t.value_as_number AS DOUBLE) IS NOT NULL THEN"
                " {value: TRY_CAST(t.value_as_number AS DOUBLE), unit: coalesce(t.unit_source_value, u.concept_code)}"
                " END",
                "valueString": "CASE WHEN TRY_CAST(t.value_as_number AS DOUBLE) IS NULL THEN t.value_source_value END",
                "component": "CAST(NULL AS JSON[])",
            },
            joined("measurement_source_concept_id", "measurement_concept_id")
            + " LEFT JOIN concept u ON u.concept_id = nullif(t.unit_concept_id, '0')",
        ),
    ),
    _medicine(
        "MedicationRequest",
        {
            "intent": "'order'",
            "authoredOn": "t.drug_exposure_start_date",
            "dispenseRequest": "{quantity: {value: TRY_CAST(t.quantity AS DOUBLE)},"
            " expectedSupplyDuration: {value: TRY_CAST(t.days_supply AS DOUBLE), unit: 'd'}}",
        },
        f"coalesce(t.drug_type_concept_id, '') NOT IN {_DISPENSED}"
        f" AND coalesce(t.drug_type_concept_id, '') NOT IN {_ADMINISTERED}",
    ),
    _medicine(
        "MedicationDispense",
        {"whenHandedOver": "t.drug_exposure_start_date"} | _SUPPLY,
        f"t.drug_type_concept_id IN {_DISPENSED}",
    ),
    _medicine(
        "MedicationAdministration",
        {"effectiveDateTime": "t.drug_exposure_start_date"},
        f"t.drug_type_concept_id IN {_ADMINISTERED}",
    ),
    Table(
        "visit_occurrence",
        "Encounter",
        ("visit_occurrence_id", "person_id", "visit_concept_id", "visit_start_date", "visit_end_date"),
        _rows(
            "Encounter",
            "visit_occurrence",
            {
                "status": "'finished'",
                "class": f"{{code: {_case('t.visit_concept_id', VISITS)}}}",
                "period": "{'start': t.visit_start_date, 'end': t.visit_end_date}",
                "serviceProvider": "{identifier: {value: p.care_site_source_value}}",
            },
            " LEFT JOIN care_site p ON p.care_site_id = t.care_site_id",
        ),
    ),
    Table(
        "person",
        "Patient",
        ("person_id", "gender_concept_id", "year_of_birth"),
        _rows(
            "Patient",
            "person",
            {
                "identifier": "[{system: $source || '/person', value: coalesce(nullif(t.person_source_value, ''),"
                " t.person_id)}]",
                "gender": _case("t.gender_concept_id", SEXES),
                "birthDate": "concat_ws('-', lpad(t.year_of_birth, 4, '0'), lpad(t.month_of_birth, 2, '0'),"
                " CASE WHEN t.month_of_birth IS NOT NULL THEN lpad(t.day_of_birth, 2, '0') END)",
                "deceasedDateTime": "d.died",
            },
            " LEFT JOIN (SELECT person_id, min(death_date) AS died FROM death GROUP BY person_id) d"
            " ON d.person_id = t.person_id",
        ),
    ),
)
# Read where they are there; empty where they are not. All columns that a statement may ask for, of OMOP CDM 5.4.
OPTIONAL = {
    "concept": "concept_id concept_name vocabulary_id concept_code",
    "care_site": "care_site_id care_site_source_value",
    "death": "person_id death_date",
}
ASKED = {
    "person": "person_id gender_concept_id year_of_birth month_of_birth day_of_birth person_source_value",
    "visit_occurrence": "visit_occurrence_id person_id visit_concept_id visit_start_date visit_end_date care_site_id",
    "condition_occurrence": "condition_occurrence_id person_id condition_concept_id condition_start_date"
    " visit_occurrence_id condition_source_concept_id",
    "procedure_occurrence": "procedure_occurrence_id person_id procedure_concept_id procedure_date"
    " visit_occurrence_id procedure_source_concept_id",
    "drug_exposure": "drug_exposure_id person_id drug_concept_id drug_exposure_start_date drug_type_concept_id quantity"
    " days_supply visit_occurrence_id drug_source_concept_id",
    "measurement": "measurement_id person_id measurement_concept_id measurement_date value_as_number unit_concept_id"
    " visit_occurrence_id measurement_source_concept_id unit_source_value value_source_value",
}
