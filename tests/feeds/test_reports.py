"""What a report says of fractures: which bone, which side, how old, how surely."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openfls.clinical.facts import Answer, BodySite, Side
from openfls.feeds.reports import Acuity, read_text, side_in, to_triage

HIP, SPINE, WRIST, PELVIS, HUMERUS = BodySite.HIP, BodySite.SPINE, BodySite.WRIST, BodySite.PELVIS, BodySite.HUMERUS
LEFT, RIGHT, BOTH, NO_SIDE = Side.LEFT, Side.RIGHT, Side.BOTH, Side.UNKNOWN
SAID, DENIED, SUSPECTED = Answer.YES, Answer.NO, Answer.UNKNOWN

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
    ("No bony injury.", None, None, None),
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
    ("Family history of hip fracture.", None, None, None),
    ("Mother had a hip fracture aged 80.", None, None, None),
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
    ("text", "acuity"),
    [
        ("Acute wedge fracture of L1.", Acuity.NEW),
        ("Recent fracture of the left wrist.", Acuity.NEW),
        ("Old healed fracture of the left wrist.", Acuity.OLD),
        ("Long-standing compression deformity of T7.", Acuity.OLD),
        ("Known T12 fracture.", Acuity.KNOWN),
        ("No change in the T12 fracture.", Acuity.KNOWN),
        ("Previously noted fracture of the right humerus is unchanged.", Acuity.KNOWN),
        ("Fracture of the right hip.", Acuity.NOT_SAID),
    ],
)
def test_a_sentence_says_how_old_a_fracture_is(text, acuity):
    (mention,) = read_text(text)
    assert (mention.acuity, mention.certainty) == (acuity, SAID)


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
    assert text[mention.start : mention.end] == "Fracture"
    assert mention.words == "Fracture of the left hip."


@pytest.mark.parametrize(
    ("text", "side"),
    [("left NOF", LEFT), ("R hip", RIGHT), ("L1", NO_SIDE), ("both hips", BOTH), ("left, right", BOTH), ("", NO_SIDE)],
)
def test_a_side_is_named_in_words_or_by_a_letter_before_a_bone(text, side):
    assert side_in(text) is side


@pytest.mark.parametrize(
    "piece",
    ["fracture ", "mother ", "mild ", "\n", "\n ", " ", "no ", "#", "loss of ", "a", "history:\n", "? ", "hip,", "XR "],
)
def test_no_text_takes_long_whatever_it_repeats(piece):
    start = time.perf_counter()
    read_text(piece * (120_000 // len(piece)))
    assert time.perf_counter() - start < 5  # a runaway pattern takes minutes


@given(st.text(), st.text(alphabet="no fracture hip?#\n.:T12 old", max_size=200))
def test_any_text_gives_mentions_inside_it(wild, likely):
    for text in (wild, likely):
        for mention in read_text(text):
            assert 0 <= mention.start < mention.end <= len(text)
