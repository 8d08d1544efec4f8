"""Which medicines are bone drugs, and which only might be."""

import pytest

from openfls.clinical.bone_drugs import MEDICINES, OTHER_DMD, bone_drug
from openfls.clinical.codes import Atc, Code, Dmd, RxNorm, Snomed
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
        (Dmd("39731311000001108"), "", "alendronate"),
        (Snomed("408027002"), "", "risedronate"),  # a dm+d id is a SNOMED CT id
        (Dmd("17313111000001106"), "", "denosumab"),
        (None, "Alandronic acid 70mg", "alendronate"),
        (None, "Risendronate 35mg", "risedronate"),
        (None, "Zolendronic acid 5mg", "zoledronate"),
        (None, "Denusomab injection", "denosumab"),
        (None, "Teriperatide pen", "teriparatide"),
        (None, "JUBBONTI 60mg", "denosumab"),
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
        (None, "Ibandronic acid 50mg tablets"),
        (None, "Risedronate sodium 30mg tablets"),  # Paget's disease
        (None, "Pamidronate 30mg"),
        (Dmd("19448111000001109"), ""),  # denosumab 120 mg
        (Dmd("325984003"), ""),  # risedronate 30 mg
        (None, "Alendrnoic acid 70mg"),  # a slip of the pen that no list has
        (None, "Zoledrnic acid"),
    ],
)
def test_what_may_be_given_for_something_else_or_has_no_name_is_unknown(code: Code | None, name: str):
    assert bone_drug([code] if code else [], name).answer is Answer.UNKNOWN


def test_every_medicine_is_found_by_its_own_name_and_atc_code():
    for medicine in MEDICINES:
        assert bone_drug([], medicine.name.replace("systemic oestrogens", "oestradiol")).drug == medicine.name
        assert all(bone_drug([Atc(code)]).drug == medicine.name for code in medicine.atc)


@pytest.mark.parametrize("name", ["Risperidone 1mg", "Rosuvastatin 10mg", "Adalimumab 40mg", "Ropinirole", "Tamoxifen"])
def test_a_name_that_only_sounds_alike_is_no_bone_drug(name: str):
    assert bone_drug([], name).answer is Answer.NO


DIHEDRAL = [[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]] + [
    [1, 2, 3, 4, 0, 6, 7, 8, 9, 5], [2, 3, 4, 0, 1, 7, 8, 9, 5, 6], [3, 4, 0, 1, 2, 8, 9, 5, 6, 7],
    [4, 0, 1, 2, 3, 9, 5, 6, 7, 8], [5, 9, 8, 7, 6, 0, 4, 3, 2, 1], [6, 5, 9, 8, 7, 1, 0, 4, 3, 2],
    [7, 6, 5, 9, 8, 2, 1, 0, 4, 3], [8, 7, 6, 5, 9, 3, 2, 1, 0, 4], [9, 8, 7, 6, 5, 4, 3, 2, 1, 0],
]  # fmt: skip
FIRST = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4]


def verhoeff(digits: str) -> int:
    """0 for a SNOMED CT id whose check digit is right (Verhoeff 1969)."""
    turned, check = [list(range(10)), FIRST], 0
    while len(turned) < 8:
        turned.append([turned[-1][FIRST[n]] for n in range(10)])
    for place, digit in enumerate(reversed(digits)):
        check = DIHEDRAL[check][turned[place % 8][int(digit)]]
    return check


def test_every_dmd_code_has_a_right_check_digit_and_stands_once():
    codes = [code for medicine in MEDICINES for code in medicine.dmd] + list(OTHER_DMD)
    assert [code for code in codes if verhoeff(code)] == []
    assert len(set(codes)) == len(codes)
    assert verhoeff("39731311000001109") != 0
