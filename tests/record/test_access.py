"""Who sees whom: own site, another site of the trust, another trust, with and without an agreement, after a merge."""

from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.http import Http404

from openfls.clinical.standards import Role
from openfls.record import access, trail
from openfls.record.access import NotVisible, access_patient, facts_of, viewer_of
from openfls.record.models import DoubtRow, Membership, Trail
from tests.record import rows

pytestmark = pytest.mark.django_db(databases="__all__")

TODAY = date(2026, 6, 1)
CARE = "direct care"


@pytest.fixture(autouse=True)
def two_trusts():
    """Trust A has the sites A1 and A2, trust B has B1."""
    for code, trust in (("A1", "A"), ("A2", "A"), ("B1", "B")):
        rows.site(code, trust)


def viewer(*sites: str, chosen: str | None = None) -> access.Viewer:
    return viewer_of(rows.user("anne", *sites), chosen, request="r1", today=TODAY)


SHARED = ("begins", date(2026, 1, 1), None)


@pytest.mark.parametrize(
    ("works_at", "agreement", "sees"),
    [
        (["A1"], None, True),
        (["A2"], None, False),
        (["B1"], None, False),
        ([], None, False),
        (["A2", "B1"], None, False),
        (["A1", "B1"], None, True),
        (["B1"], ("A", "B", date(2026, 1, 1), None), True),
        (["B1"], ("A", "B", TODAY, TODAY), True),
        (["B1"], ("A", "B", date(2026, 6, 2), None), False),
        (["B1"], ("A", "B", date(2026, 1, 1), date(2026, 5, 31)), False),
        (["B1"], ("B", "A", date(2026, 1, 1), None), False),
        (["A2"], ("A", "B", date(2026, 1, 1), None), False),
        ([], ("A", "B", date(2026, 1, 1), None), False),
    ],
    ids=[
        "own site", "other site of the same trust", "other trust", "no site", "two sites, neither hers",
        "two sites, one hers", "agreement", "agreement of one day", "agreement yet to begin", "agreement ended",
        "agreement the other way", "agreement does not join sites of a trust", "agreement but no site",
    ],
)  # fmt: skip
def test_a_person_at_a1_is_seen_in_every_way_or_in_none(works_at, agreement, sees):
    if agreement:
        rows.agreement(*agreement)
    person = rows.person(sites=("A1",))
    rows.episode(person, 1, sites=("A1",), task_site="A1")
    rows.fact_row(rows.note(site="A1"))
    looking = viewer(*works_at)
    assert access.people_seen_by(looking).exists() is sees
    assert access.episodes_seen_by(looking).exists() is sees
    assert access.tasks_seen_by(looking).exists() is sees
    assert facts_of(person, looking).exists() is sees
    if sees:
        assert access_patient(looking, person.key, CARE) == person
    else:
        with pytest.raises(NotVisible):
            access_patient(looking, person.key, CARE)


def test_a_chosen_site_narrows_what_is_seen_to_that_site():
    at_a1, at_b1 = rows.person(rows.patient(1), sites=("A1",)), rows.person(rows.patient(2), sites=("B1",))
    user = rows.user("anne", "A1", "B1")
    assert set(access.people_seen_by(viewer_of(user))) == {at_a1, at_b1}
    assert list(access.people_seen_by(viewer_of(user, "B1"))) == [at_b1]
    assert viewer_of(user, "B1").memberships == {"A1", "B1"}


def test_a_site_where_one_is_no_member_can_not_be_chosen_nor_told_from_one_that_does_not_exist():
    user = rows.user("anne", "A1")
    for site in ("B1", "nowhere"):
        with pytest.raises(NotVisible, match="^no such site$"):
            viewer_of(user, site)


def test_a_transfer_adds_a_site_and_the_first_still_sees_the_person():
    person = rows.person(sites=("A1", "B1"))
    for number, site in enumerate(("A1", "B1")):
        user = rows.user(f"user{number}", site)
        assert list(access.people_seen_by(viewer_of(user))) == [person]


@pytest.mark.parametrize("works_at", ["A1", "B1"])
def test_of_a_person_whose_records_were_merged_any_key_opens_her_at_either_site(works_at):
    records = [rows.patient(number) for number in (1, 2, 3)]
    merged = rows.person(*records, sites=("A1", "B1"))
    looking = viewer(works_at)
    for record in records:
        assert access_patient(looking, record.key, CARE) == merged
    told = Trail.objects.order_by("number").values_list("patient", "detail")
    assert [patient for patient, _ in told] == [merged.key] * 3
    assert {detail["asked"] for _, detail in told if detail} == {r.key for r in records} - {merged.key}


def test_after_a_separation_each_key_opens_its_own_person_at_its_own_site():
    here, there = rows.patient(1), rows.patient(2)
    rows.person(here, sites=("A1",))
    rows.person(there, sites=("B1",))
    looking = viewer("A1")
    assert access_patient(looking, here.key, CARE).key == here.key
    with pytest.raises(NotVisible):
        access_patient(looking, there.key, CARE)


def test_an_episode_at_a_trust_that_does_not_share_is_not_seen_with_the_person():
    person = rows.person(sites=("A1", "B1"))
    here, there = rows.episode(person, 1, sites=("A1",)), rows.episode(person, 2, sites=("B1",))
    looking = viewer("A1")
    assert list(access.episodes_seen_by(looking)) == [here]
    assert [task.episode for task in access.tasks_seen_by(looking)] == [here]
    rows.agreement("B", "A", date(2026, 1, 1))
    assert set(access.episodes_seen_by(viewer_of(rows.user("amy", "A1"), today=TODAY))) == {here, there}


def test_facts_of_the_own_trust_of_practices_and_without_a_site_go_with_the_person():
    for words, site in (("own", "A1"), ("sister", "A2"), ("practice", "P81001"), ("nowhere", None), ("other", "B1")):
        rows.fact_row(rows.note(words, site=site))
    person = rows.person(sites=("A1",))
    seen = [row.to_fact().text for row in facts_of(person, viewer("A1"))]
    assert seen == ["own", "sister", "practice", "nowhere"]
    rows.agreement("B", "A", date(2026, 1, 1))
    assert facts_of(person, viewer_of(rows.user("amy", "A1"), today=TODAY)).count() == 5


def test_the_worklist_holds_tasks_of_the_own_sites_and_those_that_no_site_answers_for():
    rows.agreement("B", "A", date(2026, 1, 1))
    person = rows.person(sites=("A1", "B1"))
    own = rows.episode(person, 1, sites=("A1", "B1"), task_site="A1")
    unowned = rows.episode(person, 2, sites=("A1",), task_site=None)
    rows.episode(person, 3, sites=("A1", "B1"), task_site="B1")
    rows.episode(person, 4, sites=("B1",), task_site=None)
    looking = viewer("A1")
    assert {task.episode for task in access.worklist_of(looking)} == {own, unowned}
    assert access.tasks_seen_by(looking).count() == 4


def test_a_doubt_is_shown_only_to_those_who_may_see_both_people():
    left, right = rows.patient(1), rows.patient(2)
    one, two = rows.person(left, sites=("A1",)), rows.person(right, sites=("B1",))
    DoubtRow.objects.create(
        left_id=left.key, right_id=right.key, person_left=one, person_right=two, because="same name"
    )
    sees = {name: viewer_of(rows.user(name, *sites)) for name, sites in {"a": ["A1"], "both": ["A1", "B1"]}.items()}
    assert not access.doubts_seen_by(sees["a"]).exists()
    assert access.doubts_seen_by(sees["both"]).count() == 1


@pytest.mark.parametrize(
    ("works_at", "chosen", "agreement", "whole", "halves"),
    [
        (["A1"], None, None, False, {"one"}),
        (["B1"], None, None, False, {"two"}),
        (["A2"], None, None, False, set()),
        ([], None, None, False, set()),
        (["A1", "B1"], None, None, True, set()),
        (["A1", "B1"], "A1", None, False, set()),
        (["A1"], None, ("B", "A", date(2026, 1, 1), None), True, set()),
        (["B1"], None, ("B", "A", date(2026, 1, 1), None), False, {"two"}),
        (["A1"], None, ("B", "A", date(2026, 1, 1), date(2026, 1, 2)), False, {"one"}),
    ],
    ids=[
        "one side", "the other side", "neither", "nobody", "both", "both, one of them in view",
        "the other trust shares", "shares with the other", "an agreement that has ended",
    ],
)  # fmt: skip
def test_of_a_doubt_between_trusts_that_share_nothing_each_sees_a_half(works_at, chosen, agreement, whole, halves):
    left, right = rows.patient(1), rows.patient(2)
    people = {"one": rows.person(left, sites=("A1",)), "two": rows.person(right, sites=("B1",))}
    DoubtRow.objects.create(
        left_id=left.key, right_id=right.key, person_left=people["one"], person_right=people["two"], because="x"
    )
    if agreement:
        rows.agreement(*agreement)
    looking = viewer(*works_at, chosen=chosen)
    assert access.doubts_seen_by(looking).exists() is whole
    assert set(access.people_doubted_elsewhere(looking)) == {people[name] for name in halves}


def test_a_record_that_only_a_register_holds_is_elsewhere_too_and_an_answered_doubt_is_none():
    left, right = rows.patient(1), rows.patient(2)
    one, two = rows.person(left, sites=("A1",)), rows.person(right, sites=())
    doubt = DoubtRow.objects.create(
        left_id=right.key, right_id=left.key, person_left=two, person_right=one, because="x"
    )
    assert set(access.people_doubted_elsewhere(viewer("A1"))) == {one}
    doubt.answered = True
    doubt.save()
    assert not access.people_doubted_elsewhere(viewer_of(rows.user("bea", "A1"))).exists()


def test_who_is_not_signed_in_or_no_longer_active_sees_nothing():
    rows.person(sites=("A1",))
    left = rows.user("left", "A1")
    left.is_active = False
    for user in (AnonymousUser(), left):
        assert not access.people_seen_by(viewer_of(user)).exists()


def test_a_role_holds_at_its_own_site_alone():
    user = rows.user("anne", "A1", role=Role.NURSE)
    Membership.objects.create(user=user, site_id="A2", role=Role.MANAGER)
    looking = viewer_of(user)
    assert looking.has_role(Role.NURSE, Role.DOCTOR)
    assert looking.has_role(Role.NURSE, site="A1")
    assert not looking.has_role(Role.NURSE, site="A2")
    assert not looking.has_role(Role.NURSE, site="B1")
    assert not viewer_of(user, "A2").has_role(Role.NURSE)


def test_opening_a_patient_leaves_a_row_that_says_who_when_where_and_why():
    person = rows.person(sites=("A1",))
    access_patient(viewer("A1"), person.key, "audit of care")
    row = Trail.objects.get()
    assert (row.user, row.action, row.patient, row.purpose) == ("anne", "read", person.key, "audit of care")
    assert (row.role, row.site, row.request) == ("coordinator", "A1", "r1")
    assert trail.verify_chain().sound


@pytest.mark.parametrize(
    ("roles", "purpose"),
    [
        ({"A1": [Role.NURSE]}, "direct care"),
        ({"A1": [Role.MANAGER]}, "service management"),
        ({"A1": [Role.ADMINISTRATOR]}, "administration of the system"),
        ({"A1": [Role.MANAGER, Role.DOCTOR]}, "direct care"),
        ({"A1": [Role.MANAGER], "A2": [Role.NURSE]}, "service management"),
        ({"A1": [Role.NURSE], "A2": [Role.MANAGER]}, "direct care"),
    ],
)
def test_the_purpose_is_that_of_the_role_held_where_the_patient_was_seen(roles, purpose):
    person, user = rows.person(sites=("A1",)), rows.user("anne")
    for site, held in roles.items():
        for role in held:
            Membership.objects.create(user=user, site_id=site, role=role.value)
    access_patient(viewer_of(user), person.key)
    assert Trail.objects.get().purpose == purpose


def test_a_patient_seen_under_an_agreement_is_read_for_the_purpose_of_any_role():
    rows.agreement("A", "B", *SHARED[1:])
    person, user = rows.person(sites=("A1",)), rows.user("anne")
    Membership.objects.create(user=user, site_id="B1", role=Role.MANAGER.value)
    access_patient(viewer_of(user, today=TODAY), person.key)
    assert Trail.objects.get().purpose == "service management"


def test_every_role_has_a_purpose():
    from openfls.record.purposes import PURPOSE_OF

    assert set(PURPOSE_OF) == set(Role)


def test_no_patient_is_shown_where_the_trail_can_not_be_written(monkeypatch):
    def full_disk(**_: object) -> None:
        raise OSError("no space left")

    person = rows.person(sites=("A1",))
    monkeypatch.setattr(trail, "write", full_disk)
    with pytest.raises(OSError, match="no space"):
        access_patient(viewer("A1"), person.key, CARE)


def test_the_row_stays_although_the_request_is_rolled_back():
    person = rows.person(sites=("A1",))
    with transaction.atomic():
        access_patient(viewer("A1"), person.key, CARE)
        transaction.set_rollback(True)
    assert Trail.objects.filter(patient=person.key, action="read").count() == 1


def refused(looking: access.Viewer, key: str, count) -> str:
    with count() as queries, pytest.raises(Http404) as raised:
        access_patient(looking, key, CARE)
    return f"{raised.type.__name__} {raised.value} after {len(queries)} queries"


def test_forbidden_and_unknown_look_the_same(django_assert_max_num_queries):
    forbidden = rows.person(sites=("B1",)).key
    looking = viewer("A1")
    seen = {refused(looking, key, lambda: django_assert_max_num_queries(9)) for key in (forbidden, "f" * 64, "\0x", "")}
    assert len(seen) == 1
    told = Trail.objects.order_by("number").values_list("action", "patient")
    assert list(told) == [("read refused", key) for key in (forbidden, "f" * 64, None, None)]


def test_a_list_leaves_one_row_with_all_who_were_shown():
    people = [rows.person(rows.patient(number), sites=("A1",)) for number in (1, 2)]
    access.record_list_read(viewer("A1"), "worklist", [*people, people[0].key], CARE)
    row = Trail.objects.get()
    assert (row.action, row.patient, row.patients) == ("worklist", None, [people[0].key, people[1].key])


def test_a_list_behind_a_count_says_which_and_why():
    access.record_list_read(viewer("A1"), "names behind a measure", [], which="falls-assessed: missed")
    row = Trail.objects.get()
    assert (row.purpose, row.detail) == ("direct care", {"list": "falls-assessed: missed"})


@pytest.mark.parametrize("number_of_people", [2, 40])
def test_the_number_of_queries_does_not_grow_with_the_number_of_people(number_of_people, django_assert_num_queries):
    for number in range(number_of_people):
        person = rows.person(rows.patient(number), sites=("A1",))
        rows.episode(person, number, sites=("A1",), task_site="A1")
    user = rows.user("anne", "A1")
    with django_assert_num_queries(2):
        looking = viewer_of(user)
    for seen in (access.people_seen_by, access.episodes_seen_by, access.tasks_seen_by, access.worklist_of):
        with django_assert_num_queries(1):
            assert len(seen(looking)) == number_of_people
    with django_assert_num_queries(1):
        assert len(facts_of(person, looking)) == 0
    with django_assert_num_queries(1):
        access_patient(looking, person.key, CARE)
