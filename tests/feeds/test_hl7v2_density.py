"""Bone density by HL7 ORU: regions in one set of words, both scores, the population and the scanner beside them."""

from dataclasses import replace

import pytest

from openfls.clinical.codes import Loinc
from openfls.clinical.dxa_regions import region_in_words
from openfls.clinical.facts import DxaResult, LaboratoryResult, Note, Side, Status
from openfls.clinical.versions import current
from tests.feeds.hl7_messages import ORIGIN, msh, named, of, pid, reading


def order(exam: str = "DXA hip and spine", **more):
    return named("OBR", {1: "1", 3: ["D1", "RIS"], 4: ["DXA", exam], 7: "20250415143000", 24: "RAD", 25: "F"}, more)


def value(name, number: str = "-2.5", unit: str = "", **more):
    given = {1: "1", 2: "NM", 3: name if isinstance(name, list) else ["X", name], 5: number, 6: unit, 11: "F"}
    return named("OBX", given, more)


def words(name: str, text: str):
    return named("OBX", {1: "1", 2: "ST", 3: ["W", name], 5: text, 11: "F"}, {})


def results(*observations, origin=ORIGIN, exam: str = "DXA hip and spine") -> list[DxaResult]:
    return of(DxaResult, reading(msh("ORU^R01", f12="2.3"), pid(), order(exam), *observations, origin=origin))


@pytest.mark.parametrize(
    ("name", "region", "side"),
    [
        ("T-score femoral neck left", "femoral neck", Side.LEFT),
        ("Right Neck T-score", "femoral neck", Side.RIGHT),
        ("T-score total hip right", "total hip", Side.RIGHT),
        ("Left femur total T-score", "total hip", Side.LEFT),
        ("T-score L1-L4", "lumbar spine L1-L4", Side.UNKNOWN),
        ("T-score L2 - L4 spine", "lumbar spine L2-L4", Side.UNKNOWN),
        ("T-score L3", "lumbar spine L3", Side.UNKNOWN),
        ("AP spine T-score", "lumbar spine", Side.UNKNOWN),
        ("T-score left radius 33%", "forearm, 33% radius", Side.LEFT),
        ("T-score right forearm 1/3", "forearm, 33% radius", Side.RIGHT),
        ("T-score hip left", "hip", Side.LEFT),
    ],
)
def test_a_region_has_one_name_however_it_is_written(name, region, side):
    [found] = results(value(name))
    assert (found.region, found.side, found.t_score) == (region, side, -2.5)


@pytest.mark.parametrize("part", ["Upper neck left", "Neck mean", "Trend L1-L4", "Intertrochanteric", "Total body fat"])
def test_parts_that_are_not_reported_are_no_region(part):
    assert region_in_words(part) is None


@pytest.mark.parametrize(
    ("code", "region", "side"),
    [
        ("80940-0", "femur", Side.LEFT),
        ("80937-6", "hip", Side.RIGHT),
        ("85394-5", "lumbar spine", Side.UNKNOWN),
        ("80936-8", "radius and ulna", Side.LEFT),
    ],
)
def test_z_scores_are_known_by_their_codes(code, region, side):
    [found] = results(value([code, "", "LN"], "-0.9"))
    assert (found.region, found.side, found.z_score, found.t_score) == (region, side, -0.9, None)
    assert found.code == Loinc(code)


def test_a_z_score_by_its_words_is_none_of_the_laboratorys_values():
    found = reading(msh("ORU^R01"), pid(), order(), value("Z-score total hip left", "-0.9"))
    assert [fact.z_score for fact in of(DxaResult, found)] == [-0.9]
    assert of(LaboratoryResult, found) == []


def test_a_density_of_the_33_percent_radius_is_no_change_in_percent():
    [found] = results(value("BMD left radius 33%", "0.512", "g/cm2"))
    assert (found.region, found.bmd_g_cm2) == ("forearm, 33% radius", 0.512)
    changed = reading(msh("ORU^R01"), pid(), order(), value("BMD change total hip %", "-3.1", "%"))
    assert of(DxaResult, changed) == []


def test_the_population_and_the_scanner_stand_beside_the_values():
    observations = [
        words("Reference population", "NHANES III, white women"),
        words("Manufacturer", "Made-up Densitometers"),
        words("Scanner model", "Ray 3"),
        words("Software version", "17.2"),
        value("T-score femoral neck left"),
        value("BMD femoral neck left", "0.612", "g/cm2", f18="DXA1"),
    ]
    found = results(*observations)
    assert {(f.reference, f.maker, f.model, f.software) for f in found} == {
        ("NHANES III, white women", "Made-up Densitometers", "Ray 3", "17.2")
    }
    assert found[1].scanner == "DXA1"
    everything = reading(msh("ORU^R01"), pid(), order(), *observations)
    assert {type(fact) for fact in everything.facts} == {DxaResult}


def test_what_the_feed_declares_stands_where_the_report_names_no_population():
    declared = replace(ORIGIN, reference="NHANES III")
    assert results(value("T-score total hip left"), origin=declared)[0].reference == "NHANES III"
    told = words("Reference population", "own young adults")
    assert results(told, value("T-score total hip left"), origin=declared)[0].reference == "own young adults"
    assert results(value("T-score total hip left"))[0].reference == ""


def test_a_score_that_names_no_region_waits():
    found = reading(msh("ORU^R01"), pid(), order(""), value("T-score"))
    assert [u.place for u in found.unreadable] == ["OBX[1]-3"]
    assert of(DxaResult, found) == []


def test_the_orders_name_tells_the_region_where_the_observation_does_not():
    [found] = results(value("T-score"), exam="DXA left hip")
    assert (found.region, found.side) == ("hip", Side.LEFT)


@pytest.mark.parametrize("number", ["9999", "-25", "-2,5", "low", ""])
def test_a_score_that_nobody_can_have_waits(number):
    found = reading(msh("ORU^R01"), pid(), order(), value("Z-score total hip left", number))
    assert [u.place for u in found.unreadable] == ["OBX[1]-5"]


def test_a_correction_of_one_value_leaves_the_others():
    first = results(value("T-score total hip left", "-2.5"), value("BMD total hip left", "0.612", "g/cm2"))
    later = results(value("T-score total hip left", "-1.5", f11="C"))
    standing = current([*first, *later])
    assert sorted((f.t_score, f.bmd_g_cm2) for f in standing if f.t_score) == [(-1.5, None)]
    assert [f.bmd_g_cm2 for f in standing if f.bmd_g_cm2] == [0.612]
    assert later[0].status is Status.CORRECTED


def test_values_without_a_code_are_told_apart_by_their_words():
    neck, spine = ["", "T-score femoral neck left"], ["", "T-score L1-L4"]
    both = results(value(neck, "-2.5"), value(spine, "-1.9"))
    [mended] = results(value(spine, "-2.9"))
    assert {fact.key for fact in both} == {"X9A/order/RIS D1/T-score femoral neck left/", mended.key}


def test_a_late_preliminary_value_changes_nothing():
    final = results(value("T-score total hip left", "-2.5"))
    early = results(value("T-score total hip left", "-0.5", f11="P"))
    assert [f.t_score for f in current([*final, *early])] == [-2.5]


def test_prose_of_the_report_is_still_read():
    report = named("OBX", {1: "9", 2: "TX", 3: ["R", "Report"], 5: "Wedge fracture of T12.", 11: "F"}, {})
    found = reading(msh("ORU^R01"), pid(), order(), value("T-score total hip left"), report)
    assert {fact.kind for fact in found.facts} >= {"DXA result", "fracture sighting"}
    assert of(Note, found) == []
