"""FHIR for other systems: what they may send and read, and what they are told when something is wrong."""

import json

import pytest
from django.test import Client

from openfls.feeds.fhir.identity import NHS_NUMBER
from openfls.inbox.models import Message, State
from openfls.record.systems import add_system, renew_token, withdraw_system
from tests.pages.world import ELSEWHERE, HOME, NHS, SISTER

FHIR_JSON = "application/fhir+json"


class System:
    """A client with a token."""

    def __init__(self, token: str) -> None:
        self._client = Client(headers={"Authorization": f"Bearer {token}"})

    def get(self, path: str, **asked: str):
        return self._client.get(f"/fhir/R4{path}", asked)

    def post(self, path: str, body: object, content_type: str = FHIR_JSON):
        return self._client.post(f"/fhir/R4{path}", written(body), content_type=content_type)

    def put(self, path: str, body: object):
        return self._client.put(f"/fhir/R4{path}", written(body), content_type=FHIR_JSON)


def written(body: object) -> bytes:
    return body if isinstance(body, bytes) else json.dumps(body).encode()


@pytest.fixture
def epr(world) -> System:
    """The record system of the home site: it sends and reads."""
    return System(add_system("epr", HOME, by="ada", source="X1A/epr", may_read=True))


@pytest.fixture
def neighbour(world) -> System:
    return System(add_system("neighbour", ELSEWHERE, by="ada", source="X1E/epr", may_read=True))


def patient(number: str = "9990000077", **more: object) -> dict[str, object]:
    return {
        "resourceType": "Patient",
        "id": "p1",
        "identifier": [{"system": NHS_NUMBER, "value": number}],
        "name": [{"family": "Quill", "given": ["Agnes"]}],
        "birthDate": "1941-05-06",
        "gender": "female",
        **more,
    }


def hip(**more: object) -> dict[str, object]:
    icd = {"system": "http://hl7.org/fhir/sid/icd-10", "code": "S72.0"}
    return {
        "resourceType": "Condition",
        "id": "c1",
        "subject": {"reference": "Patient/p1"},
        "code": {"coding": [icd], "text": "Fracture of neck of femur"},
        "onsetDateTime": "2026-03-02",
        **more,
    }


def bundle(*resources: object, kind: str = "transaction") -> dict[str, object]:
    entries = [{"resource": one, "request": {"method": "PUT", "url": "x"}} for one in resources]
    return {"resourceType": "Bundle", "type": kind, "entry": entries}


def worked_off() -> None:
    from openfls.inbox.work import Worker

    Worker().work_off()


def diagnostics(reply) -> str:
    assert reply.json()["resourceType"] == "OperationOutcome"
    return " ".join(issue["diagnostics"] for issue in reply.json()["issue"])


# --- Sending


def test_a_transaction_is_kept_byte_for_byte_answered_and_read(epr):
    sent = written(bundle(patient(), hip()))
    reply = epr.post("", sent)
    assert (reply.status_code, reply.json()["type"]) == (200, "transaction-response")
    assert [entry["response"]["status"] for entry in reply.json()["entry"]] == ["202 Accepted"] * 2
    kept = Message.objects.get()
    assert (bytes(kept.content), kept.source, kept.site, kept.state) == (sent, "X1A/epr", HOME, State.NEW)
    worked_off()
    found = epr.get("/Patient", identifier=f"{NHS_NUMBER}|9990000077").json()["entry"][0]["resource"]
    assert found["name"][0]["family"] == "Quill"


def test_the_same_again_changes_nothing(epr):
    for _ in range(2):
        assert epr.post("", bundle(patient(), hip())).status_code == 200
    assert Message.objects.count() == 1


def test_a_transaction_with_one_fault_counts_not_at_all_and_waits_for_a_person(epr):
    reply = epr.post("", bundle(patient(), hip(onsetDateTime="2026-02-31")))
    assert reply.status_code == 422
    assert "not in the calendar" in diagnostics(reply)
    assert reply.json()["issue"][0]["expression"] == ["Bundle.entry[1], Condition/c1"]
    worked_off()
    kept = Message.objects.get()
    assert (kept.state, kept.facts) == (State.QUARANTINED, 0)
    assert "not in the calendar" in kept.reason
    assert epr.get("/Patient", identifier=f"{NHS_NUMBER}|9990000077").json()["total"] == 0


def test_of_a_batch_counts_what_can_be_read(epr):
    broken = hip(id="c2", onsetDateTime="yesterday")
    reply = epr.post("", bundle(patient(), broken, hip(), kind="batch"))
    statuses = [entry["response"]["status"][:3] for entry in reply.json()["entry"]]
    assert statuses == ["202", "422", "202"]
    worked_off()
    assert Message.objects.get().state == State.QUARANTINED
    assert epr.get("/Patient", identifier=f"{NHS_NUMBER}|9990000077").json()["total"] == 1


def test_a_trusts_system_must_say_at_which_site_a_fracture_was_seen(world):
    trusts = System(add_system("trust-epr", "X1A", by="ada", source="X1A/epr", may_read=True))
    reply = trusts.post("", bundle(patient(), hip()))
    assert reply.status_code == 422
    assert "at which hospital site" in diagnostics(reply)
    provider = {"identifier": {"system": "https://fhir.nhs.uk/Id/ods-organization-code", "value": SISTER}}
    inpatient = {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "IMP"}
    stay = {
        "resourceType": "Encounter",
        "id": "e1",
        "class": inpatient,
        "status": "finished",
        "subject": {"reference": "Patient/p1"},
        "period": {"start": "2026-03-02"},
        "serviceProvider": provider,
    }
    assert trusts.post("", bundle(patient(), stay, hip(encounter={"reference": "Encounter/e1"}))).status_code == 200
    worked_off()
    assert trusts.get("/Patient", identifier=f"{NHS_NUMBER}|9990000077").json()["total"] == 1


def test_one_resource_with_a_logical_reference_is_enough(epr, world):
    known = {"subject": {"identifier": {"system": NHS_NUMBER, "value": NHS[0]}}}
    reply = epr.put("/Condition/c1", hip(**known))
    assert reply.status_code == 202
    assert "1 facts" in diagnostics(reply)


def test_another_version_under_the_senders_id_takes_the_place_of_the_first(epr):
    epr.post("", bundle(patient(), hip(meta={"lastUpdated": "2026-03-03T10:00:00Z"})))
    entered_in_error = {"coding": [{"code": "entered-in-error"}]}
    epr.post(
        "", bundle(patient(), hip(meta={"lastUpdated": "2026-03-04T10:00:00Z"}, verificationStatus=entered_in_error))
    )
    worked_off()
    who = epr.get("/Patient", identifier=f"{NHS_NUMBER}|9990000077").json()["entry"][0]["resource"]["id"]
    (condition,) = epr.get("/Condition", patient=who).json()["entry"]
    assert condition["resource"]["verificationStatus"]["coding"][0]["code"] == "entered-in-error"


@pytest.mark.parametrize(
    ("path", "body", "status", "says"),
    [
        ("", b"{", 400, "No JSON"),
        ("", b"[]", 400, "one JSON object"),
        ("", b" ", 400, "empty"),
        ("", patient(), 400, "transaction or batch"),
        ("", {"resourceType": "Bundle", "type": "history"}, 400, "transaction or batch"),
        ("/Condition", patient(), 400, "not Condition"),
        ("/Claim", {"resourceType": "Claim"}, 404, "no such resource"),
        ("/RiskAssessment", {"resourceType": "RiskAssessment"}, 405, "GET"),
        ("/Condition", hip(), 422, "not in the file"),
    ],
)
def test_what_is_wrong_is_said_with_a_remedy(epr, path, body, status, says):
    reply = epr.post(path, body)
    assert reply.status_code == status
    assert says in diagnostics(reply)


def test_the_id_in_address_and_resource_must_agree(epr):
    assert epr.put("/Condition/c2", hip()).status_code == 400


def test_another_form_than_json_is_refused(epr):
    assert epr.post("", b"<Bundle/>", content_type="application/fhir+xml").status_code == 415
    assert epr.get("/Patient", _format="xml").status_code == 406


def test_a_body_beyond_the_bound_is_refused(epr, monkeypatch):
    from openfls.pages.fhir import gate

    monkeypatch.setattr(gate, "LARGEST_BODY", 100)
    assert epr.post("", bundle(patient(), hip())).status_code == 413
    assert not Message.objects.exists()


def test_where_the_inbox_fails_nothing_is_acknowledged(epr, monkeypatch):
    from django.db import OperationalError

    from openfls.inbox import posting

    def broken(*_: object, **__: object) -> None:
        raise OperationalError("disk full")

    monkeypatch.setattr(posting, "receive", broken)
    reply = epr.post("", bundle(patient(), hip()))
    assert reply.status_code == 503
    assert "later" in diagnostics(reply)


# --- Reading


def test_a_patient_is_given_after_uk_core(epr, world):
    found = epr.get(f"/Patient/{world.key('Beryl')}").json()
    assert found["resourceType"] == "Patient"
    (number,) = [one for one in found["identifier"] if one.get("system") == NHS_NUMBER]
    assert number["value"] == world.sightings["Beryl"].record.nhs_number
    assert number["extension"][0]["url"].endswith("UKCore-NHSNumberVerificationStatus")


def test_what_is_known_of_a_patient_is_given_by_type_by_id_and_whole(epr, world):
    key = world.key("Beryl")
    (first, *_) = epr.get("/Condition", patient=key).json()["entry"]
    assert first["resource"]["subject"] == {"reference": f"Patient/{key}"}
    by_id = epr.get(f"/Condition/{first['resource']['id']}").json()
    assert by_id == first["resource"]
    whole = epr.get(f"/Patient/{key}/$everything").json()
    assert {entry["resource"]["resourceType"] for entry in whole["entry"]} >= {"Patient", "Condition"}


def test_a_long_answer_comes_in_pages(epr, world):
    key = world.key("Beryl")
    whole = epr.get(f"/Patient/{key}/$everything").json()
    first = epr.get(f"/Patient/{key}/$everything", _count="1").json()
    assert (first["total"], len(first["entry"])) == (whole["total"], 1)
    assert [link["relation"] for link in first["link"]] == ["self", "next"]
    second = epr.get(f"/Patient/{key}/$everything", _count="1", _page="2").json()
    assert second["entry"][0] == whole["entry"][1]


def test_a_search_must_say_whom_it_is_after(epr):
    assert epr.get("/Patient").status_code == 400
    assert epr.get("/Patient", family="Jones").status_code == 400
    assert epr.get("/Condition").status_code == 400
    assert epr.get("/Patient", address="Leeds", identifier=f"{NHS_NUMBER}|{NHS[0]}").status_code == 400


def test_a_search_by_name_and_birth_date(epr, world):
    record = world.sightings["Beryl"].record
    found = epr.get("/Patient", family=record.family_name.lower(), birthdate=record.birth_date.isoformat()).json()
    assert [entry["resource"]["id"] for entry in found["entry"]] == [world.key("Beryl")]


def test_each_read_leaves_a_row_in_the_trail(epr, world):
    from openfls.record.models import Trail

    before = Trail.objects.count()
    epr.get(f"/Patient/{world.key('Beryl')}")
    row = Trail.objects.order_by("-number").first()
    assert Trail.objects.count() == before + 1
    assert (row.user, row.action, row.patient) == ("system epr", "read", world.key("Beryl"))
    epr.get("/Patient", identifier=f"{NHS_NUMBER}|{NHS[0]}")
    assert Trail.objects.order_by("-number").first().action == "search by a system"


def test_notes_triage_and_tasks_stay_inside(epr, world):
    whole = epr.get(f"/Patient/{world.key('Beryl')}/$everything", _count="200").json()
    kinds = {entry["resource"]["resourceType"] for entry in whole["entry"]}
    assert not kinds & {"Task", "Flag", "Basic"}


# --- Who may come in


def test_another_trusts_system_sees_nothing_that_its_staff_would_not(neighbour, world):
    key, sighting = world.key("Beryl"), world.sighting_id("Beryl")
    nobody = "0" * 64
    for path in ("/Patient/{}", "/Patient/{}/$everything"):
        forbidden, unknown = neighbour.get(path.format(key)), neighbour.get(path.format(nobody))
        assert (forbidden.status_code, forbidden.content) == (404, unknown.content)
    assert neighbour.get(f"/Condition/{sighting}").status_code == 404
    assert neighbour.get("/Condition", patient=key).status_code == 404
    assert neighbour.get("/Patient", identifier=f"{NHS_NUMBER}|{NHS[0]}").json()["total"] == 0


def test_a_token_opens_what_it_was_given_for_and_nothing_else(world):
    sends = System(add_system("sender", HOME, by="ada", source="X1A01/lab"))
    reads = System(add_system("reader", HOME, by="ada", may_read=True))
    assert sends.get("/Patient", identifier=f"{NHS_NUMBER}|{NHS[0]}").status_code == 403
    assert reads.post("", bundle(patient(), hip())).status_code == 403


@pytest.mark.parametrize("token", ["", "openfls_guess", "x" * 500])
def test_without_a_token_in_force_nothing_opens(world, token):
    reply = System(token).get(f"/Patient/{world.key('Beryl')}")
    assert (reply.status_code, reply.headers["WWW-Authenticate"][:6]) == (401, "Bearer")


def test_a_token_that_was_renewed_withdrawn_or_has_ended_opens_nothing(world):
    from datetime import timedelta

    key = world.key("Beryl")
    old = add_system("epr", HOME, by="ada", may_read=True)
    new = renew_token("epr", by="ada")
    assert [System(token).get(f"/Patient/{key}").status_code for token in (old, new)] == [401, 200]
    withdraw_system("epr", by="ada")
    assert System(new).get(f"/Patient/{key}").status_code == 401
    ended = add_system("ended", HOME, by="ada", may_read=True, ends_on=world.today - timedelta(days=1))
    assert System(ended).get(f"/Patient/{key}").status_code == 401


def test_the_token_is_kept_nowhere(world):
    from openfls.record.models import System as Row
    from openfls.record.models import Trail

    token = add_system("epr", HOME, by="ada", may_read=True)
    assert token not in str(list(Row.objects.values()))
    assert token not in str(list(Trail.objects.values()))


def test_a_signed_in_users_cookie_opens_nothing_here(signed_in, world):
    assert signed_in("carys").get(f"/fhir/R4/Patient/{world.key('Beryl')}").status_code == 401


def test_what_it_can_do_is_told_to_everybody(client, every_database):
    told = client.get("/fhir/R4/metadata").json()
    assert (told["resourceType"], told["fhirVersion"]) == ("CapabilityStatement", "4.0.1")
    kinds = {one["type"]: {i["code"] for i in one["interaction"]} for one in told["rest"][0]["resource"]}
    assert kinds["Condition"] == {"read", "search-type", "create", "update"}


def test_a_slip_in_an_address_or_method_is_answered_in_fhir(epr):
    for reply in (epr.get("/patients/"), epr.get("/Nothing/1"), epr.get("/metadata/x")):
        assert reply.status_code == 404
        assert reply.json()["resourceType"] == "OperationOutcome"
    refused = epr.post("/metadata", {})
    assert (refused.status_code, refused.headers["Allow"]) == (405, "GET")
