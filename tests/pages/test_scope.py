"""Who may open what. Every address of the house stands in the table below, or the test fails."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.urls import URLPattern, get_resolver, reverse

from tests.pages.world import ELSEWHERE, HOME, World

CARE = {"carys", "nadia", "deepak", "tara"}
READ = CARE | {"morag"}
MEND = CARE | {"ada"}
UPLOAD = {"carys", "tara", "ada"}
ASK = {"carys", "tara", "morag"}
EXPORTS = ASK | {"deepak"}
EVERYONE = READ | MEND | {"grace", "eamon", "nobody"}
OPEN, MISSING = 200, 404


@dataclass(frozen=True)
class Door:
    """Who gets in (of the home trust), and whether a coordinator of another trust does too: to her own people."""

    opens_to: frozenset[str]
    has_a_patient: bool = False

    def status(self, user: str) -> int:
        if user in self.opens_to:
            return OPEN
        return OPEN if user == "eamon" and not self.has_a_patient and "carys" in self.opens_to else MISSING


def door(opens_to: set[str], *, has_a_patient: bool = False) -> Door:
    return Door(frozenset(opens_to), has_a_patient)


DOORS: dict[str, Door | None] = {  # None: needs no sign-in, or takes a POST only (tried below)
    "today": door(EVERYONE - {"nobody"}),
    "sign-in": None,
    "sign-out": None,
    "site": door(EVERYONE - {"nobody"}),
    "search": door(READ),
    "triage": door(CARE),
    "triage-undo": None,
    "sighting-new": door(CARE),
    "patient": door(READ, has_a_patient=True),
    "sighting-of": door(CARE, has_a_patient=True),
    "correct": None,
    "take-back": None,
    "entry-of-person": door(CARE, has_a_patient=True),
    "entry": door(CARE, has_a_patient=True),
    "task": door(CARE, has_a_patient=True),
    "task-act": None,
    "fractures": door(READ),
    "backstop": door(READ),
    "backstop-list": door(READ),
    "backstop-names": door(READ),
    "gaps": door(READ),
    "practices": door(READ),
    "pathway": door(READ),
    "gap": door(READ),
    "gap-counts": door(READ),
    "components": door(READ),
    "component": door(READ),
    "way": door(READ),
    "names": door(READ),
    "profiles": door(READ),
    "profiles-compared": door(READ),
    "profiles-compared-csv": door(READ),
    "profile": door(READ, has_a_patient=True),  # of one site: another trust's is not found
    "profile-section": door({"carys", "morag", "tara"}, has_a_patient=True),
    "profile-copy": None,
    "profile-grades": door(READ, has_a_patient=True),
    "profile-export": door(READ, has_a_patient=True),
    "self-assessment": door(READ, has_a_patient=True),
    "self-assessment-answers": door(READ, has_a_patient=True),
    "identity": door(CARE),
    "identity-answer": None,
    "identity-undo": None,
    "quarantine": door(MEND),
    "quarantined": None,
    "quarantine-mend": None,
    "quarantine-dismiss": None,
    "reports": door(CARE),
    "report": None,
    "report-list-take": None,
    "uploads": door(UPLOAD),
    "upload-new": door(UPLOAD),
    "upload-mend": None,
    "upload": None,
    "upload-progress": door(UPLOAD),
    "upload-columns": None,
    "upload-confirm": None,
    "upload-discard": None,
    "upload-undo": None,
    "upload-restore": None,
    "upload-rows": None,
    "exports": door(EXPORTS),
    "export-new": door(ASK),
    "opt-out-checks": door(ASK),
    "opt-out-answer": None,
    "export": None,
    "export-approve": None,
    "export-decline": None,
    "export-file": None,
    "export-missing": None,
    "export-unchecked": None,
    "board-report": door({"morag"}),
    "feeds": door(READ | MEND),
    "livez": None,
    "readyz": None,
    "metrics": None,
}
OF_MACHINES = {"livez", "readyz", "metrics"}  # no sign-in, and nothing of a patient (tests/pages/test_health.py)
ASKED = {"way": "?asked=0&site=X1A01&answer=nurse"}
OTHER_PARTS = {
    "entry-of-person": {"name": "death"},
    "entry": {"name": "assessment"},
    "task": {"slug": "assess"},
    "task-act": {"slug": "assess", "name": "take"},
    "backstop-list": {"which": "only"},
    "backstop-names": {"which": "seen", "what": "trauma-list"},
    "component": {"slug": "assessment"},
    "way": {"slug": "assessment"},
    "gap": {"standard": "assessed-within-90-days"},
    "gap-counts": {"standard": "assessed-within-90-days"},
    "names": {"standard": "assessed-within-90-days", "cell": "missed"},
    "profile-section": {"slug": "staffing"},
    "profile-export": {"form": "csv"},
}


def patterns() -> Iterator[URLPattern]:
    """The pages. What lies under ``/fhir/R4`` opens to tokens alone: tests/pages/test_fhir_endpoint.py."""
    yield from (one for one in get_resolver("openfls.urls").url_patterns if isinstance(one, URLPattern))


def place(name: str, world: World, who: str = "Beryl") -> str:
    parts = next(p.pattern.converters for p in patterns() if p.name == name)
    sighting = world.sighting_id(who)
    known = {"key": world.key(who), "sighting": sighting, "fact": sighting, "number": 1, "place": 1}
    known |= {"site": HOME, "year": world.today.year}
    given = known | OTHER_PARTS.get(name, {})
    return reverse(name, kwargs={part: given[part] for part in parts}) + ASKED.get(name, "")


def test_every_address_has_a_declared_door():
    assert {p.name for p in patterns()} == set(DOORS)


def test_every_view_but_signing_in_and_out_declares_its_roles():
    bare = {p.name for p in patterns() if not hasattr(p.callback, "open_to")}
    assert bare == {"sign-in", "sign-out"} | OF_MACHINES


@pytest.mark.parametrize("name", [name for name, declared in DOORS.items() if declared])
def test_a_page_opens_to_whom_it_should(signed_in, world, name):
    got = {user: signed_in(user).get(place(name, world)).status_code for user in sorted(EVERYONE)}
    assert got == {user: DOORS[name].status(user) for user in sorted(EVERYONE)}


ACTS = {"triage-undo": CARE, "task-act": CARE, "identity-answer": CARE, "identity-undo": CARE, "correct": CARE,
        "take-back": CARE, "quarantined": MEND, "quarantine-mend": MEND, "quarantine-dismiss": MEND,
        "report": CARE, "report-list-take": CARE,
        "upload": UPLOAD, "profile-copy": {"carys", "morag", "tara"},
        "opt-out-answer": ASK, "export": EXPORTS, "export-approve": {"morag", "deepak"},
        "export-decline": EXPORTS, "export-file": EXPORTS, "export-missing": EXPORTS, "export-unchecked": EXPORTS,
        "upload-mend": UPLOAD, "upload-columns": UPLOAD, "upload-confirm": UPLOAD, "upload-discard": UPLOAD,
        "upload-undo": UPLOAD, "upload-restore": UPLOAD, "upload-rows": UPLOAD}  # fmt: skip


@pytest.mark.parametrize("name", ACTS)
def test_an_act_is_not_found_by_those_whom_it_does_not_open_to(signed_in, world, name):
    from openfls.record.models import FactRow

    before = FactRow.objects.count()
    outside = sorted(EVERYONE - ACTS[name] - {"eamon"})
    assert {user: signed_in(user).post(place(name, world)).status_code for user in outside} == dict.fromkeys(
        outside, 404
    )
    assert FactRow.objects.count() == before


@pytest.mark.parametrize("name", [name for name in DOORS if name not in {"sign-in"} | OF_MACHINES])
def test_without_a_sign_in_every_page_leads_to_signing_in(client, world, name):
    reply = client.post(place(name, world))
    assert (reply.status_code, reply.url.split("?")[0]) == (302, "/sign-in/")


def test_unknown_and_forbidden_look_alike(carys, world):
    forbidden = carys.get(world.address("Frank"))
    unknown = carys.get(f"/patients/{'0' * 64}/")
    assert (forbidden.status_code, forbidden.content) == (unknown.status_code, mask(unknown, forbidden))


def mask(reply, other) -> bytes:
    """The page with the other's form token and print time, which differ from page to page."""
    token = re.compile(rb'value="\w{64}"')
    printed = re.compile(rb"Printed [^<]+")
    page = token.sub(token.search(other.content)[0], reply.content) if token.search(other.content) else reply.content
    return printed.sub(printed.search(other.content)[0], page)


def test_nothing_can_be_entered_for_a_patient_of_another_trust(carys, world):
    from openfls.record.models import FactRow

    before = FactRow.objects.count()
    today = {"day-day": "1", "day-month": "1", "day-year": "2026", "text": "x", "form_mark": "m"}
    for rest in ("enter/note/", "tasks/assess/take/", "tasks/assess/close/"):
        assert carys.post(world.address("Frank", rest), today).status_code == 404
    assert carys.post(f"/patients/{world.key('Frank')}/enter/death/", today).status_code == 404
    assert FactRow.objects.count() == before


def test_a_fracture_of_one_patient_is_not_found_under_another(carys, world):
    mixed = f"/patients/{world.key('Anne')}/fractures/{world.sighting_id('Beryl')}/enter/note/"
    assert carys.get(mixed).status_code == 404


def test_one_who_works_at_two_trusts_sees_each_only_while_it_is_in_view(signed_in, world):
    tara = signed_in("tara")
    assert tara.get(world.address("Frank")).status_code == 200
    tara.post("/site/", {"site": "X1A01"})
    assert tara.get(world.address("Frank")).status_code == 404
    assert tara.get(world.address("Anne")).status_code == 200
    tara.post("/site/", {"site": ELSEWHERE})
    assert tara.get(world.address("Frank")).status_code == 200
    assert tara.get(world.address("Anne")).status_code == 404


def test_nobody_chooses_a_site_where_he_does_not_work(carys, world):
    assert carys.post("/site/", {"site": ELSEWHERE}).status_code == 404
    assert carys.get(world.address("Frank")).status_code == 404


def test_a_role_that_was_withdrawn_is_gone_with_the_next_page(signed_in, world):
    from openfls.clinical.standards import Role
    from openfls.record import users

    tara = signed_in("tara")
    tara.post("/site/", {"site": ELSEWHERE})
    users.withdraw("tara", ELSEWHERE, Role.NURSE, by="a test")
    assert tara.get(world.address("Frank")).status_code == 404
    assert tara.get("/").status_code == 200


def test_every_patient_page_leaves_a_row_in_the_trail(carys, world):
    from openfls.record.models import Trail

    carys.get(world.address("Anne"))
    row = Trail.objects.latest("number")
    assert (row.user, row.action, row.patient, row.site) == ("carys", "read", world.key("Anne"), "X1A01")


def test_every_list_leaves_one_row_with_all_whom_it_showed(carys, world):
    from openfls.record.models import Trail

    before = Trail.objects.count()
    page = carys.get("/?role=nurse").content.decode()
    assert Trail.objects.count() == before + 1
    shown = Trail.objects.latest("number").patients
    assert shown
    assert all(f"/patients/{key}/" in page for key in shown)


@pytest.mark.parametrize(("user", "purpose"), [("nadia", "direct care"), ("morag", "service management")])
def test_every_read_says_for_what_purpose(signed_in, world, user, purpose):
    from openfls.record.models import Trail

    before = Trail.objects.count()
    reader = signed_in(user)
    reader.get(world.address("Beryl"))
    reader.post("/search/", {"words": "smith"})
    for address in ("/fractures/", "/backstop/seen/", "/measures/assessed-within-90-days/missed/"):
        reader.get(address)
    assert list(Trail.objects.order_by("number").values_list("purpose", flat=True))[before:] == [purpose] * 5


@pytest.fixture
def shared(world):
    """Elverton shares with Aldermere."""
    from openfls.record.models import SharingAgreement

    return SharingAgreement.objects.create(
        giver_id="X1E", receiver_id="X1A", reference="a test", begins=world.day(30), ends=None
    )


def test_an_agreement_opens_the_others_patients_and_only_in_its_direction(carys, signed_in, world, shared):
    assert carys.get(world.address("Frank")).status_code == 200
    assert signed_in("eamon").get(world.address("Anne")).status_code == 404


def test_an_agreement_that_has_ended_opens_nothing(carys, world, shared):
    shared.ends = world.day(1)
    shared.save()
    assert carys.get(world.address("Frank")).status_code == 404


def test_what_another_trust_shares_is_nobodys_own_work_or_count(carys, world, shared):
    for address in ("/", "/?role=", "/?role=nurse", "/triage/", "/fractures/", "/backstop/seen/"):
        assert "BLACK, Frank" not in carys.get(address).content.decode(), address
    assert "BLACK, Frank" in carys.post("/search/", {"words": "black"}).content.decode()
