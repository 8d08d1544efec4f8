"""What each hospital of the region says of itself: its service profile, read off its habits so that the two agree, and
how its team judges its own work.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from openfls.clinical.facts import Finder
from openfls.clinical.profile.questions import NONE
from openfls.clinical.profile.self_assessment import STATEMENTS, Construct
from openfls.demo.habits import Begins, Hospital, ListHabit, Monitors

HIPS_A_POST = 400  # hip fractures a year for which these services keep one nurse
WEEK = 7  # days
POPULATION_A_HIP = 700  # people for each hip fracture a year
DOES_MUCH = 0.2  # a share from which on the hospital runs the exercise class itself
LITTLE_KEPT = 0.7  # who assesses fewer keeps little written down about itself
TEAM = ("coordinator", "nurse", "doctor", "manager", "physiotherapist", "ward sister", "pharmacist")


def profile_of(hospital: Hospital) -> dict[str, dict[str, Any]]:
    """The answers of each section, by its slug. What nobody there would have at hand is left out."""
    told = {
        "service": _service(hospital),
        "staffing": _staffing(hospital),
        "case-finding": _finding(hospital),
        "assessment": _assessing(hospital),
        "treatment": _treating(hospital),
        "monitoring": _monitoring(hospital),
        "coordination": _coordinating(hospital),
    }
    return told if hospital.care.assessed < LITTLE_KEPT else {**told, "governance": _governance(hospital)}


def _service(hospital: Hospital) -> dict[str, Any]:
    days = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"]
    return {
        "delivered-from": "acute hospital",
        "population": hospital.hips * POPULATION_A_HIP,
        "days": days if hospital.assessor == "nurse" else days[1:4],
        "clinics": 2 if hospital.begins is Begins.OUTPATIENTS or hospital.clinic else 1,
        "clinic-kinds": ["nurse's clinic"] if hospital.assessor == "nurse" else ["doctor's clinic"],
    }


def _staffing(hospital: Hospital) -> dict[str, Any]:
    """Posts by the number of patients; where a doctor assesses, sessions in their place."""
    if hospital.assessor != "nurse":
        return {"consultant-sessions": 3, "wte-nurse-6": 0, "wte-nurse-7": 0, "wte-administrator-3": 0.4}
    posts = round(hospital.hips / HIPS_A_POST, 1)
    told: dict[str, Any] = {"consultant-sessions": 1, "wte-nurse-7": 1.0, "wte-nurse-6": posts}
    told["wte-administrator-4"] = 0.8 if hospital.care.told_gp > hospital.care.followed_16 else 0.5
    return told | ({"posts-complete": "yes"} if hospital.care.assessed >= LITTLE_KEPT else {})


def _finding(hospital: Hospital) -> dict[str, Any]:
    finders = {habit.finder for habit in hospital.lists}
    rounds = {"orthogeriatrician"} if Finder.WARD_ROUND in finders else set()
    reads = {Finder.RADIOLOGY_REPORT} if hospital.reports else set()
    messages = ({Finder.ADMISSION} if hospital.adt_reason else set()) | reads
    messages |= {Finder.CODED_RECORD} if hospital.bundles else set()
    return {
        "who-finds": sorted({"coordinator", hospital.assessor} | rounds),
        "covers-hips": "yes",
        "finds-hips": _by(hospital, "hip", messages),
        "finds-inpatients": _by(hospital, "other_inpatient", messages),
        "finds-outpatients": _by(hospital, "outpatient", reads),
        "finds-vertebral": sorted(reads | ({Finder.CODED_DISCHARGE} & finders)) or [NONE],
    }


def _by(hospital: Hospital, patients: str, messages: set[Finder]) -> list[str]:
    def sees(habit: ListHabit) -> bool:
        return bool(getattr(habit, patients))

    return sorted({habit.finder for habit in hospital.lists if sees(habit)} | messages) or [NONE]


def _assessing(hospital: Hospital) -> dict[str, Any]:
    return {
        "who-assesses": [hospital.assessor],
        "dxa-where": "on site" if hospital.dxa_on_site else "off site",
        "dxa-wait": round(hospital.care.dxa_days / WEEK),
        "assessment-guideline": "national",
        "falls-assessment": "done by the service" if hospital.assessor == "nurse" else "both",
        "falls-services": ["falls clinic"] if hospital.dxa_on_site else ["community falls team"],
    }


def _treating(hospital: Hospital) -> dict[str, Any]:
    prescribers = {
        Begins.IN_HOSPITAL: "ward doctor",
        Begins.OUTPATIENTS: "clinic doctor",
        Begins.GP: "general practice, asked by letter",
    }
    injects = ["denosumab injections"] if hospital.injections else []
    injects += ["zoledronate infusions"] if hospital.injections or hospital.day_unit else []
    own_class = hospital.care.strength_and_balance >= DOES_MUCH
    return {
        "treatment-begins": hospital.begins.value,
        "first-prescription": [prescribers[hospital.begins]],
        "interventions": ["tablets", *injects, "calcium and vitamin D", "advice on lifestyle"],
        "exercise-programme": "run by the hospital" if own_class else "run in the community",
    }


def _monitoring(hospital: Hospital) -> dict[str, Any]:
    by_hospital = hospital.monitors is Monitors.SECONDARY_CARE
    return {
        "who-monitors": hospital.monitors.value,
        "monitored-when": ["at 12 to 16 weeks", "at 48 to 56 weeks"],
        "monitored-how": ["telephone"] if by_hospital else ["general practice record"],
    }


def _coordinating(hospital: Hospital) -> dict[str, Any]:
    nurse_led = hospital.assessor == "nurse"
    return {
        "coordinator": "yes, a post of its own" if nurse_led else "yes, beside another job",
        "coordinator-cover": "covered in part" if nurse_led else "not covered",
        "formal-communication": ["letter to general practice", "discharge summary"],
        "informal-communication": ["talk on the ward", "telephone"],
        "letter-tells": ["fracture", "medicine", "who monitors"] if nurse_led else ["fracture", "medicine"],
        "database": "local database of the service",
    }


def _governance(hospital: Hospital) -> dict[str, Any]:
    meetings = "quarterly" if hospital.monitors is Monitors.SECONDARY_CARE else "once a year"
    return {"governance-meetings": meetings, "survey": "no"}


@dataclass(frozen=True, slots=True)
class Said:
    """What one person of the team answered. ``by`` is nobody's account."""

    by: str
    ratings: dict[str, int]
    comments: dict[str, str]


def self_assessments_of(hospital: Hospital, seed: int, year: int) -> Iterator[Said]:
    """So many of the team answered; they agree the more, the more of the work is done there."""
    chance = random.Random(f"{seed} self-assessment {hospital.code} {year}")
    people = chance.randint(3, len(TEAM))
    for role in TEAM[:people]:
        ratings = {one.name: _rating(hospital, one.name, chance) for one in STATEMENTS if chance.random() > 0.05}
        comments = {Construct.CAPACITY.value: "We hear too late what general practice did."} if role == "nurse" else {}
        yield Said(f"{hospital.code.lower()}-{role.replace(' ', '-')}", ratings, comments)


def _rating(hospital: Hospital, statement: str, chance: random.Random) -> int:
    care = hospital.care
    leaning = {"general-practice-reached": care.told_gp - 0.3, "general-practice-answers": care.gp_answers}
    return min(5, max(1, round(1 + 4 * leaning.get(statement, care.assessed) + chance.gauss(0, 0.8))))
