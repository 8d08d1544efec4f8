"""Which measurement a laboratory's code means: by LOINC, else by the laboratory's own reviewed code map.

Each laboratory has codes of its own, so a map is declared for a feed (``mapping`` in its ``feed.json``), never guessed
from words. Maps stand in ``laboratory_maps/`` beside this module, and in the deployment's own folder (`look_in`). A
code that no map knows gives no fact; the reading names it, so that somebody can add it and replay.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Any

from openfls.clinical.bone_measurements import LABORATORY
from openfls.clinical.codes import Code, LocalCode, Loinc
from openfls.clinical.laboratory import ANALYTES, Analyte

FOLDER = "laboratory-maps"  # in a deployment's home
FIELDS = {"name", "title", "codes", "authored_by", "authored_on", "checked_by"}


@dataclass(frozen=True)
class CodeMap:
    """One laboratory's codes. ``codes``: its code (small letters) -> the measurement. ``checked_by`` is None until
    somebody of that laboratory has."""

    name: str
    title: str
    codes: Mapping[str, str]
    authored_by: str
    authored_on: str
    checked_by: str | None


_NONE = CodeMap("", "", MappingProxyType({}), "", "", None)
_KNOWN: dict[str, CodeMap] = {}
_OWN: dict[str, str] = {}  # a deployment's own, as its files have them


def code_map(name: str | None) -> CodeMap:
    """The map of that name; an empty one where there is none."""
    return _known().get(name or "", _NONE)


def code_map_names() -> tuple[str, ...]:
    return tuple(sorted(_known()))


def look_in(folder: Path) -> None:
    """Read the maps of a deployment's own folder as well; a missing folder holds none.

    Raises ``ValueError``, naming the file, for what is no map: better no start than results that pass in silence.
    """
    learn({path.name: path.read_text(encoding="utf-8-sig") for path in _files_in(folder)})


def own() -> Mapping[str, str]:
    """The texts of a deployment's own maps by their files' names, for a process that reads elsewhere (`learn`)."""
    return dict(_OWN)


def learn(files: Mapping[str, str]) -> None:
    """As `look_in`, of files that somebody else has read."""
    for name, text in files.items():
        if _OWN.get(name) != text:
            found = _read(name, text)
            _known()[found.name] = found
            _OWN[name] = text


def _files_in(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.json")) if folder.is_dir() else []


def analyte_of(codes: Iterable[Code], of_laboratory: CodeMap) -> Analyte | None:
    """The measurement that these codes mean; LOINC stands before the laboratory's own."""
    codes = tuple(codes)
    named = [LABORATORY[c.value].name for c in codes if isinstance(c, Loinc) and c.value in LABORATORY]
    own = (of_laboratory.codes.get(c.value.casefold()) for c in codes if isinstance(c, LocalCode))
    return ANALYTES.get(next((name for name in (*named, *own) if name), ""))


def _known() -> dict[str, CodeMap]:
    if not _KNOWN:
        folder = files("openfls.feeds") / "laboratory_maps"
        found = [_read(f.name, f.read_text(encoding="utf-8")) for f in folder.iterdir() if f.name.endswith(".json")]
        _KNOWN.update({one.name: one for one in found})
    return _KNOWN


def _read(file: str, text: str) -> CodeMap:
    try:
        return parsed(json.loads(text))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise ValueError(f"the laboratory's code map {file} can't be read: {error}") from error


def parsed(plain: dict[str, Any]) -> CodeMap:
    """The map that a file holds. Raises ``ValueError`` for a measurement that nobody knows, for a code that stands
    twice, and for anything else that can't be one."""
    if set(plain) != FIELDS:
        raise ValueError(f"it holds {', '.join(sorted(plain))}; a map holds {', '.join(sorted(FIELDS))}")
    codes = _small(plain["codes"])
    if unknown := sorted(set(codes.values()) - set(ANALYTES)):
        raise ValueError(f"no measurement is called {', '.join(unknown)}; there are {', '.join(ANALYTES)}")
    return CodeMap(**plain | {"codes": codes})


def _small(told: dict[str, str]) -> Mapping[str, str]:
    small = {word.strip().casefold(): value for word, value in told.items()}
    if len(small) != len(told):
        raise ValueError("a code stands twice, in large and in small letters")
    return MappingProxyType(small)
