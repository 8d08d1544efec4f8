"""How many fractures, of which bones, in whom, and who dies: named figures. README.md says which have a source."""

import math
from dataclasses import dataclass
from datetime import date

from openfls.clinical.facts import BodySite

HIP_SHARE = 0.21  # of index fractures that reach a hospital: "caseload is 5 x hips" less those that never come
OUT_OF_AREA = 0.04
TRANSFERRED = 0.03  # of inpatients
CARE_HOME = {BodySite.HIP: 0.20}
CARE_HOME_OTHERWISE = 0.05
SECOND_BONE = 0.04  # hip with wrist or humerus, wrist with humerus: the same fall
REFRACTURE_IN_A_YEAR = 0.05
TWINS = 0.004
NAMESAKES = 0.004
OFF_PATHWAY = 0.08  # in an outlying bed, at a weekend, confused: every list sees such a patient less well
OFF_PATHWAY_FACTOR = 0.6
SEASONAL_SWING = 0.10  # January over the year's mean; twice that for wrist and ankle (ice)

# Beside one fragility fracture that counts, how many of what does not count (or is no fracture) come by.
BESIDE = {
    "under 50": 0.28,
    "high energy": 0.06,
    "skull, face or digit": 0.12,
    "tumour": 0.006,
    "elective hip": 0.06,
    "no fracture": 0.16,
    "admitted in error": 0.002,
}


@dataclass(frozen=True, slots=True)
class SiteFigures:
    """One body site among fragility fractures. ``weight`` is relative; age and sd in years; shares 0 to 1."""

    weight: float
    age: float
    sd: float
    women: float
    inpatient: float
    operated: float = 0.0
    stay_days: float = 6.0
    dead_30_days: float = 0.008
    dead_1_year: float = 0.06


SITES = {
    BodySite.HIP: SiteFigures(0.21, 83, 8.5, 0.71, 1.0, 0.96, 14, 0.09, 0.32),
    BodySite.WRIST: SiteFigures(0.205, 69, 10, 0.82, 0.10, 0.80, 2),
    BodySite.FOREARM: SiteFigures(0.04, 70, 11, 0.72, 0.20, 0.80, 3),
    BodySite.HUMERUS: SiteFigures(0.12, 74, 11, 0.75, 0.24, 0.45, 7, 0.02, 0.11),
    BodySite.ANKLE: SiteFigures(0.10, 66, 9, 0.68, 0.38, 0.85, 6),
    BodySite.SPINE: SiteFigures(0.085, 78, 10, 0.66, 0.45, 0.0, 9, 0.03, 0.20),
    BodySite.PELVIS: SiteFigures(0.05, 82, 9, 0.78, 0.80, 0.02, 12, 0.05, 0.25),
    BodySite.RIB: SiteFigures(0.045, 73, 11, 0.52, 0.30, 0.0, 5, 0.02, 0.10),
    BodySite.FOOT: SiteFigures(0.04, 64, 9, 0.66, 0.03, 0.5, 2),
    BodySite.HAND: SiteFigures(0.035, 66, 10, 0.60, 0.03, 0.5, 1),
    BodySite.LOWER_LEG: SiteFigures(0.03, 69, 11, 0.60, 0.60, 0.70, 8, 0.02, 0.10),
    BodySite.CLAVICLE: SiteFigures(0.025, 71, 12, 0.50, 0.08, 0.2, 3),
    BodySite.FEMUR: SiteFigures(0.02, 80, 10, 0.74, 0.98, 0.90, 15, 0.06, 0.25),
    # Three kinds that never count, whatever the age.
    BodySite.DIGIT: SiteFigures(0.0, 65, 10, 0.48, 0.02, 0.6, 1),
    BodySite.FACE: SiteFigures(0.0, 74, 12, 0.50, 0.10, 0.3, 2),
    BodySite.SKULL: SiteFigures(0.0, 76, 12, 0.50, 0.60, 0.05, 6, 0.05, 0.2),
}
NEVER_COUNTED = {BodySite.DIGIT: 0.62, BodySite.FACE: 0.28, BodySite.SKULL: 0.10}
INCIDENTAL = 0.30  # of spine fractures: nobody looked for them, only a report of a chest or abdomen scan tells
FALSE_SETTING_UNDER_50 = 0.8  # younger people are admitted less often

OLDEST = 103


def deaths_scaled(share: float, age: int, figures: SiteFigures) -> float:
    """The chance of death at this age: 5% more for each year above the site's mean, the mean over all kept."""
    spread = math.exp((0.05 * figures.sd) ** 2 / 2)
    return min(0.95, share * math.exp(0.05 * (age - figures.age)) / spread)


def season(day: date, site: BodySite) -> float:
    """How much likelier a fracture is on this day than on a mean day."""
    swing = SEASONAL_SWING * (2 if site in (BodySite.WRIST, BodySite.ANKLE) else 1)
    return 1 + swing * math.cos(2 * math.pi * (day.timetuple().tm_yday - 15) / 365.25)
