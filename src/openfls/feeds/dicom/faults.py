"""Why a file can't be read, raised where it is found and returned by `read` as *Unreadable*."""

from openfls.feeds.reading import Unreadable


class Fault(Exception):
    """Something that can't be read: ``place`` is an element as DICOM names it (``PatientID``) or a path in the tree."""

    def __init__(self, place: str, reason: str, mend: str) -> None:
        super().__init__(f"{place}: {reason} {mend}")
        self.unreadable = Unreadable(reason, place, mend)
