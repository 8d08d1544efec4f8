"""What people enter about a patient: each form makes the facts that it says, once, and ends the step that it is for."""

import re
from datetime import timedelta

import pytest

from openfls import coordination
from openfls.clinical.ethnic_categories import EthnicGroup
from openfls.clinical.facts import BodySite, Death, FlsAssessment, TreatmentAdvice, TreatmentDecision
from openfls.record import organisations
from openfls.record.models import FactRow, Person, StandingRow, TaskRow, Trail
from tests.pages.world import patient


@pytest.fixture
def nadia(signed_in):
    return signed_in("nadia")


def day(name: str, value) -> dict[str, str]:
    return {f"{name}-day": str(value.day), f"{name}-month": str(value.month), f"{name}-year": str(value.year)}


def send(client, world, form: str, answers: dict, name: str = "Beryl", mark: str = "m1", when=None):
    sent = {**day("day", when or world.today), "form_mark": mark, **answers}
    return client.post(world.address(name, f"enter/{form}/"), sent)


def entered(by: str = "nadia") -> list[tuple[str, dict]]:
    return [(row.kind, row.body) for row in FactRow.objects.filter(by=by).order_by("number")]


def state_of(world, name: str, step: str) -> str:
    return TaskRow.objects.get(person__records__key=world.key(name), step=step).state


ASSESSED = {"assessor": "specialist nurse", "falls": "done", "dxa": "requested", "exercise": "referred"}


def test_one_visit_is_one_form_and_several_facts(nadia, world):
    send(nadia, world, "assessment", ASSESSED)
    assert [kind for kind, _ in entered()] == ["FLS assessment", "falls assessment", "DXA request", "referral"]


def test_an_assessment_ends_its_task(nadia, world):
    assert state_of(world, "Beryl", "assess") == "open"
    send(nadia, world, "assessment", ASSESSED)
    assert state_of(world, "Beryl", "assess") == "done"
    assert state_of(world, "Beryl", "assess falls") == "done"


def test_what_is_left_open_makes_no_fact(nadia, world):
    send(nadia, world, "assessment", {"assessor": "nurse", "falls": "", "dxa": "", "exercise": ""})
    assert [kind for kind, _ in entered()] == ["FLS assessment"]
    assert state_of(world, "Beryl", "assess falls") == "open"


def test_facts_point_at_the_sightings_of_the_fracture(nadia, world):
    send(nadia, world, "note", {"text": "called back"})
    assert entered()[0][1]["about"] == [world.sighting_id("Beryl")]


def test_a_form_sent_twice_counts_once(nadia, world):
    send(nadia, world, "assessment", ASSESSED)
    send(nadia, world, "assessment", ASSESSED)
    assert len(entered()) == 4


def test_a_form_gone_back_to_changed_and_sent_again_is_a_later_version(nadia, world):
    send(nadia, world, "note", {"text": "seen on Monday"}, mark="one")
    send(nadia, world, "note", {"text": "seen on Tuesday"}, mark="one")
    assert len({row.statement for row in FactRow.objects.filter(by="nadia")}) == 1
    page = nadia.get(world.address("Beryl")).content.decode()
    assert "seen on Tuesday" in page
    assert "seen on Monday" not in page


def test_the_same_words_on_a_new_form_are_a_new_statement(nadia, world):
    send(nadia, world, "note", {"text": "no answer"}, mark="one")
    send(nadia, world, "note", {"text": "no answer"}, mark="two")
    assert len({row.statement for row in FactRow.objects.filter(by="nadia")}) == 2


def test_no_dxa_needed_is_an_answer_with_a_reason(nadia, world):
    reply = send(nadia, world, "assessment", {"assessor": "nurse", "dxa": "not needed"})
    assert "Choose why no DXA is needed" in reply.content.decode()
    assert entered() == []
    send(nadia, world, "assessment", {"assessor": "nurse", "dxa": "not needed", "dxa_reason": "frailty"})
    assert entered()[1][1] | {"need": "no DXA needed", "reason": "frailty"} == entered()[1][1]


@pytest.mark.parametrize(
    ("beside", "problem"),
    [
        ({"falls_findings": "two falls this year"}, "Choose what was done about falls"),
        ({"dxa_reason": "frailty"}, "Choose “No DXA needed”"),
        ({"scanner": "Elverton"}, "Choose “Request a scan”"),
        ({"dxa": "requested", "dxa_reason": "frailty"}, "Choose “No DXA needed”"),
        ({"tool_version": "4.4"}, "Enter the tool that gave the risk"),
    ],
)
def test_words_beside_a_question_left_open_are_not_dropped_in_silence(nadia, world, beside, problem):
    reply = send(nadia, world, "assessment", {"assessor": "nurse", **beside})
    assert problem in reply.content.decode()
    assert entered() == []


def test_a_risk_score_keeps_its_tool_and_is_not_recomputed(nadia, world):
    score = {"tool": "FRAX UK", "tool_version": "4.4", "major": "21.5", "hip": "8", "with_bmd": "no"}
    send(nadia, world, "assessment", {"assessor": "nurse", **score})
    body = dict(entered())["risk score"]
    assert (body["tool"], body["major_fracture_percent"], body["hip_fracture_percent"]) == ("FRAX UK", 21.5, 8.0)


def test_a_risk_without_a_tool_is_asked_for_its_tool(nadia, world):
    reply = send(nadia, world, "assessment", {"assessor": "nurse", "major": "21.5"})
    assert "Enter the tool that gave the risk" in reply.content.decode()


def test_a_scan_has_a_result_for_each_region(nadia, world):
    send(nadia, world, "dxa", {"neck": "-2.6", "total_hip": "-2.1"})
    told = {body["region"]: body["t_score"] for _, body in entered()}
    assert told == {"femoral neck": -2.6, "total hip": -2.1}


def test_a_scan_whose_report_is_not_in_is_still_a_scan(nadia, world):
    reply = send(nadia, world, "dxa", {})
    assert "Enter a T-score, or tick that the report is not in yet" in reply.content.decode()
    assert entered() == []
    send(nadia, world, "dxa", {"without_report": "on"})
    assert [kind for kind, _ in entered()] == ["DXA result"]


RECOMMENDED = {"advice": "recommended", "drug": "Zoledronate"}


def test_a_recommendation_alone_leaves_the_start_open(nadia, world):
    send(nadia, world, "treatment", RECOMMENDED | {"begins": "not started"})
    assert state_of(world, "Beryl", "decide treatment") == "done"
    assert state_of(world, "Beryl", "start treatment") == "open"


def test_asking_the_gp_leaves_the_start_open(nadia, world):
    send(nadia, world, "treatment", RECOMMENDED | {"begins": "GP asked"})
    assert "prescription requested" in dict(entered())
    assert state_of(world, "Beryl", "start treatment") == "open"


def test_a_first_dose_ends_the_start(nadia, world):
    send(nadia, world, "treatment", RECOMMENDED | {"begins": "given", "where": "inpatient"})
    assert state_of(world, "Beryl", "start treatment") == "done"


@pytest.mark.parametrize(
    ("answers", "problem"),
    [
        ({"advice": "recommended"}, "Choose the bone treatment"),
        ({"advice": "inappropriate"}, "Enter the reason"),
        ({"advice": "informed decline", "reason": "no", "drug": "Denosumab", "begins": "given", "where": "inpatient"},
         "Treatment can&#39;t begin when it is inappropriate or declined"),
        ({"advice": "recommended", "drug": "other"}, "Enter the name of the treatment"),
        ({"advice": "recommended", "drug": "Alendronate", "begins": "prescribed"}, "Choose where it began"),
        ({"advice": "recommended", "drug": "Alendronate", "where": "inpatient"}, "a place was chosen"),
        ({"advice": "recommended", "drug": "Alendronate", "other_drug": "x"}, "Choose “Another, named below”"),
        ({"advice": "referred to GP to decide prescription", "other_drug": "x"}, "Choose “Another, named below”"),
        ({}, "Choose what was decided"),
    ],
)  # fmt: skip
def test_a_treatment_form_that_does_not_add_up_saves_nothing(nadia, world, answers, problem):
    reply = send(nadia, world, "treatment", answers)
    assert problem in reply.content.decode()
    assert entered() == []


def test_a_follow_up_says_what_is_taken_or_why_not(nadia, world):
    reply = send(nadia, world, "follow-up", {"on_treatment": "no", "refractured": "no"})
    assert "Choose why the patient is not on treatment" in reply.content.decode()
    stopped = {"on_treatment": "no", "refractured": "no", "reason": "side effects", "text": "ill"}
    send(nadia, world, "follow-up", stopped)
    assert [kind for kind, _ in entered()] == ["follow-up outcome", "note"]


@pytest.mark.parametrize(
    ("answers", "problem"),
    [
        ({"on_treatment": "yes", "drug": "Alendronate", "other_drug": "x"}, "Choose “Another, named below”"),
        ({"on_treatment": "no", "reason": "ran out", "other_drug": "x"}, "Choose “Another, named below”"),
        ({"on_treatment": "yes", "drug": "Alendronate", "reason": "ran out"}, "leave out why the patient is not on"),
    ],
)
def test_a_follow_up_that_does_not_add_up_saves_nothing(nadia, world, answers, problem):
    assert problem in send(nadia, world, "follow-up", {"refractured": "no", **answers}).content.decode()
    assert entered() == []


def test_no_answer_closes_nothing(nadia, world):
    before = set(TaskRow.objects.values_list("step", "state"))
    send(nadia, world, "contact", {"means": "phone", "outcome": "no answer", "step": "assess"})
    assert set(TaskRow.objects.values_list("step", "state")) == before


def test_the_letter_opens_the_acknowledgement_and_the_answer_closes_it(nadia, world):
    send(nadia, world, "assessment", ASSESSED)
    send(nadia, world, "letter", {"to": "general practice", "subject": "please prescribe"})
    assert state_of(world, "Beryl", "tell the GP") == "done"
    assert state_of(world, "Beryl", "GP acknowledges") == "open"
    send(nadia, world, "letter-acknowledged", {"answered_by": "Dr Grace", "answer": "accepted, will prescribe"})
    assert state_of(world, "Beryl", "GP acknowledges") == "done"


def test_exercise_that_has_started_ends_its_task(nadia, world):
    send(nadia, world, "referral", {"service": "strength and balance", "started": "no"})
    assert state_of(world, "Beryl", "start strength and balance") == "open"
    send(nadia, world, "referral", {"service": "strength and balance", "started": "yes"}, mark="m2")
    assert state_of(world, "Beryl", "start strength and balance") == "done"


def test_what_the_patient_declines_is_closed_with_her_words(nadia, world):
    send(nadia, world, "declined", {"step": "start strength and balance", "reason": "too far to travel"})
    assert state_of(world, "Beryl", "start strength and balance") == "closed"


def test_a_death_leaves_one_task_that_asks_one_person(nadia, world):
    key = world.key("Beryl")
    nadia.post(f"/patients/{key}/enter/death/", {**day("day", world.today), "formal": "no", "form_mark": "m1"})
    open_tasks = TaskRow.objects.filter(person__records__key=key, state="open")
    assert [task.step for task in open_tasks] == ["confirm closing"]


@pytest.mark.parametrize(
    ("parts", "problem"),
    [
        (("", "", ""), "Enter the date"),
        (("3", "", "2026"), "The date must include a month"),
        (("31", "2", "2026"), "The date must be a real date"),
        (("1", "1", "26"), "The date must have a year with four digits"),
        (("x", "1", "2026"), "The date must be a real date"),
    ],
)
def test_a_date_says_what_is_wrong_with_it(nadia, world, parts, problem):
    sent = dict(zip(("day-day", "day-month", "day-year"), parts, strict=True))
    reply = nadia.post(world.address("Beryl", "enter/note/"), {**sent, "text": "x", "form_mark": "m"})
    page = reply.content.decode()
    assert problem in page
    assert 'href="#day-day"' in page
    assert entered() == []


def test_tomorrow_has_not_happened_yet(nadia, world):
    reply = send(nadia, world, "note", {"text": "x"}, when=world.today + timedelta(days=1))
    assert "must be today or in the past" in reply.content.decode()


def test_what_was_typed_stays_in_a_form_that_is_refused(nadia, world):
    reply = send(nadia, world, "assessment", {"assessor": "", "findings": "<b>glass</b> bones"})
    assert "&lt;b&gt;glass&lt;/b&gt; bones" in reply.content.decode()


def test_every_form_opens_with_today_in_it_and_a_mark_of_its_own(nadia, world):
    from openfls.pages.patient.entries import ENTRIES

    marks = set()
    for entry in ENTRIES.values():
        place = world.address("Beryl", f"enter/{entry.name}/")
        if not entry.of_fracture:
            place = f"{world.address('Beryl')}enter/{entry.name}/"
        page = nadia.get(place).content.decode()
        assert f'value="{world.today.year}"' in page, entry.name
        marks.add(re.search(r'name="form_mark" value="(\w+)"', page)[1])
    assert len(marks) == len(ENTRIES)


def test_the_trail_names_who_entered_what(nadia, world):
    send(nadia, world, "note", {"text": "called back"})
    written = Trail.objects.filter(action="enter").order_by("number").last()
    assert (written.user, written.detail) == ("nadia", {"facts": {"note": 1}})


def test_a_step_that_a_form_can_end_has_one_form():
    from openfls.clinical.standards import Step
    from openfls.pages.patient.entries import ENTRIES, ENTRY_OF_STEP

    steps = [step for entry in ENTRIES.values() for step in entry.steps]
    assert len(steps) == len(set(steps))
    assert set(Step) - set(ENTRY_OF_STEP) == {Step.TRIAGE, Step.CONFIRM_CLOSING}


def test_a_note_changes_neither_the_name_nor_the_sex_on_the_banner(nadia, world):
    from dataclasses import replace
    from datetime import timedelta as after

    from openfls.clinical.facts import Demographics, Source
    from openfls.clinical.patients import Sex

    first = FactRow.objects.get(fact_id=world.sighting_id("Beryl")).to_fact()
    fuller = replace(first.record, family_name="Jonès", sex=Sex.FEMALE)
    said = {"known": first.known + after(minutes=1), "source": Source("X1A/pas", "M1", "PID")}
    coordination.enter([Demographics(record=fuller, occurred=first.occurred, **said)], by="X1A/pas")
    before = Person.objects.get(records__key=world.key("Beryl"))
    send(nadia, world, "note", {"text": "called back"})
    now = Person.objects.get(records__key=world.key("Beryl"))
    assert (now.name, now.sex) == (before.name, before.sex) == ("JONÈS, Beryl", "female")


def test_what_a_feed_dates_ahead_is_shown_as_such_and_ends_nothing(nadia, world):
    """A clinic letter of next month, an assessment whose year was mistyped, a fracture dated after its list."""
    beryl = world.sightings["Beryl"]
    world.enter(
        world.said(FlsAssessment, beryl.record, -9000, about=(beryl.id,)),
        world.saw(beryl.record, -9000, known=world.known(30), body_site=BodySite.SPINE),
    )
    assert state_of(world, "Beryl", "assess") == "open"
    shown = nadia.get(world.address("Beryl")).content.decode()
    assert "lies ahead: not done yet, or the date is wrong" in shown
    assert ">lies ahead: not done yet</span>" in shown
    assert ">dated after it was received</span>" in shown
    assert "the date can&#39;t be right" in shown


def test_a_death_dated_ahead_stops_contact_and_shows_that_its_day_is_wrong(nadia, world):
    world.enter(world.said(Death, world.sightings["Beryl"].record, -9000))
    shown = nadia.get(world.address("Beryl")).content.decode()
    assert "This patient has died. Make no contact." in shown
    assert "(lies ahead: the date can’t be right)" in shown


def test_a_follow_up_at_one_year_that_finds_no_treatment_is_done_and_asks_for_an_act(nadia, world):
    """What was taken up again ends it; the measure of one year stays missed."""
    gwen = world.saw(patient("Gwen", "Grey", None, "A110"), 400)
    advised = world.by_hand(TreatmentDecision, gwen, 380, by="deepak", advice=TreatmentAdvice.RECOMMENDED)
    world.enter(gwen, world.enrols(gwen, 395), advised)
    off = {"on_treatment": "no", "reason": "side effects", "refractured": "no"}
    send(nadia, world, "follow-up", off, name="Gwen", when=world.day(20))
    assert state_of(world, "Gwen", "follow up at one year") == "done"
    assert state_of(world, "Gwen", "act on treatment not taken") == "open"
    page = nadia.get(world.address("Gwen")).content.decode()
    assert "Treatment resumed, or decided against, where a follow-up didn&#39;t find it taken, by " in page
    assert "follow-up outcome: on treatment, no" in page
    resumed = {"how": "prescribed", "drug": "Risedronate", "where": "community"}
    send(nadia, world, "started", resumed, name="Gwen", when=world.day(2))
    assert state_of(world, "Gwen", "act on treatment not taken") == "done"
    standing = StandingRow.objects.get(standard="on-treatment-at-48-to-56-weeks", episode__person__family_name="Grey")
    assert standing.verdict == "missed"


def send_about_the_person(client, world, answers: dict):
    sent = {**day("day", world.today), "form_mark": "m1", **answers}
    return client.post(f"/patients/{world.key('Beryl')}/enter/details/", sent)


def test_where_she_lives_is_told_by_hand_and_stands_beside_the_feeds(nadia, world):
    organisations.load({"practices": [{"code": "A81001", "name": "Station Surgery"}]}, by="a test")
    answers = {"postcode": "zz31aa", "practice": "a81001", "care_home": "yes", "ethnic_category": "N"}
    told = send_about_the_person(nadia, world, answers)
    assert told.status_code == 302
    page = nadia.get(world.address("Beryl")).content.decode()
    for shown in ("ZZ3 1AA", "Station Surgery", "a care home"):
        assert shown in page
    person = Person.objects.get(records__key=world.key("Beryl"))
    assert (person.care_home, person.ethnic_group) == ("yes", EthnicGroup.BLACK)
    [(kind, body)] = entered()
    assert kind == "demographics"
    assert "phone" not in body  # left empty, it says nothing


@pytest.mark.parametrize(
    ("answers", "problem"),
    [
        ({}, "Enter what has changed"),
        ({"postcode": "somewhere"}, "Enter a whole postcode, like ZZ1 1AA"),
        ({"practice": "A1"}, "No practice here has the code A1"),
    ],
)
def test_details_that_can_not_be_used_save_nothing(nadia, world, answers, problem):
    assert problem in send_about_the_person(nadia, world, answers).content.decode()
    assert entered() == []


def test_what_follows_a_fracture_was_not_before_it(nadia, world):
    before = world.day(400)
    for form in ("letter", "letter-acknowledged", "follow-up", "contact", "assessment"):
        assert "must not be before the fracture of" in send(nadia, world, form, {}, when=before).content.decode()
    assert send(nadia, world, "note", {"text": "seen before"}, when=before).status_code == 302


def test_a_t_score_that_nobody_has_is_refused_by_its_name(nadia, world):
    page = send(nadia, world, "dxa", {"neck": "-25"}).content.decode()
    assert "The T-score of the femoral neck must be a number from -10 to 10, like -2.5" in page
