"""What a report says of fractures: which bone, which side, how old, how surely."""

import pytest

from openfls.clinical.facts import BodySite, Side
from openfls.feeds.reports import Acuity, Certainty, Subject, read_text, side_in, to_triage

HIP, SPINE, WRIST, PELVIS, HUMERUS = BodySite.HIP, BodySite.SPINE, BodySite.WRIST, BodySite.PELVIS, BodySite.HUMERUS
LEFT, RIGHT, BOTH, NO_SIDE = Side.LEFT, Side.RIGHT, Side.BOTH, Side.UNKNOWN
SAID, DENIED, SUSPECTED = Certainty.DEFINITE, Certainty.NEGATED, Certainty.SUSPECTED

# (sentence, bone, side, certainty) of its only mention
STATED_DENIED_SUSPECTED = [
    ("There is a displaced intracapsular fracture of the left neck of femur.", HIP, LEFT, SAID),
    ("Right #NOF.", HIP, RIGHT, SAID),
    ("# L hip", HIP, LEFT, SAID),
    ("Intertrochanteric fracture of the right femur.", HIP, RIGHT, SAID),
    ("Periprosthetic fracture of the left femoral shaft.", BodySite.FEMUR, LEFT, SAID),
    ("Comminuted fracture of the distal radius on the right.", WRIST, RIGHT, SAID),
    ("Colles' fracture of the left wrist with dorsal angulation.", WRIST, LEFT, SAID),
    ("Fracture of the left ulnar styloid.", WRIST, LEFT, SAID),
    ("Fractured surgical neck of the right humerus.", HUMERUS, RIGHT, SAID),
    ("Fractures of the left superior and inferior pubic rami.", PELVIS, LEFT, SAID),
    ("Fractures of the left and right pubic rami.", PELVIS, BOTH, SAID),
    ("Bilateral sacral insufficiency fractures.", PELVIS, BOTH, SAID),
    ("Wedge compression fracture of T12.", SPINE, NO_SIDE, SAID),
    ("There is loss of vertebral body height at L1 of about 40%.", SPINE, NO_SIDE, SAID),
    ("Superior end plate depression of L3.", SPINE, NO_SIDE, SAID),
    ("Moderate wedging of the T8 vertebra.", SPINE, NO_SIDE, SAID),
    ("Collapse of T11 with retropulsion.", SPINE, NO_SIDE, SAID),
    ("Biconcave compression deformity in the mid thoracic spine.", SPINE, NO_SIDE, SAID),
    ("Undisplaced fractures of the left 6th to 8th ribs.", BodySite.RIB, LEFT, SAID),
    ("Fracture through the base of the 5th metatarsal.", BodySite.FOOT, NO_SIDE, SAID),
    ("Weber B fracture of the right ankle.", BodySite.ANKLE, RIGHT, SAID),
    ("Fracture of the lateral tibial plateau.", BodySite.LOWER_LEG, NO_SIDE, SAID),
    ("Transverse fracture of the left patella.", BodySite.LOWER_LEG, LEFT, SAID),
    ("Fracture of the distal third of the right clavicle.", BodySite.CLAVICLE, RIGHT, SAID),
    ("Fracture of the proximal phalanx of the left index finger.", BodySite.DIGIT, LEFT, SAID),
    ("Fracture of the nasal bones.", BodySite.FACE, NO_SIDE, SAID),
    ("Linear fracture of the skull vault.", BodySite.SKULL, NO_SIDE, SAID),
    ("Fracture seen, bone not named.", BodySite.UNSPECIFIED, NO_SIDE, SAID),
    ("Undisplaced fracture of the radial head without dislocation.", BodySite.FOREARM, NO_SIDE, SAID),
    ("Fracture of the right hip without significant displacement.", HIP, RIGHT, SAID),
    ("No bony injury.", BodySite.UNSPECIFIED, NO_SIDE, DENIED),
    ("NBI", BodySite.UNSPECIFIED, NO_SIDE, DENIED),
    ("No fracture.", BodySite.UNSPECIFIED, NO_SIDE, DENIED),
    ("No fracture or dislocation of the left hip.", HIP, LEFT, DENIED),
    ("No evidence of an acute fracture of the pelvis.", PELVIS, NO_SIDE, DENIED),
    ("There is no evidence of\nfracture.", BodySite.UNSPECIFIED, NO_SIDE, DENIED),
    ("Degenerative change without fracture.", BodySite.UNSPECIFIED, NO_SIDE, DENIED),
    ("No new fracture.", BodySite.UNSPECIFIED, NO_SIDE, DENIED),
    ("Fracture of the scaphoid is not seen.", BodySite.HAND, NO_SIDE, DENIED),
    ("A hip fracture has been excluded.", HIP, NO_SIDE, DENIED),
    ("Negative for wrist fracture.", WRIST, NO_SIDE, DENIED),
    ("Neither fracture nor dislocation of the shoulder.", HUMERUS, NO_SIDE, DENIED),
    ("No effusion, dislocation or fracture.", BodySite.UNSPECIFIED, NO_SIDE, DENIED),
    ("Vertebral heights are maintained with no loss of height.", SPINE, NO_SIDE, DENIED),
    ("Physiological wedging of the thoracic vertebrae.", SPINE, NO_SIDE, DENIED),
    ("Schmorl's nodes with end plate depression at T9.", SPINE, NO_SIDE, DENIED),
    ("?fracture of the left hip", HIP, LEFT, SUSPECTED),
    ("? # neck of femur, right", HIP, RIGHT, SUSPECTED),
    ("Possible undisplaced fracture of the scaphoid.", BodySite.HAND, NO_SIDE, SUSPECTED),
    ("Appearances are suspicious for a fracture of the femoral neck.", HIP, NO_SIDE, SUSPECTED),
    ("An occult hip fracture cannot be excluded.", HIP, NO_SIDE, SUSPECTED),
    ("MRI to exclude occult fracture of the right hip.", HIP, RIGHT, SUSPECTED),
    ("The appearance may represent a fracture of the sacrum.", PELVIS, NO_SIDE, SUSPECTED),
    ("Probable wedge fracture of L2.", SPINE, NO_SIDE, SUSPECTED),
    ("Ten-year risk of hip fracture is 12%.", None, None, None),
    ("Refer to the fracture clinic and the fracture liaison service.", None, None, None),
    ("One of the screws is intact, the other has a screw fracture.", None, None, None),
    ("Image #2 of 4 shows normal alignment.", None, None, None),
]


@pytest.mark.parametrize(("text", "bone", "side", "certainty"), STATED_DENIED_SUSPECTED)
def test_a_sentence_says_which_bone_and_how_surely(text, bone, side, certainty):
    mentions = read_text(text)
    if bone is None:
        assert mentions == ()
    else:
        assert {(m.body_site, m.side, m.certainty) for m in mentions} == {(bone, side, certainty)}


@pytest.mark.parametrize(
    ("text", "acuity", "known"),
    [
        ("Acute wedge fracture of L1.", Acuity.NEW, False),
        ("Recent fracture of the left wrist.", Acuity.NEW, False),
        ("Fracture of L1 with marrow oedema.", Acuity.NEW, False),
        ("The L1 fracture was not present on the CT of 2023.", Acuity.NEW, False),
        ("Displaced fracture of the left wrist.", Acuity.NEW, False),
        ("Old healed fracture of the left wrist.", Acuity.OLD, False),
        ("Long-standing compression deformity of T7.", Acuity.OLD, False),
        ("T7 fracture without marrow oedema.", Acuity.OLD, False),
        ("T7 fracture, probably old.", Acuity.OLD, False),
        ("Previous hip fracture.", Acuity.OLD, False),
        ("Non-union of the scaphoid.", Acuity.OLD, False),
        ("Known T12 fracture.", Acuity.OLD, True),
        ("No change in the T12 fracture.", Acuity.OLD, True),
        ("Previously noted fracture of the right humerus is unchanged.", Acuity.OLD, True),
        ("Fracture of the right hip.", Acuity.INDETERMINATE, False),
        ("T7 fracture of uncertain age.", Acuity.INDETERMINATE, False),
        ("T7 fracture, ?old.", Acuity.INDETERMINATE, False),
        ("Compression fracture of T7 seen on the new CT.", Acuity.INDETERMINATE, False),
        ("Fracture of the hip in an old lady with chronic pain.", Acuity.INDETERMINATE, False),
    ],
)
def test_a_sentence_says_how_old_a_fracture_is_and_whether_it_was_known(text, acuity, known):
    (mention,) = read_text(text)
    assert (mention.acuity, mention.known, mention.certainty) == (acuity, known, SAID)


@pytest.mark.parametrize(
    ("text", "levels"),
    [
        ("Wedge fracture of T12.", "T12"),
        ("Wedge fracture of D12.", "T12"),
        ("Wedge fracture of Th 8.", "T8"),
        ("Wedge fracture of L/1.", "L1"),
        ("Fracture of the twelfth thoracic vertebra.", "T12"),
        ("Fracture of the 1st lumbar vertebra.", "L1"),
        ("Wedge #s T7/8.", "T7 T8"),
        ("Wedge fractures of T4, 5 and 7.", "T4 T5 T7"),
        ("Compression fractures T11 - L1.", "T11 T12 L1"),
        ("Compression fractures from T6 through T9.", "T6 T7 T8 T9"),
        ("Compression fractures of T11, L1, and L3.", "T11 L1 L3"),
        ("At L4 there is an old fracture.", "L4"),
        ("Fracture of the odontoid peg.", "C2"),
        ("Compression fracture of L1 and spondylolisthesis of L4 on L5.", "L1"),
        ("Fracture of L1. Loss of disc height at L4/5.", "L1"),
        ("Fracture of L1 with 3 mm retropulsion, T2 hyperintense.", "L1"),
        ("Multiple vertebral fractures.", ""),
    ],
)
def test_a_vertebral_fracture_has_its_levels(text, levels):
    (mention,) = read_text(text)
    assert (mention.body_site, " ".join(mention.levels)) == (SPINE, levels)


@pytest.mark.parametrize(
    "text",
    [
        "Collapse of the left lower lobe.",
        "The patient collapsed at home.",
        "Cord compression at T6.",
        "Loss of disc height at L4/5.",
        "Loss of height of 4 cm over ten years.",
        "Wedge-shaped opacity in the right upper lobe.",
        "Scoliosis concave to the left.",
        "Femoral head collapse from avascular necrosis.",
        "ST depression.",
        "Vertebral body heights are preserved.",
        "Impending pathological fracture of the femur.",
        "If a scaphoid fracture is suspected, repeat views are advised.",
        "Undisplaced rib fractures may not be visible.",
        "FRAX: major osteoporotic fracture 22%, hip fracture 6%.",
        "Image #3 of 4.",
    ],
)
def test_words_that_only_look_like_a_fracture_are_no_mention(text):
    assert read_text(text) == ()


def test_each_bone_of_a_sentence_is_a_mention_with_its_own_side():
    hip, wrist = read_text("Fractures of the left hip and right wrist.")
    assert [(m.body_site, m.side) for m in (hip, wrist)] == [(HIP, LEFT), (WRIST, RIGHT)]


def test_ages_that_stand_beside_the_levels_are_told_apart():
    old, new = read_text("Compression fractures at T8 (old) and L1 (acute).")
    assert [(m.levels, m.acuity) for m in (old, new)] == [(("T8",), Acuity.OLD), (("L1",), Acuity.NEW)]


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("Her mother had a hip fracture.", Subject.FAMILY),
        ("Family history: hip fracture.", Subject.FAMILY),
        ("Paternal #NOF.", Subject.FAMILY),
        ("Hip fracture, her second.", Subject.PATIENT),
    ],
)
def test_a_fracture_of_the_family_is_not_the_patients(text, subject):
    (mention,) = read_text(text)
    assert (mention.subject, mention.claims) == (subject, subject is Subject.PATIENT)


@pytest.mark.parametrize(
    ("text", "part", "marks"),
    [
        ("Subtrochanteric fracture of the left femur.", "subtrochanteric", ()),
        ("Transverse fracture of the right femoral shaft.", "shaft", ()),
        ("Atypical femoral fracture on the left.", "", ("atypical",)),
        ("Periprosthetic fracture of the left femoral shaft.", "shaft", ("periprosthetic",)),
        ("Supracondylar fracture of the left femur.", "", ()),
    ],
)
def test_a_fracture_of_the_femur_says_which_part_since_it_may_be_atypical(text, part, marks):
    (mention,) = read_text(text)
    assert (mention.body_site, mention.part, mention.marks) == (BodySite.FEMUR, part, marks)


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("Pathological fracture of the humerus.", "pathological"),
        ("Sacral insufficiency fracture.", "insufficiency"),
        ("Stress fracture of the second metatarsal.", "stress"),
        ("Avulsion fracture of the base of the fifth metatarsal.", "avulsion"),
    ],
)
def test_what_kind_of_fracture_it_is_is_marked(text, mark):
    (mention,) = read_text(text)
    assert mark in mention.marks


def test_an_addendum_that_denies_takes_back_what_was_said():
    text = "Report: Wedge fracture of T7.\nAddendum: on review this is a Schmorl's node, not a fracture."
    assert {m.certainty for m in read_text(text)} == {DENIED}


def test_an_addendum_that_adds_a_fracture_leaves_the_denial_before_it():
    text = "No fracture.\nADDENDUM: On review there is a fracture of the left radial head."
    assert [m.certainty for m in read_text(text)] == [DENIED, SAID]


def test_an_addendum_gives_the_right_side_and_level():
    sided = "Fracture of the left hip.\nCorrection: this should read right hip, not left."
    assert read_text(sided)[0].side is RIGHT
    levelled = "Compression fracture of L2.\nAddendum: this should read L1, not L2."
    assert read_text(levelled)[0].levels == ("L1",)


@pytest.mark.parametrize(
    "text",
    [
        "There is a compression\nfracture of T12.",
        "THERE IS A WEDGE COMPRESSION FRACTURE OF THE LOWER VERTEBRA\nT12, AND THE OTHER ONES ARE OF NORMAL SHAPE",
        "There is a fracture of\n  T12.",
        "Fractre of T12.",
        "Compresion fracture of T12.",
        "fx T12",
        "#T12",
    ],
)
def test_wrapped_lines_capitals_and_slips_of_the_pen_are_read(text):
    assert [(m.body_site, m.levels, m.certainty) for m in read_text(text)] == [(SPINE, ("T12",), SAID)]


def test_past_history_in_the_request_is_told_and_no_finding():
    (mention,) = read_text("Clinical details: previous left hip fracture, fall, ?fracture\n\nNormal appearances.")
    assert (mention.asked, mention.acuity, to_triage([mention])) == (True, Acuity.OLD, ())


@pytest.mark.parametrize(
    ("text", "bones"),
    [
        ("No hip fracture but there is a fracture of the left pubic ramus.", [PELVIS]),
        ("No acute fracture. Old healed fracture of the left wrist.", []),
        ("No new fracture apart from the known wedge fracture of L1.", []),
        ("Old wedge fracture of T8.", [SPINE]),
        ("Known T12 fracture, new fracture of L1.", [SPINE]),
        ("Old fracture of the left wrist, acute fracture of the right hip.", [HIP]),
        ("Fracture of the hip. The fracture is displaced.", [HIP]),
        ("Fracture of the distal radius and of the hip: fracture of the hip is displaced.", [WRIST, HIP]),
        ("No change in known T12 fracture.", []),
        ("There is a fracture. It is of the right hip; possible fracture of the sacrum.", [PELVIS]),
        ("Clinical details: fall, ?#NOF\nNo bony injury seen.", []),
        ("Clinical history: fall from standing,\n?fracture left hip\n\nNo fracture identified.", []),
        ("CLINICAL DETAILS: Fall. ?hip fracture. REPORT: Fracture of the right wrist.", [WRIST]),
        ("History: previous hip fracture\nWedge fracture of L1.\nConclusion: wedge fracture.", [SPINE]),
        ("1. No fracture\n2. Degenerative change\n3. Compression fracture of L4", [SPINE]),
    ],
)
def test_what_a_person_is_asked_to_triage(text, bones):
    assert [m.body_site for m in to_triage(read_text(text))] == bones


def test_a_stated_fracture_stands_before_a_suspected_one_of_the_same_bone():
    (chosen,) = to_triage(read_text("Possible fracture of the hip. Conclusion: fractured left hip."))
    assert (chosen.certainty, chosen.side) == (SAID, LEFT)


def test_the_examination_names_bone_and_side_where_the_report_does_not():
    (mention,) = read_text("There is a displaced fracture.", exam="XR Hip Left")
    assert (mention.body_site, mention.side) == (HIP, LEFT)


def test_the_sentence_before_names_the_bone_where_this_one_does_not():
    (mention,) = read_text("Left wrist. There is a displaced fracture.")
    assert mention.body_site is WRIST


def test_a_mention_points_at_its_place_and_quotes_its_sentence():
    text = "Normal alignment.\nFracture of the left hip. Soft tissues normal."
    (mention,) = read_text(text)
    assert text[mention.start : mention.end] == "Fracture of the left hip"
    assert mention.words == "Fracture of the left hip."


@pytest.mark.parametrize(
    ("text", "side"),
    [("left NOF", LEFT), ("R hip", RIGHT), ("L1", NO_SIDE), ("both hips", BOTH), ("left, right", BOTH), ("", NO_SIDE)],
)
def test_a_side_is_named_in_words_or_by_a_letter_before_a_bone(text, side):
    assert side_in(text) is side
