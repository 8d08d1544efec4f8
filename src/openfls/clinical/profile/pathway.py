"""The questions along the pathway: who finds, who assesses, where treatment begins, who monitors, how it is held
together. The answers to choose among are our own and wait to be confirmed: docs/safety/to-confirm.md.
"""

from openfls.clinical.facts import Finder
from openfls.clinical.profile.questions import Section, Source, choice, number, several, yes_no
from openfls.clinical.standards import Component

FINDERS = tuple(finder.value for finder in Finder if finder is not Finder.BY_HAND)
PEOPLE = (
    "coordinator", "specialist nurse", "nurse", "orthogeriatrician", "other doctor", "physiotherapist", "pharmacist",
    "radiographer", "administrator",
)  # fmt: skip
OFTEN = ("everybody", "some, by a rule", "nobody")

FINDING = Section(
    slug="case-finding",
    title="Case finding",
    about="How patients are found, and by whom.",
    component=Component.CASE_FINDING,
    questions=(
        several("who-finds", "Who finds the patients", PEOPLE, Source.QUESTIONNAIRE),
        yes_no("covers-hips", "Hip fractures are covered, inpatients included", Source.FACILITIES),
        several("finds-hips", "How hip fractures are identified", FINDERS, Source.FACILITIES),
        several("finds-inpatients", "How other inpatients are identified", FINDERS, Source.FACILITIES,
                hint="Inpatients whose fracture is neither of the hip nor of the spine."),
        several("finds-outpatients", "How outpatients are identified", FINDERS, Source.FACILITIES),
        several("finds-vertebral", "How vertebral fractures are identified", FINDERS, Source.FACILITIES),
        yes_no("tracks-expected", "Those found are compared with the number expected", Source.FRAMEWORK),
        yes_no("quality-reviewed", "Data quality is reviewed by somebody outside the service", Source.FRAMEWORK),
    ),
)  # fmt: skip

ASSESSING = Section(
    slug="assessment",
    title="Osteoporosis and falls assessment",
    about="Who assesses, where the DXA scanner stands, and what is done about falls.",
    component=Component.ASSESSMENT,
    questions=(
        several("who-assesses", "Who assesses", PEOPLE, Source.QUESTIONNAIRE),
        choice("dxa-where", "Where DXA is done", ("on site", "off site", "both"), Source.QUESTIONNAIRE),
        number("dxa-wait", "Usual wait for DXA", "weeks", Source.INTERVIEWS, most=104),
        choice("assessment-guideline", "Assessed by a guideline that is", ("local", "regional", "national"),
               Source.FRAMEWORK),
        choice("secondary-causes", "Tested for secondary causes", OFTEN, Source.FACILITIES),
        choice("falls-assessment", "Falls assessment",
               ("done by the service", "referred to a falls service", "both", "not done"), Source.FACILITIES),
        several("falls-services", "Falls services that there are",
                ("falls clinic", "community falls team", "falls coordinator", "day hospital"), Source.QUESTIONNAIRE),
    ),
)  # fmt: skip

TREATING = Section(
    slug="treatment",
    title="Treatment initiation",
    about="Where treatment starts, who prescribes it first, and what else is offered.",
    component=Component.TREATMENT,
    questions=(
        choice("treatment-begins", "Where treatment starts",
               ("in hospital", "outpatients", "general practice asked"), Source.QUESTIONNAIRE),
        several("first-prescription", "Who prescribes first",
                ("ward doctor", "doctor of the service", "nurse or pharmacist who prescribes", "clinic doctor",
                 "general practice, asked by letter"), Source.FACILITIES),
        several("interventions", "What is offered",
                ("tablets", "denosumab injections", "zoledronate infusions", "bone-building injections",
                 "calcium and vitamin D", "advice on lifestyle"), Source.FACILITIES),
        choice("medicines-reviewed", "Those treated already have their treatment reviewed", OFTEN, Source.FRAMEWORK),
        choice("exercise-programme", "Exercise programme",
               ("run by the hospital", "run in the community", "both", "none"), Source.FACILITIES),
    ),
)  # fmt: skip

MONITORING = Section(
    slug="monitoring",
    title="Monitoring",
    about="Who finds out whether treatment is taken, when, and how.",
    component=Component.MONITORING,
    questions=(
        choice("who-monitors", "Who monitors", ("secondary care", "general practice", "both", "nobody"),
               Source.QUESTIONNAIRE),
        several("monitored-when", "When",
                ("at 12 to 16 weeks", "between 6 and 12 months", "at 48 to 56 weeks", "beyond one year"),
                Source.FRAMEWORK),
        several("monitored-how", "How", ("telephone", "letter or questionnaire", "clinic visit", "text or e-mail",
                "general practice record"), Source.QUESTIONNAIRE),
    ),
)  # fmt: skip

COORDINATING = Section(
    slug="coordination",
    title="Coordination",
    about="Who holds the pathway together, and how people tell each other what they need to know.",
    component=Component.MONITORING,
    questions=(
        choice("coordinator", "Coordinator", ("yes, a post of its own", "yes, beside another job", "no"),
               Source.INTERVIEWS),
        choice("coordinator-cover", "When the coordinator is away", ("covered", "covered in part", "not covered"),
               Source.INTERVIEWS),
        several("formal-communication", "Formal communication",
                ("multidisciplinary meeting", "written pathway", "shared record", "letter to general practice",
                 "letter to the patient", "discharge summary"), Source.INTERVIEWS),
        several("informal-communication", "Informal communication",
                ("talk on the ward", "telephone", "e-mail", "a shared office"), Source.INTERVIEWS),
        several("letter-tells", "What general practice is told",
                ("fracture", "risk of another", "medicine", "day it was started", "next dose", "blood results",
                 "who monitors", "when to refer again"), Source.FRAMEWORK),
        choice("database", "Where the service keeps its data",
               ("local records", "local database of the service", "national database"), Source.FRAMEWORK),
    ),
)  # fmt: skip
