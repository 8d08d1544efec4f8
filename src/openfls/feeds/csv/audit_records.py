"""What a row of FLS-DB says: one fracture, that the service took it in, and all that was submitted of its care.

A field that is blank says nothing. "Don't know" says that somebody was asked, and is kept as an answer of its own. Care
without a date of its own bears that of the assessment, else the time that its field's name gives (12 to 16 weeks). A
date before the fracture stands as it was written: the standards ask for what comes after.
"""

import re
from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256
from typing import Any

from openfls.clinical.facts import (
    Answer,
    AuditAnswer,
    BodySite,
    Demographics,
    DxaNeed,
    DxaRequest,
    DxaResult,
    Fact,
    FallsAssessment,
    FlsAssessment,
    FollowUpOutcome,
    FractureSighting,
    Referral,
    Setting,
    TreatmentAdvice,
    TreatmentDecision,
    Triage,
    TriageDecision,
)
from openfls.clinical.monitoring import WEEKS_12, WEEKS_48, WEEKS_56
from openfls.clinical.patients import PatientRecord
from openfls.clinical.treatment import STRENGTH_AND_BALANCE, WEEKS_16
from openfls.clinical.when import When, between
from openfls.feeds.csv.audit_words import AUDIT, AUDIT_DRUGS, DONT_KNOW, FOR_OPINION, mended
from openfls.feeds.csv.faults import Fault
from openfls.feeds.csv.people import identity
from openfls.feeds.csv.row import Row

BONES = ("first_bone", "second_bone", "third_bone")
FALL = re.compile(r"\bfalls?\b", re.IGNORECASE)
MOST_REFRACTURES = 20
LOWEST_T, HIGHEST_T = -10.0, 10.0


def audit_record(row: Row, record: PatientRecord) -> Iterator[Fact]:
    """The facts of one row. Raises `Fault` where a field can't be read: then nothing of the row counts."""
    index = _index(row)
    seen = list(_sightings(row, record, index))
    yield from seen
    case = _Case(row, record, index, tuple(sighting.id for sighting in seen))
    yield case.fact(TriageDecision, "enrolled", index, answer=Triage.ENROL, recorded_in=AUDIT)
    for part in (_home, _assessment, _scan, _treatment, _falls, _follow_up_16, _follow_up_52, _answers):
        yield from part(case)


class _Case:
    """The row with the fracture that all its facts are about."""

    def __init__(self, row: Row, record: PatientRecord, index: When, about: tuple[str, ...]) -> None:
        self.row, self.record, self.index, self.about = row, record, index, about
        self.assessed = row.past("assessed_date")

    def fact(self, kind: type[Fact], part: str, occurred: When, **told: Any) -> Any:
        said: dict[str, Any] = {"record": self.record, "occurred": occurred, "about": self.about}
        said |= self.row.common(part, f"{_key(self.row, self.record, self.index)}/{part}")
        return kind(**said | told)

    def answer(self, meaning: str) -> str:
        return answer_in(self.row, meaning, self.row.text(meaning))

    def weeks(self, first: int, last: int) -> When:
        """Somewhere from so many days after the fracture to so many, but not later than the file."""
        latest = self.row.table.latest
        start, end = (min(self.index.start + timedelta(days=days), latest) for days in (first, last))
        return between(start, end)

    def dont_know(self, meaning: str) -> Any:
        header = self.row.table.mapping.columns[meaning][0]
        return self.fact(
            AuditAnswer, header, self.assessed or self.index, audit=AUDIT, question=header, answer=DONT_KNOW
        )


def answer_in(row: Row, meaning: str, word: str) -> str:
    """What the mapping says that the word stands for; empty for a blank. Raises `Fault` for a word that it lacks."""
    known = row.table.mapping.values[meaning]
    found = known.get(mended(word).casefold(), "")
    if word and not found:
        written = ", ".join(sorted(known))
        raise row.fault(meaning, f"{word[:60]!r} is no answer that the mapping knows", f"Write one of: {written}.")
    return found


def _index(row: Row) -> When:
    found = row.past("diagnosis_date")
    if found is None:
        raise row.fault("diagnosis_date", "Nothing dates the fracture", "Fill in the date of diagnosis.")
    return found


def _key(row: Row, record: PatientRecord, index: When) -> str:
    source = row.table.origin.source
    if row_id := row.text("row_id"):
        return f"{source}/{row_id}"
    parts = (row.table.mapping.name, identity(record), str(index))
    return f"{source}/row/{sha256(chr(31).join(parts).encode()).hexdigest()[:32]}"


def _sightings(row: Row, record: PatientRecord, index: When) -> Iterator[FractureSighting]:
    """One for each bone. The audit takes fractures by low trauma alone, so each is said to be one."""
    bones = dict.fromkeys(bone for place in BONES if (bone := answer_in(row, place, row.text(place))))
    if not bones:
        raise row.fault("first_bone", "Nothing says what is broken", "Fill in the site of the first fracture.")
    for place, bone in enumerate(bones, start=1):
        yield FractureSighting(
            record=record,
            occurred=index,
            finder=row.finder,
            body_site=BodySite(bone),
            low_trauma=Answer.YES,
            setting=_setting(row),
            dated_by="diagnosis",
            words=row.text("fracture_type")[:200],
            **row.common(f"fracture {place}", f"{_key(row, record, index)}/fracture/{place}"),
        )


def _setting(row: Row) -> Setting:
    answered = answer_in(row, "admitted", row.text("admitted"))
    return {"yes": Setting.INPATIENT, "no": Setting.OUTPATIENT}.get(answered, Setting.UNKNOWN)


def _home(case: _Case) -> Iterator[Fact]:
    home, postcode = case.answer("care_home"), case.row.text("postcode").upper()
    if home or postcode:
        lives = {"postcode": postcode, "care_home": Answer(home or "unknown"), "about": (), "site": None}
        yield case.fact(Demographics, "demographics", case.index, **lives)
    if home == "unknown":
        yield case.dont_know("care_home")


def _assessment(case: _Case) -> Iterator[Fact]:
    if case.assessed:
        yield case.fact(FlsAssessment, "assessment", case.assessed)


def _scan(case: _Case) -> Iterator[Fact]:
    ordered, why_not, scanned = case.answer("dxa"), case.row.text("dxa_not_ordered"), case.row.past("dxa_date")
    if ordered == "yes" or (scanned and ordered != "no"):
        yield case.fact(DxaRequest, "DXA request", case.assessed or scanned or case.index, need=DxaNeed.REQUESTED)
    elif ordered == "no":
        told = {"need": DxaNeed.NOT_NEEDED, "reason": why_not}
        yield case.fact(DxaRequest, "DXA request", case.assessed or case.index, **told)
    elif ordered:
        yield case.dont_know("dxa")
    score = _t_score(case.row)
    if scanned:
        yield case.fact(DxaResult, "DXA", scanned, t_score=score)
    elif score is not None:
        raise case.row.fault("t_score", "A T-score without the date of its scan", "Fill in the date of the DXA.")


def _t_score(row: Row) -> float | None:
    text = row.text("t_score").replace(",", ".").replace("\N{MINUS SIGN}", "-")
    if not text or mended(text) == DONT_KNOW:
        return None
    try:
        score = float(text)
    except ValueError:
        score = float("nan")
    if not LOWEST_T <= score <= HIGHEST_T:
        raise row.fault("t_score", f"{text[:20]!r} is no T-score", "Write it like -2.5, or leave the cell blank.")
    return score


def _treatment(case: _Case) -> Iterator[Fact]:
    """Field 4.01 may hold several answers, with ; between."""
    words = [word.strip() for word in case.row.text("bone_therapy").split(";") if word.strip()]
    day = case.assessed or case.index
    for answered in dict.fromkeys(answer_in(case.row, "bone_therapy", word) for word in words):
        if answered == "unknown":
            yield case.dont_know("bone_therapy")
        elif answered in AUDIT_DRUGS:
            told = {"advice": TreatmentAdvice.RECOMMENDED, "drug": answered}
            yield case.fact(TreatmentDecision, f"decision, {answered}", day, **told)
        else:
            yield case.fact(TreatmentDecision, f"decision, {answered}", day, advice=TreatmentAdvice(answered))


def _falls(case: _Case) -> Iterator[Fact]:
    done, referrals = case.answer("falls_assessed"), case.row.text("falls_referrals")
    referred = Answer.YES if FALL.search(referrals) else Answer.UNKNOWN
    day = case.assessed or case.index
    if done in ("yes", "no") or referred is Answer.YES:
        yield case.fact(FallsAssessment, "falls", day, done=Answer(done or "unknown"), referred=referred)
    if done == "unknown":
        yield case.dont_know("falls_assessed")
    if referrals:
        header = case.row.table.mapping.columns["falls_referrals"][0]
        yield case.fact(AuditAnswer, header, day, audit=AUDIT, question=header, answer=referrals)


def _follow_up_16(case: _Case) -> Iterator[Fact]:
    yield from _follow_up(case, "16", case.weeks(WEEKS_12, WEEKS_16))
    exercise = case.answer("strength_balance")
    if exercise in ("yes", "no"):
        told = {"service": STRENGTH_AND_BALANCE, "started": Answer(exercise)}
        yield case.fact(Referral, "exercise", case.weeks(0, WEEKS_16), **told)
    elif exercise:
        yield case.dont_know("strength_balance")


def _follow_up_52(case: _Case) -> Iterator[Fact]:
    yield from _follow_up(case, "52", case.weeks(WEEKS_48, WEEKS_56), refractured=_refractured(case.row))


def _follow_up(case: _Case, wave: str, otherwise: When, refractured: Answer = Answer.UNKNOWN) -> Iterator[Fact]:
    """A follow-up was done where the file says so or dates it; what was taken is its finding, not another act."""
    done, day = case.answer(f"followed_up_{wave}"), case.row.past(f"follow_up_{wave}_date")
    therapy = case.row.text(f"bone_therapy_{wave}")
    answers = [answer_in(case.row, f"bone_therapy_{wave}", word.strip()) for word in therapy.split(";") if word.strip()]
    if done == "no" and day:
        mend = "Answer Yes, or take the date away."
        raise case.row.fault(f"follow_up_{wave}_date", "A date, where the follow-up was answered No", mend)
    if done == "yes" or day:
        drugs = [answer for answer in answers if answer in AUDIT_DRUGS]
        told = {"on_treatment": _taken(answers), "drug": ", ".join(drugs), "refractured": refractured}
        reason = "; ".join(answer for answer in answers if answer not in drugs and answer != "unknown")
        yield case.fact(FollowUpOutcome, f"follow-up {wave}", day or otherwise, reason=reason, **told)
    elif done:
        header = case.row.table.mapping.columns[f"followed_up_{wave}"][0]
        answer = DONT_KNOW if done == "unknown" else "No"
        yield case.fact(AuditAnswer, header, case.index, audit=AUDIT, question=header, answer=answer)


def _taken(answers: list[str]) -> Answer:
    if any(answer in AUDIT_DRUGS for answer in answers):
        return Answer.YES
    told = [answer for answer in answers if answer not in ("unknown", FOR_OPINION)]
    return Answer.NO if told else Answer.UNKNOWN


def _refractured(row: Row) -> Answer:
    text = mended(row.text("refractures"))
    if not text or text == DONT_KNOW:
        return Answer.UNKNOWN
    if not re.fullmatch(r"\d{1,2}(\.0)?", text) or float(text) > MOST_REFRACTURES:
        mend = "Write how many, or leave the cell blank."
        raise row.fault("refractures", f"{text[:20]!r} is no number of fractures", mend)
    return Answer.YES if float(text) else Answer.NO


def _answers(case: _Case) -> Iterator[Fact]:
    """What no other fact holds, each under the audit's own header."""
    own = case.row.table.mapping.columns
    told = [(column.header, text) for column, text in case.row.texts("audit_answers")]
    told += [(own[meaning][0], text) for meaning in ("fracture_type",) if (text := case.row.text(meaning))]
    if contact := case.row.past("contact_date"):
        told.append((own["contact_date"][0], contact.start.isoformat()))
    if (age := case.row.text("age")) and case.record.birth_date is None:
        told.append((own["age"][0], age))
    for header, text in told:
        answered = {"audit": AUDIT, "question": header, "answer": mended(text)}
        yield case.fact(AuditAnswer, header, case.assessed or case.index, **answered)


def nobody(fault: Fault) -> Fault:
    """An audit's export often comes without names and numbers: what then."""
    one = fault.unreadable
    mend = "Ask the audit for an export with NHS numbers, or add a column NHS Number or Hospital Number from your own "
    mend += "list by the audit's record number. Until then the row waits here; nothing of it is guessed."
    return Fault(one.reason, one.place, mend)
