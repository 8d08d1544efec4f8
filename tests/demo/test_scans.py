"""Scans of bone density, where the region's hospitals send messages of them: what is read, and that staff agree."""

from collections import Counter
from dataclasses import replace

import pytest

from openfls.clinical.caseload import derive
from openfls.clinical.facts import Appointment, AppointmentState, DxaNeed, DxaRequest, DxaResult, Service, Triage
from openfls.clinical.standards import Step
from openfls.demo.habits import ScanResults
from openfls.demo.hospitals import HOSPITALS, OF_CODE
from openfls.demo.scan_messages import ScanMessage, Tells
from openfls.demo.scans import messages, scan_asked
from openfls.demo.sendings import scans
from openfls.demo.staff import care
from openfls.demo.times import utc
from openfls.feeds import doors
from tests.demo.test_staff import TODAY, sighting

SENDING = {hospital.code for hospital in HOSPITALS if hospital.scans}


def told(region) -> list[list[ScanMessage]]:
    """The messages of each scan, without an end of the year."""
    seed = region.seed
    found = (list(messages(seed, h, life.died_on)) for life in region.truth.lives for h in life.happenings)
    return [scan for scan in found if scan]


def of(kind, read_back) -> list:
    return [fact for fact in read_back.facts if isinstance(fact, kind)]


def test_one_hospital_sends_results_as_hl7_and_one_its_scanners_own_reports(read_back):
    assert {OF_CODE[code].scans for code in SENDING} == set(ScanResults)
    systems = {fact.source.system for fact in of(DxaResult, read_back)}
    assert systems == {"X1E/X1E01-dxa", "X1G/X1G01-dxa-scanner"}


def test_every_score_names_its_region_side_and_population(read_back):
    found = of(DxaResult, read_back)
    assert {fact.region for fact in found} == {"femoral neck", "total hip", "lumbar spine L1-L4"}
    scores = [fact for fact in found if fact.t_score is not None or fact.z_score is not None]
    assert scores
    assert all(fact.reference and fact.maker for fact in scores)


def test_scans_are_asked_for_booked_moved_missed_cancelled_attended_and_measured(larger):
    scans = told(larger)
    assert {message.tells for scan in scans for message in scan} == set(Tells)
    assert all(scan[0].tells is Tells.ASKED for scan in scans)
    assert {scan[0].stay.hospital.code for scan in scans} == SENDING
    assert all(scan == sorted(scan, key=lambda message: message.sent) for scan in scans)


def test_what_is_measured_was_attended(larger):
    for scan in told(larger):
        tells = [message.tells for message in scan]
        assert Tells.MEASURED not in tells or tells[-2:] == [Tells.ATTENDED, Tells.MEASURED]


def test_nobody_is_scanned_after_a_death(larger):
    died_on = larger.truth.died_on
    ends = [(scan[-1], died_on.get(scan[0].happening.person.nhs_number)) for scan in told(larger)]
    assert any(died for _, died in ends)
    assert all(last.sent.date() < died for last, died in ends if died)


def test_appointments_for_scans_are_kept_missed_and_still_ahead(small, read_back):
    found = [fact for fact in of(Appointment, read_back) if fact.service is Service.DXA]
    states = Counter(fact.state for fact in found)
    assert all(states[state] for state in (AppointmentState.BOOKED, AppointmentState.MISSED, AppointmentState.ATTENDED))
    assert any(fact.occurred.start >= small.today for fact in found)


def test_messages_are_small_in_number(small):
    ours = sum("-dxa" in sending.feed.source for sending in small.sendings)
    assert 0 < ours < 0.1 * len(small.sendings)


def test_a_missed_scan_stands_beside_the_task(larger):
    missed = next(scan for scan in told(larger) if scan[-1].tells is Tells.MISSED and scan[-1].sent < larger.now)
    facts = [fact for message in missed for fact in read(message)]
    fracture = sighting(site=missed[0].stay.hospital.code, day=missed[0].happening.day, record=facts[0].record)
    [episode] = derive([fracture, enrolled(fracture), *facts], larger.today).episodes
    reasons = {task.step: task.because for task in episode.tasks}
    assert any("did not attend" in reason for reason in reasons[Step.DXA])


def read(message: ScanMessage):
    origin = scans(message.stay.hospital, message.suffix).origin(utc(message.sent))
    return doors.read(message.content(3), f"scan.{message.suffix}", origin).facts


def enrolled(fracture):
    first = care([fracture], fracture.site, 1, TODAY)[0]
    return replace(first, answer=Triage.ENROL, reason="")


@pytest.mark.parametrize("code", sorted(SENDING))
def test_staff_enter_no_request_or_result_where_messages_tell(code):
    hospital = OF_CODE[code]
    for number in range(150):
        seen = sighting(number, code)
        entered = care([seen], code, 1, TODAY)
        asked = scan_asked(1, hospital, seen.record.birth_date, 80)
        needs = {fact.need for fact in entered if isinstance(fact, DxaRequest)}
        assert not any(isinstance(fact, DxaResult) for fact in entered)
        assert needs <= (set() if asked else {DxaNeed.NOT_NEEDED})


def test_the_same_seed_writes_the_same_bytes(small):
    for scan in told(small):
        assert [message.content(1) for message in scan] == [message.content(1) for message in scan]
