"""FLS-DB's section 1: who it is, and which fracture."""

from openfls.clinical.facts import AuditAnswer, BodySite, ContactAttempt, Demographics, FlsAssessment, Setting
from openfls.clinical.patients import Sex
from openfls.feeds.csv.audit_words import AUDIT
from openfls.measures.audits.fields import BLANK, NOT_DUE, Case, Cell, written, written_day

BONE = {
    BodySite.SPINE: "Spine",
    BodySite.HIP: "Hip",
    BodySite.HUMERUS: "Humerus",
    BodySite.PELVIS: "Pelvis",
    BodySite.WRIST: "Wrist",
    BodySite.FOREARM: "Wrist",  # of one region with the wrist, as the grouping of sightings has it
}
OTHER = "Other"
BONES = (*dict.fromkeys(BONE.values()), OTHER)
LENGTH_OF_ID = 16


def record_id(case: Case) -> Cell:
    return written(case.care.episode.id[:LENGTH_OF_ID])


def nhs_number(case: Case) -> Cell:
    return written(case.record.nhs_number)


def born(case: Case) -> Cell:
    return written_day(case.care.history.birth_date)


def age(case: Case) -> Cell:
    return written(case.answer(AUDIT, "Age") if case.care.age is None else str(case.care.age))


def gender(case: Case) -> Cell:
    return written({Sex.FEMALE: "Female", Sex.MALE: "Male", Sex.OTHER: "Other"}.get(case.record.sex, ""))


def _addresses(case: Case) -> list[Demographics]:
    told = [fact for fact in case.person if isinstance(fact, Demographics)]
    return sorted(told, key=lambda fact: (fact.said, fact.id), reverse=True)


def postcode(case: Case) -> Cell:
    return written(next((fact.postcode for fact in _addresses(case) if fact.postcode), ""))


def care_home(case: Case) -> Cell:
    answers = (fact.care_home.value for fact in _addresses(case))
    said = next((answer for answer in answers if answer != "unknown"), "")
    return written(said.capitalize() or case.answer(AUDIT, "1.05 CareRes"))


def contacted(case: Case) -> Cell:
    answered = [fact for fact in case.recorded(AuditAnswer.kind) if isinstance(fact, AuditAnswer)]
    if any(fact.question == "1.06 DateFLSContact" for fact in answered):
        year, month, day = case.answer(AUDIT, "1.06 DateFLSContact").split("-")
        return written(f"{day}/{month}/{year}")
    told = [*case.recorded(ContactAttempt.kind), *case.recorded(FlsAssessment.kind)]
    return written_day(min((fact.occurred.start for fact in told if fact.occurred.exact), default=None))


def admitted(case: Case) -> Cell:
    setting = case.care.setting
    return BLANK if setting is Setting.UNKNOWN else written("Yes" if setting is Setting.INPATIENT else "No")


def index(case: Case) -> Cell:
    when = case.care.episode.index
    return written_day(when.start if when.exact else None)


def bone(place: int, case: Case) -> Cell:
    named = [site for site in case.care.episode.body_sites if site is not BodySite.UNSPECIFIED]
    words = list(dict.fromkeys(BONE.get(site, OTHER) for site in named))
    if place < len(words):
        return written(words[place])
    return NOT_DUE if words else BLANK  # one bone asks for no second
