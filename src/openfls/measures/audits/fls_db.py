"""The dataset of FLS-DB as its exports show it: field names and answers met there, each derived from the facts.

This is not the official import specification: that has not been obtained. The headers and the answers of treatment are
those of exports (see ``feeds.csv.audit_words``); other answers and the two columns that say who it is are not
confirmed. See docs/safety/to-confirm.md.
"""

from dataclasses import replace
from functools import partial

from openfls.clinical.service_rulebook import COMPLETENESS_FIELDS
from openfls.feeds.csv.audit_words import AUDIT
from openfls.measures.audits import fls_db_care as care
from openfls.measures.audits import fls_db_person as whom
from openfls.measures.audits.fields import Audit, AuditField, Case, Cell, written

LABEL = (
    "FLS-DB-shaped export by OpenFLS. NOT the official import specification: field names and answers are those met in "
    "exports."
)
YES_NO = ("Yes", "No", "Don't know")
ENTERED = "as answered on the patient's page under Audit answers, or imported"


def _answered(header: str, case: Case) -> Cell:
    return written(case.answer(AUDIT, header))


def entered(header: str, *, words: tuple[str, ...] = ()) -> AuditField:
    """A field that no other fact of the record holds."""
    return AuditField(header, ENTERED, partial(_answered, header), words)


KEYS = (
    AuditField("Record ID", "a digest of the fracture's first sighting", whom.record_id),
    AuditField("NHS Number", "the person's checked NHS number", whom.nhs_number),
    AuditField("Date of Birth", "that most sources give", whom.born),
)
_FIELDS = (
    AuditField("Age", "completed years at the fracture, by the date of birth", whom.age),
    AuditField("1.03 Gender", "sex in the record", whom.gender, ("Female", "Male", "Other")),
    AuditField("1.04 Post Code", "of the latest address", whom.postcode),
    AuditField("1.05 CareRes", "lives in a care home, as said last", whom.care_home, YES_NO),
    AuditField("1.06 DateFLSContact", "the first attempt to reach the patient, else the assessment", whom.contacted),
    AuditField("1.07 DateFLSAssess", "the first assessment by the service", care.assessed),
    AuditField("1.08 AdmitHosp", "inpatient by any source", whom.admitted, YES_NO),
    AuditField("1.09 Date Index Frac Diagnosed", "the index date where it is exact", whom.index),
    AuditField("1.10 TypeOfFracture", "as imported; its answers are not known",
               partial(_answered, "1.10 TypeOfFracture")),
    AuditField("1.11 SiteFirstFrac", "the most severe bone", partial(whom.bone, 0), whom.BONES),
    AuditField("1.12 SiteSecFrac", "the next bone of the same event", partial(whom.bone, 1), whom.BONES),
    AuditField("1.13 SiteThirdFrac", "the third bone of the same event", partial(whom.bone, 2), whom.BONES),
    entered("2.01 Height"),
    entered("2.02 Weight"),
    entered("2.03 PrevFracHist", words=YES_NO),
    entered("2.04 FamHipFracHist", words=YES_NO),
    entered("2.05 Smoker", words=YES_NO),
    entered("2.06 BoneSpareTherapy", words=YES_NO),
    AuditField("3.01 DXA", "a scan was asked for: Yes; decided against: No", care.dxa, YES_NO),
    AuditField("3.02 DXANotOrdered", "the reason of a decision against a scan", care.dxa_reason),
    AuditField("3.03 DateofDXA", "the first scan on or after the fracture, else the last before it", care.dxa_day),
    AuditField("3.04 TScore", "the lowest T-score of that day", care.t_score),
    AuditField("3.05 RiskOfFracture", "as answered, else the ten-year risk of a major fracture in percent", care.risk),
    AuditField("4.01 BoneTherapy", "the decisions of the latest day that has any", care.therapy, care.DECIDED),
    entered("4.02 CalciumVitDRec", words=YES_NO),
    AuditField("5.01 RiskAssesByFLS", "a falls assessment was done: Yes; was not: No", care.falls, YES_NO),
    *(
        entered(header, words=YES_NO if yes_no else ())
        for header, yes_no in (
            ("5.02 TwoFalls", True), ("5.03 FearOfFalling", True), ("5.04 MedsIncRiskFall", True),
            ("5.05 PreFracMob", False), ("5.06 Vision", True), ("5.07 Toileting", True),
            ("5.08 AbnormalCardAssess", True), ("5.09 CognitiveImpairment", True),
        )
    ),
    AuditField("5.10 Referrals", "as answered, else Falls service where referred for falls", care.referrals),
    AuditField("6.01 FollowUp12_16", "a follow-up before week 48: Yes; missed by the standard: No", care.followed_16,
               YES_NO),
    AuditField("6.02 Dateof16WeekAss", "the follow-up nearest to 12 to 16 weeks", care.day_16),
    AuditField("6.05 BoneTherapy1216", "what that follow-up found", care.taken_16, care.FOUND),
    AuditField("6.06 StartStrenBalExe", "exercise begun by week 16: Yes; later or not: No", care.exercise, YES_NO),
    AuditField("7.01 FollowUp48_56", "a follow-up from week 48 on: Yes; missed by the standard: No", care.followed_52,
               YES_NO),
    AuditField("7.02 Dateof52WeekAss", "the first follow-up from week 48 on", care.day_52),
    AuditField("7.05 BoneTherapy4856", "what that follow-up found", care.taken_52, care.FOUND),
    AuditField("7.06 NumReFracSinceIndex", "0 or 1 as that follow-up says, else as answered", care.refractures),
)  # fmt: skip

FIELDS = tuple(replace(field, counted=field.header in COMPLETENESS_FIELDS) for field in _FIELDS)

FLS_DB = Audit("fls-db", "FLS-DB", LABEL, KEYS, FIELDS, takes=lambda case: True)
# Answers that are asked for by hand, for the form on the patient's page.
ASKED_BY_HAND = tuple(field for field in FIELDS if field.how == ENTERED)
