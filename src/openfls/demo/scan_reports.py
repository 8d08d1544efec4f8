"""Scans as structured reports (DICOM SR), in the tree of GE Lunar's enCORE. Synthetic, like everything here."""

from datetime import datetime

from openfls.clinical.patients import Sex
from openfls.demo.adt import as_registered
from openfls.demo.hospitals import trust_of
from openfls.demo.scan_values import Measured, measured
from openfls.demo.truth import Happening
from openfls.feeds.dicom.build import container, region, report, written

NAMES = {"femoral neck": "Neck", "total hip": "Total", "lumbar spine L1-L4": "L1-L4"}
UID_ROOT = "1.2.826.0.1.3680043.8.498.3"


def content(seed: int, happening: Happening, sent: datetime, scanned: datetime) -> bytes:
    """The bytes of the report that the scanner stores of one study."""
    person, trust = happening.person, trust_of(happening.hospital)
    who = as_registered(seed, person, trust)
    study = f"{UID_ROOT}.{happening.hospital.number + 1}.{_number(happening)}"
    made = report(
        *_scans(list(measured(seed, happening))),
        SOPInstanceUID=f"{study}.1",
        StudyInstanceUID=study,
        SpecificCharacterSet="ISO_IR 192",
        PatientID=who.hospital_number,
        PatientName=f"{who.family}^{who.given}",
        PatientBirthDate=f"{who.born:%Y%m%d}",
        PatientSex="F" if who.sex is Sex.FEMALE else "M",
        StudyDate=f"{scanned:%Y%m%d}",
        StudyTime=f"{scanned:%H%M%S}",
        ContentDate=f"{sent:%Y%m%d}",
        ContentTime=f"{sent:%H%M%S}",
        Manufacturer="GE Healthcare",
        ManufacturerModelName="Lunar iDXA",
        SoftwareVersions="17.2",
        StationName=f"{happening.hospital.code}-DXA",
    )
    return written(made)


def _scans(values: list[Measured]) -> list:
    spine = [value for value in values if not value.side]
    hip = [value for value in values if value.side]
    found = [container(f"{hip[0].side.capitalize()} Femur", *map(_region, hip))] if hip else []
    return [container("AP Spine", *map(_region, spine)), *found] if spine else found


def _region(value: Measured):
    return region(NAMES[value.region], f"{value.bmd:.3f}", f"{value.t:.1f}", f"{value.z:.1f}")


def _number(happening: Happening) -> int:
    """The event's number without its letters: ``X1G01-00042-1``."""
    _, place, which = happening.number.split("-")
    return int(place) * 10 + int(which)
