"""Writes structured reports as a bone densitometer stores them: for the demonstration and for tests. All are synthetic.

written(report(
    container("AP Spine", region("L1-L4", "0.912", "-2.2", "-0.4")),
    SOPInstanceUID="1.2.3.4", StudyInstanceUID="1.2.3", PatientID="H1", Manufacturer="GE Healthcare",
))
"""

from io import BytesIO
from typing import Any

from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.filewriter import dcmwrite
from pydicom.sequence import Sequence
from pydicom.uid import UID, ExplicitVRLittleEndian

ENHANCED_SR = "1.2.840.10008.5.1.4.1.1.88.22"
MADE_UP = "99SYNTHETIC"  # the coding scheme of names that no standard holds
CODE_LENGTH = 16
WRITER = "1.2.826.0.1.3680043.8.498.2"


def code(value: str, meaning: str = "", scheme: str = MADE_UP) -> Dataset:
    made = Dataset()
    made.CodeValue, made.CodingSchemeDesignator, made.CodeMeaning = value[:CODE_LENGTH], scheme, meaning or value
    return made


def num(name: str, value: str, unit: str = "g/cm2") -> Dataset:
    """A measurement; without a unit where that is empty."""
    made, measured = _item("NUM", name), Dataset()
    measured.NumericValue = value
    if unit:
        measured.MeasurementUnitsCodeSequence = Sequence([code(unit, scheme="UCUM")])
    made.MeasuredValueSequence = Sequence([measured])
    return made


def words(name: str, value: str) -> Dataset:
    made = _item("TEXT", name)
    made.TextValue = value
    return made


def container(name: str, *items: Dataset) -> Dataset:
    made = _item("CONTAINER", name)
    made.ContinuityOfContent = "SEPARATE"
    if items:
        made.ContentSequence = Sequence(items)
    return made


def region(name: str, bmd: str, t: str, z: str) -> Dataset:
    """As enCORE writes one: the density a number, both scores texts."""
    return container(name, num("BMD", bmd), words("BMD_TSCORE", t), words("BMD_ZSCORE", z))


def report(*scans: Dataset, title: str = "DXA Report", **elements: Any) -> Dataset:
    """A report of these scans; elements by the standard's keywords, left out where None."""
    made = Dataset()
    told = {"SOPClassUID": ENHANCED_SR, "Modality": "SR", "CompletionFlag": "COMPLETE", "ValueType": "CONTAINER"}
    for name, value in (told | elements).items():
        if value is not None:
            setattr(made, name, value)
    made.ConceptNameCodeSequence = Sequence([code("DXA", title)])
    made.ContentSequence = Sequence(scans)
    return made


def written(made: Dataset, syntax: str = ExplicitVRLittleEndian, sop_class: str = "") -> bytes:
    """The bytes of a file (Part 10)."""
    made.file_meta, made.SOPClassUID = FileMetaDataset(), sop_class or made.SOPClassUID
    made.file_meta.MediaStorageSOPClassUID = UID(made.SOPClassUID)
    made.file_meta.MediaStorageSOPInstanceUID = UID(made.get("SOPInstanceUID", WRITER))
    made.file_meta.TransferSyntaxUID = UID(syntax)
    made.file_meta.ImplementationClassUID = UID(WRITER)
    out = BytesIO()
    dcmwrite(out, made, enforce_file_format=True)
    return out.getvalue()


def _item(kind: str, name: str) -> Dataset:
    made = Dataset()
    made.RelationshipType, made.ValueType = "CONTAINS", kind
    made.ConceptNameCodeSequence = Sequence([code("S1", name)])
    return made
