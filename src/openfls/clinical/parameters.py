"""Site parameters: rules without a published source, each with a default and why; see docs/safety/to-confirm.md."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """What a site may set. Days are whole calendar days."""

    grouping_days: int = 60  # same site and side within this of the first sighting is one episode
    simultaneous_days: int = 1  # different bones within this are one event: finders date it by injury or by admission
    takes_other_sites: bool = True  # sites that FLS-DB field 1.11 counts as "Other" (clavicle, ankle, rib, foot …)
    triage_days: int = 7  # a new sighting is looked at within this of its receipt
    late_finding_days: int = 30  # a finder that knew of the fracture later than this was late
    gp_acknowledgement_days: int = 14  # a letter not acknowledged within this is an open loop
    gp_letter_days: int = 14  # the GP is told within this of the assessment
    not_taken_days: int = 14  # treatment that a follow-up found not taken is resumed, or decided against, within this
    confirm_closing_days: int = 7  # a death or a retraction is confirmed by a person within this
    dxa_request_days: int = 14  # DXA is requested, or decided against, within this of the assessment
    negative_reports_checked: int = 20  # reports read as negative that a person checks, a site and month
    self_assessment_shown_from: int = 5  # answers to a statement are shown once so many people answered it
    silence_chance: float = 0.001  # a feed is silent once so long a silence is less likely than this, by its own rhythm
    suppress_below: int = 8  # a count below this is hidden on what leaves the building; 5 at least
    opt_out_check_days: int = 21  # a check for a national data opt-out older than this holds an audit export up
    caseload_per_hip_fracture: float = 5.0  # fractures to be expected for each hip fracture of the national hip audit


DEFAULTS = Parameters()
RETIRED = {"silence_factor": "silence_chance"}  # what sites may have set once, and what decides now


def with_changes(changes: Mapping[str, Any]) -> Parameters:
    """The defaults with a site's own values.

    Raises ``ValueError`` for a name that is no parameter, a value of the wrong type, a negative one, a chance above 1.
    """
    known = {field.name: field.type for field in fields(Parameters)}
    for name, value in changes.items():
        if name in RETIRED:
            raise ValueError(f"the site parameter {name!r} is gone: set {RETIRED[name]!r} instead")
        if name not in known:
            raise ValueError(f"no such site parameter: {name!r}; there are {', '.join(known)}")
        wanted = type(getattr(DEFAULTS, name))
        if not isinstance(value, wanted) or (wanted is int and isinstance(value, bool)):
            raise ValueError(f"site parameter {name!r} wants {wanted.__name__}, not {value!r}")
        if not value >= 0:
            raise ValueError(f"site parameter {name!r} can't be negative: {value!r}")
        if name.endswith("_chance") and value > 1:
            raise ValueError(f"site parameter {name!r} is a chance, at most 1: {value!r}; one in a hundred is 0.01")
    return replace(DEFAULTS, **changes)
