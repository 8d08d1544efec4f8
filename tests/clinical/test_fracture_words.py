"""What the words of hospital lists say: phrases as their authors write them, and what the product makes of each."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from openfls.clinical.facts import Answer, BodySite, Side
from openfls.clinical.fracture_words import Verdict, fracture_in_words, low_trauma_in_words, side_in_words
from openfls.clinical.word_items import PHRASES, TABLE

HIP, FEMUR, SPINE, PELVIS, WRIST = BodySite.HIP, BodySite.FEMUR, BodySite.SPINE, BodySite.PELVIS, BodySite.WRIST
HUMERUS, FOREARM, RIB, CLAVICLE = BodySite.HUMERUS, BodySite.FOREARM, BodySite.RIB, BodySite.CLAVICLE
LOWER_LEG, ANKLE, FOOT, HAND = BodySite.LOWER_LEG, BodySite.ANKLE, BodySite.FOOT, BodySite.HAND
SKULL, FACE, DIGIT, NOT_GIVEN = BodySite.SKULL, BodySite.FACE, BodySite.DIGIT, BodySite.UNSPECIFIED
L, R, BOTH, NO_SIDE = Side.LEFT, Side.RIGHT, Side.BOTH, Side.UNKNOWN

FRACTURES = [
    ("# NOF L", HIP, L),
    ("R NOF", HIP, R),
    ("#nof (L)", HIP, L),
    ("Fractured neck of right femur", HIP, R),
    ("# neck of L femur", HIP, L),
    ("IT # R", HIP, R),
    ("L extracapsular NOF #", HIP, L),
    ("Intertrochanteric - grade A1/A2", HIP, NO_SIDE),
    ("Subtrochanteric", HIP, NO_SIDE),
    ("Intracapsular - displaced", HIP, NO_SIDE),
    ("Garden IV R hip", HIP, R),
    ("#'d L hip", HIP, L),
    ("left hip fratcure", HIP, L),
    ("L. hip #", HIP, L),
    ("For DHS R #NOF", HIP, R),
    ("DHS L", HIP, L),
    ("87yo lady, mechanical fall, # NOF R", HIP, R),
    ("87 year old # NOF", HIP, NO_SIDE),
    ("# NOF, no other #", HIP, NO_SIDE),
    ("not for surgery # NOF", HIP, NO_SIDE),
    ("no pain # NOF L", HIP, L),
    ("? cause of fall, # hip L", HIP, L),
    ("T2DM, # NOF L", HIP, L),
    ("# NOF, previous # wrist", HIP, NO_SIDE),
    ("# NOF negative trop", HIP, NO_SIDE),
    ("L hip. Fracture.", HIP, L),
    ("# L femoral shaft", FEMUR, L),
    ("periprosthetic # L distal femur", FEMUR, L),
    ("Vancouver B2 L", FEMUR, L),
    ("Colles #", WRIST, NO_SIDE),
    ("Colles' fracture left", WRIST, L),
    ("DRF R", WRIST, R),
    ("L distal radius and ulna #", WRIST, L),
    ("# R wrist", WRIST, R),
    ("Colles # radius L", WRIST, L),
    ("Smith's fracture", WRIST, NO_SIDE),
    ("# L olecranon", FOREARM, L),
    ("radial head # R", FOREARM, R),
    ("L1 wedge #", SPINE, NO_SIDE),
    ("T12 compression fracture", SPINE, NO_SIDE),
    ("VCF L1, L2", SPINE, NO_SIDE),
    ("osteoporotic wedge # T8", SPINE, NO_SIDE),
    ("odontoid peg fracture", SPINE, NO_SIDE),
    ("Bilateral pubic rami #", PELVIS, BOTH),
    ("No # hip, # pubic ramus", PELVIS, NO_SIDE),
    ("sacral insufficiency #", PELVIS, NO_SIDE),
    ("L 3 part prox humerus #", HUMERUS, L),
    ("# surgical neck R humerus", HUMERUS, R),
    ("#NOH L", HUMERUS, L),
    ("multiple rib #s R", RIB, R),
    ("# clavicle L", CLAVICLE, L),
    ("tib/fib # L", LOWER_LEG, L),
    ("tibial plateau # R", LOWER_LEG, R),
    ("Weber B ankle L", ANKLE, L),
    ("trimall # R", ANKLE, R),
    ("ORIF R ankle", ANKLE, R),
    ("# base 5th MT L", FOOT, L),
    ("# calcaneum R", FOOT, R),
    ("# 5th metacarpal", HAND, NO_SIDE),
    ("subcapital # 5th MC", HAND, NO_SIDE),
    ("# R little finger", DIGIT, R),
    ("nasal bone #", FACE, NO_SIDE),
    ("base of skull fracture", SKULL, NO_SIDE),
    ("shoulder #", NOT_GIVEN, NO_SIDE),
    ("periprosthetic # around L THR", NOT_GIVEN, L),
    ("fracture", NOT_GIVEN, NO_SIDE),
]

SUSPECTED = [
    ("? # NOF", HIP, Verdict.SUSPECTED),
    ("?NOF R", HIP, Verdict.SUSPECTED),
    ("hip # ?", HIP, Verdict.SUSPECTED),
    ("C/O hip pain ?#", HIP, Verdict.SUSPECTED),
    ("possible L hip fracture", HIP, Verdict.SUSPECTED),
    ("no # seen, ?scaphoid", HAND, Verdict.SUSPECTED),
    ("CT to exclude # pelvis", PELVIS, Verdict.SUSPECTED),
    ("wrist # cannot be excluded", WRIST, Verdict.SUSPECTED),
    ("# NOF not seen by ortho yet", HIP, Verdict.SUSPECTED),
    ("PMH nil # NOF", HIP, Verdict.SUSPECTED),
    ("old # L wrist 1998", WRIST, Verdict.OLD),
    ("H/O # NOF", HIP, Verdict.OLD),
    ("L hip hemi", HIP, Verdict.OPERATION),
    ("MUA R wrist", WRIST, Verdict.OPERATION),
    ("prox humerus", HUMERUS, Verdict.UNCLEAR),
    ("hip pain, unable to weight bear", HIP, Verdict.UNCLEAR),
    ("no # ankle, painful wrist", WRIST, Verdict.UNCLEAR),
    ("No # on CXR. L hip pain", HIP, Verdict.UNCLEAR),
    ("Ankle sprain, wrist pain", WRIST, Verdict.UNCLEAR),
    ("UTI, fall", NOT_GIVEN, Verdict.UNCLEAR),
    ("Fall. No head injury", NOT_GIVEN, Verdict.UNCLEAR),
    ("wrist and shoulder and hip pain", NOT_GIVEN, Verdict.UNCLEAR),
    ("THR L", NOT_GIVEN, Verdict.REPLACEMENT),
    ("see notes", NOT_GIVEN, Verdict.SILENT),
    ("", NOT_GIVEN, Verdict.SILENT),
]

NO_FRACTURE = [
    "soft tissue injury", "STI R wrist", "No fracture", "no # seen", "No evidence of fracture", "no acute bony #",
    "NBI", "XR NAD", "L hip pain, no # seen", "R wrist # excluded on XR", "hip # ruled out",
    "no L hip or pelvic fracture", "Fall, no injury", "ankle sprain", "dislocated THR", "minor head injury",
    "laceration scalp", "hip OA for THR", "chest pain", "UTI", "carpal tunnel decompression",
]  # fmt: skip


@pytest.mark.parametrize(("words", "site", "side"), FRACTURES, ids=[words for words, *_ in FRACTURES])
def test_words_that_name_a_fracture_say_which_bone_and_side(words, site, side):
    meaning = fracture_in_words(words)
    assert (meaning.is_fracture, meaning.body_site, meaning.side) == (Answer.YES, site, side)


@pytest.mark.parametrize(("words", "site", "verdict"), SUSPECTED, ids=[words or "nothing" for words, *_ in SUSPECTED])
def test_words_that_leave_doubt_are_unknown_for_a_person_to_triage(words, site, verdict):
    meaning = fracture_in_words(words)
    assert (meaning.is_fracture, meaning.body_site, meaning.verdict) == (Answer.UNKNOWN, site, verdict)


@pytest.mark.parametrize("words", NO_FRACTURE)
def test_words_that_deny_a_fracture_or_name_another_condition_say_no(words):
    assert fracture_in_words(words).is_fracture is Answer.NO


@pytest.mark.parametrize(
    ("words", "bones"),
    [
        ("# L NOF and R distal radius", [(HIP, L), (WRIST, R)]),
        ("NOF L and wrist R", [(HIP, L), (WRIST, R)]),
        ("# R NOF + # R wrist", [(HIP, R), (WRIST, R)]),
        ("nasal bone # and # NOF", [(HIP, NO_SIDE), (FACE, NO_SIDE)]),
        ("# L and R NOF", [(HIP, BOTH)]),
        ("# NOF L; # wrist", [(HIP, L), (WRIST, NO_SIDE)]),
        ("# NOF, # wrist (left)", [(HIP, L), (WRIST, L)]),
    ],
)
def test_each_bone_is_named_with_its_side_and_those_never_counted_come_last(words, bones):
    assert [(bone.body_site, bone.side) for bone in fracture_in_words(words).bones] == bones


@pytest.mark.parametrize(
    ("words", "pathological"),
    [
        ("pathological # NOF, mets", Answer.YES),
        ("pathological # NOF", Answer.UNKNOWN),
        ("# NOF ?pathological, lung ca with mets", Answer.UNKNOWN),
        ("# NOF, known brain mets", Answer.UNKNOWN),
        ("osteoporotic # T8", Answer.NO),
        ("# NOF L", Answer.UNKNOWN),
    ],
)
def test_a_tumour_must_be_tied_to_the_fracture_before_it_is_pathological(words, pathological):
    assert fracture_in_words(words).is_fracture is Answer.YES
    assert fracture_in_words(words).pathological is pathological


def test_a_fracture_at_a_prosthesis_is_said_to_be_one():
    assert fracture_in_words("PPF R femur").periprosthetic is Answer.YES
    assert fracture_in_words("# R femur").periprosthetic is Answer.UNKNOWN


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("Fall from standing height", "yes"), ("tripped over rug and fell", "yes"), ("mechanical fall at home", "yes"),
        ("fall from height of bed", "yes"), ("no trauma, turning in bed", "yes"), ("slipped on ice", "yes"),
        ("RTC", "no"), ("fell off ladder, tripped", "no"), ("Fall from height", "no"), ("motorbike vs car", "no"),
        ("fall", "unknown"), ("", "unknown"), ("fell down stairs", "unknown"), ("tripped down stairs", "unknown"),
        ("assault", "unknown"), ("Unknown", "unknown"),
    ],
)  # fmt: skip
def test_a_mechanism_is_low_trauma_only_where_words_tell_a_standing_height_or_less(words, answer):
    decision = low_trauma_in_words(words)
    assert decision.outcome == answer
    assert decision.because


@pytest.mark.parametrize(("words", "side"), [("Lt", L), ("RIGHT", R), ("b/l", BOTH), ("L+R", BOTH), ("-", NO_SIDE)])
def test_a_side_is_read_from_its_abbreviations(words, side):
    assert side_in_words(words) is side


@given(st.text(max_size=300))
@settings(deadline=None)
@example("?" * 300)
@example("# no # ? old excluded" * 20)
def test_any_words_at_all_get_an_answer(words):
    assert fracture_in_words(words).bones
    assert low_trauma_in_words(words).because


@given(st.lists(st.sampled_from(sorted(PHRASES)), max_size=8))
@settings(deadline=None)
def test_a_clause_of_a_plain_fracture_is_never_outvoted_by_what_stands_beside_it(phrases):
    assert fracture_in_words("# NOF L; " + " ".join(phrases)).is_fracture is Answer.YES


def test_the_table_names_its_source_its_author_and_that_nobody_checked_it_yet():
    assert TABLE["source"]
    assert TABLE["authored_by"]
    assert "checked_by" in TABLE


def test_every_group_of_the_table_is_a_body_site_or_a_side():
    for name in ("sites", "named_fractures", "operations_on_fractures", "operations_often_for_fractures"):
        assert {BodySite(value) for value in TABLE[name]}
    assert {Side(value) for value in TABLE["sides"]} == {L, R, BOTH}
    of_no_word = {NOT_GIVEN, BodySite.OTHER}
    assert {BodySite(value) for value in TABLE["sites"]} == set(BodySite) - of_no_word
