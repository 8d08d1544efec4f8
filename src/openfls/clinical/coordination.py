"""Coordination: the loop with general practice, told and acknowledged."""

from openfls.clinical.assessment import ASSESSED
from openfls.clinical.expressions import AgeAtIndex, All, Has, Moment, Parameter, Recorded, Window
from openfls.clinical.facts import LetterAcknowledged, LetterSent
from openfls.clinical.standards import ENROLLED, Family, Standard, Step, died_by, within_days

GENERAL_PRACTICE = "general practice"  # whom a `LetterSent` is to

THREE_MONTHS = 90  # MIPS 024: communication within three months of the fracture's treatment; months taken as 30 days
MIPS_AGE = 50  # MIPS 024: from this age

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
    family=Family.OWN,
    counts=All((ENROLLED, ASSESSED)),
    met_by=(PLAN_TO_GP,),
    window=Window(Moment(0, after=ASSESSED), LETTER_DUE),
    excludes=died_by(LETTER_DUE),
    notes="The letter tells the plan, which stands with the assessment: one sent before it, such as a discharge "
    "letter, doesn't meet it. To be confirmed.",
)

GP_TOLD_WITHIN_3_MONTHS = Standard(
    name="gp-told-within-3-months",
    title="The GP told within 3 months of the fracture",
    why=GAP,
    step=Step.TELL_GP,
    source="CMS Merit-based Incentive Payment System (MIPS), quality measure 024",
    edition="2027",
    family=Family.OTHER,
    aliases=("MIPS 024",),
    counts=All((ENROLLED, AgeAtIndex(MIPS_AGE))),
    met_by=(Recorded(LetterSent.kind, (Has("to", (GENERAL_PRACTICE,)),)),),
    window=within_days(THREE_MONTHS),
    makes_task=False,
    excludes=died_by(Moment(THREE_MONTHS)),
    choices=(
        "Three months are taken as 90 days from the index date, where the source counts from the treatment of the "
        "fracture.",
        "Any letter of the service to the practice counts, before the assessment too: it may ask for what is to come.",
    ),
    notes="The measure is American; it is the only formal one found of the gap between hospital and general practice.",
)

GP_ACKNOWLEDGED = Standard(
    name="gp-acknowledged",
    title="The GP's acknowledgement received",
    why="A letter sent is not a letter read: without an answer the loop is open.",
    step=Step.GP_ACKNOWLEDGES,
    source="Site parameter gp_acknowledgement_days; no published source",
    edition="default of 2026",
    family=Family.OWN,
    counts=All((ENROLLED, PLAN_TO_GP)),
    met_by=(Recorded(LetterAcknowledged.kind),),
    window=Window(Moment(0, after=PLAN_TO_GP), ANSWER_DUE),
    excludes=died_by(ANSWER_DUE),
    notes="The answer to the first letter that tells the plan; an answer to an earlier letter is none to this one.",
)

STANDARDS = (GP_TOLD, GP_TOLD_WITHIN_3_MONTHS, GP_ACKNOWLEDGED)
