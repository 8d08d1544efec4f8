"""Codes as the sources write them, one type a coding system: ICD-10 can't be compared with SNOMED CT by accident."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Code:
    """A code of one coding system, with the words that the source put beside it (never compared)."""

    value: str
    display: str = ""
    system: ClassVar[str] = ""

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and isinstance(other, Code) and self.value == other.value

    def __hash__(self) -> int:
        return hash((self.system, self.value))

    def __str__(self) -> str:
        return f"{self.system} {self.value}" + (f" ({self.display})" if self.display else "")


@dataclass(frozen=True, slots=True, eq=False)
class Icd10(Code):
    """WHO ICD-10 as used in England (5th edition), dots and trailing dagger, asterisk or X removed: S720."""

    system: ClassVar[str] = "ICD-10"


@dataclass(frozen=True, slots=True, eq=False)
class Icd10Cm(Code):
    """ICD-10-CM (United States), dots removed: S72001A."""

    system: ClassVar[str] = "ICD-10-CM"


@dataclass(frozen=True, slots=True, eq=False)
class Snomed(Code):
    """SNOMED CT concept id."""

    system: ClassVar[str] = "SNOMED CT"


@dataclass(frozen=True, slots=True, eq=False)
class Opcs4(Code):
    """OPCS-4 operation code, dot removed: W241."""

    system: ClassVar[str] = "OPCS-4"


@dataclass(frozen=True, slots=True, eq=False)
class Loinc(Code):
    """LOINC code of a measurement or document: 38265-5."""

    system: ClassVar[str] = "LOINC"


@dataclass(frozen=True, slots=True, eq=False)
class Atc(Code):
    """WHO ATC code of a drug: M05BA04."""

    system: ClassVar[str] = "ATC"


@dataclass(frozen=True, slots=True, eq=False)
class Dmd(Code):
    """NHS dictionary of medicines and devices (dm+d) id."""

    system: ClassVar[str] = "dm+d"


@dataclass(frozen=True, slots=True, eq=False)
class RxNorm(Code):
    """RxNorm concept id (United States)."""

    system: ClassVar[str] = "RxNorm"


@dataclass(frozen=True, slots=True, eq=False)
class LocalCode(Code):
    """A code or word that only its own sender understands; counts for nothing until a reviewed mapping says so."""

    system: ClassVar[str] = "local"


SYSTEMS: dict[str, type[Code]] = {
    kind.system: kind for kind in (Icd10, Icd10Cm, Snomed, Opcs4, Loinc, Atc, Dmd, RxNorm, LocalCode)
}


def bare(value: str) -> str:
    """An ICD or OPCS code without dot, spaces, dagger, asterisk and filler X: ``S72.0X`` becomes ``S720``.

    The filler stands only at the end and only in the fourth or fifth place; ``X59`` keeps its X.
    """
    letters = "".join(c for c in value.upper() if c.isalnum())
    return letters[:3] + letters[3:].rstrip("X")
