"""How clinicians, coders and radiologists word a fracture, by bone: the vocabulary of the made-up senders."""

from dataclasses import dataclass
from random import Random

from openfls.clinical.facts import BodySite, Side


@dataclass(frozen=True, slots=True)
class Words:
    """``lists``: as a list's diagnosis reads (``{side}`` stands for left, right or nothing). ``report``: a
    radiologist's finding. ``icd10``, ``snomed`` (empty where we know no id for sure), operation with its
    OPCS-4 codes, the exam."""

    lists: tuple[str, ...]
    report: tuple[str, ...]
    icd10: tuple[str, ...]
    exam: str
    snomed: str = ""
    operation: str = ""
    opcs4: tuple[str, ...] = ()


WORDS = {
    BodySite.HIP: Words(
        ("{side} NOF fracture", "# {side} neck of femur", "{side} intertrochanteric femoral fracture", "#NOF {side}",
         "{side} intracapsular neck of femur #", "Hip fracture {side}"),
        ("There is a displaced intracapsular fracture of the {side} neck of femur.",
         "Comminuted {side} intertrochanteric fracture with varus angulation.",
         "Impacted subcapital fracture of the {side} femoral neck."),
        ("S72.0", "S72.0", "S72.1", "S72.1", "S72.2"), "XR Pelvis and {side} hip", "5913000",
        "Hemiarthroplasty {side} hip", ("W46.1", "Z76.1"),
    ),
    BodySite.FEMUR: Words(
        ("{side} femoral shaft fracture", "Distal femur # {side}", "{side} periprosthetic fracture of femur"),
        ("Spiral fracture of the shaft of the {side} femur.", "Comminuted fracture of the {side} distal femur."),
        ("S72.3", "S72.4"), "XR {side} femur", "", "Intramedullary nailing {side} femur", ("W20.1", "Z76.3"),
    ),
    BodySite.WRIST: Words(
        ("{side} distal radius fracture", "Colles fracture {side}", "# {side} wrist", "{side} Colles #",
         "Fracture distal radius {side}"),
        ("Dorsally angulated fracture of the {side} distal radius.",
         "Fracture of the {side} distal radius with an associated ulnar styloid fracture."),
        ("S52.5", "S52.5", "S52.6"), "XR {side} wrist", "263102004", "ORIF {side} distal radius", ("W20.1", "Z71.1"),
    ),
    BodySite.FOREARM: Words(
        ("{side} radial head fracture", "{side} olecranon fracture", "Fracture shaft of ulna {side}"),
        ("Undisplaced fracture of the {side} radial head with joint effusion.", "{side} olecranon fracture."),
        ("S52.1", "S52.0", "S52.2"), "XR {side} elbow", "65966004", "Tension band wiring {side} olecranon",
        ("W20.5", "Z72.1"),
    ),
    BodySite.HUMERUS: Words(
        ("{side} proximal humerus fracture", "# {side} neck of humerus", "{side} surgical neck of humerus #",
         "Proximal humeral fracture {side}"),
        ("Fracture of the surgical neck of the {side} humerus.",
         "Comminuted fracture of the {side} proximal humerus involving the greater tuberosity."),
        ("S42.2", "S42.2", "S42.3"), "XR {side} shoulder", "", "ORIF {side} proximal humerus", ("W20.1", "Z69.1"),
    ),
    BodySite.ANKLE: Words(
        ("{side} ankle fracture", "Weber B # {side} ankle", "{side} bimalleolar fracture",
         "Fracture {side} lateral malleolus"),
        ("Oblique fracture of the {side} lateral malleolus at the level of the syndesmosis.",
         "{side} bimalleolar ankle fracture with talar shift."),
        ("S82.6", "S82.8", "S82.8"), "XR {side} ankle", "16114001", "ORIF {side} ankle", ("W20.1", "Z78.1"),
    ),
    BodySite.SPINE: Words(
        ("L1 wedge fracture", "Vertebral fracture T12", "Osteoporotic vertebral fracture L2",
         "T11 compression fracture"),
        ("Wedge compression fracture of L1 with 40% loss of height.",
         "Moderate compression fracture of the T12 vertebral body.",
         "New osteoporotic vertebral collapse of T8."),
        ("S22.0", "S32.0", "S32.0", "M80.9"), "XR Thoracolumbar spine",
    ),
    BodySite.PELVIS: Words(
        ("Pubic rami fracture", "Fracture superior and inferior pubic rami", "Pelvic fracture",
         "Sacral insufficiency fracture"),
        ("Minimally displaced fractures of the superior and inferior pubic rami.", "Fracture of the sacral ala."),
        ("S32.5", "S32.5", "S32.1", "S32.8"), "XR Pelvis", "", "Fixation of acetabulum", ("W19.2", "Z75.6"),
    ),
    BodySite.RIB: Words(
        ("Fractured ribs", "Multiple rib fractures", "Rib fracture {side} 7th"),
        ("Fractures of the {side} 7th and 8th ribs. No pneumothorax.", "{side} lateral rib fractures."),
        ("S22.3", "S22.4"), "XR Chest", "33737001",
    ),
    BodySite.CLAVICLE: Words(
        ("{side} clavicle fracture", "# {side} clavicle"), ("Midshaft fracture of the {side} clavicle.",),
        ("S42.0",), "XR {side} clavicle", "58150001", "Plating {side} clavicle", ("W20.1", "Z68.1"),
    ),
    BodySite.LOWER_LEG: Words(
        ("{side} tibial plateau fracture", "Fracture {side} tibia and fibula", "{side} patella fracture"),
        ("{side} lateral tibial plateau fracture with lipohaemarthrosis.",
         "Transverse fracture of the {side} patella."),
        ("S82.1", "S82.2", "S82.0"), "XR {side} knee", "", "ORIF {side} tibial plateau", ("W20.1", "Z77.4"),
    ),
    BodySite.FOOT: Words(
        ("{side} 5th metatarsal fracture", "# base of 5th metatarsal {side}"),
        ("Transverse fracture of the base of the {side} fifth metatarsal.",), ("S92.3",), "XR {side} foot",
    ),
    BodySite.HAND: Words(
        ("{side} 5th metacarpal fracture", "{side} scaphoid fracture"),
        ("Fracture of the neck of the {side} fifth metacarpal.", "Fracture of the waist of the {side} scaphoid."),
        ("S62.3", "S62.0"), "XR {side} hand",
    ),
    BodySite.DIGIT: Words(
        ("{side} little finger proximal phalanx fracture", "Fracture {side} great toe",
         "{side} thumb distal phalanx #"),
        ("Fracture of the proximal phalanx of the {side} little finger.",
         "Fracture of the {side} great toe distal phalanx."),
        ("S62.6", "S92.4", "S62.5"), "XR {side} fingers", "", "K-wire {side} finger", ("W24.2", "Z73.2"),
    ),
    BodySite.FACE: Words(
        ("Nasal bone fracture", "Zygoma fracture", "Mandible fracture"), ("Fracture of the zygomatic arch.",),
        ("S02.2", "S02.4", "S02.6"), "XR Facial bones", "", "ORIF mandible", ("V15.3",),
    ),
    BodySite.SKULL: Words(
        ("Skull fracture", "Fracture of occipital bone"), ("Linear fracture of the occipital bone.",),
        ("S02.0", "S02.1"), "CT Head",
    ),
}  # fmt: skip

FALLS = (
    "Fall from standing height", "Tripped over rug", "Mechanical fall at home", "Slipped on wet floor",
    "Fell from chair",
    "Tripped on pavement", "Fall getting out of bed",
)  # fmt: skip
VAGUE = ("Fall", "Unwitnessed fall", "Found on floor", "")
HIGH_ENERGY = (
    "RTC, car driver", "Fall from ladder approx 3 m", "Cyclist hit by car", "Motorbike accident", "Fell from horse",
    "Fall from roof",
)  # fmt: skip
NO_FRACTURE = (
    "Sprain of ankle", "Contusion of hip", "Soft tissue injury wrist", "Head injury, no fracture", "Whiplash injury",
    "Shoulder pain", "Fall, no bony injury", "Laceration of scalp", "Back pain, no fracture seen",
)  # fmt: skip
NO_FRACTURE_REPORTS = (
    "No fracture or dislocation is seen. Degenerative change only.",
    "No acute bony injury. Old healed fracture of the distal radius noted.",
    "There is no evidence of a fracture of the neck of femur. Moderate osteoarthritis of the hip.",
    "Vertebral body heights are preserved. No compression fracture.",
    "No rib fracture identified. Lungs clear.",
    "Alignment is normal. No fracture. Soft tissue swelling over the lateral malleolus.",
    "Previous dynamic hip screw in situ, no periprosthetic fracture.",
)
INCIDENTAL_REPORTS = (
    "No pulmonary embolus. Incidental note is made of a moderate wedge compression fracture of T12.",
    "No intra-abdominal finding. There is a superior endplate compression fracture of L1 with 30% loss of height.",
    "Emphysematous change. Vertebral compression fractures of T7 and T8, not described previously.",
)
SHORT_SIDES = {Side.LEFT: ("L", "Left", "Lt"), Side.RIGHT: ("R", "Right", "Rt")}
CAUSES_LOW, CAUSES_VAGUE, CAUSES_HIGH = ("W01.0", "W18.0", "W06.0"), ("W19.0", "X59.0"), ("V43.5", "W11.0", "W13.0")


def diagnosis(chance: Random, site: BodySite, side: Side) -> str:
    """What a list says: ``Left NOF fracture``."""
    return filled(chance.choice(WORDS[site].lists), side)


def filled(text: str, side: Side) -> str:
    """The text with its side in words, or without one."""
    named = side.value if side in (Side.LEFT, Side.RIGHT) else ""
    return " ".join(text.replace("{side}", named).split())


def mechanism(chance: Random, kind: str) -> str:
    """How it happened as a list words it: often vague, sometimes nothing."""
    if kind == "high energy":
        return chance.choice(HIGH_ENERGY)
    if kind == "tumour":
        return "Spontaneous, known metastatic disease"
    return chance.choice(FALLS) if chance.random() < 0.55 else chance.choice(VAGUE)


def cause_code(chance: Random, kind: str) -> str:
    """The external cause in ICD-10."""
    if kind == "high energy":
        return chance.choice(CAUSES_HIGH)
    return chance.choice(CAUSES_LOW if chance.random() < 0.7 else CAUSES_VAGUE)
