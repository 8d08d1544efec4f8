"""National data opt-outs: whether somebody's data may leave for an audit, by what was looked up and when.

It applies by default to what leaves for national audits, not to direct care and not in Wales (NHS Digital, national
data opt-out operational policy 5.1). How old a check may be has no published source here: it is a site parameter.
"""

from collections.abc import Iterable
from datetime import date, timedelta

from openfls.clinical.decisions import Decision, no, unknown, yes
from openfls.clinical.facts import Answer, Fact, OptOutChecked
from openfls.clinical.parameters import DEFAULTS, Parameters

RULE, EDITION = "national data opt-out", "NHS Digital operational policy 5.1"


def opted_out(facts: Iterable[Fact], today: date, parameters: Parameters = DEFAULTS) -> Decision:
    """Yes where the latest check says so, however old it is; no only by a check that is new enough; else unknown.

    Of two checks on one day the one that says yes holds.
    """
    checks = [f for f in facts if isinstance(f, OptOutChecked) and not f.retracted and not f.occurred.lies_ahead(today)]
    latest = max(checks, key=lambda check: (check.occurred.end, check.opted_out is Answer.YES), default=None)
    return _found(latest, today, parameters).under(RULE, EDITION)


def _found(latest: OptOutChecked | None, today: date, parameters: Parameters) -> Decision:
    if latest is None or latest.opted_out is Answer.UNKNOWN:
        return unknown("nobody has looked it up")
    if latest.opted_out is Answer.YES:
        return yes(f"opted out, by the check of {latest.occurred}")
    oldest = today - timedelta(days=parameters.opt_out_check_days)
    if latest.occurred.end < oldest:
        return unknown(f"last looked up {latest.occurred}, more than {parameters.opt_out_check_days} days ago")
    return no(f"no opt-out, by the check of {latest.occurred}")
