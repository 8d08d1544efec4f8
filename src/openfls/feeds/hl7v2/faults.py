"""Why a message can't be read, raised where it is found and returned by `read` as *Unreadable*."""

from openfls.feeds.reading import Unreadable


class Fault(Exception):
    """Something that can't be read: ``place`` is a field as HL7 names it (``PID-7``, ``OBX[3]-5``)."""

    def __init__(self, place: str, reason: str, mend: str) -> None:
        super().__init__(f"{place}: {reason} {mend}")
        self.unreadable = Unreadable(reason, place, mend)
