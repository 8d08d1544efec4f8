"""The questions about the service as a whole: its posts, hours, contract and governance. The answers to choose among
are our own and wait to be confirmed: docs/safety/to-confirm.md.
"""

from collections.abc import Mapping
from types import MappingProxyType

from openfls.clinical.profile.questions import Question, Section, Source, choice, number, several, text, yes_no

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

# The bands that the 2017 columns divide the staff into.
BANDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "administrator": ("2", "3", "4", "6"),
        "nurse": ("3", "5", "6", "7", "8a"),
        "radiographer": ("5", "6", "7", "8a"),
        "physiotherapist": ("6",),
    }
)

SERVICE = Section(
    slug="service",
    title="The service",
    about="Where it is delivered from, for whom, when, and how it is paid for.",
    component=None,
    questions=(
        choice("delivered-from", "Delivered from",
               ("acute hospital", "community hospital or clinic", "general practice", "several places", "elsewhere"),
               Source.FACILITIES),
        text("delivered-from-other", "Delivered from: in your own words", Source.FACILITIES,
             hint="Only where it is elsewhere or several places."),
        number("started-year", "Year in which it started", "", Source.FACILITIES, whole=True, least=1980, most=2100),
        number("started-month", "Month in which it started", "", Source.FACILITIES, whole=True, least=1, most=12,
               hint="1 to 12."),
        choice("contract-type", "Contract",
               ("block contract", "paid by activity", "time-limited funding", "no contract of its own", "other"),
               Source.FACILITIES),
        number("population", "Population served", "people", Source.FACILITIES, whole=True),
        several("days", "Days on which it runs", DAYS, Source.QUESTIONNAIRE),
        number("hours", "Hours a week that it runs", "", Source.QUESTIONNAIRE, most=168),
        number("clinics", "Clinics a week", "", Source.QUESTIONNAIRE, most=100),
        several("clinic-kinds", "What kind of clinics",
                ("nurse's clinic", "doctor's clinic", "one visit with DXA", "telephone or video clinic",
                 "falls clinic"), Source.QUESTIONNAIRE),
    ),
)  # fmt: skip


def _posts() -> tuple[Question, ...]:
    return tuple(
        number(post(role, band), f"{role.capitalize()}, band {band}", "WTE", Source.POSTS, most=50)
        for role, bands in BANDS.items()
        for band in bands
    )


def post(role: str, band: str) -> str:
    """The name of the question how many of this role and band there are."""
    return f"wte-{role}-{band}"


STAFFING = Section(
    slug="staffing",
    title="Staffing",
    about="Whole-time equivalents by band: 0.5 is half a post. Leave empty what you don't know; write 0 where there is "
    "none.",
    component=None,
    questions=(
        number("consultant-sessions", "Consultant sessions a week (programmed activities)", "",
               Source.FACILITIES, most=200),
        *_posts(),
        number("wte-other", "All other posts together", "WTE", Source.FACILITIES, most=50),
        text("other-posts", "Which other posts", Source.FACILITIES),
        yes_no("posts-complete", "These are all the posts: those left empty don't exist", Source.FACILITIES),
    ),
)  # fmt: skip

GOVERNANCE = Section(
    slug="governance",
    title="Governance",
    about="Whether the service looks at itself, and asks its patients.",
    component=None,
    questions=(
        choice("governance-meetings", "Minuted governance meetings",
               ("weekly", "monthly", "quarterly", "twice a year", "once a year", "none"), Source.FACILITIES),
        yes_no("survey", "A formal survey of patients was made", Source.FACILITIES),
        number("survey-responses", "Completed responses", "", Source.FACILITIES, whole=True),
        yes_no("ros-survey", "It was the survey of the Royal Osteoporosis Society", Source.FACILITIES),
    ),
)  # fmt: skip
