"""Which medicines are bone drugs, and which only might be."""

import pytest

from openfls.clinical.bone_drugs import MEDICINES, bone_drug
from openfls.clinical.codes import Atc, Code, Dmd, RxNorm
from openfls.clinical.facts import Answer


@pytest.mark.parametrize(
    ("code", "name", "drug"),
    [
        (None, "Alendronic acid 70mg tablets", "alendronate"),
        (None, "FOSAMAX Once Weekly", "alendronate"),
        (None, "Risedronate sodium 35mg tablets", "risedronate"),
        (None, "Zoledronic acid 5mg/100ml infusion", "zoledronate"),
        (None, "Prolia 60mg/1ml solution for injection", "denosumab"),
        (None, "Denosumab-bbdz 60 mg", "denosumab"),
        (Atc("M05BX06"), "", "romosozumab"),
        (Atc("H05AA02"), "", "teriparatide"),
        (RxNorm("904419", "Alendronic acid 10 MG Oral Tablet"), "", "alendronate"),
        (RxNorm("904419"), "", "alendronate"),
        (Dmd("1", "Ibandronic acid 150mg tablets"), "", "ibandronate"),
    ],
)
def test_a_bone_drug_is_known_by_code_or_name(code: Code | None, name: str, drug: str):
    found = bone_drug([code] if code else [], name)
    assert (found.answer, found.drug) == (Answer.YES, drug)
    assert found.because


@pytest.mark.parametrize("name", ["Paracetamol 500mg", "Colecalciferol 800unit capsules", "Ethinyl Estradiol 0.03 MG"])
def test_a_medicine_with_another_name_is_no_bone_drug(name: str):
    assert bone_drug([], name).answer is Answer.NO


@pytest.mark.parametrize(
    ("code", "name"),
    [
        (Dmd("319864008"), ""),  # an id that the list can't know
        (None, ""),
        (None, "Xgeva 120mg"),
        (Atc("M05BX04"), "Denosumab 120 mg"),
        (None, "Zometa 4mg"),
        (None, "Alfacalcidol 1microgram capsules"),
        (None, "Estradiol 50microgram patches"),
    ],
)
def test_what_may_be_given_for_something_else_or_has_no_name_is_unknown(code: Code | None, name: str):
    assert bone_drug([code] if code else [], name).answer is Answer.UNKNOWN


def test_every_medicine_is_found_by_its_own_name_and_atc_code():
    for medicine in MEDICINES:
        assert bone_drug([], medicine.name.replace("systemic oestrogens", "oestradiol")).drug == medicine.name
        assert all(bone_drug([Atc(code)]).drug == medicine.name for code in medicine.atc)
