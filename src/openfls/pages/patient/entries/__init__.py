"""What a person can enter about a patient: one form each, and which form ends which step."""

from openfls.clinical.standards import Step
from openfls.pages.patient.entries.assessment import Assessment, DxaScan
from openfls.pages.patient.entries.audit import AuditAnswers, OptOut
from openfls.pages.patient.entries.contact import Attempt, FollowUp, Letter, LetterAcknowledgement
from openfls.pages.patient.entries.details import PatientDetails
from openfls.pages.patient.entries.entry import Entry
from openfls.pages.patient.entries.other import Death, Line, NotWanted, ReferralTo
from openfls.pages.patient.entries.record import RecordChecked
from openfls.pages.patient.entries.treatment import Decision, Started

ENTRIES: dict[str, type[Entry]] = {
    entry.name: entry
    for entry in (
        Assessment, DxaScan, Decision, Started, RecordChecked, FollowUp, Attempt, Letter, LetterAcknowledgement,
        ReferralTo, NotWanted, Line, AuditAnswers, PatientDetails, OptOut, Death,
    )
}  # fmt: skip

ENTRY_OF_STEP: dict[Step, type[Entry]] = {step: entry for entry in ENTRIES.values() for step in entry.steps}
