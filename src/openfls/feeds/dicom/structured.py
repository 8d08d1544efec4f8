"""The reader: a file's lengths first, then its class and maker, then the values of each region that a table knows."""

import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from io import BytesIO
from typing import Any

import pydicom

from openfls.clinical.facts import DxaResult, Side, Source, Status
from openfls.clinical.patients import PatientRecord
from openfls.clinical.when import When
from openfls.feeds.dicom.faults import Fault
from openfls.feeds.dicom.lengths import check, header
from openfls.feeds.dicom.makers import Maker, maker_of, makers
from openfls.feeds.dicom.patient import record_of, scanned, text, written_at
from openfls.feeds.dicom.tree import Item, tree_of
from openfls.feeds.reading import Origin, Reading, Unreadable

# Basic Text, Enhanced, Comprehensive, Comprehensive 3D and Extensible SR; the radiation dose report is another thing.
REPORTS = tuple(f"1.2.840.10008.5.1.4.1.1.88.{number}" for number in (11, 22, 33, 34, 35))
DIRECTORY = "1.2.840.10008.1.3.10"
# What a person can have, with room to spare: outside it is a placeholder or another unit.
BOUNDS = {"t_score": (-12.0, 12.0), "z_score": (-12.0, 12.0), "bmd_g_cm2": (0.05, 3.0)}
SCORES = ("t_score", "z_score")
AREA_UNITS = {"g/cm2", "g/cm^2", "g/cm²", "g/cm*2"}
_NUMBER = re.compile(r"([+-]?[0-9]{1,3}(?:[.,][0-9]{1,6})?)(?:\s*(g/cm\S{1,2}))?", re.IGNORECASE)
MEND_REFERENCE = "Declare the scanner's reference population as `reference` in the feed's manifest, then retry."
MEND = "Send the report again as the scanner wrote it."


@dataclass(frozen=True, slots=True)
class _Report:
    """What all values of one report share. ``reference`` is empty where neither it nor the feed names a population."""

    record: PatientRecord
    occurred: When
    version: datetime | None
    status: Status
    study: str
    reference: str
    maker: Maker
    dataset: Any
    origin: Origin
    digest: str


def read(content: bytes, origin: Origin) -> Reading | Unreadable:
    """The DXA results of one structured report. Never raises for any bytes.

    Images and what else is no structured report are ignored by rule; a report of a maker whose tree nobody has reviewed
    is refused. A score without region, side and population is never given.
    """
    try:
        told = header(content)
        if told.sop_class not in REPORTS:
            return Reading(ignored=_no_report(told.sop_class))
        check(content, told)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of values that are not quite as the standard has them
            return _read(pydicom.dcmread(BytesIO(content), stop_before_pixels=True), content, origin)
    except Fault as fault:
        return fault.unreadable
    except Exception as error:  # the library has many ways to say that an element is none of its kind
        return Unreadable(f"The report is not made as DICOM says ({type(error).__name__}).", "file", MEND)


def _no_report(sop_class: str) -> str:
    if sop_class == DIRECTORY:
        return "dicom: a directory of files (DICOMDIR) is not read"
    return f"dicom: class {sop_class[:64] or 'not given'} is no structured report"


def _read(dataset: Any, content: bytes, origin: Origin) -> Reading | Unreadable:
    maker = _maker(dataset)
    root = tree_of(dataset)
    if not root.name or not root.items:
        raise Fault("ContentSequence", "The report has no title or no content.", MEND)
    if root.name not in maker.titles:
        return Reading(ignored=f"dicom: a report of {maker.name} with another title than {', '.join(maker.titles)}")
    reference = _reference(root, maker) or origin.reference or ""
    report = _Report(
        record=record_of(dataset, origin),
        occurred=scanned(dataset, origin),
        version=written_at(dataset, origin),
        status=_status(dataset),
        study=text(dataset, "StudyInstanceUID"),
        reference=reference,
        maker=maker,
        dataset=dataset,
        origin=origin,
        digest=sha256(content).hexdigest(),
    )
    facts, unreadable = [], []
    for found in _regions(root, report):
        unreadable.append(found) if isinstance(found, Unreadable) else facts.append(found)
    if not facts and not unreadable:
        return Reading(ignored=f"dicom: a report of {maker.name} without a region that is kept")
    return Reading(tuple(facts), tuple(dict.fromkeys(unreadable)))


def _maker(dataset: Any) -> Maker:
    """Raises `Fault` where no reviewed table knows the maker's tree."""
    manufacturer, model = text(dataset, "Manufacturer"), text(dataset, "ManufacturerModelName")
    found = maker_of(manufacturer, model)
    if found is None:
        known = ", ".join(maker.title for maker in makers() if not maker.refused)
        reason = f"Reports of {manufacturer[:40] or 'an unnamed maker'!r} are not read: nobody has reviewed their tree."
        raise Fault("Manufacturer", reason, f"Send the values by HL7, or have a table made. Read are: {known}.")
    if found.refused:
        mend = "Send the values by HL7, or have its table made from the maker's conformance statement."
        raise Fault("Manufacturer", f"Reports of {found.title} are not read: {found.refused}.", mend)
    return found


def _reference(root: Item, maker: Maker) -> str:
    """The population that the report itself names, anywhere in its tree."""
    named = {name.casefold() for name in maker.reference}
    return next((item.value for item in root.everywhere() if item.name.casefold() in named and item.value), "")


def _status(dataset: Any) -> Status:
    unfinished = text(dataset, "CompletionFlag") == "PARTIAL" or text(dataset, "PreliminaryFlag") == "PRELIMINARY"
    return Status.PRELIMINARY if unfinished else Status.FINAL


def _regions(root: Item, report: _Report) -> Iterator[DxaResult | Unreadable]:
    for scan in root.items:
        for container in scan.items:
            region = report.maker.region(scan.name, container.name)
            if region and container.items:
                yield from _region(container, f"{scan.name} > {container.name}", *region, report)


def _region(
    container: Item, place: str, region: str, side: Side, paired: bool, report: _Report
) -> Iterator[DxaResult | Unreadable]:
    """The values of one region, and why a score among them is left out."""
    try:
        values = dict(_values(container, place, report.maker))
    except Fault as fault:
        yield fault.unreadable
        return
    scored = [name for name in SCORES if name in values]
    if paired and side is Side.UNKNOWN and values:
        yield Unreadable(f"The {region} has no side.", place, MEND)
        return
    if scored and not report.reference:
        reason = "The report names no population that its scores compare with; the scores were left out."
        yield Unreadable(reason, "ContentSequence", MEND_REFERENCE)
        values = {name: value for name, value in values.items() if name not in SCORES}
    if values:
        yield _result(place, region, side, values, report)


def _values(container: Item, place: str, maker: Maker) -> Iterator[tuple[str, float]]:
    """Each value that the table knows. Raises `Fault` for one that nobody can have."""
    for item in container.items:
        name = (maker.values or {}).get(item.name)
        if name and item.value:
            yield name, _number(item, name, f"{place} > {item.name}")


def _number(item: Item, name: str, place: str) -> float:
    """A number as NUM or as TEXT gives it; a density needs its unit, in either."""
    found = _NUMBER.fullmatch(item.value)
    low, high = BOUNDS[name]
    number = float(found[1].replace(",", ".")) if found else None
    if found is None or number is None or not low <= number <= high:
        raise Fault(place, f"{item.value[:20]!r} is no value from {low:g} to {high:g}.", MEND)
    unit = item.unit or found[2] or ""
    if name not in SCORES and unit.lower() not in AREA_UNITS:
        raise Fault(place, f"{unit[:20] or 'no unit'!r} is no unit of bone density.", "Have it sent in g/cm2.")
    return number


def _result(place: str, region: str, side: Side, values: dict[str, float], report: _Report) -> DxaResult:
    origin, dataset = report.origin, report.dataset
    trust = origin.source.split("/")[0]
    named = f"{region}/{side}" if side is not Side.UNKNOWN else region
    return DxaResult(
        record=report.record,
        occurred=report.occurred,
        known=origin.known,
        source=Source(origin.source, report.digest, place),
        site=origin.site,
        status=report.status,
        version=report.version,
        key=f"{trust}/dxa/{report.study}/{named}" if report.study else "",
        region=region,
        side=side,
        reference=report.reference if set(values) & set(SCORES) else "",
        scanner=text(dataset, "StationName"),
        maker=text(dataset, "Manufacturer"),
        model=text(dataset, "ManufacturerModelName"),
        software=text(dataset, "SoftwareVersions"),
        t_score=values.get("t_score"),
        z_score=values.get("z_score"),
        bmd_g_cm2=values.get("bmd_g_cm2"),
    )
