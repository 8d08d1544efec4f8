"""Which resources of a type the feed's reader may want, decided once for each way in which they are coded.

A country writes the same few thousand concepts a billion times. Each is shown to the reader's own ``may_tell`` once; a
resource whose concept it refuses is passed over by the scan. No code list is written a second time.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import orjson

from openfls.clinical.facts import Setting
from openfls.feeds.fhir import may_tell
from openfls.feeds.fhir.elements import Json
from openfls.feeds.fhir.export import setting_of

ALWAYS = "'{}'"  # the key of what is always wanted


def _resource(key: Json) -> Json:
    return key


def _report(key: Json) -> Json:
    """With some words: whether it has any stands in each report of its own."""
    return key | {"conclusion": "words"}


@dataclass(frozen=True, slots=True)
class Deciding:
    """``key`` is the SQL of what decides, as JSON of a resource that has nothing else."""

    key: str
    resource: Callable[[Json], Json] = _resource


def _of(*columns: str) -> str:
    """The SQL of an object of these columns, put together as text: that is quicker than telling it of a struct."""
    parts = " || ',' || ".join(f"'\"{name}\":' || coalesce(to_json({name})::VARCHAR, 'null')" for name in columns)
    return f"'{{' || {parts} || '}}'"


_MEDICINE = Deciding(_of("medicationCodeableConcept"))
DECIDING: dict[str, Deciding] = {
    "Condition": Deciding(_of("code")),
    "Procedure": Deciding(_of("code", "reasonCode")),
    "DiagnosticReport": Deciding(_of("code", "category"), _report),
    "Observation": Deciding(
        f"CASE WHEN component IS NULL THEN {_of('code')} ELSE"
        " to_json({code: code, component: list_transform(component, lambda c: {code: c->'code'})})::VARCHAR END"
    ),
    "MedicationRequest": _MEDICINE,
    "MedicationDispense": _MEDICINE,
    "MedicationStatement": _MEDICINE,
    "MedicationAdministration": _MEDICINE,
    "ServiceRequest": Deciding(_of("code")),
    "Encounter": Deciding(_of("class")),
    "Patient": Deciding(ALWAYS),
}
# What the others refer to and what gives no facts by itself.
REFERRED_TO = ("Organization", "Practitioner", "Location", "Medication")


def wants(kind: str, key: str, mapping: str | None) -> bool:
    """Whether the reader may want a resource that is coded so. What it can't decide by this alone, it is shown."""
    told: Any = orjson.loads(key)
    resource = {name: value for name, value in told.items() if value is not None}
    if kind == "Encounter":
        return setting_of(resource) in (Setting.INPATIENT, Setting.EMERGENCY)
    try:
        return may_tell(kind, DECIDING[kind].resource(resource), mapping)
    except (AttributeError, KeyError, TypeError, ValueError):  # ill-shaped: the reader says what is wrong with it
        return True
