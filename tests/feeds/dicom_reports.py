"""SYNTHETIC structured reports of a bone densitometer, built to the published tree of one maker. None is of a person.

No public sample of such a report exists; these say what the reader expects, not what every scanner sends.
"""

from io import BytesIO
from typing import Any

from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.filewriter import dcmwrite
from pydicom.sequence import Sequence
from pydicom.uid import UID, ExplicitVRLittleEndian

ENHANCED_SR = "1.2.840.10008.5.1.4.1.1.88.22"
STUDY = "1.2.826.0.1.3680043.8.498.1"


def code(value: str, meaning: str = "", scheme: str = "99SYNTHETIC") -> Dataset:
    made = Dataset()
    made.CodeValue, made.CodingSchemeDesignator, made.CodeMeaning = value[:16], scheme, meaning or value
    return made


def _item(kind: str, name: str) -> Dataset:
    made = Dataset()
    made.RelationshipType, made.ValueType = "CONTAINS", kind
    made.ConceptNameCodeSequence = Sequence([code("S1", name)])
    return made


def num(name: str, value: str, unit: str = "g/cm2") -> Dataset:
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


def region(name: str, bmd: str = "0.826", t: str = "-1.5", z: str = "0.7") -> Dataset:
    """As the scanner writes one: the density a number, both scores texts."""
    percents = [num("BMD_PYA", "80", "%"), num("BMD_PAM", "114", "%")]
    return container(name, num("BMD", bmd), words("BMD_TSCORE", t), words("BMD_ZSCORE", z), *percents)


def report(*scans: Dataset, title: str = "DXA Report", **changes: Any) -> Dataset:
    made = Dataset()
    told: dict[str, Any] = {
        "SOPClassUID": ENHANCED_SR, "SOPInstanceUID": f"{STUDY}.7", "StudyInstanceUID": STUDY, "Modality": "SR",
        "PatientID": "H1", "PatientName": "Smith^Anne", "PatientBirthDate": "19420714", "PatientSex": "F",
        "StudyDate": "20250415", "StudyTime": "143000", "ContentDate": "20250415", "ContentTime": "145500",
        "Manufacturer": "GE Healthcare", "ManufacturerModelName": "Lunar iDXA", "SoftwareVersions": "17.2",
        "StationName": "DXA1", "CompletionFlag": "COMPLETE", "ValueType": "CONTAINER",
    }  # fmt: skip
    for name, value in (told | changes).items():
        if value is not None:
            setattr(made, name, value)
    made.ConceptNameCodeSequence = Sequence([code("DXA", title)])
    made.ContentSequence = Sequence(scans)
    return made


def written(made: Dataset, syntax: str = ExplicitVRLittleEndian, sop_class: str = "") -> bytes:
    """The bytes of a file, as a scanner stores it."""
    made.file_meta, made.SOPClassUID = FileMetaDataset(), sop_class or made.SOPClassUID
    made.file_meta.MediaStorageSOPClassUID = UID(made.SOPClassUID)
    made.file_meta.MediaStorageSOPInstanceUID = UID(made.get("SOPInstanceUID", STUDY))
    made.file_meta.TransferSyntaxUID = UID(syntax)
    made.file_meta.ImplementationClassUID = UID("1.2.826.0.1.3680043.8.498.2")
    out = BytesIO()
    dcmwrite(out, made, enforce_file_format=True)
    return out.getvalue()


def sample() -> Dataset:
    """Both hips, the spine and a forearm, with a trend that is no value of this scan."""
    return report(
        container(
            "AP Spine",
            region("L1-L4", "0.912", "-2.2", "-0.4"),
            region("L2", "0.905", "-2.4", "-0.5"),
            container("Trend L1-L4", container("15/04/2025", num("BMD", "0.912"))),
        ),
        container(
            "DualFemur",
            region("Neck Left", "0.640", "-2.7", "-0.9"),
            region("Neck Right", "0.655", "-2.6", "-0.8"),
            region("Total Left", "0.702", "-2.3", "-0.7"),
            region("Neck Mean", "0.648", "-2.6", "-0.8"),
        ),
        container("Left Forearm", region("Radius 33%", "0.512", "-3.1", "-1.0"), region("Radius UD")),
        words("Comment", "SYNTHETIC report, of no person"),
    )


if __name__ == "__main__":
    from pathlib import Path

    from openfls.feeds import dicom

    folder = Path(dicom.__file__).parent / "samples"
    (folder / "ge-lunar-synthetic.dcm").write_bytes(written(sample()))
