"""SYNTHETIC structured reports of a bone densitometer, built to the published tree of one maker. None is of a person.

No public sample of such a report exists; these say what the reader expects, not what every scanner sends.
"""

from typing import Any

from pydicom.dataset import Dataset

from openfls.feeds.dicom import build
from openfls.feeds.dicom.build import code, container, num, words, written

__all__ = ["code", "container", "num", "region", "report", "sample", "words", "written"]

STUDY = "1.2.826.0.1.3680043.8.498.1"


def region(name: str, bmd: str = "0.826", t: str = "-1.5", z: str = "0.7") -> Dataset:
    """With the percentages that stand beside density and scores."""
    percents = [num("BMD_PYA", "80", "%"), num("BMD_PAM", "114", "%")]
    return container(name, num("BMD", bmd), words("BMD_TSCORE", t), words("BMD_ZSCORE", z), *percents)


def report(*scans: Dataset, title: str = "DXA Report", **changes: Any) -> Dataset:
    told: dict[str, Any] = {
        "SOPInstanceUID": f"{STUDY}.7", "StudyInstanceUID": STUDY,
        "PatientID": "H1", "PatientName": "Smith^Anne", "PatientBirthDate": "19420714", "PatientSex": "F",
        "StudyDate": "20250415", "StudyTime": "143000", "ContentDate": "20250415", "ContentTime": "145500",
        "Manufacturer": "GE Healthcare", "ManufacturerModelName": "Lunar iDXA", "SoftwareVersions": "17.2",
        "StationName": "DXA1",
    }  # fmt: skip
    return build.report(*scans, title=title, **(told | changes))


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
