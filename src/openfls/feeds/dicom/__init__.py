"""Structured reports (DICOM SR) of bone densitometers to DXA results, by reviewed tables of the makers' trees."""

from openfls.feeds.reading import Origin, Reading, Unreadable


def read(content: bytes, origin: Origin) -> Reading | Unreadable:
    """The scan results of one structured report."""
    from openfls.feeds.dicom import structured  # its library takes a quarter of a second to load; few files are DICOM

    return structured.read(content, origin)


__all__ = ["read"]
