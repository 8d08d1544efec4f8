"""Facts: immutable statements about a person, each with when it occurred, when it became known, and from which source.

A fact is never edited. A later fact with the same ``key`` is another version of the same statement: `versions.current`
says which one holds. ``about`` points at fact ids (the sightings of an episode), never at derived ids.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import IntEnum, StrEnum
from functools import cached_property
from hashlib import sha256
from typing import ClassVar

from openfls.clinical.codes import Code
from openfls.clinical.ethnic_categories import EthnicCategory
from openfls.clinical.patients import PatientRecord
from openfls.clinical.when import When


class Finder(StrEnum):
    """A method of case finding: each can be the backstop of the others."""

    TRAUMA_LIST = "trauma list"
    WARD_ROUND = "ward round"
    THEATRE_LIST = "theatre list"
    EMERGENCY_DEPARTMENT = "emergency department"
    FRACTURE_CLINIC = "fracture clinic"
    RADIOLOGY_REPORT = "radiology report"
    CODED_DISCHARGE = "coded discharge"
    NATIONAL_AUDIT = "national audit list"
    GENERAL_PRACTICE = "general practice"
    ADMISSION = "admission message"
    CODED_RECORD = "coded record"
    BY_HAND = "entered by hand"


class BodySite(StrEnum):
    HIP = "hip"
    FEMUR = "femur, not hip"
    SPINE = "spine"
    PELVIS = "pelvis"
    HUMERUS = "humerus"
    WRIST = "wrist"
    FOREARM = "forearm"
    RIB = "rib or sternum"
    CLAVICLE = "clavicle or scapula"
    LOWER_LEG = "tibia, fibula or patella"
    ANKLE = "ankle"
    FOOT = "foot, not toe"
    HAND = "hand, not finger"
    SKULL = "skull"
    FACE = "face"
    DIGIT = "finger or toe"
    OTHER = "neither hip nor spine"
    UNSPECIFIED = "site not given"


class Side(StrEnum):
    LEFT = "left"
    RIGHT = "right"
    BOTH = "both"
    UNKNOWN = "unknown"


class Answer(StrEnum):
    """What a source said to a question; unknown is never no."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Setting(StrEnum):
    INPATIENT = "inpatient"
    OUTPATIENT = "outpatient"
    EMERGENCY = "emergency department"
    COMMUNITY = "community"
    UNKNOWN = "unknown"


class Status(IntEnum):
    """How settled a version is; a higher one stands above a lower one whatever came first (HL7 table 0085: P, F, C)."""

    PRELIMINARY = 0
    FINAL = 1
    CORRECTED = 2


@dataclass(frozen=True, slots=True)
class Source:
    """Where a fact came from: the feed or the person, the sha256 of the message's bytes, the place inside it."""

    system: str
    message: str
    position: str


@dataclass(frozen=True, kw_only=True)
class Fact:
    """What every fact says. Days are local days of the site; ``known`` is an aware UTC instant.

    ``site`` is the organisation code of the hospital site (or practice) where it occurred, None where nobody said.
    ``key`` names the statement across versions, for instance ``RX9/visit/V123/admission``; empty for a fact that has
    no other version. ``version`` is the sender's own time of this version. ``retracted``: the sender takes it back.
    ``by`` is the user who entered it by hand, empty for a feed.
    """

    record: PatientRecord
    occurred: When
    known: datetime
    source: Source
    site: str | None = None
    status: Status = Status.FINAL
    version: datetime | None = None
    retracted: bool = False
    key: str = ""
    by: str = ""
    about: tuple[str, ...] = ()
    kind: ClassVar[str] = "fact"

    @cached_property
    def id(self) -> str:
        """A digest of source, message and position: the same bytes read again give the same fact."""
        parts = (self.source.system, self.source.message, self.source.position, self.kind)
        return sha256("\x1f".join(parts).encode()).hexdigest()

    @property
    def statement(self) -> str:
        """What versions share: the key where the source gave one, else the fact's own id."""
        return self.key or self.id

    @property
    def by_feed(self) -> bool:
        return not self.by

    @property
    def said(self) -> datetime:
        """When it was said, by the sender's own time of this version, else by receipt: the order of people's answers,
        which a list sent again doesn't change."""
        return self.version or self.known


@dataclass(frozen=True, kw_only=True)
class FractureSighting(Fact):
    """A finder says that this person may have broken this bone about then. ``occurred`` is the fracture's date as the
    finder knows it (``dated_by`` says from what: injury, diagnosis, attendance, admission, discharge, report)."""

    kind: ClassVar[str] = "fracture sighting"
    finder: Finder
    body_site: BodySite
    side: Side = Side.UNKNOWN
    codes: tuple[Code, ...] = ()
    low_trauma: Answer = Answer.UNKNOWN
    pathological: Answer = Answer.UNKNOWN  # by tumour or other local bone disease; an osteoporotic fracture is not
    certain: Answer = Answer.YES  # unknown: suspected; no: the finder looked and says no fracture
    setting: Setting = Setting.UNKNOWN
    dated_by: str = "diagnosis"
    words: str = ""  # what the source wrote: evidence for the person who triages
    levels: tuple[str, ...] = ()  # of the spine: T12, L1
    part: str = ""  # of the femur, where it may be an atypical fracture: subtrochanteric, shaft


@dataclass(frozen=True, kw_only=True)
class Demographics(Fact):
    """Where a person can be reached and how they describe themselves, as this source has it."""

    kind: ClassVar[str] = "demographics"
    address: str = ""
    postcode: str = ""
    phone: str = ""
    practice: str = ""
    care_home: Answer = Answer.UNKNOWN
    ethnic_category: EthnicCategory = EthnicCategory.NOT_KNOWN


@dataclass(frozen=True, kw_only=True)
class RecordsLinked(Fact):
    """The fact's record and ``other`` are one person, says a person or the authority that merged them."""

    kind: ClassVar[str] = "records linked"
    other: PatientRecord


@dataclass(frozen=True, kw_only=True)
class RecordsSeparated(Fact):
    """The fact's record and ``other`` are two people."""

    kind: ClassVar[str] = "records separated"
    other: PatientRecord


@dataclass(frozen=True, kw_only=True)
class RecordsUndecided(Fact):
    """Somebody looked at the fact's record and ``other`` and can't tell yet: the question stays open, and says so."""

    kind: ClassVar[str] = "records undecided"
    other: PatientRecord


@dataclass(frozen=True, kw_only=True)
class Admission(Fact):
    kind: ClassVar[str] = "admission"
    visit: str = ""
    ward: str = ""
    emergency: Answer = Answer.UNKNOWN
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Attendance(Fact):
    """An emergency department or clinic attendance (ADT A04)."""

    kind: ClassVar[str] = "attendance"
    visit: str = ""
    setting: Setting = Setting.UNKNOWN
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Transfer(Fact):
    """From ward to ward, or to another site (``to_site``)."""

    kind: ClassVar[str] = "transfer"
    visit: str = ""
    ward: str = ""
    to_site: str | None = None


@dataclass(frozen=True, kw_only=True)
class Discharge(Fact):
    kind: ClassVar[str] = "discharge"
    visit: str = ""
    destination: str = ""


@dataclass(frozen=True, kw_only=True)
class Surgery(Fact):
    kind: ClassVar[str] = "surgery"
    codes: tuple[Code, ...] = ()
    procedure: str = ""
    visit: str = ""


@dataclass(frozen=True, kw_only=True)
class Death(Fact):
    """``formal``: registered; else notified informally."""

    kind: ClassVar[str] = "death"
    formal: Answer = Answer.UNKNOWN


@dataclass(frozen=True, kw_only=True)
class LaboratoryResult(Fact):
    """A measured value with its unit as the laboratory wrote both; nothing is converted here.

    ``analyte`` says which measurement it is, by LOINC or by the laboratory's reviewed code map (the names are those of
    `laboratory`); ``code`` and ``name`` are the laboratory's own.
    """

    kind: ClassVar[str] = "laboratory result"
    code: Code | None = None
    name: str = ""
    value: str = ""
    unit: str = ""
    reference_range: str = ""
    analyte: str = ""


class DxaNeed(StrEnum):
    REQUESTED = "requested"
    NOT_NEEDED = "no DXA needed"


@dataclass(frozen=True, kw_only=True)
class DxaRequest(Fact):
    """A scan was asked for, or decided against with a reason (frailty, not tolerated, not feasible: NG259 1.7.4)."""

    kind: ClassVar[str] = "DXA request"
    need: DxaNeed
    reason: str = ""
    scanner: str = ""


@dataclass(frozen=True, kw_only=True)
class DxaResult(Fact):
    """``t_score`` and ``z_score`` have no unit; None where the report gave none. ``region``: femoral neck, total hip,
    lumbar spine … ``reference``: the population that the scores compare with, as the report or the feed's declaration
    names it; a score without one can't be compared. ``scanner`` is where or on which scanner, ``maker``, ``model`` and
    ``software`` are the scanner's own."""

    kind: ClassVar[str] = "DXA result"
    region: str = ""
    side: Side = Side.UNKNOWN
    t_score: float | None = None
    z_score: float | None = None
    bmd_g_cm2: float | None = None
    reference: str = ""
    scanner: str = ""
    maker: str = ""
    model: str = ""
    software: str = ""
    code: Code | None = None


class Service(StrEnum):
    """Whom an appointment or a document concerns: the services round a fragility fracture. Others are not kept."""

    DXA = "DXA"
    FLS = "fracture liaison service"
    OSTEOPOROSIS_CLINIC = "osteoporosis clinic"
    FRACTURE_CLINIC = "fracture clinic"
    FALLS = "falls"
    STRENGTH_AND_BALANCE = "strength and balance"
    INJECTIONS = "injection clinic"
    RADIOLOGY = "radiology"
    EMERGENCY = "emergency department"
    GENERAL_PRACTICE = "general practice"


class AppointmentState(StrEnum):
    WAITING = "waiting for a date"
    BOOKED = "booked"
    CANCELLED = "cancelled"
    ATTENDED = "attended"
    MISSED = "did not attend"


@dataclass(frozen=True, kw_only=True)
class Appointment(Fact):
    """A place in a clinic or on a scanner; ``occurred`` is when it is to be or was, and may lie ahead. ``clinic`` is
    what the sender calls it, ``reason`` why it was cancelled or missed. An attended appointment is no result."""

    kind: ClassVar[str] = "appointment"
    service: Service
    state: AppointmentState
    clinic: str = ""
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Document(Fact):
    """A letter or report that was written. ``form`` is text or what else it came as (PDF): only text is held in
    ``text``, anything else stays in its message. ``parent`` is the key of the document that this one adds to."""

    kind: ClassVar[str] = "document"
    service: Service
    title: str = ""
    author: str = ""
    form: str = ""
    text: str = ""
    parent: str = ""


@dataclass(frozen=True, kw_only=True)
class RiskScore(Fact):
    """A score as somebody read it off its tool: ten-year probabilities in percent, never recomputed."""

    kind: ClassVar[str] = "risk score"
    tool: str
    tool_version: str = ""
    major_fracture_percent: float | None = None
    hip_fracture_percent: float | None = None
    with_bmd: Answer = Answer.UNKNOWN


@dataclass(frozen=True, kw_only=True)
class FallsAssessment(Fact):
    """Done, or the person was referred for one (FLS-DB KPI 6 counts both)."""

    kind: ClassVar[str] = "falls assessment"
    done: Answer = Answer.YES
    referred: Answer = Answer.UNKNOWN
    findings: str = ""


@dataclass(frozen=True, kw_only=True)
class FlsAssessment(Fact):
    kind: ClassVar[str] = "FLS assessment"
    assessor_role: str = ""
    findings: str = ""


class TreatmentAdvice(StrEnum):
    """What was decided about bone treatment; the words follow FLS-DB field 4.01."""

    RECOMMENDED = "recommended"
    CONTINUE = "continue what is taken"
    INAPPROPRIATE = "inappropriate"
    DECLINED = "informed decline"
    SPECIALIST = "referred for further clinical opinion"
    GP_TO_DECIDE = "referred to GP to decide prescription"


@dataclass(frozen=True, kw_only=True)
class TreatmentDecision(Fact):
    kind: ClassVar[str] = "treatment decision"
    advice: TreatmentAdvice
    drug: str = ""
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class PrescriptionRequested(Fact):
    """Somebody was asked to prescribe. It stays open until a prescription is issued or a dose given."""

    kind: ClassVar[str] = "prescription requested"
    drug: str = ""
    asked_of: str = ""


@dataclass(frozen=True, kw_only=True)
class PrescriptionIssued(Fact):
    """``days_supplied`` where the source counts days, else ``quantity`` may tell (tablets, syringes). ``words``: the
    medicine as the source wrote it."""

    kind: ClassVar[str] = "prescription issued"
    drug: str
    codes: tuple[Code, ...] = ()
    setting: Setting = Setting.UNKNOWN
    days_supplied: int | None = None
    bone_drug: Answer = Answer.UNKNOWN
    quantity: float | None = None
    words: str = ""


@dataclass(frozen=True, kw_only=True)
class MedicineSupplied(Fact):
    """A pharmacy handed a medicine out, or homecare delivered it (``supplied_by``). ``order``: the statement of the
    prescription that it fills, where the sender names it, so that nothing is counted twice."""

    kind: ClassVar[str] = "medicine supplied"
    drug: str
    codes: tuple[Code, ...] = ()
    setting: Setting = Setting.UNKNOWN
    days_supplied: int | None = None
    bone_drug: Answer = Answer.UNKNOWN
    quantity: float | None = None
    words: str = ""
    supplied_by: str = ""
    order: str = ""


@dataclass(frozen=True, kw_only=True)
class DoseGiven(Fact):
    """``complete``: no where only part of it went in (an infusion that was stopped)."""

    kind: ClassVar[str] = "dose given"
    drug: str
    codes: tuple[Code, ...] = ()
    setting: Setting = Setting.UNKNOWN
    bone_drug: Answer = Answer.UNKNOWN
    complete: Answer = Answer.YES
    words: str = ""


@dataclass(frozen=True, kw_only=True)
class DoseNotGiven(Fact):
    """A dose that was due and not given: refused, deferred, not attended, with the reason in the source's words."""

    kind: ClassVar[str] = "dose not given"
    drug: str
    codes: tuple[Code, ...] = ()
    setting: Setting = Setting.UNKNOWN
    bone_drug: Answer = Answer.UNKNOWN
    reason: str = ""
    words: str = ""


@dataclass(frozen=True, kw_only=True)
class TreatmentStopped(Fact):
    """Somebody ended a medicine. ``for_now``: yes while it is held back and meant to go on."""

    kind: ClassVar[str] = "treatment stopped"
    drug: str
    codes: tuple[Code, ...] = ()
    bone_drug: Answer = Answer.UNKNOWN
    for_now: Answer = Answer.UNKNOWN
    reason: str = ""
    words: str = ""


@dataclass(frozen=True, kw_only=True)
class MedicinesRecordChecked(Fact):
    """Somebody looked into a record of medicines that sends us nothing, most often the general practice's.

    ``drug`` is what was looked for, empty for any bone treatment. ``found`` no: that record holds none; another
    source may. What was found is a prescription of its own beside this.
    """

    kind: ClassVar[str] = "medicines record checked"
    looked_in: str = ""
    drug: str = ""
    found: Answer = Answer.UNKNOWN
    last_issued: date | None = None


@dataclass(frozen=True, kw_only=True)
class FollowUpOutcome(Fact):
    """What a follow-up found. ``on_treatment`` unknown where nobody could be reached: never read as no."""

    kind: ClassVar[str] = "follow-up outcome"
    on_treatment: Answer = Answer.UNKNOWN
    drug: str = ""
    refractured: Answer = Answer.UNKNOWN
    reason: str = ""
    adverse_effects_asked: Answer = Answer.UNKNOWN


@dataclass(frozen=True, kw_only=True)
class ContactAttempt(Fact):
    """``outcome``: reached, no answer, wrong number, call back … No answer never closes anything."""

    kind: ClassVar[str] = "contact attempt"
    by_means: str = ""
    outcome: str = ""
    step: str = ""


@dataclass(frozen=True, kw_only=True)
class LetterSent(Fact):
    kind: ClassVar[str] = "letter sent"
    to: str = "general practice"
    subject: str = ""
    practice: str = ""


@dataclass(frozen=True, kw_only=True)
class LetterAcknowledged(Fact):
    kind: ClassVar[str] = "letter acknowledged"
    answered_by: str = ""
    answer: str = ""


@dataclass(frozen=True, kw_only=True)
class Referral(Fact):
    """``service``: strength and balance, falls, DXA, osteoporosis clinic … ``started``: the person has begun there."""

    kind: ClassVar[str] = "referral"
    service: str
    started: Answer = Answer.UNKNOWN


@dataclass(frozen=True, kw_only=True)
class Declined(Fact):
    """The person does not want this step; ``step`` is a `Step` value."""

    kind: ClassVar[str] = "declined"
    step: str
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Note(Fact):
    """Anything worth a line: the informal call, the word in the corridor."""

    kind: ClassVar[str] = "note"
    text: str


class Triage(StrEnum):
    ENROL = "enrol"
    NOT_FRAGILITY = "not a fragility fracture"
    UNSURE = "unsure"
    UNDO = "undo"


@dataclass(frozen=True, kw_only=True)
class TriageDecision(Fact):
    """A person's answer to the sightings in ``about``; the latest stands, ``UNDO`` takes the one before back.
    ``recorded_in``: the register to which the service itself had submitted the fracture, where that says so and nobody
    by name."""

    kind: ClassVar[str] = "triage decision"
    answer: Triage
    reason: str = ""
    recorded_in: str = ""


@dataclass(frozen=True, kw_only=True)
class AuditAnswer(Fact):
    """An answer to a field of an audit's dataset that no other fact holds: ``question`` is the field's own header, and
    the answer one of its own words, "Don't know" included."""

    kind: ClassVar[str] = "audit answer"
    audit: str
    question: str
    answer: str


@dataclass(frozen=True, kw_only=True)
class OptOutChecked(Fact):
    """Somebody looked up on the day ``occurred`` whether the person has a national data opt-out. It concerns what
    leaves for audit and planning, never the person's own care."""

    kind: ClassVar[str] = "opt-out checked"
    opted_out: Answer


class ClosingReason(StrEnum):
    """Why a named person ended a task without a fact that meets it."""

    DIED = "died"
    DECLINED = "declined"
    MOVED_AWAY = "moved away"
    OTHER_SERVICE = "cared for by another service"
    NOT_APPROPRIATE = "clinically not appropriate"
    NOT_REACHED = "not reached after agreed attempts"
    DONE_ELSEWHERE = "done elsewhere"
    WITHDRAWN = "the finder took the fracture back"
    OPENED_IN_ERROR = "opened in error"


@dataclass(frozen=True, kw_only=True)
class TaskClosed(Fact):
    """A named person ends a task of the episode with the sightings in ``about``; ``step`` is a `Step` value."""

    kind: ClassVar[str] = "task closed"
    step: str
    reason: ClosingReason
    words: str = ""


@dataclass(frozen=True, kw_only=True)
class TaskReopened(Fact):
    kind: ClassVar[str] = "task reopened"
    step: str
    words: str = ""


@dataclass(frozen=True, kw_only=True)
class TaskOwned(Fact):
    """The task of this step belongs to ``owner`` (a user name) from now on: taking, handing over, cover."""

    kind: ClassVar[str] = "task owned"
    step: str
    owner: str = ""
    words: str = ""


@dataclass(frozen=True, kw_only=True)
class TaskSeen(Fact):
    """Somebody has seen that a feed met this task."""

    kind: ClassVar[str] = "task seen"
    step: str


@dataclass(frozen=True, kw_only=True)
class UploadUndone(Fact):
    """A named person undoes an upload: what ``message`` of ``system`` said in its ``reading`` about this record counts
    as never stated (`undoing.counting`). ``retracted``: it counts again."""

    kind: ClassVar[str] = "upload undone"
    system: str
    message: str
    reading: int = 1
    reason: str = ""


KINDS: dict[str, type[Fact]] = {
    kind.kind: kind
    for kind in (
        FractureSighting, Demographics, RecordsLinked, RecordsSeparated, RecordsUndecided, Admission, Attendance,
        Transfer, Discharge, Surgery, Death, LaboratoryResult, DxaRequest, DxaResult, Appointment, Document,
        RiskScore, FallsAssessment, FlsAssessment, TreatmentDecision, PrescriptionRequested, PrescriptionIssued,
        MedicineSupplied, DoseGiven, DoseNotGiven, TreatmentStopped, MedicinesRecordChecked, FollowUpOutcome,
        ContactAttempt, LetterSent, LetterAcknowledged, Referral, Declined, Note, TriageDecision, AuditAnswer,
        OptOutChecked, TaskClosed, TaskReopened, TaskOwned, TaskSeen, UploadUndone,
    )
}  # fmt: skip


def birthday_age(birth_date: date, day: date) -> int:
    """Completed years on ``day``; born on 29 February, a year is completed on 1 March of a common year."""
    return day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))
