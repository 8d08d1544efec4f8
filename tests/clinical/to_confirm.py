"""The codes of docs/safety/to-confirm.md, written from the lists: ``python -m tests.clinical.to_confirm``."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from openfls.clinical import bone_drugs, bone_measurements
from openfls.clinical import fracture_code_lists as lists

PAGE = Path(__file__).parents[2] / "docs/safety/to-confirm.md"
BEGIN, END = "<!-- codes: begin, written by python -m tests.clinical.to_confirm -->", "<!-- codes: end -->"

Group = tuple[str, str]  # what an entry says: the bone or answer, and the words


def unconfirmed() -> dict[str, dict[Group, list[str]]]:
    """Every code that waits for a check, by list (its name, then what its rest was read in) and by its meaning."""
    found = {f"{listed.name}; {listed.source}": _fractures(listed.entries) for listed in lists.FRACTURE_LISTS}
    found[f"external causes in ICD-10; {lists.CAUSES_SOURCE}"] = _causes(lists.CAUSES)
    american = {code: entry for code, entry in lists.CM_CAUSES.items() if code not in lists.CAUSES}
    found[f"external causes in ICD-10-CM, where they differ; {lists.CAUSES_SOURCE}"] = _causes(american)
    found[f"operations in OPCS-4; {lists.OPERATIONS_SOURCE}"] = _operations()
    found[f"measurements in LOINC; {bone_measurements.SOURCE}"] = _measurements()
    found[f"medicines in ATC; {bone_drugs.SOURCE}"] = _medicines()
    found[f"medicines in dm+d; {bone_drugs.DMD_SOURCE}"] = _dmd()
    return {name: groups for name, groups in found.items() if groups}


def _grouped(rows: Iterable[tuple[str, Group]]) -> dict[Group, list[str]]:
    groups: dict[Group, list[str]] = defaultdict(list)
    for code, group in rows:
        groups[group].append(code)
    return dict(groups)


def _fractures(entries: Mapping[str, lists.FractureEntry]) -> dict[Group, list[str]]:
    return _grouped((code, (e.site, e.words)) for code, e in entries.items() if not e.confirmed)


def _causes(entries: Mapping[str, lists.CauseEntry]) -> dict[Group, list[str]]:
    return _grouped((code, (f"low trauma: {e.low_trauma}", e.words)) for code, e in entries.items() if not e.confirmed)


def _operations() -> dict[Group, list[str]]:
    hip = lists.HIP_OPERATIONS_WITH_A_FRACTURE_CODE
    other = [code for code in lists.OPERATIONS_WITH_A_FRACTURE_CODE if code not in hip]
    counts = "counts only beside a fracture code"
    return {("hip", counts): list(hip), ("any bone", counts): other}


def _measurements() -> dict[Group, list[str]]:
    rows: Iterator[tuple[str, Any]] = iter([*bone_measurements.DXA.items(), *bone_measurements.LABORATORY.items()])
    return _grouped((code, _measured(measure)) for code, measure in rows if not measure.confirmed)


def _measured(measure: bone_measurements.DxaMeasure | bone_measurements.LaboratoryMeasure) -> Group:
    if isinstance(measure, bone_measurements.DxaMeasure):
        return measure.gives, measure.region
    return "laboratory", measure.name


def _medicines() -> dict[Group, list[str]]:
    return _grouped((code, (f"bone drug: {m.answer}", m.name)) for m in bone_drugs.MEDICINES for code in m.atc)


def _dmd() -> dict[Group, list[str]]:
    named = [(code, (f"bone drug: {m.answer}", m.name)) for m in bone_drugs.MEDICINES for code in m.dmd]
    other = [(code, ("bone drug: unknown", f"{n}, other uses")) for code, n in bone_drugs.OTHER_DMD.items()]
    return _grouped([*named, *other])


def block() -> str:
    """The part of the page between the marks."""
    parts = []
    for title, groups in unconfirmed().items():
        name, _, source = title.partition("; ")
        rows = [f"| {' '.join(codes)} | {meaning} | {words} |" for (meaning, words), codes in groups.items()]
        table = "\n".join(["| Codes | Taken as | Words |", "|---|---|---|", *rows])
        parts += [f"### {name[0].upper()}{name[1:]}", f"The list: {source}.", table]
    return "\n\n".join([BEGIN, *parts, END])


def page() -> str:
    text = PAGE.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    return before + block() + rest.partition(END)[2]


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    print(
        f"{PAGE}: {sum(len(codes) for groups in unconfirmed().values() for codes in groups.values())} codes to confirm"
    )
