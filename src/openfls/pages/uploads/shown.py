"""What the page of an upload shows, prepared: the template holds no rules."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from openfls.clinical.facts import Fact
from openfls.feeds.csv.mapping import Mapping
from openfls.feeds.csv.matching import IGNORED
from openfls.feeds.csv.meanings import meaning_in_words
from openfls.feeds.reading import MOST_TOLD
from openfls.inbox.models import STATE_WORDS, Message, State, Upload, UploadState
from openfls.inbox.own_mappings import mappings_of_home
from openfls.inbox.uploads import confirming, drafts
from openfls.inbox.uploads.checking import Checked
from openfls.inbox.uploads.progress import UnderWay, under_way
from openfls.pages.doors import CARE
from openfls.pages.environment import moment, plural
from openfls.pages.patient.words import heading, told
from openfls.pages.uploads.forms import checked as checked_words
from openfls.record.access import Viewer

SHOWN_FAULTS = 100
DRAFT_WORDS = {UploadState.CHECKED: "waits for you to confirm it", UploadState.DISCARDED: "discarded"}


@dataclass(frozen=True)
class Row:
    """What one of the first rows says. ``who`` is empty for a viewer to whom people are not shown."""

    place: str
    who: str
    says: tuple[str, ...]


@dataclass(frozen=True)
class Shown:
    """``stage``: under way, trial, read, undone, discarded. ``faults``: the first, of ``fault_count``."""

    upload: Upload
    stage: str
    under_way: UnderWay | None
    checked: Checked
    mapping: str
    mapping_by: str
    columns: tuple[tuple[str, str], ...] = ()
    rows: tuple[Row, ...] = ()
    names_hidden: bool = False
    faults: Sequence[dict[str, str]] = ()
    fault_count: int = 0
    fault_words: str = ""
    earlier: tuple[str, ...] = ()
    otherwise: bool = False
    message: Message | None = None
    state: str = ""
    may_undo: bool = False
    may_mend: bool = False
    undone: Any = None
    facts: tuple[str, ...] = field(default=())


def shown(upload: Upload, viewer: Viewer) -> Shown:
    checked, message = Checked.of(upload), upload.message
    mapping = mappings_of_home().named(upload.mapping)
    going = under_way(upload)
    undone = getattr(message, "undo", None) if message else None
    is_undone = message is not None and confirming.is_undone(message)
    faults = message.unreadable if message else checked.unreadable
    count = len(faults) if message else checked.unreadable_rows
    sees = viewer.has_role(*CARE, site=upload.site)
    return Shown(
        upload=upload,
        stage=_stage(upload, going, is_undone),
        under_way=going,
        checked=checked,
        mapping=mapping.title if mapping else upload.mapping,
        mapping_by=_written_by(mapping) if mapping else "",
        columns=tuple((header, _meaning(meaning)) for header, meaning, _ in checked.columns),
        rows=tuple(_row(place, facts, sees) for place, facts in checked.first_rows()),
        names_hidden=not sees,
        faults=faults[:SHOWN_FAULTS],
        fault_count=count,
        fault_words=rows_in_words(len(faults)) if message else plural(count, "row"),
        earlier=tuple(_earlier(upload)) if upload.state in drafts.DRAFT else (),
        otherwise=_stands_otherwise(upload),
        message=message,
        state=STATE_WORDS[State(message.state)] if message else "",
        may_undo=message is not None and not is_undone,
        may_mend=message is not None and message.state == State.QUARANTINED,
        undone=undone,
        facts=tuple(f"{kind}: {number:,}" for kind, number in sorted(checked.facts.items())),
    )


def state_of(upload: Upload) -> str:
    """In a few words, for the list of uploads; what is under way is said by `progress_words`."""
    message = upload.message
    if message is None:
        return DRAFT_WORDS.get(upload.state, "") if Checked.of(upload).fault is None else "can't be read as it is"
    if confirming.is_undone(message):
        return "undone"
    waiting = len(message.unreadable) if message.state == State.QUARANTINED else 0
    return f"read; {rows_in_words(waiting)} can't be read" if waiting else "read"


def rows_in_words(count: int) -> str:
    """``2 rows``; of very many only so many are told one by one."""
    return f"more than {MOST_TOLD:,} rows" if count > MOST_TOLD else plural(count, "row")


def _written_by(mapping: Mapping) -> str:
    return f"by {mapping.authored_by}, {mapping.authored_on}; {checked_words(mapping.checked_by)}"


def _stage(upload: Upload, going: UnderWay | None, is_undone: bool) -> str:
    if upload.state == UploadState.DISCARDED:
        return "discarded"
    if going:
        return "under way"
    if upload.state == UploadState.CHECKED:
        return "trial"
    return "undone" if is_undone else "read"


def _meaning(meaning: str) -> str:
    if meaning == IGNORED:
        return "not read, on purpose"
    return meaning_in_words(meaning) if meaning else ""


def _row(place: str, facts: Sequence[Fact], sees: bool) -> Row:
    if not sees:
        return Row(place, "", tuple(f"{heading(fact)}, {fact.occurred}" for fact in facts))
    record = facts[0].record
    who = ", ".join(filter(None, (record.name, f"born {record.birth_date:%d %b %Y}" if record.birth_date else "")))
    numbers = [record.nhs_number or "", *(str(number) for number in record.hospital_numbers)]
    says = tuple(f"{heading(fact)}, {fact.occurred}: {told(fact)}".removesuffix(": ") for fact in facts)
    return Row(place, "; ".join(filter(None, (who, *numbers))), says)


def _earlier(upload: Upload) -> list[str]:
    """Where the same bytes stand already."""
    return [_stands(message) for message in drafts.earlier(upload)]


def _stands(message: Message) -> str:
    undone = ", and has been undone" if confirming.is_undone(message) else ""
    return f"message {message.number} to {message.source}, received {moment(message.received_at)}{undone}"


def _stands_otherwise(upload: Upload) -> bool:
    """Whether it can't be confirmed before another upload is undone."""
    before = confirming.standing(upload) if upload.state == UploadState.CHECKED else None
    return before is not None and confirming.said_otherwise(upload, before) and not confirming.is_undone(before)


def progress_words(going: UnderWay) -> str:
    """In one line."""
    if not going.total:
        return f"{going.words}: {plural(going.done, 'row')} so far." if going.done else f"{going.words}."
    share = min(100, 100 * going.done // going.total)
    return f"{going.words}: {going.done:,} of about {going.total:,} {going.what} ({share}%)."
