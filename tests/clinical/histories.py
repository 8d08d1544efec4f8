"""Small drawn histories: ``hip().enrolled().assessed(89).seen_on(91)``.

Days are numbers counted from day 0, the day of the fracture, or a `When` where the date is not exact. A history is
immutable: each word gives a longer one. What a finder or a feed says comes from nobody; what staff do, from a nurse.
"""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from openfls.clinical import when as dates
from openfls.clinical.attribution import OF_NAMED_SIGHTINGS
from openfls.clinical.caseload import Caseload, EpisodeCare, Task, derive
from openfls.clinical.facts import (
    Admission,
    Answer,
    Appointment,
    AppointmentState,
    BodySite,
    ClosingReason,
    ContactAttempt,
    Death,
    Declined,
    Discharge,
    DoseGiven,
    DoseNotGiven,
    DxaNeed,
    DxaRequest,
    DxaResult,
    Fact,
    FallsAssessment,
    Finder,
    FlsAssessment,
    FollowUpOutcome,
    FractureSighting,
    LetterAcknowledged,
    LetterSent,
    MedicinesRecordChecked,
    MedicineSupplied,
    Note,
    PrescriptionIssued,
    PrescriptionRequested,
    Referral,
    Service,
    Setting,
    Source,
    TaskClosed,
    TaskOwned,
    TaskReopened,
    TaskSeen,
    Transfer,
    TreatmentAdvice,
    TreatmentDecision,
    Triage,
    TriageDecision,
)
from openfls.clinical.parameters import DEFAULTS, Parameters
from openfls.clinical.patients import PatientRecord
from openfls.clinical.standards import Standard, Standing, Step
from openfls.clinical.when import When

DAY0 = date(2026, 3, 2)
SITE = "RX101"
NURSE = "nurse"
FEED = ""

Day = int | When


def day(number: int) -> date:
    """The calendar day so many days after day 0."""
    return DAY0 + timedelta(days=number)


def about(number: int, margin: int = 7) -> When:
    return dates.about(day(number), margin)


def between(first: int, last: int) -> When:
    return dates.between(day(first), day(last))


def when(on: Day) -> When:
    return on if isinstance(on, When) else dates.on(day(on))


def moment(number: int, order: int = 0) -> datetime:
    """Noon of that day; ``order`` counts seconds, so that what is drawn later is said later."""
    return datetime.combine(day(number), time(12), UTC) + timedelta(seconds=order)


@dataclass(frozen=True)
class Drawn:
    """One person's facts as they are drawn, and the day on which somebody looks; where nobody says, the last of all."""

    record: PatientRecord
    facts: tuple[Fact, ...] = ()
    looked_at: int | None = None
    parameters: Parameters = DEFAULTS

    # ---- what is asked of it

    @property
    def today(self) -> int:
        over = [(fact.occurred.end - DAY0).days for fact in self.facts if not fact.retracted]
        return max(0, *over, 0) if self.looked_at is None else self.looked_at

    @property
    def caseload(self) -> Caseload:
        return derive(self.facts, day(self.today), self.parameters)

    @property
    def cares(self) -> tuple[EpisodeCare, ...]:
        return self.caseload.episodes

    @property
    def care(self) -> EpisodeCare:
        """The only episode."""
        [care] = self.cares
        return care

    def standing(self, standard: Standard, episode: int = 0) -> Standing:
        return next(s for s in self.cares[episode].standings if s.standard == standard.name)

    def task(self, step: Step, episode: int = 0) -> Task | None:
        return next((task for task in self.cares[episode].tasks if task.step is step), None)

    # ---- the frame

    def without_plans(self) -> "Drawn":
        """As if nobody had spoken of days still to come; who died or was sighted stays so."""
        kept = [f for f in self.facts if isinstance(f, FractureSighting | Death) or f.occurred.start <= day(self.today)]
        return replace(self, facts=tuple(kept), looked_at=self.today)

    def seen_on(self, number: int) -> "Drawn":
        return replace(self, looked_at=number)

    def where(self, **parameters: Any) -> "Drawn":
        """At a site with parameters of its own."""
        return replace(self, parameters=replace(self.parameters, **parameters))

    def said(
        self, kind: type[Fact], on: Day, *, known: int | None = None, points_at: tuple[str, ...] = (), **fields: Any
    ) -> "Drawn":
        """Any fact. ``points_at`` names the keys of the sightings that it is about; what people do about triage and
        tasks points at the sighting drawn last unless it says otherwise, care goes by its date."""
        occurred = when(on)
        order = len(self.facts)
        learnt = (occurred.end - DAY0).days if known is None else known
        ids = tuple(fact.id for fact in self.facts if fact.key and fact.key in points_at)
        if issubclass(kind, OF_NAMED_SIGHTINGS) and not ids:
            ids = tuple(fact.id for fact in self.facts if isinstance(fact, FractureSighting))[-1:]
        fact = kind(
            **{"record": self.record, "site": SITE, "about": ids, "occurred": occurred}
            | {"known": moment(learnt, order), "source": Source("drawn", f"message {order}", "1")}
            | fields
        )
        return replace(self, facts=(*self.facts, fact))

    def corrected(self, key: str, *, known: int, **changes: Any) -> "Drawn":
        """The sender states it again, otherwise: a later version of the same statement."""
        order = len(self.facts)
        latest = [fact for fact in self.facts if fact.key == key][-1]
        if isinstance(changes.get("occurred"), int):
            changes["occurred"] = when(changes["occurred"])
        now = moment(known, order)
        version = replace(latest, source=Source("drawn", f"message {order}", "1"), known=now, version=now, **changes)
        return replace(self, facts=(*self.facts, version))

    def took_back(self, key: str, *, known: int) -> "Drawn":
        return self.corrected(key, known=known, retracted=True)

    # ---- case finding

    def sighted(self, bone: BodySite = BodySite.HIP, on: Day = 0, by: Finder | None = None, **more: Any) -> "Drawn":
        details = {"finder": by or Finder.TRAUMA_LIST, "body_site": bone, "low_trauma": Answer.YES}
        return self.said(FractureSighting, on, **details | more)

    def triaged(self, answer: Triage, on: Day = 1, **more: Any) -> "Drawn":
        return self.said(TriageDecision, on, **{"answer": answer, "by": NURSE} | more)

    def enrolled(self, on: Day = 1, **more: Any) -> "Drawn":
        return self.triaged(Triage.ENROL, on, **more)

    def died(self, on: Day, **more: Any) -> "Drawn":
        return self.said(Death, on, **more)

    # ---- the stay

    def admitted(self, on: Day = 0, **more: Any) -> "Drawn":
        return self.said(Admission, on, **more)

    def transferred(self, on: Day, **more: Any) -> "Drawn":
        return self.said(Transfer, on, **more)

    def discharged(self, on: Day, **more: Any) -> "Drawn":
        return self.said(Discharge, on, **more)

    # ---- care

    def assessed(self, on: Day, **more: Any) -> "Drawn":
        return self.said(FlsAssessment, on, **{"by": NURSE} | more)

    def falls_assessed(self, on: Day, **more: Any) -> "Drawn":
        return self.said(FallsAssessment, on, **{"by": NURSE} | more)

    def dxa_requested(self, on: Day, **more: Any) -> "Drawn":
        return self.said(DxaRequest, on, **{"need": DxaNeed.REQUESTED, "by": NURSE} | more)

    def dxa_not_needed(self, on: Day, **more: Any) -> "Drawn":
        return self.said(DxaRequest, on, **{"need": DxaNeed.NOT_NEEDED, "reason": "frailty", "by": NURSE} | more)

    def scanned(self, on: Day, **more: Any) -> "Drawn":
        return self.said(DxaResult, on, **{"t_score": -2.7} | more)

    def booked(self, on: Day, state: AppointmentState = AppointmentState.BOOKED, **more: Any) -> "Drawn":
        """An appointment for a scan, unless ``service`` says another; known from the start unless it says otherwise."""
        return self.said(Appointment, on, **{"service": Service.DXA, "state": state, "known": 1} | more)

    def missed(self, on: Day, **more: Any) -> "Drawn":
        return self.booked(on, AppointmentState.MISSED, **more)

    def decided(self, advice: TreatmentAdvice, on: Day, **more: Any) -> "Drawn":
        return self.said(TreatmentDecision, on, **{"advice": advice, "by": NURSE} | more)

    def recommended(self, on: Day, **more: Any) -> "Drawn":
        return self.decided(TreatmentAdvice.RECOMMENDED, on, **more)

    def requested_of_gp(self, on: Day, **more: Any) -> "Drawn":
        return self.said(PrescriptionRequested, on, **{"asked_of": "general practice", "by": NURSE} | more)

    def prescribed(self, on: Day, **more: Any) -> "Drawn":
        return self.said(PrescriptionIssued, on, **{"drug": "Alendronate", "bone_drug": Answer.YES} | more)

    def supplied(self, on: Day, **more: Any) -> "Drawn":
        return self.said(MedicineSupplied, on, **{"drug": "Teriparatide", "bone_drug": Answer.YES} | more)

    def refused_a_dose(self, on: Day, **more: Any) -> "Drawn":
        return self.said(DoseNotGiven, on, **{"drug": "Denosumab", "bone_drug": Answer.YES} | more)

    def looked_into_the_record(self, on: Day, **more: Any) -> "Drawn":
        return self.said(MedicinesRecordChecked, on, **{"found": Answer.NO, "by": NURSE} | more)

    def dosed(self, on: Day, **more: Any) -> "Drawn":
        return self.said(DoseGiven, on, **{"drug": "Zoledronate", "bone_drug": Answer.YES} | more)

    def dosed_on_ward(self, on: Day, **more: Any) -> "Drawn":
        return self.dosed(on, **{"setting": Setting.INPATIENT} | more)

    def exercise(self, on: Day, started: Answer = Answer.YES, **more: Any) -> "Drawn":
        return self.said(Referral, on, **{"service": "strength and balance", "started": started, "by": NURSE} | more)

    def followed_up(self, on: Day, on_treatment: Answer = Answer.YES, **more: Any) -> "Drawn":
        return self.said(FollowUpOutcome, on, **{"on_treatment": on_treatment, "by": NURSE} | more)

    def called(self, on: Day, outcome: str = "no answer", **more: Any) -> "Drawn":
        return self.said(ContactAttempt, on, **{"outcome": outcome, "by": NURSE} | more)

    def wrote_to_gp(self, on: Day, **more: Any) -> "Drawn":
        return self.said(LetterSent, on, **{"by": NURSE} | more)

    def acknowledged(self, on: Day, **more: Any) -> "Drawn":
        return self.said(LetterAcknowledged, on, **more)

    def noted(self, on: Day, text: str = "called back", **more: Any) -> "Drawn":
        return self.said(Note, on, **{"text": text, "by": NURSE} | more)

    # ---- what people do about tasks

    def declined(self, step: Step, on: Day, **more: Any) -> "Drawn":
        return self.said(Declined, on, **{"step": step, "by": NURSE} | more)

    def closed(self, step: Step, on: Day, reason: ClosingReason = ClosingReason.MOVED_AWAY, **more: Any) -> "Drawn":
        return self.said(TaskClosed, on, **{"step": step, "reason": reason, "by": NURSE} | more)

    def reopened(self, step: Step, on: Day, **more: Any) -> "Drawn":
        return self.said(TaskReopened, on, **{"step": step, "by": NURSE} | more)

    def owned(self, step: Step, owner: str, on: Day, **more: Any) -> "Drawn":
        return self.said(TaskOwned, on, **{"step": step, "owner": owner, "by": NURSE} | more)

    def seen(self, step: Step, on: Day, **more: Any) -> "Drawn":
        return self.said(TaskSeen, on, **{"step": step, "by": NURSE} | more)


def person(born: date | None = date(1940, 5, 6), **details: Any) -> Drawn:
    """Somebody of whom nothing is known yet; 85 on day 0."""
    named = {"nhs_number": "9990000018", "family_name": "Smith", "given_name": "Anne"} | details
    return Drawn(PatientRecord(birth_date=born, **named))


def hip(**more: Any) -> Drawn:
    """A woman of 85 with a broken hip on day 0, on the trauma list the same day."""
    return person().sighted(BodySite.HIP, **{"key": "hip"} | more)


def wrist(**more: Any) -> Drawn:
    return person().sighted(BodySite.WRIST, **{"key": "wrist", "by": Finder.FRACTURE_CLINIC} | more)


def vertebra(**more: Any) -> Drawn:
    return person().sighted(BodySite.SPINE, **{"key": "vertebra", "by": Finder.RADIOLOGY_REPORT} | more)
