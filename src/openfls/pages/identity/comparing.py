"""Two records side by side: detail by detail what agrees, what nearly does, what differs, and what can't be told."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from django.conf import settings

from openfls.clinical.likeness import Band, Likeness, band, in_words, percent, weigh
from openfls.clinical.likeness_levels import DIFFERENT, SAME, details_of, written_postcode
from openfls.clinical.patients import PatientRecord, Sex
from openfls.pages.environment import day, nhs_number
from openfls.record.access import Viewer, postcode_seen
from openfls.record.models import DoubtRow


class Agreement(StrEnum):
    """In words and with a sign, never by colour alone."""

    AGREES = "agrees"
    NEARLY = "nearly"
    DIFFERS = "differs"
    UNTOLD = "can't be told"


SIGNS = {Agreement.AGREES: "=", Agreement.NEARLY: "≈", Agreement.DIFFERS: "≠", Agreement.UNTOLD: "?"}


@dataclass(frozen=True)
class Compared:
    """One detail of both records. ``how`` says of a near agreement what it is: one letter apart."""

    what: str
    left: str
    right: str
    agreement: Agreement
    how: str = ""

    @property
    def sign(self) -> str:
        return SIGNS[self.agreement]


@dataclass(frozen=True)
class SideBySide:
    """``because``: why it is asked. ``says``: where that is another reason, what likeness amounts to."""

    details: tuple[Compared, ...]
    because: str
    says: str


def side_by_side(row: DoubtRow, viewer: Viewer) -> SideBySide:
    """The two records of a doubt, addresses only as far as the viewer may see them, and weighed by what he sees.
    Prefetch the records' numbers."""
    left, right = row.left.to_record(), row.right.to_record()
    places = postcode_seen(row.left, viewer), postcode_seen(row.right, viewer)
    likeness = weigh(details_of(left, places[0]), details_of(right, places[1]), settings.LIKENESS)
    compared = (*_alike(left, right, likeness, places), *_numbers(left, right))
    if row.because.startswith(tuple(Band)):
        return SideBySide(compared, f"{in_words(likeness, settings.LIKENESS)}; no number in common", "")
    return SideBySide(compared, row.because, _says(likeness))


def _says(likeness: Likeness) -> str:
    return f"{band(likeness, settings.LIKENESS)} ({percent(likeness.probability)})"


def _alike(
    left: PatientRecord, right: PatientRecord, likeness: Likeness, places: tuple[str, str]
) -> Iterator[Compared]:
    levels = likeness.levels
    yield _detail("Family name", left.family_name, right.family_name, levels["family"])
    yield _detail("Given name", left.given_name, right.given_name, levels["given"])
    yield _detail("Date of birth", day(left.birth_date), day(right.birth_date), levels["born"])
    yield _detail("Sex", _sex(left), _sex(right), levels["sex"])
    yield _detail("Postcode", written_postcode(places[0]), written_postcode(places[1]), levels["postcode"])


def _sex(record: PatientRecord) -> str:
    return "" if record.sex is Sex.UNKNOWN else record.sex.value


def _detail(what: str, left: str, right: str, level: str | None) -> Compared:
    if level is None:
        return Compared(what, left, right, Agreement.UNTOLD)
    if level in (SAME, DIFFERENT):
        return Compared(what, left, right, Agreement.AGREES if level == SAME else Agreement.DIFFERS)
    return Compared(what, left, right, Agreement.NEARLY, level)


def _numbers(left: PatientRecord, right: PatientRecord) -> Iterator[Compared]:
    yield _number("NHS number", nhs_number(left.nhs_number, ""), nhs_number(right.nhs_number, ""))
    if left.doubtful_nhs_number or right.doubtful_nhs_number:
        doubtful = left.doubtful_nhs_number or "", right.doubtful_nhs_number or ""
        yield _number("NHS number that fails its check", *doubtful)
    yield _hospital_numbers(left, right)


def _number(what: str, left: str, right: str) -> Compared:
    if not (left and right):
        return Compared(what, left, right, Agreement.UNTOLD)
    return Compared(what, left, right, Agreement.AGREES if left == right else Agreement.DIFFERS)


def _hospital_numbers(left: PatientRecord, right: PatientRecord) -> Compared:
    """Numbers of two authorities say nothing of one another; two of one authority differ."""
    written = [", ".join(str(number) for number in one.hospital_numbers) for one in (left, right)]
    shared = {n.authority for n in left.hospital_numbers} & {n.authority for n in right.hospital_numbers}
    if set(left.hospital_numbers) & set(right.hospital_numbers):
        agreement = Agreement.AGREES
    else:
        agreement = Agreement.DIFFERS if shared else Agreement.UNTOLD
    return Compared("Hospital numbers", written[0], written[1], agreement)
