"""Which files are whole: nobody has touched them for a while, and their sender says nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from openfls.feeds.reading import Unreadable
from openfls.inbox.watching.seeing import Seen

STUCK = 3600.0  # seconds after which a file that is never finished is told


@dataclass
class Patience:
    """``settle``: seconds that a file must lie untouched, over two looks at least. ``marker``: the ending of an empty
    file by which the sender says that the file before it is whole; empty where senders don't."""

    settle: float
    marker: str = ""
    _since: dict[Seen, float] = field(default_factory=dict)

    def whole(self, files: Mapping[PurePosixPath, Seen], now: float) -> list[Seen]:
        """Those that may be taken, in order; ``now`` is any steady clock."""
        self._since = {seen: self._since.get(seen, now) for seen in files.values()}
        whole = [seen for seen in files.values() if self._is_file(seen) and self._rested(seen, now, files)]
        # A part of an export leads to people in another part: they are taken together.
        unfinished = {seen.place.parent for seen in files.values() if seen.of_export and seen not in whole}
        return [seen for seen in whole if not (seen.of_export and seen.place.parent in unfinished)]

    def stuck(self, now: float) -> dict[str, Unreadable]:
        """Files that have lain untouched for long and yet can't be taken."""
        waits = [seen for seen, since in self._since.items() if now - since >= STUCK and not self._is_marker(seen)]
        return {str(seen.place): self._waits_for(seen) for seen in waits}

    def marks(self, seen: Seen, files: Mapping[PurePosixPath, Seen]) -> list[Seen]:
        """The marker of this file, where it has one."""
        if not self.marker:
            return []
        places = (seen.place.with_name(seen.place.name + self.marker), seen.place.with_suffix(self.marker))
        return [files[place] for place in dict.fromkeys(places) if place in files and place != seen.place]

    def _is_marker(self, seen: Seen) -> bool:
        return bool(self.marker) and seen.place.name.endswith(self.marker)

    def _is_file(self, seen: Seen) -> bool:
        return not seen.coming and not self._is_marker(seen)

    def _rested(self, seen: Seen, now: float, files: Mapping[PurePosixPath, Seen]) -> bool:
        since = self._since[seen]
        return now > since and now - since >= self.settle and self._marked(seen, files)

    def _marked(self, seen: Seen, files: Mapping[PurePosixPath, Seen]) -> bool:
        """A marker from before the file was last touched is another file's."""
        return not self.marker or any(mark.touched >= seen.touched for mark in self.marks(seen, files))

    def _waits_for(self, seen: Seen) -> Unreadable:
        if seen.coming:
            reason = "Its name says that it is not whole yet, and nobody has touched it for an hour."
            return Unreadable(reason, str(seen.place), "Ask the sender to send it again, then remove it.")
        if self.marker:
            reason = f"It waits for its marker ({seen.place.name}{self.marker})."
            return Unreadable(reason, str(seen.place), "Ask the sender to put the marker there once the file is whole.")
        reason = "It belongs to an export of which another file is not whole yet."
        return Unreadable(reason, str(seen.place), "Look for an unfinished file beside it.")
