"""The rows of an upload that could not be read, to be mended in a spreadsheet and uploaded again."""

from collections.abc import Iterator

from openfls.feeds.csv.faults import Fault
from openfls.feeds.csv.mending import OUR_HEADERS, rows_to_mend
from openfls.inbox.models import Upload
from openfls.inbox.own_mappings import mappings_of_home
from openfls.inbox.reading import ROWS_AT_ONCE, list_pieces, origin_of
from openfls.inbox.uploads.drafts import origin_of as origin_of_draft


def rows_of(upload: Upload) -> Iterator[str]:
    """Lines of CSV, of the draft or of the message that it became. Where the list as a whole can't be read: none.

    The list is read again, for what is kept of a message names only so many of its faults, and no row may be lost.
    """
    message = upload.message
    origin = origin_of(message) if message else origin_of_draft(upload)
    content = message.content if message else upload.content
    mapping = mappings_of_home().named(origin.mapping)
    if mapping is None or content is None:
        return
    every = list_pieces(bytes(content), message.name if message else upload.name, origin, ROWS_AT_ONCE)
    faults = (fault for piece in every for fault in piece.unreadable)
    try:
        yield from rows_to_mend(bytes(content), mapping, origin, faults)
    except Fault:
        yield ",".join(OUR_HEADERS) + "\r\n"
