"""Facts in the words of the timeline: what it says, in one line, and who said so."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from openfls.clinical import facts
from openfls.clinical.facts import Answer, Fact, TaskOwned
from openfls.pages.forms.fields import sentence
from openfls.pages.staff import Staff

Telling = Callable[[Any], str]


def told(fact: Fact) -> str:
    """What a fact says beyond its kind and day; empty where there is nothing more."""
    teller = _TELLERS.get(type(fact))
    return teller(fact) if teller else ""


def said_by(fact: Fact, staff: Staff) -> str:
    """Who said so: the person who entered it, or the feed."""
    return f"entered by {staff.title(fact.by, fact.site)}" if fact.by else fact.source.system


def told_of(fact: Fact, staff: Staff) -> str:
    """The same, with the names of colleagues in place of user names."""
    return told(replace(fact, owner=staff.name(fact.owner)) if isinstance(fact, TaskOwned) else fact)


def heading(fact: Fact) -> str:
    return sentence(fact.kind)


def _joined(*parts: str) -> str:
    return "; ".join(part for part in parts if part)


def _if(answer: Answer, yes: str, no: str = "", unknown: str = "") -> str:
    return {Answer.YES: yes, Answer.NO: no, Answer.UNKNOWN: unknown}[answer]


def _sighting(fact: facts.FractureSighting) -> str:
    side = "" if fact.side is facts.Side.UNKNOWN else f" ({fact.side})"
    return _joined(
        f"{fact.finder}: {' '.join((fact.body_site, *fact.levels))}{side}",
        fact.part,
        _if(fact.certain, "", "looked, and says no fracture", "suspected"),
        _if(fact.low_trauma, "low trauma", "not low trauma"),
        _if(fact.pathological, "pathological"),
        ", ".join(str(code) for code in fact.codes),
        f"“{fact.words}”" if fact.words else "",
    )


def _dxa_result(fact: facts.DxaResult) -> str:
    side = "" if fact.side is facts.Side.UNKNOWN else f", {fact.side}"
    scores = [("T-score", fact.t_score), ("Z-score", fact.z_score)]
    told = [f"{name} {score:+.1f}" for name, score in scores if score is not None]
    told += [] if fact.bmd_g_cm2 is None else [f"BMD {fact.bmd_g_cm2:.3f} g/cm²"]
    compared = fact.reference or ("" if fact.t_score is None or fact.by else "reference population not given")
    return _joined(
        f"{fact.region or 'region not given'}{side}: {', '.join(told) or 'no T-score given'}",
        compared,
        " ".join(filter(None, (fact.maker, fact.model, fact.software))) or fact.scanner,
    )


def _appointment(fact: facts.Appointment) -> str:
    at = f"{fact.occurred.at:%H:%M}" if fact.occurred.at else ""
    return _joined(f"{sentence(fact.service)}{f' at {at}' if at else ''}: {fact.state}", fact.clinic, fact.reason)


def _document(fact: facts.Document) -> str:
    settled = "not yet final" if fact.status is facts.Status.PRELIMINARY else ""
    unread = "" if fact.text else f"{fact.form or 'its text'}, which stands only in its message"
    return _joined(fact.title or f"{fact.service}", fact.author and f"by {fact.author}", settled, unread)


def _risk(fact: facts.RiskScore) -> str:
    return _joined(
        f"{fact.tool} {fact.tool_version}".strip(),
        "" if fact.major_fracture_percent is None else f"major fracture {fact.major_fracture_percent:g}% in ten years",
        "" if fact.hip_fracture_percent is None else f"hip fracture {fact.hip_fracture_percent:g}% in ten years",
        _if(fact.with_bmd, "with bone density", "without bone density"),
    )


def _falls(fact: facts.FallsAssessment) -> str:
    return _joined(_if(fact.done, "done", "not done"), _if(fact.referred, "referred"), fact.findings)


def _follow_up(fact: facts.FollowUpOutcome) -> str:
    return _joined(
        _if(fact.on_treatment, "on treatment", "not on treatment", "treatment not known"),
        fact.drug,
        fact.reason,
        _if(fact.refractured, "another fracture since"),
        _if(fact.adverse_effects_asked, "asked about side effects", "not asked about side effects"),
    )


def _demographics(fact: facts.Demographics) -> str:
    return _joined(
        fact.address, fact.postcode, fact.phone, fact.practice and f"practice {fact.practice}",
        _if(fact.care_home, "lives in a care home"),
    )  # fmt: skip


def _medicine(fact: Any, *more: str) -> str:
    """The drug, and how the source wrote it where that says more."""
    wrote = f"“{fact.words}”" if fact.words and fact.words.casefold() != fact.drug.casefold() else ""
    maybe = _if(fact.bone_drug, "", "", "not certain to be a bone treatment")
    return _joined(fact.drug, *more, wrote, maybe)


def _supply(fact: facts.PrescriptionIssued | facts.MedicineSupplied) -> tuple[str, ...]:
    days = f"for {fact.days_supplied} days" if fact.days_supplied is not None else ""
    quantity = f"quantity {fact.quantity:g}" if fact.quantity is not None else ""
    return days, quantity, _setting(fact.setting)


def _stopped(fact: facts.TreatmentStopped) -> str:
    return _medicine(fact, _if(fact.for_now, "for now", "for good"), fact.reason)


def _record_checked(fact: facts.MedicinesRecordChecked) -> str:
    last = f"last issued {fact.last_issued:%d %b %Y}" if fact.last_issued else ""
    found = _if(fact.found, "", f"no {fact.drug or 'bone treatment'} found there", "not clear")
    return _joined(fact.looked_in, fact.drug if fact.found is Answer.YES else "", last, found)


def _laboratory(fact: facts.LaboratoryResult) -> str:
    preliminary = "preliminary" if fact.status is facts.Status.PRELIMINARY else ""
    return _joined(f"{fact.name or fact.analyte or fact.code or ''} {fact.value} {fact.unit}".strip(), preliminary)


def _setting(setting: facts.Setting) -> str:
    return "" if setting is facts.Setting.UNKNOWN else str(setting)


_TELLERS: dict[type[Fact], Telling] = {
    facts.FractureSighting: _sighting,
    facts.Demographics: _demographics,
    facts.AuditAnswer: lambda f: f"{f.audit} {f.question}: {f.answer}",
    facts.OptOutChecked: lambda f: _if(f.opted_out, "opted out of audit exports", "no opt-out"),
    facts.RecordsLinked: lambda f: f"with {f.other.name}",
    facts.RecordsSeparated: lambda f: f"from {f.other.name}",
    facts.RecordsUndecided: lambda f: f"whether one person with {f.other.name}",
    facts.Admission: lambda f: _joined(f.ward and f"ward {f.ward}", f.reason, _if(f.emergency, "emergency", "planned")),
    facts.Attendance: lambda f: _joined(_setting(f.setting), f.reason),
    facts.Transfer: lambda f: _joined(f.ward and f"to ward {f.ward}", f"to {f.to_site}" if f.to_site else ""),
    facts.Discharge: lambda f: f.destination and f"to {f.destination}",
    facts.Surgery: lambda f: _joined(f.procedure, ", ".join(str(code) for code in f.codes)),
    facts.Death: lambda f: _if(f.formal, "registered", "told informally"),
    facts.LaboratoryResult: _laboratory,
    facts.DxaRequest: lambda f: _joined(f.need, f.reason, f.scanner),
    facts.DxaResult: _dxa_result,
    facts.Appointment: _appointment,
    facts.Document: _document,
    facts.RiskScore: _risk,
    facts.FallsAssessment: _falls,
    facts.FlsAssessment: lambda f: _joined(f.assessor_role, f.findings),
    facts.TreatmentDecision: lambda f: _joined(f.advice, f.drug, f.reason),
    facts.PrescriptionRequested: lambda f: _joined(f.drug, f.asked_of and f"asked of {f.asked_of}"),
    facts.PrescriptionIssued: lambda f: _medicine(f, *_supply(f)),
    facts.MedicineSupplied: lambda f: _medicine(f, *_supply(f), f.supplied_by and f"by {f.supplied_by}"),
    facts.DoseGiven: lambda f: _medicine(f, _if(f.complete, "", "only part of it"), _setting(f.setting)),
    facts.DoseNotGiven: lambda f: _medicine(f, f.reason, _setting(f.setting)),
    facts.TreatmentStopped: _stopped,
    facts.MedicinesRecordChecked: _record_checked,
    facts.FollowUpOutcome: _follow_up,
    facts.ContactAttempt: lambda f: _joined(f.by_means, f.outcome, f.step and f"for: {f.step}"),
    facts.LetterSent: lambda f: _joined(f"to {f.to}", f.subject, f.practice),
    facts.LetterAcknowledged: lambda f: _joined(f.answered_by, f.answer),
    facts.Referral: lambda f: _joined(f.service, _if(f.started, "started", "not yet started")),
    facts.Declined: lambda f: _joined(f.step, f.reason),
    facts.Note: lambda f: f.text,
    facts.TriageDecision: lambda f: _joined(f.answer, f.reason),
    facts.TaskClosed: lambda f: _joined(f"{f.step}: {f.reason}", f.words),
    facts.TaskReopened: lambda f: _joined(f.step, f.words),
    facts.TaskOwned: lambda f: _joined(f"{f.step}: {f.owner or 'nobody'}", f.words),
    facts.TaskSeen: lambda f: f.step,
    facts.UploadUndone: lambda f: _joined(f.system, f.reason),
}
