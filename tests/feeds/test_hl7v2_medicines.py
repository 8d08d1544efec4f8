"""HL7 v2 messages about medicines: ordered, handed out, given or not, held back, stopped, cancelled, sent again."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openfls.clinical.codes import Dmd
from openfls.clinical.facts import (
    Answer,
    Death,
    Demographics,
    DoseGiven,
    DoseNotGiven,
    Fact,
    MedicineSupplied,
    PrescriptionIssued,
    Setting,
    TreatmentStopped,
)
from openfls.clinical.versions import current
from openfls.feeds import hl7v2
from openfls.feeds.hl7v2.build import Field, message, segment
from openfls.feeds.reading import Origin, Reading, Unreadable

SAMPLES = Path(hl7v2.__file__).parent / "samples"
KNOWN = datetime(2025, 6, 1, 12, tzinfo=UTC)
ORIGIN = Origin("X9A/epma", KNOWN, site="X9A01")
WEEKLY = ["39731311000001108", "Alendronic acid 70mg tablets", "DMD"]
PROLIA = ["", "Denosumab 60mg/1ml injection"]


def fields(name: str, base: dict[int, Field], changed: dict[str, Field]) -> list[Field]:
    return segment(name, base | {int(key[1:]): value for key, value in changed.items()})


def header(kind: str, when: str) -> list[list[Field]]:
    return [
        segment("MSH", {3: "EPMA", 4: "X9A", 7: when, 9: kind.split("^"), 10: "M1", 11: "P", 12: "2.5"}),
        segment("PID", {3: ["H1", "", "", "X9A", "MR"], 5: ["Smith", "Anne"], 7: "19420714", 8: "F", 13: "01632 1"}),
        segment("PV1", {2: "I", 3: ["W1", "", "", "X9A01"]}),
    ]


def orc(control: str = "NW", when: str = "20250308111500", **changed: Field) -> list[Field]:
    return fields("ORC", {1: control, 2: ["RX1", "EPMA"], 9: when}, changed)


def rxe(**changed: Field) -> list[Field]:
    return fields("RXE", {2: WEEKLY, 3: "70", 5: "mg"}, changed)


def rxd(**changed: Field) -> list[Field]:
    return fields("RXD", {1: "1", 2: WEEKLY, 3: "20250308140000", 4: "4", 5: "tablet"}, changed)


def rxa(**changed: Field) -> list[Field]:
    base: dict[int, Field] = {1: "0", 2: "1", 3: "20250305093000", 5: PROLIA, 6: "60", 7: "mg", 20: "CP"}
    return fields("RXA", base, changed)


def read(kind: str, *segments: list[Field], when: str = "20250308112000", content: bytes = b"") -> Reading:
    found = hl7v2.read(message([*header(kind, when), *segments]), ORIGIN)
    assert isinstance(found, Reading), found
    return found


def order(*segments: list[Field], when: str = "20250308112000") -> list[Fact]:
    return medicines(read("RDE^O11", *segments, when=when))


def dose(*segments: list[Field], when: str = "20250305101500") -> list[Fact]:
    return medicines(read("RAS^O17", *segments, when=when))


def medicines(found: Reading) -> list[Fact]:
    assert found.unreadable == (), found.unreadable
    return [fact for fact in found.facts if not isinstance(fact, Demographics)]


def sample(name: str) -> Reading:
    found = hl7v2.read((SAMPLES / f"{name}.hl7").read_bytes(), ORIGIN)
    assert isinstance(found, Reading), found
    return found


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("rde-o11-discharge-medicine", PrescriptionIssued),
        ("rde-o11-discontinued", TreatmentStopped),
        ("rde-o01-ward-order", PrescriptionIssued),
        ("rds-o13-dispense", MedicineSupplied),
        ("rds-o01-dispense", MedicineSupplied),
        ("ras-o17-dose-given", DoseGiven),
        ("ras-o17-dose-refused", DoseNotGiven),
        ("ras-o01-dose-given", DoseGiven),
    ],
)
def test_each_sample_gives_its_one_fact_of_a_medicine(name, kind):
    found = sample(name)
    assert {type(fact) for fact in found.facts} == {kind, Demographics}
    assert found.unreadable == ()


# --- prescriptions


def test_a_prescription_tells_drug_day_setting_days_and_how_it_was_written():
    [fact] = medicines(sample("rde-o11-discharge-medicine"))
    assert isinstance(fact, PrescriptionIssued)
    assert (fact.drug, fact.bone_drug) == ("alendronate", Answer.YES)
    assert fact.codes == (Dmd("39731311000001108"),)
    assert fact.occurred.at == datetime.fromisoformat("2025-03-08T11:15")
    assert (fact.days_supplied, fact.quantity, fact.words) == (28, 4, "Alendronic acid 70mg tablets")
    assert (fact.setting, fact.site) == (Setting.INPATIENT, "X9A01")


def test_other_medicines_give_nothing_not_even_where_a_person_lives():
    found = read("RDE^O11", orc(), rxe(f2=["", "Paracetamol 500mg tablets"]))
    assert (found.facts, found.unreadable) == ((), ())
    assert found.notes == ("medicines that are no bone drugs were passed over by rule",)


def test_a_death_is_told_beside_any_medicine():
    died = header("RDE^O11", "20250308112000")
    died[1] = segment("PID", {3: ["H1", "", "", "X9A", "MR"], 30: "Y", 29: "20250307"})
    found = hl7v2.read(message([*died, orc(), rxe(f2=["", "Paracetamol"])]), ORIGIN)
    assert [type(fact) for fact in found.facts] == [Death]


def test_a_medicine_that_nothing_names_waits_while_the_others_count():
    found = read("RDE^O11", orc(), rxe(f2=["999", "", "DMD"]), orc(f2=["RX2", "EPMA"]), rxe())
    assert [(u.place, "no name" in u.reason) for u in found.unreadable] == [("RXE[1]-2", True)]
    assert found.unreadable[0].mend
    assert [type(fact) for fact in found.facts] == [PrescriptionIssued, Demographics]


@pytest.mark.parametrize(
    ("name", "amount", "unit", "bone", "words"),
    [
        ("Denosumab", "60", "mg", Answer.YES, "Denosumab 60 mg"),
        ("Denosumab", "120", "mg", Answer.UNKNOWN, "Denosumab 120 mg"),  # the strength used for tumours
        ("Zoledronic acid", "4", "mg", Answer.UNKNOWN, "Zoledronic acid 4 mg"),
        ("Alendronic acid", "1", "tablet", Answer.YES, "Alendronic acid"),  # a tablet is no strength
        ("Alfacalcidol", "1", "microgram", Answer.UNKNOWN, "Alfacalcidol 1 microgram"),
    ],
)
def test_the_strength_is_taken_from_the_amount_where_the_name_holds_none(name, amount, unit, bone, words):
    [fact] = order(orc(), rxe(f2=["", name], f3=amount, f5=unit))
    assert (fact.bone_drug, fact.words) == (bone, words)


@pytest.mark.parametrize(
    ("timing", "days"),
    [
        ({"tq1": {6: ["28", "d"]}}, 28),
        ({"tq1": {6: ["12", "wk"]}}, 84),
        ({"tq1": {6: ["28", "tablet"]}}, None),
        ({"rxe": ["1", "QW", "D28"]}, 28),
        ({"rxe": ["1", "QW", "W12"]}, 84),
        ({"rxe": ["1", "QW", "L1"]}, 28),
        ({"rxe": ["1", "QW", "", "20250308", "20250405"]}, 28),
        ({"rxe": ["1", "QW", "INDEF"]}, None),
        ({"rxe": ["1", "QW", "X4"]}, None),
        ({"rxe": ["1", "QW", "D0"]}, None),
        ({"rxe": ["1", "QW", "D9999"]}, None),
        ({}, None),
    ],
)
def test_how_long_it_lasts_is_told_by_its_timing_and_never_guessed(timing, days):
    tq1 = [segment("TQ1", timing["tq1"])] if "tq1" in timing else []
    told = {"f1": timing["rxe"]} if "rxe" in timing else {}
    [fact] = order(orc(), *tq1, rxe(**told))
    assert fact.days_supplied == days


@pytest.mark.parametrize(
    ("segments", "day"),
    [
        ([orc(), rxe(f32="20250301090000")], date(2025, 3, 1)),  # the original order
        ([orc(), segment("TQ1", {7: "20250303"}), rxe()], date(2025, 3, 3)),  # the start
        ([orc(f15="20250304"), rxe()], date(2025, 3, 4)),  # when the order takes effect
        ([orc(), rxe()], date(2025, 3, 8)),  # when it was sent
        ([orc(), segment("TQ1", {7: "20250901"}), rxe()], date(2025, 3, 8)),  # a start ahead is a plan
    ],
)
def test_a_prescription_is_dated_by_its_first_order_else_its_start_else_its_sending(segments, day):
    [fact] = order(*segments)
    assert fact.occurred.start == day


@pytest.mark.parametrize("when", ["20251399", "19000000000000000"])
def test_a_date_that_cannot_be_waits_with_its_place(when):
    found = read("RDE^O11", orc(), rxe(f32=when))
    assert [u.place for u in found.unreadable] == ["RXE[1]-32"]


# --- what becomes of an order


def test_a_change_is_a_later_version_of_the_same_prescription():
    first = order(orc(), rxe())
    changed = order(orc("XO", "20250309090000"), rxe(f2=["", "Risedronate sodium 35mg tablets"], f32="20250308111500"))
    assert [fact.drug for fact in current(first + changed)] == ["risedronate"]


@pytest.mark.parametrize("control", ["CA", "OC", "CR"])
@pytest.mark.parametrize("later", [False, True])
def test_a_cancelled_order_is_taken_back_whatever_came_first(control, later):
    ordered, cancelled = order(orc(), rxe()), order(orc(control), rxe())  # at the same second
    [fact] = current(cancelled + ordered if later else ordered + cancelled)
    assert (fact.retracted, fact.drug) == (True, "alendronate")


def test_a_cancellation_that_names_only_the_order_takes_it_back():
    [fact] = current(order(orc(), rxe()) + order(orc("CA", "20250309090000")))
    assert (fact.retracted, fact.drug) == (True, "alendronate")


def test_a_status_of_the_order_speaks_where_its_control_says_only_that_it_changed():
    [fact] = order(orc("SC", f5="DC"), rxe())
    assert isinstance(fact, TreatmentStopped)


@pytest.mark.parametrize("control", ["DC", "OD", "DR"])
def test_a_discontinued_order_was_issued_and_then_stopped_with_its_reason(control):
    ordered = order(orc(), rxe())
    stopped = order(orc(control, "20250401093000", f16=["SE", "Side effects"]), rxe())
    issued, stop = current(ordered + stopped)
    assert isinstance(issued, PrescriptionIssued)
    assert not issued.retracted
    assert (stop.for_now, stop.reason, stop.occurred.start) == (Answer.NO, "Side effects", date(2025, 4, 1))


def test_an_order_that_is_held_is_stopped_for_now_until_it_is_released():
    held = order(orc("HD", "20250310090000", f16=["", "Low calcium"]), rxe())
    assert [(fact.for_now, fact.reason) for fact in held] == [(Answer.YES, "Low calcium")]
    released = order(orc("RL", "20250312090000"), rxe())
    [fact] = current(held + released)
    assert (fact.retracted, fact.occurred.start) == (True, date(2025, 3, 10))
    again = order(orc("HD", "20250315090000"), rxe())
    [fact] = current(held + released + again)
    assert not fact.retracted


def test_each_refill_is_an_issue_of_its_own():
    first = order(orc(), rxe())
    refills = [order(orc("FU", when), rxe(f18=when)) for when in ("20250405100000", "20250503100000")]
    found = current([*first, *refills[0], *refills[1], *refills[1]])
    assert [fact.occurred.start for fact in found] == [date(2025, 3, 8), date(2025, 4, 5), date(2025, 5, 3)]


@pytest.mark.parametrize("control", ["RF", "DF", "UA", "RP"])
def test_a_request_a_refusal_and_the_old_one_of_a_pair_prescribe_nothing(control):
    found = read("RDE^O11", orc(control), rxe())
    assert found.facts == ()
    assert f"ORC[1]-1 {control}: nothing was prescribed by it." in found.notes


def test_a_control_that_no_table_has_waits_while_the_other_orders_count():
    found = read("RDE^O11", orc("QQ"), rxe(), orc(f2=["RX2", "EPMA"]), rxe())
    assert [u.place for u in found.unreadable] == ["ORC[1]-1"]
    assert [type(fact) for fact in found.facts] == [PrescriptionIssued, Demographics]


def test_an_order_without_a_number_is_named_by_person_drug_and_day_so_that_a_repeat_counts_once():
    once, again = (order(orc(f2=""), rxe(), when=when) for when in ("20250308112000", "20250309112000"))
    assert once[0].key == again[0].key != ""
    assert len(current(once + again)) == 1


# --- what was handed out


def test_a_supply_names_the_prescription_that_it_fills():
    [ordered] = order(orc(), rxe())
    [supplied] = medicines(read("RDS^O13", orc("RE"), rxd()))
    assert (supplied.order, supplied.supplied_by) == (ordered.key, "hospital pharmacy")
    assert (supplied.quantity, supplied.occurred.start) == (4, date(2025, 3, 8))


def test_a_supply_taken_back_and_one_asked_for():
    both = [*medicines(read("RDS^O13", orc("RE"), rxd())), *medicines(read("RDS^O13", orc("CA"), rxd()))]
    assert [fact.retracted for fact in current(both)] == [True]
    assert medicines(read("RDS^O13", orc("RF"), rxd())) == []


# --- doses


def test_a_dose_is_given_at_its_time_and_place():
    [fact] = dose(orc("RE"), rxa())
    assert isinstance(fact, DoseGiven)
    assert (fact.drug, fact.bone_drug, fact.complete) == ("denosumab", Answer.YES, Answer.YES)
    assert fact.occurred.at == datetime.fromisoformat("2025-03-05T09:30")


@pytest.mark.parametrize(
    ("status", "why", "reason"),
    [
        ("RE", ["", "Afraid of the jaw"], "refused: Afraid of the jaw"),
        ("NA", ["LOWCA", "Calcium low"], "not administered: Calcium low"),
        ("NA", "", "not administered"),
    ],
)
def test_a_dose_not_given_says_why(status, why, reason):
    [fact] = dose(orc("RE"), rxa(f20=status, f18=why))
    assert isinstance(fact, DoseNotGiven)
    assert fact.reason == reason


def test_notes_say_why_where_no_refusal_does():
    [fact] = dose(orc("RE"), rxa(f20="NA", f9=["", "Patient did not attend"]))
    assert fact.reason == "not administered: Patient did not attend"


def test_a_dose_that_was_broken_off_is_not_the_whole_dose():
    [fact] = dose(orc("RE"), rxa(f20="PA"))
    assert fact.complete is Answer.NO


def test_a_dose_recorded_as_refused_and_corrected_to_given_stands_as_given_whatever_came_first():
    refused = dose(orc("RE"), rxa(f20="RE", f21="A"))
    corrected = dose(orc("RE"), rxa(f20="CP", f21="U"))
    assert [type(fact) for fact in current(refused + corrected)] == [DoseGiven]
    assert [type(fact) for fact in current(corrected + refused)] == [DoseGiven]


def test_a_dose_deleted_is_taken_back_and_one_entered_twice_counts_once():
    given_, deleted = dose(orc("RE"), rxa(f21="A")), dose(orc("RE"), rxa(f21="D"))
    assert [fact.retracted for fact in current(deleted + given_)] == [True]
    again = dose(orc("RE"), rxa(f21="A"), when="20250306101500")
    assert len(current(given_ + again)) == 1


def test_a_counter_that_never_counts_does_not_let_one_dose_stand_in_the_place_of_another():
    doses = [fact for when in ("20241101093000", "20250505093000") for fact in dose(orc("RE"), rxa(f3=when))]
    assert len(current(doses)) == 2


@pytest.mark.parametrize(
    ("changed", "place"),
    [
        ({"f20": "ZZ"}, "RXA[1]-20"),
        ({"f21": "Q"}, "RXA[1]-21"),
        ({"f3": ""}, "RXA[1]-3"),
        ({"f3": "20251231"}, "RXA[1]-3"),  # ahead of the receipt
        ({"f5": ""}, "RXA[1]-5"),
    ],
)
def test_a_dose_that_cannot_be_read_says_where_and_how_to_mend_it(changed, place):
    found = read("RAS^O17", orc("RE"), rxa(**changed))
    assert [u.place for u in found.unreadable] == [place]
    assert found.unreadable[0].mend
    assert found.facts == ()


# --- whole messages


def test_older_triggers_are_read_and_requests_for_a_refill_are_ignored_by_rule():
    assert medicines(read("RDE^O01", orc(), rxe()))
    assert read("RDE^O25", orc(), rxe()).ignored == "hl7v2: kind RDE O25 is not used"


def test_a_message_without_an_order_or_with_two_patients_is_refused():
    assert unread(header("RDE^O11", "20250308112000")) == "ORC"
    two = header("RDE^O11", "20250308112000")
    assert unread([*two, two[1], orc(), rxe()]) == "PID[2]"


def unread(segments: list[list[Field]]) -> str:
    found = hl7v2.read(message(segments), ORIGIN)
    assert isinstance(found, Unreadable)
    return found.place


@given(st.data())
def test_a_message_with_any_field_made_anything_is_read_or_says_why(data):
    whole = [*header("RAS^O17", "20250305101500"), orc("RE"), rxe(), rxd(), rxa()]
    place = data.draw(st.integers(3, len(whole) - 1))
    number = data.draw(st.integers(1, len(whole[place]) - 1))
    whole[place] = [*whole[place]]
    whole[place][number] = data.draw(st.text(max_size=20) | st.lists(st.text(max_size=6), min_size=1, max_size=6))
    kind = data.draw(st.sampled_from(["RAS^O17", "RDE^O11", "RDS^O13"]))
    whole[0] = segment("MSH", {3: "E", 4: "X9A", 7: "20250305101500", 9: kind.split("^"), 10: "1", 11: "P", 12: "2.5"})
    content = message(whole, encoding="utf-8")
    found = hl7v2.read(content, ORIGIN)
    assert found == hl7v2.read(content, ORIGIN)
    if isinstance(found, Reading):
        assert all(problem.reason and problem.mend for problem in found.unreadable)
