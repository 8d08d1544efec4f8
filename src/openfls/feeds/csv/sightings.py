"""A row's sightings: which bones its codes and words say are broken, how sure, by which force, on which day."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from openfls.clinical.codes import Code, LocalCode, Opcs4, Snomed, bare
from openfls.clinical.facts import Answer, BodySite, FractureSighting, Side
from openfls.clinical.fracture_codes import FractureMeaning, fracture_operation, meanings
from openfls.clinical.fracture_words import (
    Bone,
    Verdict,
    WordsMeaning,
    fracture_in_words,
    low_trauma_in_words,
    side_in_words,
)
from openfls.clinical.patients import PatientRecord
from openfls.clinical.when import When, on
from openfls.feeds.csv.faults import Fault
from openfls.feeds.csv.people import identity
from openfls.feeds.csv.row import Row

KEPT_WORDS = 500  # letters of what the source wrote, as evidence for the person who triages
DOUBTED = (Verdict.SUSPECTED, Verdict.OLD)
# Verdicts that an operation list gives for planned work: they make no sighting without a word of a fracture.
NO_WORD_OF_A_FRACTURE = (Verdict.OPERATION, Verdict.UNCLEAR, Verdict.SILENT, Verdict.REPLACEMENT)


@dataclass(frozen=True, slots=True)
class Finding:
    """What a row says of one bone."""

    bone: Bone
    certain: Answer
    low_trauma: Answer
    pathological: Answer


def sightings(row: Row, record: PatientRecord) -> list[FractureSighting]:
    """The row's sightings, one for each bone; none where it names an illness alone, or planned work without a word
    of a fracture. A row that denies a fracture, or names another injury, gives a sighting that says no: tomorrow's
    version of a row may take a suspicion back."""
    codes = _codes(row)
    occurred, dated_by = fracture_date(row)
    words = "; ".join(filter(None, (row.text(of) for of in ("diagnosis", "procedure", "mechanism"))))
    found = _findings(row, codes)
    return [
        FractureSighting(
            record=record,
            occurred=occurred,
            finder=row.finder,
            body_site=finding.bone.body_site,
            side=finding.bone.side,
            codes=codes,
            low_trauma=finding.low_trauma,
            pathological=finding.pathological,
            certain=finding.certain,
            setting=row.table.mapping.setting,
            dated_by=dated_by,
            words=words[:KEPT_WORDS],
            **row.common(f"fracture {place}", sighting_key(row, record, occurred, finding.bone, place)),
        )
        for place, finding in enumerate(found, start=1)
    ]


def sighting_key(row: Row, record: PatientRecord, occurred: When, bone: Bone, place: int) -> str:
    """The statement's name: by the list's own row id; else by who, when and which bone, so that the same row in
    tomorrow's list is another version of the same statement."""
    source = row.table.origin.source
    if row_id := row.text("row_id"):
        return f"{source}/{row_id}/fracture/{place}"
    parts = (row.table.mapping.name, identity(record), str(occurred), bone.body_site, bone.side)
    return f"{source}/row/{sha256(chr(31).join(parts).encode()).hexdigest()[:32]}"


def fracture_date(row: Row) -> tuple[When, str]:
    """When the fracture occurred as the list knows it, and from which column: the best that is filled.

    A planned day after the receipt tells only that the fracture was known when the list came.
    """
    for meaning, dated_by in row.table.mapping.fracture_dates:
        found = row.past(meaning) if dated_by in ("injury", "diagnosis") else row.when(meaning)
        if found:
            return (on(row.table.received), "report") if found.start > row.table.received else (found, dated_by)
    columns = row.table.columns.by_meaning
    headers = [columns[meaning][0].header for meaning, _ in row.table.mapping.fracture_dates if meaning in columns]
    place = f"{row.place}, column {' or '.join(headers)}"
    raise Fault("Nothing dates the fracture.", place, "Fill in one of these dates.")


def _codes(row: Row) -> tuple[Code, ...]:
    snomed = [_snomed(text) for _, text in row.texts("snomed_code")]
    opcs = [Opcs4(bare(part)) for _, text in row.texts("opcs4_code") for part in text.replace(",", " ").split()]
    return (*snomed, *opcs)


def _snomed(text: str) -> Code:
    return Snomed(text) if text.isdigit() else LocalCode(text)


def _findings(row: Row, codes: Sequence[Code]) -> list[Finding]:
    words = fracture_in_words("; ".join(filter(None, (row.text("diagnosis"), row.text("procedure")))))
    coded = meanings(codes)
    told = low_trauma_in_words("; ".join(filter(None, (row.text("mechanism"), row.text("diagnosis")))))
    force = Answer(told.outcome.value)
    if coded:
        return [_of_code(row, meaning, words, force, len(coded) == 1) for meaning in coded]
    certain = _certain(row, words, codes)
    if certain is not Answer.YES and (words.verdict is Verdict.ILLNESS or _planned(row, words)):
        return []
    pathological = Answer(row.value("pathological") or words.pathological)
    alone = len(words.bones) == 1
    return [Finding(_sided(row, _sited(row, bone), alone), certain, force, pathological) for bone in words.bones]


def _of_code(row: Row, meaning: FractureMeaning, words: WordsMeaning, force: Answer, alone: bool) -> Finding:
    """What a code says of a bone; words that doubt or deny the fracture make it unknown, for a person to see."""
    bone = Bone(meaning.body_site, meaning.side)
    if len(words.bones) == 1 and words.body_site in (bone.body_site, BodySite.UNSPECIFIED):
        bone = Bone(bone.body_site, words.side if bone.side is Side.UNKNOWN else bone.side)
    if bone.body_site is BodySite.UNSPECIFIED:
        bone = words.bones[0]
    doubted = words.verdict in DOUBTED or words.is_fracture is Answer.NO
    return Finding(
        bone=_sided(row, bone, alone),
        certain=Answer.UNKNOWN if doubted else Answer.YES,
        low_trauma=_agreed(meaning.low_trauma, force),
        pathological=words.pathological if meaning.pathological is Answer.UNKNOWN else meaning.pathological,
    )


def _certain(row: Row, words: WordsMeaning, codes: Sequence[Code]) -> Answer:
    if fracture_operation(codes) and words.is_fracture is not Answer.NO:
        return Answer.YES
    unsaid = words.verdict in NO_WORD_OF_A_FRACTURE
    return row.table.mapping.fracture_if_unsaid if unsaid else words.is_fracture


def _planned(row: Row, words: WordsMeaning) -> bool:
    """Work of an operation list that nobody calls a fracture: planned sessions, and joint replacements outside a
    trauma session, which are mostly elective (clinical cautions: they count only together with a fracture)."""
    if "session" not in row.table.mapping.columns or words.verdict not in NO_WORD_OF_A_FRACTURE:
        return False
    session = row.value("session")
    return session == "planned" or (words.verdict is Verdict.REPLACEMENT and session != "trauma")


def _sited(row: Row, bone: Bone) -> Bone:
    if bone.body_site is BodySite.UNSPECIFIED:
        return Bone(row.table.mapping.body_site_if_unsaid, bone.side)
    return bone


def _sided(row: Row, bone: Bone, alone: bool) -> Bone:
    """The side column's word; where it contradicts the words about the row's one bone, the side is unknown."""
    said = Side(row.value("side") or side_in_words(row.text("side")))
    if bone.body_site is BodySite.SPINE:
        return bone  # the side of a vertebra is no other bone's side
    if bone.side is Side.UNKNOWN:
        return Bone(bone.body_site, said)
    contradicted = alone and said not in (Side.UNKNOWN, bone.side)
    return Bone(bone.body_site, Side.UNKNOWN) if contradicted else bone


def _agreed(coded: Answer, told: Answer) -> Answer:
    if Answer.UNKNOWN in (coded, told):
        return told if coded is Answer.UNKNOWN else coded
    return coded if coded is told else Answer.UNKNOWN
