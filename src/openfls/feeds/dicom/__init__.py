"""Structured reports (DICOM SR) of bone densitometers to DXA results, by reviewed tables of the makers' trees."""

from openfls.feeds.dicom.read import read

__all__ = ["read"]
