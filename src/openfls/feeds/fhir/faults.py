"""What stops a file or one of its resources from being read."""

from openfls.feeds.reading import Unreadable


class CannotRead(Exception):
    """What is wrong and how to mend it; the place is added where it is caught."""

    def __init__(self, reason: str, mend: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.mend = mend

    def at(self, place: str) -> Unreadable:
        return Unreadable(self.reason, place, self.mend)


def ill_shaped(error: Exception) -> CannotRead:
    """An element of another type than FHIR R4 gives it, which no reader foresaw."""
    return CannotRead(
        f"An element is not shaped as FHIR R4 says ({type(error).__name__}: {str(error)[:120]}).",
        "Validate the resource against FHIR R4 and send it again.",
    )
