"""Which codes say fracture, of which bone, and why the others do not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openfls.clinical.codes import Code, Icd10, Icd10Cm, LocalCode, Loinc, Opcs4, Snomed
from openfls.clinical.facts import Answer, BodySite, Side
from openfls.clinical.fracture_code_lists import FRACTURE_LISTS
from openfls.clinical.fracture_codes import (
    fracture_operation,
    hip_operation,
    meaning,
    meanings,
)

COUNTS = [
    (Icd10("S720"), BodySite.HIP, "neck of femur"),
    (Icd10("S72.0"), BodySite.HIP, "the same with a dot"),
    (Icd10("S7200"), BodySite.HIP, "closed, by the fifth character"),
    (Icd10("S721"), BodySite.HIP, "pertrochanteric"),
    (Icd10("S722"), BodySite.HIP, "subtrochanteric"),
    (Icd10("S723"), BodySite.FEMUR, "shaft"),
    (Icd10("S724"), BodySite.FEMUR, "lower end"),
    (Icd10("S729"), BodySite.FEMUR, "part not given"),
    (Icd10("S72X"), BodySite.FEMUR, "a filler X is no part"),
    (Icd10("S525"), BodySite.WRIST, "lower end of radius"),
    (Icd10("S526"), BodySite.WRIST, "lower end of both"),
    (Icd10("S524"), BodySite.FOREARM, "shafts"),
    (Icd10("S422"), BodySite.HUMERUS, "upper end"),
    (Icd10("S424"), BodySite.HUMERUS, "lower end"),
    (Icd10("S420"), BodySite.CLAVICLE, "clavicle"),
    (Icd10("S421"), BodySite.CLAVICLE, "scapula"),
    (Icd10("S120"), BodySite.SPINE, "first cervical vertebra"),
    (Icd10("S220"), BodySite.SPINE, "thoracic vertebra"),
    (Icd10("S221"), BodySite.SPINE, "thoracic vertebrae"),
    (Icd10("S320"), BodySite.SPINE, "lumbar vertebra"),
    (Icd10("S321"), BodySite.PELVIS, "sacrum"),
    (Icd10("S325"), BodySite.PELVIS, "pubis"),
    (Icd10("S328"), BodySite.PELVIS, "pelvis, other part"),
    (Icd10("S222"), BodySite.RIB, "sternum"),
    (Icd10("S223"), BodySite.RIB, "rib"),
    (Icd10("S224"), BodySite.RIB, "ribs"),
    (Icd10("S822"), BodySite.LOWER_LEG, "shaft of tibia"),
    (Icd10("S825"), BodySite.ANKLE, "medial malleolus"),
    (Icd10("S826"), BodySite.ANKLE, "lateral malleolus"),
    (Icd10("S828"), BodySite.ANKLE, "both malleoli"),
    (Icd10("S923"), BodySite.FOOT, "metatarsal"),
    (Icd10("S623"), BodySite.HAND, "metacarpal"),
    (Icd10("T08"), BodySite.SPINE, "spine, level not given"),
    (Icd10("T02"), BodySite.UNSPECIFIED, "multiple regions"),
    (Icd10("T12X"), BodySite.UNSPECIFIED, "lower limb, level not given"),
    (Icd10("M485"), BodySite.SPINE, "collapsed vertebra"),
    (Icd10("M80"), BodySite.UNSPECIFIED, "osteoporotic, site not given"),
    (Icd10("M8002"), BodySite.HUMERUS, "osteoporotic, upper arm"),
    (Icd10("M8005"), BodySite.UNSPECIFIED, "pelvic region and thigh is not one bone"),
    (Icd10("M844"), BodySite.UNSPECIFIED, "pathological, cause not given"),
    (Icd10("M966"), BodySite.UNSPECIFIED, "round an implant"),
    (Icd10Cm("S72001A"), BodySite.HIP, "initial encounter, closed"),
    (Icd10Cm("S72.001B"), BodySite.HIP, "initial encounter, open"),
    (Icd10Cm("S72001C"), BodySite.HIP, "initial encounter, open III"),
    (Icd10Cm("S52501A"), BodySite.WRIST, "lower end of radius"),
    (Icd10Cm("S82841A"), BodySite.ANKLE, "bimalleolar"),
    (Icd10Cm("S82891A"), BodySite.LOWER_LEG, "other part of lower leg"),
    (Icd10Cm("M8008XA"), BodySite.SPINE, "osteoporotic vertebra"),
    (Icd10Cm("M9701XA"), BodySite.UNSPECIFIED, "periprosthetic"),
    (Snomed("5913000"), BodySite.HIP, "neck of femur"),
    (Snomed("359817006"), BodySite.HIP, "closed fracture of hip"),
    (Snomed("700097003"), BodySite.HIP, "bone of hip region"),
    (Snomed("431031001"), BodySite.HIP, "osteoporotic neck of femur"),
    (Snomed("240198002"), BodySite.SPINE, "osteoporotic collapse"),
    (Snomed("443165006"), BodySite.UNSPECIFIED, "pathological fracture due to osteoporosis"),
    (Snomed("263102004"), BodySite.WRIST, "fracture subluxation of wrist"),
    (Snomed("65966004"), BodySite.FOREARM, "forearm"),
    (Snomed("58150001"), BodySite.CLAVICLE, "clavicle"),
    (Snomed("16114001"), BodySite.ANKLE, "ankle"),
    (Snomed("33737001"), BodySite.RIB, "rib"),
]  # fmt: skip

OUT_OF_SCOPE = [
    (Icd10("S020"), BodySite.SKULL, "vault"),
    (Icd10("S029"), BodySite.SKULL, "part not given"),
    (Icd10("S022"), BodySite.FACE, "nose"),
    (Icd10("S026"), BodySite.FACE, "jaw"),
    (Icd10("S626"), BodySite.DIGIT, "finger"),
    (Icd10("S625"), BodySite.DIGIT, "thumb"),
    (Icd10("S924"), BodySite.DIGIT, "great toe"),
    (Icd10("S925"), BodySite.DIGIT, "toe"),
    (Icd10Cm("S62600A"), BodySite.DIGIT, "finger"),
    (Icd10Cm("S022XXA"), BodySite.FACE, "nose"),
]

NO_FRACTURE = [
    (Snomed("39848009", "Whiplash injury to neck"), "whiplash is no fracture"),
    (Snomed("64859006", "Osteoporosis"), "osteoporosis is a disease, not a fracture"),
    (Snomed("44465007", "Sprain of ankle"), "a sprain"),
    (Snomed("239872002", "Osteoarthritis of hip"), "arthritis"),
    (Icd10("M81"), "osteoporosis without fracture"),
    (Icd10("M82"), "osteoporosis in diseases classified elsewhere"),
    (Icd10("S700"), "contusion of hip"),
    (Icd10("S730"), "dislocation of hip"),
    (Icd10("M841"), "non-union is an old fracture"),
    (Icd10("T931"), "sequelae of a fracture of femur"),
    (Icd10("W19"), "a fall alone breaks nothing"),
    (Icd10Cm("S72001D"), "subsequent encounter"),
    (Icd10Cm("S72001S"), "sequela"),
    (Icd10Cm("M8008XD"), "subsequent encounter"),
    (Icd10Cm("M810"), "osteoporosis without fracture"),
    (Snomed("S720"), "an ICD-10 value under another system"),
    (LocalCode("S720"), "a local code counts for nothing until a mapping says so"),
    (Loinc("38265-5"), "a measurement"),
    (Opcs4("W371"), "an operation is no diagnosis"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "site", "why"), [*COUNTS, *OUT_OF_SCOPE])
def test_a_fracture_code_names_its_bone(code: Code, site: BodySite, why: str):
    found = meaning([code])
    assert found is not None, why
    assert found.body_site is site, why


@pytest.mark.parametrize(("code", "why"), NO_FRACTURE)
def test_what_is_no_new_fracture_says_nothing(code: Code, why: str):
    assert meaning([code]) is None, why


def test_an_osteoporotic_pathological_fracture_counts():
    for code in (Snomed("443165006"), Snomed("431031001"), Icd10("M8008"), Icd10Cm("M80051A")):
        found = meaning([code])
        assert (found.pathological, found.low_trauma) == (Answer.NO, Answer.YES)


def test_only_a_tumour_makes_the_code_say_pathological():
    assert meaning([Icd10("M907")]).pathological is Answer.YES
    assert meaning([Icd10Cm("M84551A")]).pathological is Answer.YES
    assert meaning([Icd10("S720"), Icd10("M907")]).pathological is Answer.YES
    assert meaning([Icd10("M844")]).pathological is Answer.UNKNOWN
    assert meaning([Icd10("S720")]).pathological is Answer.UNKNOWN


@pytest.mark.parametrize(
    ("cause", "low"),
    [
        ("W00", Answer.YES),
        ("W010", Answer.YES),
        ("W18", Answer.YES),
        ("W06", Answer.YES),
        ("W10", Answer.UNKNOWN),
        ("W11", Answer.NO),
        ("W17", Answer.NO),
        ("W19", Answer.UNKNOWN),
        ("X59", Answer.UNKNOWN),
        ("X590", Answer.UNKNOWN),
        ("V031", Answer.NO),
    ],
)
def test_the_external_cause_says_whether_the_force_was_low(cause: str, low: Answer):
    found = meaning([Icd10("S720"), Icd10(cause)])
    assert found.low_trauma is low
    assert cause in found.because


def test_the_fourth_character_of_a_fall_on_ice_is_a_place_in_one_edition_and_a_height_in_the_other():
    assert meaning([Icd10("S720"), Icd10("W002")]).low_trauma is Answer.YES
    assert meaning([Icd10Cm("S72001A"), Icd10Cm("W002XXA")]).low_trauma is Answer.NO


def test_contradicting_causes_leave_the_force_unknown():
    assert meaning([Icd10("S720"), Icd10("W01"), Icd10("V031")]).low_trauma is Answer.UNKNOWN


def test_a_broken_nose_coded_first_never_hides_a_broken_hip():
    both = meanings([Icd10("S022"), Icd10("S720"), Icd10("W01")])
    assert [m.body_site for m in both] == [BodySite.HIP, BodySite.FACE]
    assert meaning([Icd10("S022"), Icd10("S720")]).body_site is BodySite.HIP


def test_a_code_without_a_site_speaks_for_the_bone_that_another_names():
    found = meanings([Snomed("443165006"), Icd10("S525")])
    assert [(m.body_site, m.low_trauma) for m in found] == [(BodySite.WRIST, Answer.YES)]


def test_a_fracture_of_several_regions_is_not_lost_beside_a_broken_finger():
    assert BodySite.UNSPECIFIED in {m.body_site for m in meanings([Icd10("T02"), Icd10("S626")])}


@pytest.mark.parametrize(
    ("code", "side"),
    [
        ("S72001A", Side.RIGHT),
        ("S72002A", Side.LEFT),
        ("S72034A", Side.RIGHT),
        ("S72035A", Side.LEFT),
        ("S72009A", Side.UNKNOWN),
        ("S7221XA", Side.RIGHT),
        ("S7290XA", Side.UNKNOWN),
        ("S32010A", Side.UNKNOWN),
        ("M80052A", Side.LEFT),
    ],
)
def test_icd_10_cm_names_the_side(code: str, side: Side):
    assert meaning([Icd10Cm(code)]).side is side


def test_an_icd_10_cm_code_cut_short_counts_and_waits_for_a_check():
    found = meaning([Icd10Cm("S72001")])
    assert found.body_site is BodySite.HIP
    assert not found.confirmed


def test_what_was_read_in_its_source_is_confirmed_and_what_was_not_is_not():
    assert meaning([Icd10("S720")]).confirmed
    assert meaning([Icd10("S525")]).confirmed
    assert not meaning([Icd10("S422")]).confirmed
    assert not meaning([Icd10("S720"), Icd10("S720"), Icd10("M844")]).confirmed


def test_a_hip_replacement_counts_only_beside_a_fracture_code():
    assert not hip_operation([Opcs4("W371")])
    assert not fracture_operation([Opcs4("W371")])
    assert hip_operation([Opcs4("W37.1"), Icd10("S720")])
    assert hip_operation([Opcs4("W461"), Icd10("S720")])
    assert not hip_operation([Opcs4("W371"), Icd10("S525")])


def test_fixation_of_the_neck_of_femur_is_fracture_surgery_by_itself():
    for code in ("W191", "W24.1", "O171"):
        assert hip_operation([Opcs4(code)])
        assert fracture_operation([Opcs4(code)])
    assert not fracture_operation([Opcs4("W201")])
    assert fracture_operation([Opcs4("W201"), Icd10("S822")])
    assert not hip_operation([Opcs4("W201"), Icd10("S822")])
    assert not fracture_operation([Icd10("W191")])  # an external cause that looks like an operation


def test_every_list_names_its_source_and_edition():
    assert all(codes.source and codes.edition and codes.entries for codes in FRACTURE_LISTS)
    assert all(entry.words for codes in FRACTURE_LISTS for entry in codes.entries.values())


@given(st.lists(st.sampled_from([row[0] for row in [*COUNTS, *OUT_OF_SCOPE, *NO_FRACTURE]])))
def test_the_order_of_the_codes_changes_no_site(codes: list[Code]):
    assert [m.body_site for m in meanings(codes)] == [m.body_site for m in meanings(list(reversed(codes)))]


@given(st.text(max_size=12))
def test_no_text_breaks_the_look_up(value: str):
    for kind in (Icd10, Icd10Cm, Snomed, Opcs4, LocalCode):
        meaning([kind(value)])
        fracture_operation([kind(value)])
