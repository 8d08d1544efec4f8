"""Nothing lost, as sentences that can be checked: after every fault test, every night, whenever somebody doubts.

The numbers are those of the promises in docs/explanation/reliability.md. Checks read, none writes. I7, that a replay
gives the same, takes a replay: `inbox.replay.prove`.
"""

from collections.abc import Callable
from datetime import datetime

from django.utils import timezone

from openfls.inbox.verify import messages, record
from openfls.inbox.verify.findings import Finding

__all__ = ["Finding", "verify"]


def verify(*, now: datetime | None = None, progress: Callable[[Finding], None] = lambda _: None) -> list[Finding]:
    """Check every invariant that can be checked in place; ``progress`` hears of each finding as it is made."""
    moment = now or timezone.now()
    checks: tuple[Callable[[], Finding], ...] = (
        messages.stored_whole,
        messages.stored_once,
        messages.sums_balance,
        messages.states_complete,
        lambda: messages.nothing_waits_too_long(moment),
        record.messages_gave_their_facts,
        record.everybody_has_a_person,
        record.sightings_have_episodes,
        record.episodes_are_owned,
        record.tasks_are_somewhere,
        lambda: record.doubts_are_seen(timezone.localdate(moment)),
        record.only_people_close,
        record.trail_is_sound,
        record.own_standards_are_used,
        record.files_are_sound,
    )
    findings = []
    for check in checks:
        findings.append(check())
        progress(findings[-1])
    return findings
