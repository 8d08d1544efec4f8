"""lowBoundary() and highBoundary(): the least and the greatest value that what is written can mean.

FHIRPath N1 with the later boundary functions: 1.0 lies from 0.95 to 1.05, 1970-06 from its first to its last day. A
dateTime without offset begins in the earliest zone (+14:00) and ends in the last (-12:00).
"""

from openfls.feeds.fhir.views.faults import CannotCompile
from openfls.feeds.fhir.views.values import EMPTY, Value, failing, single


def low(value: Value) -> Value:
    return _boundary(value, high=False)


def high(value: Value) -> Value:
    return _boundary(value, high=True)


def _boundary(value: Value, high: bool) -> Value:
    if value.type == "empty":
        return EMPTY
    written = single(value, "What a boundary is asked of").sql
    match value.type:
        case "decimal":
            return Value(_decimal(value, written, high), "decimal")
        case "date":
            return Value(_day(written, high), "date")
        case "dateTime" | "instant":
            return Value(_moment(written, high), value.type)
        case "time":
            return Value(_time(written, high), "time")
    raise CannotCompile(f"A boundary is asked of a {value.type}.", "Ask it of a decimal, date, dateTime or time.")


def _decimal(value: Value, written: str, high: bool) -> str:
    """Half of the last written place up or down."""
    if value.need is None or value.need.type != "decimal":
        raise CannotCompile("A boundary is asked of a reckoned number.", "Ask it of an element.")
    value.need.as_written = True
    places = f"CASE WHEN contains({written}, '.') THEN length(split_part({written}, '.', 2)) ELSE 0 END"
    half = f"{'+' if high else '-'} 0.5 / pow(10, {places})"
    exact = f"round(CAST({written} AS DOUBLE) {half}, CAST({places} AS INTEGER) + 1)"
    reason = "A boundary is asked of a number written with an exponent, whose last place nobody can tell."
    return f"CASE WHEN regexp_matches({written}, '[eE]') THEN {failing(reason)} ELSE {exact} END"


def _day(written: str, high: bool) -> str:
    month = f"last_day(CAST({written} || '-01' AS DATE))" if high else f"{written} || '-01'"
    year = f"{written} || '{'-12-31' if high else '-01-01'}'"
    return f"CASE length({written}) WHEN 4 THEN {year} WHEN 7 THEN CAST({month} AS VARCHAR) ELSE {written} END"


def _moment(written: str, high: bool) -> str:
    time, zone = ("T23:59:59.999", "-12:00") if high else ("T00:00:00.000", "+14:00")
    offset = f"regexp_extract({written}, '(Z|[+-][0-9][0-9]:[0-9][0-9])$')"
    clock = f"regexp_extract({written}, 'T([0-9:.]+)', 1)"
    zoned = f"coalesce(nullif({offset}, ''), '{zone}')"
    timed = f"split_part({written}, 'T', 1) || 'T' || {_time(clock, high)} || {zoned}"
    return f"CASE WHEN contains({written}, 'T') THEN {timed} ELSE {_day(written, high)} || '{time}{zone}' END"


def _time(written: str, high: bool) -> str:
    full = "23:59:59.999" if high else "00:00:00.000"
    return f"CASE WHEN {written} IS NOT NULL THEN {written} || substr('{full}', length({written}) + 1) END"
