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
        f"{fact.finder}: {fact.body_site}{side}",
        _if(fact.certain, "", "looked, and says no fracture", "suspected"),
        _if(fact.low_trauma, "low trauma", "not low trauma"),
        _if(fact.pathological, "pathological"),
        ", ".join(str(code) for code in fact.codes),
        f"“{fact.words}”" if fact.words else "",
    )


def _dxa_result(fact: facts.DxaResult) -> str:
    if fact.t_score is None:
        return _joined(fact.region, "no T-score given")
    return f"{fact.region or 'region not given'}: T-score {fact.t_score:+.1f}"


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
    )


def _demographics(fact: facts.Demographics) -> str:
    return _joined(
        fact.address, fact.postcode, fact.phone, fact.practice and f"practice {fact.practice}",
        _if(fact.care_home, "lives in a care home"),
    )  # fmt: skip


def _setting(setting: facts.Setting) -> str:
    return "" if setting is facts.Setting.UNKNOWN else str(setting)


_TELLERS: dict[type[Fact], Telling] = {
    facts.FractureSighting: _sighting,
    facts.Demographics: _demographics,
    facts.RecordsLinked: lambda f: f"with {f.other.name}",
    facts.RecordsSeparated: lambda f: f"from {f.other.name}",
    facts.RecordsUndecided: lambda f: f"whether one person with {f.other.name}",
    facts.Admission: lambda f: _joined(f.ward and f"ward {f.ward}", f.reason, _if(f.emergency, "emergency", "planned")),
    facts.Attendance: lambda f: _joined(_setting(f.setting), f.reason),
    facts.Transfer: lambda f: _joined(f.ward and f"to ward {f.ward}", f"to {f.to_site}" if f.to_site else ""),
    facts.Discharge: lambda f: f.destination and f"to {f.destination}",
    facts.Surgery: lambda f: _joined(f.procedure, ", ".join(str(code) for code in f.codes)),
    facts.Death: lambda f: _if(f.formal, "registered", "told informally"),
    facts.LaboratoryResult: lambda f: f"{f.name or f.code or ''} {f.value} {f.unit}".strip(),
    facts.DxaRequest: lambda f: _joined(f.need, f.reason, f.scanner),
    facts.DxaResult: _dxa_result,
    facts.RiskScore: _risk,
    facts.FallsAssessment: _falls,
    facts.FlsAssessment: lambda f: _joined(f.assessor_role, f.findings),
    facts.TreatmentDecision: lambda f: _joined(f.advice, f.drug, f.reason),
    facts.PrescriptionRequested: lambda f: _joined(f.drug, f.asked_of and f"asked of {f.asked_of}"),
    facts.PrescriptionIssued: lambda f: _joined(f.drug, _setting(f.setting)),
    facts.DoseGiven: lambda f: _joined(f.drug, _setting(f.setting)),
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
}
