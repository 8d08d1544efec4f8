"""What stops a list, or one row of it, from being read."""

from openfls.feeds.reading import Unreadable


class Fault(Exception):
    """What is wrong, where, and how to mend it."""

    def __init__(self, reason: str, place: str, mend: str) -> None:
        super().__init__(reason)
        self.unreadable = Unreadable(reason, place, mend)
