"""Organisations come from plain data, all or none."""

import json
from copy import deepcopy
from datetime import date

import pytest

from openfls.record import organisations
from openfls.record.models import Practice, Scanner, SharingAgreement, Site, SiteParameter, Trail, Trust, Ward
from openfls.record.organisations import OrganisationsRefused, load
from openfls.record.parameters import parameters_of_sites

pytestmark = pytest.mark.django_db(databases="__all__")

REGION = {
    "trusts": [
        {
            "code": "RX9",
            "name": "North",
            "sites": [
                {
                    "code": "RX901",
                    "name": "North General",
                    "wards": ["Ward 5"],
                    "scanners": [{"code": "RX901-1", "name": "Blue"}],
                    "parameters": {"triage_days": 5},
                }
            ],
        },
        {"code": "RTD", "name": "South", "sites": [{"code": "RTD01", "name": "South General"}]},
    ],
    "practices": [{"code": "A81001", "name": "The Surgery"}],
    "sharing_agreements": [{"giver": "RX9", "receiver": "RTD", "reference": "2026/1", "begins": "2026-01-01"}],
}


def region(change) -> dict:
    changed = deepcopy(REGION)
    change(changed)
    return changed


def counts() -> list[int]:
    kinds = (Trust, Site, Ward, Scanner, Practice, SharingAgreement, SiteParameter)
    return [kind.objects.count() for kind in kinds]


def test_a_region_is_loaded_and_loading_it_again_adds_nothing():
    assert load(REGION, by="root") == 2
    assert load(REGION, by="root") == 2
    assert counts() == [2, 2, 1, 1, 1, 1, 1]
    assert parameters_of_sites()["RX901"].triage_days == 5
    assert Trail.objects.filter(action="organisations loaded").count() == 2


def test_names_and_the_end_of_an_agreement_can_change():
    load(REGION, by="root")

    def change(plain):
        plain["trusts"][0]["sites"][0]["name"] = "The Infirmary"
        plain["sharing_agreements"][0]["ends"] = "2026-06-30"

    load(region(change), by="root")
    assert Site.objects.get(code="RX901").name == "The Infirmary"
    assert SharingAgreement.objects.get().ends == date(2026, 6, 30)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda r: r["trusts"][1].pop("code"), "lacks 'code'"),
        (lambda r: r["trusts"][1].pop("name"), "lacks 'name'"),
        (lambda r: r["sharing_agreements"][0].update(giver="XXX"), "names the trust 'XXX'"),
        (lambda r: r["sharing_agreements"][0].update(begins="soon"), "Invalid isoformat"),
        (lambda r: r["sharing_agreements"][0].update(ends="2025-12-31"), "an_agreement_ends_after_it_begins"),
        (lambda r: r["sharing_agreements"][0].update(receiver="RX9"), "nobody_shares_with_himself"),
        (lambda r: r["trusts"][0]["sites"][0].update(parameters={"triage_weeks": 1}), "no such site parameter"),
        (lambda r: r.update(trusts=["RX9"]), "shape"),
    ],
)
def test_what_does_not_hold_together_is_refused_whole_with_its_reason(change, why):
    with pytest.raises(OrganisationsRefused, match=why):
        load(region(change), by="root")
    assert counts() == [0] * 7


def test_a_file_that_is_no_json_is_named(tmp_path):
    path = tmp_path / "region.json"
    path.write_text(json.dumps(REGION))
    assert organisations.load_file(path, by="root") == 2
    path.write_text("{")
    with pytest.raises(OrganisationsRefused, match=r"region\.json"):
        organisations.load_file(path, by="root")


def test_the_latest_value_of_a_parameter_holds_and_what_held_before_is_kept():
    load(REGION, by="root")
    organisations.set_parameter("RX901", "triage_days", 3, by="anne", rationale="more staff")
    assert parameters_of_sites()["RX901"].triage_days == 3
    assert list(SiteParameter.objects.order_by("id").values_list("value", "set_by")) == [(5, "root"), (3, "anne")]
    with pytest.raises(ValueError, match="wants int"):
        organisations.set_parameter("RX901", "triage_days", "3", by="anne")
