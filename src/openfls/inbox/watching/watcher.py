"""The watcher: looks at a folder again and again; what is whole is stored, and only then moved away.

Killed at any step it loses nothing: what was not moved is taken again, and the inbox knows it by its bytes.
"""

import os
import stat
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path, PurePosixPath

from django.utils import timezone

from openfls.feeds.declaring import FILE_MANIFEST, FOLDER_MANIFEST, Declaration, declaration_of
from openfls.feeds.reading import Unreadable
from openfls.inbox.intake import NobodyAnswers, delivered, known_owners
from openfls.inbox.lookouts import Troubled
from openfls.inbox.own_mappings import mappings_of_home
from openfls.inbox.receive import Incoming, receive
from openfls.inbox.watching.patience import Patience
from openfls.inbox.watching.seeing import Seen, not_opened, sight_of
from openfls.inbox.watching.taking import Changed, move, read

RECEIVED = "received"  # below the watched folder; what is in it is looked at no more
AT_ONCE, MOST_BYTES = 500, 16 * 1024 * 1024  # messages and bytes stored in one commit
SPARE_NAME = 12  # letters of the digest that keeps two files of one name apart


@dataclass
class Look:
    """What came of one look. ``troubles``: what could not be taken, where, and how to mend it."""

    files: int = 0
    stored: int = 0
    known_already: int = 0
    troubles: list[Troubled] = field(default_factory=list)


@dataclass
class Delivery:
    """What is taken at once: a file, or all files of an NDJSON export."""

    files: list[Seen]
    said: Declaration

    @property
    def place(self) -> PurePosixPath:
        return self.files[0].place

    def site(self, known: Container[str]) -> str:
        """Who answers for it, empty where that is nobody we know."""
        code = self.said.site or self.said.source.split("/")[0]
        return code if code in known else ""


@dataclass(frozen=True)
class _Taken:
    """The messages of a delivery, and the digest of each of its files."""

    messages: list[Incoming]
    digests: dict[Seen, str]


@dataclass(eq=False)
class Watcher:
    """Watches one folder. ``leave``: what was stored stays where it is, and is remembered until the watcher ends."""

    folder: Path
    patience: Patience
    leave: bool = False
    _stored: dict[Seen, str] = field(default_factory=dict)  # with the digest of its bytes

    def look(self, now: float) -> Look:
        """Look once and take what is whole; ``now`` is any steady clock. Raises what the database raises."""
        sight, look = sight_of(self.folder, RECEIVED), Look()
        whole = self.patience.whole(sight.files, now)
        there = set(sight.files.values())
        self._stored = {seen: digest for seen, digest in self._stored.items() if seen in there}
        look.troubles += [Troubled.of(fault, place=place) for place, fault in sight.troubles.items()]
        look.troubles += [Troubled.of(fault, self._site(place)) for place, fault in self.patience.stuck(now).items()]
        known = known_owners()
        for delivery in self._deliveries([seen for seen in whole if seen not in self._stored], look):
            self._store(delivery, known, look)
        if not self.leave:
            self._clear([seen for seen in whole if seen in self._stored], sight.files, look)
        return look

    def _deliveries(self, whole: Sequence[Seen], look: Look) -> Iterator[Delivery]:
        exports: dict[PurePosixPath, Delivery] = {}
        for seen in whole:
            said = self._declared(seen.place)
            if isinstance(said, Unreadable):
                look.troubles.append(Troubled.of(said, place=str(seen.place)))
            elif not seen.of_export:
                yield Delivery([seen], said)
            else:
                exports.setdefault(seen.place.parent, Delivery([], said)).files.append(seen)
        yield from exports.values()

    def _store(self, delivery: Delivery, known: set[str], look: Look) -> None:
        try:
            found = self._messages(delivery, known)
        except (Changed, FileNotFoundError):
            return  # the next look sees it as it is then
        if isinstance(found, Unreadable):
            look.troubles.append(Troubled.of(found, delivery.site(known), str(delivery.place)))
            return
        self._receive(found.messages, look)
        self._stored |= found.digests
        look.files += len(delivery.files)

    def _messages(self, delivery: Delivery, known: set[str]) -> _Taken | Unreadable:
        contents = self._contents(delivery)
        if isinstance(contents, Unreadable):
            return contents
        files = [(self.folder / seen.place, content) for seen, content in contents.items()]
        try:
            messages = delivered(files, delivery.said, known)
        except NobodyAnswers:
            return _nobody(delivery.place)
        if isinstance(messages, Unreadable):
            return messages
        return _Taken(messages, {seen: sha256(content).hexdigest() for seen, content in contents.items()})

    def _contents(self, delivery: Delivery) -> dict[Seen, bytes] | Unreadable:
        contents = {}
        try:
            for seen in delivery.files:
                content = read(self.folder, seen)
                if isinstance(content, Unreadable):
                    return content
                contents[seen] = content
        except FileNotFoundError:
            raise
        except OSError as error:
            return not_opened(error, str(delivery.place))
        return contents

    def _receive(self, messages: Sequence[Incoming], look: Look) -> None:
        for batch in _batches(messages):
            for receipt in receive(batch, at=timezone.now()):
                look.stored += not receipt.known_already
                look.known_already += receipt.known_already

    def _clear(self, stored: Sequence[Seen], files: dict[PurePosixPath, Seen], look: Look) -> None:
        """Move what is stored out of sight. What can't be moved is stored all the same, and tried again."""
        day = f"{timezone.localdate():%Y-%m-%d}"
        for seen in stored:
            to = PurePosixPath(RECEIVED) / seen.place.parent / day
            try:
                for each in (seen, *self.patience.marks(seen, files)):
                    move(self.folder, each, to, self._stored[seen][:SPARE_NAME])
            except FileNotFoundError:
                continue
            except OSError as error:
                reason = f"It is stored, but can't be moved to {to}: {error.strerror}."
                mend = not_opened(error, "").mend
                look.troubles.append(Troubled(str(seen.place), reason, mend, self._site(str(seen.place))))

    def _declared(self, place: PurePosixPath) -> Declaration | Unreadable:
        """What is declared of the file, by manifests of our own: a sender doesn't say who he is."""
        for manifest in self._manifests(place):
            if fault := _foreign(manifest):
                return fault
        return declaration_of(self.folder / place, self.folder, mappings_of_home())

    def _manifests(self, place: PurePosixPath) -> Iterator[Path]:
        file = self.folder / place
        yield from (self.folder / above / FOLDER_MANIFEST for above in place.parents)
        yield file.with_name(file.name + FILE_MANIFEST)

    def _site(self, place: str) -> str:
        """Who answers for what lies there, as far as that is declared."""
        said = self._declared(PurePosixPath(place))
        return "" if isinstance(said, Unreadable) else said.site or ""


def _foreign(manifest: Path) -> Unreadable | None:
    """Why a manifest is not to be trusted: whoever may write one says what its files are."""
    try:
        status = manifest.lstat()
    except OSError:
        return None  # there is none, or what reads it says why it can't
    if stat.S_ISREG(status.st_mode) and status.st_uid in (os.geteuid(), 0):
        return None
    reason = f"The manifest {manifest.name} is a link, or belongs to another account."
    mend = "Put a file there that belongs to the account that watches: senders don't declare themselves."
    return Unreadable(reason, str(manifest), mend)


def _nobody(place: PurePosixPath) -> Unreadable:
    mend = 'Put a feed.json there or above it: {"source": "X9A/trauma", "site": "X9A01"}; the site must be loaded.'
    return Unreadable("No site answers for this file.", str(place), mend)


def _batches(messages: Sequence[Incoming]) -> Iterator[list[Incoming]]:
    batch: list[Incoming] = []
    size = 0
    for message in messages:
        if batch and (len(batch) >= AT_ONCE or size + len(message.content) > MOST_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(message)
        size += len(message.content)
    if batch:
        yield batch
