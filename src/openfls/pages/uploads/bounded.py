"""A file on its way in: nothing beyond what a list may have is kept, on no disk and in no memory."""

from django.core.files.uploadhandler import FileUploadHandler, StopUpload

from openfls.feeds.csv.lines import LARGEST


class Bounded(FileUploadHandler):
    """Stands before the handlers that keep a file. What is too large counts as not sent; its form says the limit."""

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        if start + len(raw_data) > LARGEST:
            raise StopUpload(connection_reset=False)
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None
