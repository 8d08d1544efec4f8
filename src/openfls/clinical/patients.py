"""How a source names a person: the identifiers and the few details that records are linked by."""

import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property
from hashlib import sha256


class Sex(StrEnum):
    FEMALE = "female"
    MALE = "male"
    OTHER = "other"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, order=True)
class HospitalNumber:
    """A number that means something only with the authority that gave it."""

    authority: str
    value: str

    def __str__(self) -> str:
        return f"{self.authority} {self.value}"

    @property
    def visible(self) -> "HospitalNumber":
        if self.authority.isascii() and self.value.isascii():
            return self
        return HospitalNumber(visible(self.authority), visible(self.value))


@dataclass(frozen=True, kw_only=True)
class PatientRecord:
    """A source's own record of a person. Two sources that write the same details have the same record.

    ``nhs_number``: ten digits with a right check digit, or None; a number that fails the check stands in
    ``doubtful_nhs_number`` and links nothing. Names are as written, but for characters that nobody sees (`visible`);
    ``matching_name`` is what is compared.
    """

    nhs_number: str | None = None
    doubtful_nhs_number: str | None = None
    hospital_numbers: tuple[HospitalNumber, ...] = ()
    family_name: str = ""
    given_name: str = ""
    birth_date: date | None = None
    sex: Sex = Sex.UNKNOWN

    def __post_init__(self) -> None:
        numbers = {number.visible for number in self.hospital_numbers}
        object.__setattr__(self, "hospital_numbers", tuple(sorted(numbers)))
        for name in ("family_name", "given_name", "doubtful_nhs_number"):
            text = getattr(self, name)
            if text and not text.isascii():
                object.__setattr__(self, name, visible(text))

    @cached_property
    def key(self) -> str:
        """A digest of everything above: the record's name in links, tasks and addresses."""
        parts = [
            self.nhs_number or "",
            self.doubtful_nhs_number or "",
            "\x1e".join(f"{n.authority}\x1d{n.value}" for n in self.hospital_numbers),
            matching_name(self.family_name),
            matching_name(self.given_name),
            self.birth_date.isoformat() if self.birth_date else "",
            self.sex,
        ]
        return sha256("\x1f".join(parts).encode()).hexdigest()

    @property
    def name(self) -> str:
        """As a worklist shows it: ``SMITH, Anne``."""
        return ", ".join(part for part in (self.family_name.upper(), self.given_name) if part) or "name not given"


def visible(text: str) -> str:
    """A name or number without characters that have no form of their own: marks of writing direction, which would
    turn round what stands beside a name on a page, and spaces of no width, by which one number could pass as two."""
    return text if text.isascii() else "".join(c for c in text if unicodedata.category(c) != "Cf")


# Letters that Unicode doesn't take apart into a plain one and an accent; the plain spelling of systems without them.
PLAIN_LETTERS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})


def matching_name(name: str) -> str:
    """A name without case, accents, spaces and punctuation: ``O'Neill-Béla`` and ``ONEILL BELA`` agree."""
    plain = unicodedata.normalize("NFKD", name).casefold().translate(PLAIN_LETTERS)
    return "".join(c for c in plain if c.isalnum())


NHS_NUMBER_WEIGHTS = range(10, 1, -1)  # NHS Data Dictionary: modulus 11, weights 10 to 2, check digit last


def checked_nhs_number(text: str) -> str | None:
    """The ten digits of a valid NHS number, spaces and dashes removed, or None.

    Source: NHS Data Dictionary, NHS NUMBER: check digit = 11 minus the remainder; 11 counts as 0, 10 is not issued.
    """
    digits = text.replace(" ", "").replace("-", "").strip()
    if len(digits) != 10 or not (digits.isascii() and digits.isdigit()) or len(set(digits)) == 1:
        return None
    total = sum(weight * int(digit) for weight, digit in zip(NHS_NUMBER_WEIGHTS, digits, strict=False))
    return digits if (11 - total % 11) % 11 == int(digits[9]) else None
