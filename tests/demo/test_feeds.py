"""The region speaks through the feeds: all that it sends is read, but for what was planted for nobody to read."""

from collections import Counter, defaultdict
from datetime import timedelta

import pytest

from openfls.clinical.adherence import days_of
from openfls.clinical.codes import LocalCode, Loinc
from openfls.clinical.facts import (
    Admission,
    Answer,
    Appointment,
    AppointmentState,
    Death,
    Demographics,
    Discharge,
    Document,
    DoseGiven,
    Finder,
    FractureSighting,
    LaboratoryResult,
    PrescriptionIssued,
    RecordsLinked,
    Service,
    Setting,
    Surgery,
    Transfer,
)
from openfls.clinical.silence import silent
from openfls.demo import hl7_messages as hl7
from openfls.demo.habits import MONTHLY, TWICE_A_WEEK
from openfls.demo.hospitals import HOSPITALS, TRUST_OF_CODE
from openfls.demo.planted import WAYS
from openfls.demo.times import LOCAL
from openfls.feeds import doors, hl7v2
from openfls.feeds.hl7v2.build import segment
from openfls.feeds.units import canonical


def sightings(read_back) -> list[FractureSighting]:
    return [fact for fact in read_back.facts if isinstance(fact, FractureSighting)]


def test_only_what_was_planted_can_not_be_read(small, read_back):
    refused = Counter((sending.feed.source, sending.message_id) for sending, _ in read_back.unreadable)
    assert refused == Counter((sending.feed.source, sending.message_id) for sending in small.planted)


def test_each_hospital_sends_one_message_in_each_way_of_going_wrong(small):
    ways = Counter(sending.unreadable for sending in small.planted)
    assert {way: ways[way] for way in WAYS} == dict.fromkeys(WAYS, len(HOSPITALS))


def test_each_csv_list_of_a_finder_holds_one_row_that_nobody_can_read(small):
    lists = {s.feed.source for s in small.sendings if s.feed.suffix == "csv" and s.feed.finder}
    assert Counter(s.feed.source for s in small.planted if s.feed.suffix == "csv") == Counter(lists)


def test_no_message_is_ignored(read_back):
    assert read_back.ignored == []


def test_all_formats_and_kinds_of_messages_are_sent(small):
    assert {sending.feed.suffix for sending in small.sendings} == {"hl7", "csv", "xlsx", "json", "dcm"}
    triggers = Counter(
        message.content.split(b"ADT" + message.content[4:5], 1)[1][:3].decode()
        for message in small.messages()
        if message.source.endswith("/pas") and b"ADT" in message.content
    )
    assert {"A01", "A02", "A03", "A04", "A08", "A31", "A40"} <= set(triggers)


def test_the_feeds_tell_of_stays_operations_deaths_and_merges(read_back):
    kinds = Counter(type(fact) for fact in read_back.facts)
    assert all(kinds[kind] for kind in (Admission, Transfer, Discharge, Surgery, Death, RecordsLinked))


def test_what_the_feeds_say_is_what_was_caught_finder_by_finder(small, read_back):
    """Held together by NHS number, so that what senders left out or mistyped is set aside on both sides."""
    truly = defaultdict(set)
    for life in small.truth.lives:
        for happening in life.happenings:
            truly[life.person.nhs_number] |= {(c.finder, c.site) for c in happening.catches}
    told = {
        (sighting.record.nhs_number, (sighting.finder, sighting.site))
        for sighting in sightings(read_back)
        if sighting.record.nhs_number and sighting.certain is not Answer.NO
    }
    known = {(number, catch) for number, catches in truly.items() for catch in catches}
    counting = {f.person.nhs_number for f in small.truth.fractures}
    invented = {(number, catch) for number, catch in told - known if number in counting}
    assert invented == set()
    numbered = {number for number, _ in told}
    lost = {(number, catch) for number, catch in known - told if number in counting and number in numbered}
    assert len(lost) < 0.2 * len(known)  # rows without an NHS number


def test_nhs_numbers_are_missing_most_in_the_emergency_department_and_on_trauma_lists(read_back):
    missing, all_rows = Counter(), Counter()
    for sighting in sightings(read_back):
        all_rows[sighting.finder] += 1
        missing[sighting.finder] += sighting.record.nhs_number is None
    assert 0.1 < missing[Finder.EMERGENCY_DEPARTMENT] / all_rows[Finder.EMERGENCY_DEPARTMENT] < 0.3
    assert missing[Finder.CODED_DISCHARGE] / all_rows[Finder.CODED_DISCHARGE] < 0.1


def test_a_mistyped_nhs_number_fails_its_check_and_stands_as_doubtful(read_back):
    doubtful = {fact.record.doubtful_nhs_number for fact in read_back.facts} - {None}
    assert doubtful
    assert all(number.replace(" ", "").startswith("999") for number in doubtful)


def test_accents_arrive_whole_from_the_list_in_windows_1252(small, read_back):
    sites = {f.record.family_name for f in read_back.facts if f.site == "X1C01"}
    true_names = {life.person.family for life in small.truth.lives}
    assert {name for name in sites if not name.isascii()}
    assert {n.casefold() for n in sites if not n.isascii()} <= {n.casefold() for n in true_names}


def test_dates_and_nhs_numbers_of_the_workbook_are_read(read_back):
    operated = [s for s in sightings(read_back) if s.source.system == "X1B/X1B01-theatre-list"]
    assert operated
    assert all(s.setting is Setting.INPATIENT for s in operated)
    assert any(s.record.nhs_number for s in operated)


def test_the_bundles_use_the_same_hospital_numbers_as_the_messages(read_back):
    by_source = defaultdict(set)
    for fact in read_back.facts:
        by_source[fact.source.system] |= set(fact.record.hospital_numbers)
    assert by_source["X1G/X1G01-record"] & by_source["X1G/pas"]
    assert {number.authority for number in by_source["X1G/X1G01-record"]} == {"X1G"}


def test_only_the_hospital_whose_record_system_speaks_fhir_sends_bundles(larger):
    carried_on = [f for f in larger.truth.fractures if f.hospital.code != "X1G01" and Finder.CODED_RECORD in f.finders]
    assert carried_on  # transferred to it, and coded there
    assert {s.feed.source for s in larger.sendings if s.feed.suffix == "json"} == {"X1G/X1G01-record"}


def test_reports_of_people_without_a_fracture_make_no_sighting(small, read_back):
    whole = {happening.person.nhs_number for happening in small.truth.others if happening.kind == "no fracture"}
    reported = {s.record.nhs_number for s in sightings(read_back) if s.finder is Finder.RADIOLOGY_REPORT}
    assert whole
    assert len(whole & reported) <= 0.05 * len(whole)


def test_a_finder_that_stopped_is_silent_by_its_own_rhythm(larger):
    sent = defaultdict(list)
    for sending in larger.sendings:
        if sending.feed.finder:
            sent[sending.feed.source].append(sending.received.astimezone(LOCAL))
    now = larger.now.replace(tzinfo=LOCAL)
    assert {feed for feed, receipts in sent.items() if silent(receipts, now).yes} == {"X1C/X1C01-trauma-list"}


def test_a_list_that_goes_out_empty_keeps_its_rhythm(small):
    source = "X1E/X1E01-trauma-list"
    lists = [message for message in small.messages() if message.source == source]
    assert len(lists) > 250  # every working day
    assert any(message.content.count(b"\r\n") == 1 for message in lists)


def test_a_twice_weekly_and_a_monthly_rhythm(small):
    days = {s.received.weekday() for s in small.sendings if s.feed.source == "X1A/X1A01-ward-round"}
    months = {s.received.day for s in small.sendings if s.feed.source == "X1A/X1A01-coded-discharge"}
    assert days <= set(TWICE_A_WEEK.weekdays)
    assert months == {MONTHLY.day_of_month}


def test_text_with_a_senders_own_delimiter_arrives_as_it_was_meant(small):
    trust = TRUST_OF_CODE["X1D"]
    when = small.now - timedelta(days=30)
    segments = hl7.header("ADT", "A01", trust, "M1", when)
    segments.append(segment("PID", {3: ["1", "", "", "X1D", "MR"], 5: ["O#Neill@*!%", "Eva"], 7: "19390201"}))
    segments.append(segment("PV1", {2: "I", 3: ["MAU"], 19: "V1"}))
    written = hl7.content(segments, trust)
    reading = hl7v2.read(written, small.sendings[0].feed.origin(small.sendings[-1].received))
    assert written.startswith(b"MSH#@*!%#")
    assert reading.facts[0].record.family_name == "O#Neill@*!%"


def test_text_with_a_usual_delimiter_is_refused_where_other_delimiters_are_used(small):
    trust = TRUST_OF_CODE["X1D"]
    segments = [*hl7.header("ADT", "A01", trust, "M1", small.now), segment("PID", {5: ["O|Neill"]})]
    with pytest.raises(ValueError, match="other delimiters"):
        hl7.content(segments, trust)


def test_laboratories_send_in_loinc_or_in_codes_that_their_declared_map_explains(small, read_back):
    results = [fact for fact in read_back.facts if isinstance(fact, LaboratoryResult)]
    assert {fact.source.system for fact in results} == {"X1A/laboratory", "X1E/laboratory"}
    assert {type(fact.code) for fact in results} == {Loinc, LocalCode}
    assert {fact.analyte for fact in results} >= {"creatinine", "eGFR", "adjusted calcium", "25-hydroxyvitamin D"}
    measured = [canonical(fact) for fact in results if fact.value != "Haemolysed"]
    assert all(measured)


def test_bone_drugs_are_told_by_whichever_system_each_hospital_has(read_back):
    issues = [fact for fact in read_back.facts if isinstance(fact, PrescriptionIssued)]
    doses = [fact for fact in read_back.facts if isinstance(fact, DoseGiven)]
    assert {fact.source.system: fact.setting for fact in issues} == {
        "X1C/X1C02-practice-issues": Setting.COMMUNITY,
        "X1H/X1H01-practice-issues": Setting.COMMUNITY,
        "X1A/X1A01-medicines": Setting.INPATIENT,
        "X1E/X1E01-medicines": Setting.INPATIENT,
        "X1G/X1G01-medicines": Setting.INPATIENT,
        "X1B/X1B01-discharge-medicines": Setting.INPATIENT,
        "X1D/X1D01-discharge-medicines": Setting.INPATIENT,
    }
    assert {fact.source.system: fact.setting for fact in doses} == {
        "X1A/X1A01-injection-clinic": Setting.OUTPATIENT,
        "X1E/X1E01-injection-clinic": Setting.OUTPATIENT,
        "X1A/X1A01-medicines": Setting.INPATIENT,
        "X1E/X1E01-medicines": Setting.INPATIENT,
        "X1G/X1G01-medicines": Setting.INPATIENT,
        "X1B/X1B02-day-unit": Setting.OUTPATIENT,
        "X1E/X1E01-day-unit": Setting.OUTPATIENT,
        "X1F/X1F01-day-unit": Setting.OUTPATIENT,
    }
    assert {fact.bone_drug for fact in [*issues, *doses]} == {Answer.YES}
    assert any(days_of(fact) and fact.days_supplied is None for fact in issues)  # told by tablets alone


def test_the_clinic_tells_of_appointments_kept_and_missed_and_of_its_letters(read_back):
    appointments = [f for f in read_back.facts if isinstance(f, Appointment) and f.service is Service.FLS]
    letters = [f for f in read_back.facts if isinstance(f, Document)]
    assert {fact.source.system for fact in appointments} == {"X1B/X1B02-clinic", "X1E/X1E01-clinic"}
    assert {fact.state for fact in appointments} >= {AppointmentState.ATTENDED, AppointmentState.MISSED}
    assert {fact.service for fact in letters} == {Service.FLS}
    assert all("tell us that this has reached you" in fact.text for fact in letters)


def test_some_deaths_are_told_by_their_month_alone(larger):
    told = [doors.read(m.content, m.name, m.origin).facts for m in larger.messages() if m.message_id.endswith("90")]
    deaths = Counter(fact.occurred.exact for facts in told for fact in facts if isinstance(fact, Death))
    assert deaths[True] > 3 * deaths[False] > 0


def test_moves_come_as_a_new_address_with_a_new_practice(larger):
    """To another practice near by, or out of the region; the person stays the same."""
    moved = {life.person.nhs_number: life.move for life in larger.truth.lives if life.move}
    told = [m for m in larger.messages() if m.message_id.endswith("91") and m.source.endswith("/pas")]
    facts = [fact for m in told for fact in doors.read(m.content, m.name, m.origin).facts]
    homes = [fact for fact in facts if isinstance(fact, Demographics) and fact.record.nhs_number in moved]
    assert {moved[fact.record.nhs_number].away for fact in homes} == {True, False}
    for fact in homes:
        move = moved[fact.record.nhs_number]
        assert (fact.practice, fact.postcode) == (move.practice, move.postcode)
        assert fact.known.date() >= move.day
