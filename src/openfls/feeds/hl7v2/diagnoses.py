"""Diagnoses, reasons and procedures of a visit (DG1, PV2-3, PR1) as fracture sightings and surgery."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from openfls.clinical.codes import Code, Icd10, Icd10Cm
from openfls.clinical.facts import Answer, BodySite, Fact, Finder, FractureSighting, Setting, Side, Surgery
from openfls.clinical.fracture_codes import cause_entry, hip_operation, meaning
from openfls.clinical.fracture_words import Verdict, fracture_in_words, low_trauma_in_words, side_in_words
from openfls.clinical.patients import PatientRecord
from openfls.clinical.when import When
from openfls.feeds.hl7v2 import coding
from openfls.feeds.hl7v2.envelope import Envelope
from openfls.feeds.hl7v2.faults import Fault
from openfls.feeds.hl7v2.message import Segment
from openfls.feeds.hl7v2.visit import Visit

BY_SETTING = {
    Setting.EMERGENCY: (Finder.EMERGENCY_DEPARTMENT, "attendance"),
    Setting.OUTPATIENT: (Finder.FRACTURE_CLINIC, "attendance"),
}
NOT_FINAL = {"A", "W"}  # DG1-6, HL7 table 0052: admitting, working; F is final
MOST_OF_A_STAY = 500  # diagnoses, and operations, of one message
DELETED = "D"  # DG1-21, HL7 table 0206
# Words of an admission that make a sighting. An old fracture, a fall or a sore hip alone make none: most of those who
# are admitted with them have broken nothing.
SPEAKING = {Verdict.FRACTURE, Verdict.SUSPECTED, Verdict.OPERATION}


@dataclass(frozen=True, slots=True)
class _Told:
    """What one place of the message says is wrong. ``final``: neither an admitting nor a working diagnosis."""

    place: str
    codes: tuple[Code, ...]
    words: str
    diagnosis: bool = False
    final: bool = False
    deleted: bool = False
    dated: tuple[When, str] | None = None

    @property
    def listed(self) -> bool:
        """Whether a code stands in a classification whose fractures are all known: then its words add nothing."""
        return any(isinstance(code, Icd10 | Icd10Cm) for code in self.codes)


def facts(record: PatientRecord, visit: Visit, envelope: Envelope) -> Iterator[Fact]:
    """Surgery, and a sighting for each diagnosis that means a fracture; else what reason or operation let suspect.

    A diagnosis or procedure that can't be read waits in ``envelope.unreadable``; the others count.
    """
    _refuse_floods(envelope)
    surgery = list(_surgery(record, visit, envelope))
    diagnoses = list(_diagnoses(envelope))
    causes = tuple(dict.fromkeys(code for told in diagnoses for code in told.codes if cause_entry(code)))
    teller = _Teller(record, visit, envelope, causes)
    sightings = (
        [sighting for told in diagnoses for sighting in teller.sightings(told)]
        or list(teller.sightings(_reason(envelope)))
        or [teller.operated(operation) for operation in surgery if hip_operation(operation.codes)]
    )
    yield from sightings
    yield from surgery


def _refuse_floods(envelope: Envelope) -> None:
    """Each diagnosis is held against every cause: more of them than any stay has would take for ever."""
    for name in ("DG1", "PR1"):
        number = sum(1 for _ in envelope.message.all(name))
        if number > MOST_OF_A_STAY:
            reason = f"there are {number:,} {name} segments; at most {MOST_OF_A_STAY} are read."
            raise Fault(name, reason, "Ask the sender what went wrong.")


def _diagnoses(envelope: Envelope) -> Iterator[_Told]:
    for dg1 in envelope.message.all("DG1"):
        try:
            diagnosed = envelope.when(dg1, 5)
        except Fault as fault:
            envelope.unreadable.append(fault.unreadable)
            continue
        yield _Told(
            place=dg1.place(3),
            codes=coding.codes(dg1.field(3), dg1.text(2)),
            words=dg1.text(4) or coding.words(dg1.field(3)),
            diagnosis=True,
            final=dg1.text(6).upper() not in NOT_FINAL,
            deleted=dg1.text(21).upper() == DELETED,
            dated=(diagnosed, "diagnosis") if diagnosed else None,
        )


def _reason(envelope: Envelope) -> _Told:
    reason = envelope.message.one("PV2").field(3)
    said = coding.words(reason) or reason.text()
    return _Told("PV2-3", coding.codes(reason), said)


def _surgery(record: PatientRecord, visit: Visit, envelope: Envelope) -> Iterator[Surgery]:
    for pr1 in envelope.message.all("PR1"):
        try:
            yield _operation(pr1, record, visit, envelope)
        except Fault as fault:
            envelope.unreadable.append(fault.unreadable)


def _operation(pr1: Segment, record: PatientRecord, visit: Visit, envelope: Envelope) -> Surgery:
    """A procedure. Its day is part of the key: the same operation may be done on both sides, days apart."""
    codes = coding.codes(pr1.field(3), pr1.text(2))
    procedure = pr1.text(4) or coding.words(pr1.field(3))
    if not codes and not procedure:
        raise Fault(pr1.place(3), "the procedure has neither a code nor words.", "Ask the sender to fill PR1-3.")
    occurred = envelope.when(pr1, 5) or visit.begun or envelope.event
    name = f"procedure/{codes[0].value if codes else procedure}/{occurred.start:%Y%m%d}"
    common = envelope.common(pr1.place(3), key=visit.statement(name), site=visit.site)
    return Surgery(record=record, occurred=occurred, codes=codes, procedure=procedure, visit=visit.number, **common)


@dataclass(frozen=True, slots=True)
class _Teller:
    """Turns what was told into sightings of this visit. ``causes``: the external causes among its diagnoses."""

    record: PatientRecord
    visit: Visit
    envelope: Envelope
    causes: tuple[Code, ...]

    def sightings(self, told: _Told) -> Iterator[FractureSighting]:
        """One for a code that means a fracture; where no code can tell, one suspected for each bone in the words."""
        if meaning(told.codes):
            yield self._coded(told)
        elif told.words and not told.listed:
            yield from self._worded(told)

    def operated(self, surgery: Surgery) -> FractureSighting:
        """An operation done for nothing but a broken hip, where nothing else in the message names a fracture."""
        words = surgery.procedure or str(surgery.codes[0])
        told = _Told(surgery.source.position, surgery.codes, words, dated=(surgery.occurred, "operation"))
        return self._sighting(told, surgery.codes[0].value, body_site=BodySite.HIP, certain=Answer.UNKNOWN)

    def _worded(self, told: _Told) -> Iterator[FractureSighting]:
        """What a diagnosis states in words is stated; a reason for coming is suspected."""
        meant = fracture_in_words(told.words)
        if meant.verdict not in SPEAKING:
            return
        for bone in meant.bones:
            where = bone.body_site.name.lower()
            yield self._sighting(
                replace(told, place=f"{told.place}/{where}"),
                f"{told.codes[0].value}/{where}" if told.codes else where,
                body_site=bone.body_site,
                side=bone.side,
                certain=meant.is_fracture if told.diagnosis else Answer.UNKNOWN,
                pathological=meant.pathological,
                low_trauma=self._force(Answer.UNKNOWN, told),
            )

    def _force(self, coded: Answer, told: _Told) -> Answer:
        """What codes say of the force, else what the words of the diagnosis and of the reason say."""
        said = low_trauma_in_words(f"{told.words}. {self.visit.reason}")
        return coded if coded is not Answer.UNKNOWN else Answer(said.outcome.value)

    def _coded(self, told: _Told) -> FractureSighting:
        """What a code leaves open, the bone or the side, the words beside it may tell."""
        meant = meaning((*told.codes, *self.causes))
        assert meant is not None
        in_words = fracture_in_words(told.words)
        return self._sighting(
            told,
            told.codes[0].value,
            body_site=in_words.body_site if meant.body_site is BodySite.UNSPECIFIED else meant.body_site,
            side=meant.side if meant.side is not Side.UNKNOWN else side_in_words(told.words),
            low_trauma=self._force(meant.low_trauma, told),
            pathological=meant.pathological,
        )

    def _sighting(self, told: _Told, name: str, **details: object) -> FractureSighting:
        """The finder is part of the key: what each finder saw is its own statement."""
        finder = self._finder(told)
        occurred, dated_by = self._dated(told)
        common = self.envelope.common(
            told.place, key=self.visit.statement(f"diagnosis/{finder}/{name}"), site=self.visit.site, **details
        )
        return FractureSighting(
            record=self.record,
            occurred=occurred,
            dated_by=dated_by,
            finder=finder,
            setting=self.visit.setting,
            codes=told.codes,
            words=told.words,
            retracted=told.deleted,
            **common,
        )

    def _finder(self, told: _Told) -> Finder:
        """The method of case finding that this message stands for; a final diagnosis of a stay that is over was coded
        at discharge."""
        visit, trigger = self.visit, self.envelope.trigger
        over = trigger == "A03" or (trigger == "A08" and visit.ended is not None)
        if self.envelope.origin.finder:
            return self.envelope.origin.finder
        if visit.setting in BY_SETTING:
            return BY_SETTING[visit.setting][0]
        return Finder.CODED_DISCHARGE if told.final and over else Finder.ADMISSION

    def _dated(self, told: _Told) -> tuple[When, str]:
        """When the bone broke as nearly as the message tells: injury, diagnosis, begin of the visit, its end."""
        visit, envelope = self.visit, self.envelope
        begin = BY_SETTING.get(visit.setting, (None, "admission"))[1]
        if injury := envelope.when(envelope.message.one("ACC"), 1):
            return injury, "injury"
        if told.dated:
            return told.dated
        if visit.begun:
            return visit.begun, begin
        if envelope.trigger == "A03":
            return visit.ended or envelope.event, "discharge"
        return envelope.event, begin
