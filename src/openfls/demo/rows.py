"""One row of a list: what the people or systems that keep it write about one patient."""

from datetime import date, timedelta
from random import Random

from openfls.clinical.facts import BodySite, Finder
from openfls.clinical.patients import Sex
from openfls.demo import residences
from openfls.demo.habits import ListHabit, Trust
from openfls.demo.hospitals import trust_of
from openfls.demo.identities import Written, digits_apart, written
from openfls.demo.streams import stream
from openfls.demo.truth import Happening, Stay
from openfls.demo.wording import NO_FRACTURE, SHORT_SIDES, WORDS, cause_code, diagnosis, filled, mechanism

Cells = dict[str, str | date | None]

HIP_TYPES = ("Intracapsular - displaced", "Intracapsular - undisplaced", "Intertrochanteric", "Subtrochanteric")
OUTLYING = "Outlier"


def cells(seed: int, happening: Happening, stay: Stay, habit: ListHabit, day: date, *, flawed: bool = False) -> Cells:
    """Everything that this finder could write about the stay; a layout picks from it. ``flawed``: a slip of the pen
    that a later list puts right (the wrong side, the NHS number forgotten)."""
    chance = stream(seed, happening.number, stay.hospital.code, habit.finder)
    source = stream(seed, happening.person.slot, stay.hospital.code, habit.finder)
    trust = trust_of(stay.hospital)
    who = written(source, happening.person, trust, habit.finder, habit.encoding)
    row = _person(who, happening, trust) | _stay(stay, day, happening) | {"row_id": _row_id(habit, stay)}
    if habit.finder is Finder.FRACTURE_CLINIC and stay.clinic:
        row["attendance_date"] = stay.clinic.date()
    told = _fracture(chance, happening, habit) if happening.bones else _no_fracture(chance, happening)
    row |= told | {"mechanism": mechanism(chance, happening.kind)}
    row |= _coded(chance, happening, stay) if habit.finder is Finder.CODED_DISCHARGE else {}
    return _with_slip(row) if flawed else row


def _person(who: Written, happening: Happening, trust: Trust) -> Cells:
    residence, admitted_from = residences.residence(happening.person.slot, happening.person.care_home)
    return {
        "nhs_number": digits_apart(who.nhs_number),
        "hospital_number": who.hospital_number,
        "family_name": who.family,
        "given_name": who.given,
        "full_name": f"{who.family}, {who.given}",
        "birth_date": who.born,
        "sex": "F" if who.sex is Sex.FEMALE else "M",
        "sex_code": "2" if who.sex is Sex.FEMALE else "1",
        "postcode": happening.person.postcode,
        "practice": happening.person.practice,
        "residence": residence,
        "admission_source": admitted_from,
        "ethnic_category": happening.person.ethnic_category_at(trust).value,
    }


def _stay(stay: Stay, day: date, happening: Happening) -> Cells:
    return {
        "list_date": day,
        "injury_date": happening.day,
        "admission_date": (stay.since or stay.arrived).date(),
        "attendance_date": stay.arrived.date(),
        "surgery_date": stay.surgery.date() if stay.surgery else None,
        "opcs4_date": stay.surgery.date() if stay.surgery else None,
        "discharge_date": stay.left.date() if stay.left else None,
        "discharge_method": "4" if stay.died else "1",
        "admission_method": "11" if happening.kind == "elective hip" else "21",
        "ward": stay.ward or OUTLYING,
        "session": "Elective" if happening.kind == "elective hip" else "Trauma",
        "urgency": "Elective" if happening.kind == "elective hip" else "Urgent",
        "disposal": "Admitted" if stay.inpatient else "Discharged to clinic",
        "plan": "Await theatre" if stay.surgery else "Conservative",
    }


def _fracture(chance: Random, happening: Happening, habit: ListHabit) -> Cells:
    site, side = happening.bones[0]
    words = WORDS[site]
    said = " + ".join(diagnosis(chance, *bone) for bone in happening.bones)
    if happening.pathological:
        said = f"Pathological {said[0].lower()}{said[1:]}, metastatic"
    short = SHORT_SIDES[side][habit.style % 3] if side in SHORT_SIDES else ""
    return {
        "diagnosis": said,
        "side": short,
        "snomed": words.snomed if chance.random() < 0.8 else "",
        "procedure": filled(words.operation, side),
        "opcs4": words.opcs4[0] if words.opcs4 else "",
        "hip_type": chance.choice(HIP_TYPES),
        "pathological": "Malignancy" if happening.pathological else "No",
    }


def _no_fracture(chance: Random, happening: Happening) -> Cells:
    told: Cells
    if happening.kind == "elective hip":
        told = {"diagnosis": "Osteoarthritis hip", "procedure": "Total hip replacement", "opcs4": "W37.1"}
    else:
        told = {"diagnosis": chance.choice(NO_FRACTURE), "procedure": "Washout", "opcs4": "W85.1"}
    return told | {"side": "", "snomed": "", "hip_type": "", "pathological": ""}


def _coded(chance: Random, happening: Happening, stay: Stay) -> Cells:
    """ICD-10 and OPCS-4 of the spell: the fractures, then the cause; an elective hip has neither."""
    if happening.kind == "elective hip":
        codes, operations = ["M16.1"], ["W37.1", "Z84.3"]
    else:
        codes = [coded_as(chance, happening, site) for site in happening.body_sites] or ["S70.0"]
        codes = ["C79.5", f"M90.7{chance.choice('25')}"] if happening.pathological else codes
        codes.append(cause_code(chance, happening.kind))
        operations = list(WORDS[happening.main_site].opcs4) if happening.bones and stay.surgery else []
    row: Cells = {f"icd10_{n}": code for n, code in enumerate(codes, 1)}
    return row | {f"opcs4_{n}": code for n, code in enumerate(operations, 1)}


def coded_as(chance: Random, happening: Happening, site: BodySite) -> str:
    """The ICD-10 code of one bone; nobody codes osteoporosis where the fall was a hard one."""
    codes = WORDS[site].icd10
    return chance.choice(codes if happening.kind == "fragility" else [c for c in codes if c[0] != "M"])


def _row_id(habit: ListHabit, stay: Stay) -> str:
    return f"{habit.mapping[:2].upper()}{stay.visit[3:]}"


def _with_slip(row: Cells) -> Cells:
    turned = {"L": "R", "R": "L", "Left": "Right", "Right": "Left", "Lt": "Rt", "Rt": "Lt"}
    return row | {"nhs_number": "", "side": turned.get(str(row["side"]), "")}


def repeats(habit: ListHabit, stay: Stay, first: date) -> list[date]:
    """The later days on which the same patient stands on this list again: still waiting, still on the ward."""
    if habit.finder is Finder.TRAUMA_LIST:
        until, most = (stay.surgery or stay.arrived).date(), 2
    elif habit.finder is Finder.WARD_ROUND:
        until, most = (stay.left or stay.arrived).date(), 4
    else:
        return []
    days = (first + timedelta(days=n) for n in range(1, 40))
    runs = [day for day in days if day <= until and day.weekday() in habit.rhythm.weekdays]
    return runs[:most]
