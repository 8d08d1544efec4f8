"""Which short diagnoses in words say fracture, and of which bone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openfls.clinical.facts import Answer, BodySite, Side
from openfls.clinical.fracture_words import fracture_in_words, side_in_words, site_in_words


@pytest.mark.parametrize(
    ("words", "site"),
    [
        ("Closed fracture of neck of left femur", BodySite.HIP),
        ("# NOF", BodySite.HIP),
        ("Intertrochanteric fracture", BodySite.HIP),
        ("Fracture of shaft of femur", BodySite.FEMUR),
        ("Closed fracture of distal end of radius", BodySite.WRIST),
        ("Colles' fracture", BodySite.WRIST),
        ("Closed fracture of shaft of radius", BodySite.FOREARM),
        ("Fracture of surgical neck of humerus", BodySite.HUMERUS),
        ("Wedge fracture of lumbar vertebra", BodySite.SPINE),
        ("Collapsed vertebra", BodySite.SPINE),
        ("Fracture of anterior superior iliac spine", BodySite.PELVIS),
        ("Fracture of spine of scapula", BodySite.CLAVICLE),
        ("Fracture of tibial spine", BodySite.LOWER_LEG),
        ("Trimalleolar fracture", BodySite.ANKLE),
        ("Fracture of fifth metatarsal", BodySite.FOOT),
        ("Fracture of phalanx of hand", BodySite.DIGIT),
        ("Fracture of metacarpal of thumb", BodySite.HAND),
        ("Fracture of nasal bones", BodySite.FACE),
        ("Fracture of base of skull", BodySite.SKULL),
        ("Fracture of radius, not otherwise specified", BodySite.FOREARM),
        ("Fracture of skull and neck of femur", BodySite.HIP),
        ("Osteoporosis with current pathological fracture", BodySite.UNSPECIFIED),
        ("Broken wrist", BodySite.WRIST),
    ],
)
def test_words_that_say_fracture_name_the_bone(words: str, site: BodySite):
    found = fracture_in_words(words)
    assert found is not None
    assert found.body_site is site
    assert not found.confirmed


@pytest.mark.parametrize(
    "words",
    [
        "Whiplash injury to neck",
        "History of fracture of hip",
        "No evidence of fracture",
        "Fracture excluded",
        "Osteoporosis without current pathological fracture",
        "At risk of fragility fracture",
        "Non-union of fracture",
        "Fractured tooth",
        "Dislocation of hip",
        "Broken sleep",
        "",
    ],
)
def test_words_of_no_new_fracture_say_nothing(words: str):
    assert fracture_in_words(words) is None


def test_an_osteoporotic_fracture_is_by_low_force_and_a_metastatic_one_is_pathological():
    fragile = fracture_in_words("Osteoporotic fracture of hip")
    assert (fragile.low_trauma, fragile.pathological) == (Answer.YES, Answer.NO)
    tumour = fracture_in_words("Pathological fracture of femur due to metastatic neoplasm")
    assert (tumour.low_trauma, tumour.pathological) == (Answer.UNKNOWN, Answer.YES)
    plain = fracture_in_words("Pathological fracture of femur")
    assert (plain.low_trauma, plain.pathological) == (Answer.UNKNOWN, Answer.UNKNOWN)


def test_the_side_is_taken_from_words_of_its_own():
    assert side_in_words("left hip") is Side.LEFT
    assert side_in_words("Rt wrist") is Side.RIGHT
    assert side_in_words("both hips") is side_in_words("left and right hip") is Side.BOTH
    assert side_in_words("cleft palate, bright") is Side.UNKNOWN


@given(st.text(max_size=60))
def test_no_text_breaks_the_reading_of_words(words: str):
    fracture_in_words(words)
    site_in_words(words)
