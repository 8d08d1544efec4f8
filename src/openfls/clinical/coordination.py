"""Coordination: the loop with general practice, told and acknowledged."""

from openfls.clinical.assessment import ASSESSED
from openfls.clinical.expressions import All, Has, Moment, Parameter, Recorded, Window
from openfls.clinical.facts import LetterAcknowledged, LetterSent
from openfls.clinical.standards import ENROLLED, Standard, Step, died_by

GENERAL_PRACTICE = "general practice"  # whom a `LetterSent` is to

AFTER_ASSESSMENT = Window(Moment(0, after=ASSESSED))
PLAN_TO_GP = Recorded(LetterSent.kind, (Has("to", (GENERAL_PRACTICE,)),), AFTER_ASSESSMENT)
LETTER_DUE = Moment(Parameter("gp_letter_days"), after=ASSESSED)
ANSWER_DUE = Moment(Parameter("gp_acknowledgement_days"), after=PLAN_TO_GP)
GAP = "The gap between hospital and general practice (Drew 2016, PMC4839047): what the GP was not told, nobody repeats."

GP_TOLD = Standard(
    name="gp-told",
    title="The GP told",
    why=GAP,
    step=Step.TELL_GP,
    source="Site parameter gp_letter_days; MIPS 024 asks for it within three months",
    edition="default of 2026",
    counts=All((ENROLLED, ASSESSED)),
    met_by=(PLAN_TO_GP,),
    window=Window(Moment(0, after=ASSESSED), LETTER_DUE),
    excludes=died_by(LETTER_DUE),
    notes="The letter tells the plan, which stands with the assessment: one sent before it, such as a discharge "
    "letter, doesn't meet it. To be confirmed.",
)

GP_ACKNOWLEDGED = Standard(
    name="gp-acknowledged",
    title="The GP's acknowledgement received",
    why="A letter sent is not a letter read: without an answer the loop is open.",
    step=Step.GP_ACKNOWLEDGES,
    source="Site parameter gp_acknowledgement_days; no published source",
    edition="default of 2026",
    counts=All((ENROLLED, PLAN_TO_GP)),
    met_by=(Recorded(LetterAcknowledged.kind),),
    window=Window(Moment(0, after=PLAN_TO_GP), ANSWER_DUE),
    excludes=died_by(ANSWER_DUE),
    notes="The answer to the first letter that tells the plan; an answer to an earlier letter is none to this one.",
)

STANDARDS = (GP_TOLD, GP_ACKNOWLEDGED)
