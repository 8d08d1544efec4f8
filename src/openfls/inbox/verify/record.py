"""I3, I4, I8: what messages gave is on the record, every sighting has its episode, every episode its owner."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date

from django.db import connections
from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet

from openfls.clinical.caseload import TaskState
from openfls.clinical.facts import Answer, Fact, FractureSighting, TaskClosed, TriageDecision, UploadUndone
from openfls.clinical.standards import Step
from openfls.clinical.tasks import CONCERN_SOMEBODY
from openfls.clinical.versions import current
from openfls.inbox.models import Message
from openfls.inbox.verify.findings import Finding, judged
from openfls.record import doubts, trail
from openfls.record.models import EpisodeRow, EpisodeSite, FactRow, RecordRow, Site, TaskRow
from openfls.record.own_standards import own_standards

PERSONS_OWN = (TaskClosed.kind, TriageDecision.kind, UploadUndone.kind)  # what only a named person may do


def messages_gave_their_facts() -> Finding:
    """The facts that a message gave are on the record, and no feed's fact is there without its message."""
    held = defaultdict(int)
    of_feeds = FactRow.objects.filter(by="").values_list("source_system", "source_message")
    for system, digest, n in of_feeds.annotate(n=Count("number")).order_by():
        held[system, digest] = n
    gave = Message.objects.order_by().values_list("source", "digest").annotate(n=Max("facts"))
    faults, messages = [], set()
    for source, digest, n in gave.iterator():
        messages.add((source, digest))
        if held[source, digest] < n:
            faults.append(f"{n - held[source, digest]} facts of {source} {digest[:12]} are not on the record")
    faults += [f"{held[key]} facts of {key[0]} {key[1][:12]} have no message" for key in held if key not in messages]
    return judged("I3: the record holds what the messages gave", f"{sum(held.values())} facts of feeds", faults)


def sightings_have_episodes() -> Finding:
    """Every standing sighting is in exactly one episode, and each episode's sightings are facts."""
    placed: dict[str, int] = defaultdict(int)
    for sightings in EpisodeRow.objects.values_list("sightings", flat=True).iterator():
        for fact_id in sightings:
            placed[fact_id] += 1
    faults, claimed = [], set()
    for sighting in _standing_sightings():
        claimed.add(sighting.id)
        if placed[sighting.id] != 1:
            faults.append(f"sighting {sighting.id[:12]} is in {placed[sighting.id]} episodes")
    faults += [f"sighting {fact_id[:12]} of an episode is no fact" for fact_id in set(placed) - claimed]
    return judged("I3: every sighting has its episode", f"{len(claimed)} sightings", faults)


def _standing_sightings() -> Iterator[FractureSighting]:
    """Of each person the versions that hold, without those that say that nothing is broken."""
    needed = Q(kind__in=(FractureSighting.kind, UploadUndone.kind)) | ~Q(by="")  # acts keep what was undone in sight
    rows = FactRow.objects.filter(needed).order_by("record__person", "number")
    by_person: dict[str, list[Fact]] = defaultdict(list)
    for person, body in rows.values_list("record__person", "body").iterator():
        by_person[person].append(FactRow(body=body).to_fact())
    for facts in by_person.values():
        yield from (s for s in current(facts) if isinstance(s, FractureSighting) and s.certain is not Answer.NO)


def everybody_has_a_person() -> Finding:
    lost = RecordRow.objects.filter(person=None).values_list("key", flat=True)
    return judged("I3: every record belongs to a person", f"{RecordRow.objects.count()} records", lost)


def episodes_are_owned() -> Finding:
    """Every episode that is looked after has a task that somebody owns, until a named person closes it.

    A death is asked about once: its task stands at one of the person's episodes for all of them.
    """
    episodes = EpisodeRow.objects.filter(status__in=CONCERN_SOMEBODY)
    asked_once = TaskRow.objects.filter(step=Step.CONFIRM_CLOSING).values("person")
    left = episodes.filter(tasks=None).exclude(person__in=asked_once)
    faults = [f"episode {key[:12]} has no task" for key in left.values_list("id", flat=True)]
    unowned = TaskRow.objects.filter(state=TaskState.OPEN, owner_role="")
    faults += [f"task {task} of {key[:12]} has no owner" for key, task in unowned.values_list("episode", "step")]
    return judged("I4: every episode is on somebody's list", f"{episodes.count()} episodes", faults)


def tasks_are_somewhere() -> Finding:
    """Every open task is at a site that is loaded, or its fracture is: a code that nobody knows is on nobody's list.

    A house without any site has nobody yet to show anything to.
    """
    known = set(Site.objects.values_list("code", flat=True))
    waiting = TaskRow.objects.filter(state=TaskState.OPEN)
    reached = Q(site__in=known) | (Q(site=None) & Exists(_at_a_site(known)))
    nowhere = waiting.exclude(reached).values_list("step", "episode", "site") if known else []
    faults = [f"{step} of {key[:12]} is at {site or 'no site'}" for step, key, site in nowhere]
    return judged("I4: every open task is at a site of ours", f"{waiting.count()} open tasks", faults)


def _at_a_site(known: set[str]) -> "QuerySet[EpisodeSite]":
    return EpisodeSite.objects.filter(episode=OuterRef("episode"), site__in=known)


def doubts_are_seen(today: date) -> Finding:
    """Every doubt about somebody with a fracture is on the page of whoever works where one of the two was seen.

    Where nobody sees both, each side sees its own half: counted by the trusts that share nothing. A house without any
    site has nobody yet to show anything to.
    """
    trusts, views, halves = doubts.trust_of_sites(), doubts.views(today), Counter[str]()
    faults, total = [], 0
    for doubt in doubts.doubted():
        total += 1
        if trusts and doubt.sites and doubt.sites.isdisjoint(trusts):
            faults.append(f"the doubt of {doubt.record[:12]} is at no site that there is")
        elif not any(doubt.seen_whole(seen) for seen in views):
            halves[doubts.between(doubt, trusts)] += 1
    told = "; ".join(f"{pair}: {number}" for pair, number in sorted(halves.items()))
    counted = f"doubts: {total}; seen whole by nobody who may answer: {halves.total()}{told and f' ({told})'}"
    return judged("I4: every doubt of identity is on somebody's page", counted, faults)


def only_people_close() -> Finding:
    acts = FactRow.objects.filter(kind__in=PERSONS_OWN)
    faults = [f"fact {key[:12]} closes without a name" for key in acts.filter(by="").values_list("fact_id", flat=True)]
    return judged("I4: only a named person closes", f"{acts.count()} decisions", faults)


def trail_is_sound() -> Finding:
    checked = trail.verify_chain()
    faults = [f"row {fault.number} {fault.because}" for fault in checked.faults]
    return judged("I8: the audit trail is unbroken", f"{checked.rows} rows", faults)


def own_standards_are_used() -> Finding:
    """A standard of the site's own in a file that can't be used is judged by nobody, and makes no task."""
    own, faults = own_standards()
    return judged("the site's own standards are used", f"{len(own)} in force", faults)


def files_are_sound() -> Finding:
    """SQLite's own check of its files."""
    aliases = [alias for alias in connections if connections[alias].vendor == "sqlite"]
    faults = [f"{alias}: {line}" for alias in aliases for line in _integrity(alias) if line != "ok"]
    return judged("the database files are sound", ", ".join(aliases) or "PostgreSQL checks its own", faults)


def _integrity(alias: str) -> list[str]:
    with connections[alias].cursor() as cursor:
        cursor.execute("PRAGMA integrity_check")
        return [line for (line,) in cursor.fetchall()]
