"""Condition resources: a fracture by code, else by words, becomes a sighting."""

from collections.abc import Iterator

from openfls.clinical.codes import Code, Icd10, Icd10Cm
from openfls.clinical.facts import Answer, BodySite, Fact, Finder, FractureSighting, Setting, Side, Status
from openfls.clinical.fracture_codes import FractureMeaning, cause_entry, meaning
from openfls.clinical.fracture_words import Verdict, fracture_in_words, side_in_words
from openfls.clinical.patients import PatientRecord
from openfls.clinical.when import When, between
from openfls.feeds.fhir.content import Entry
from openfls.feeds.fhir.elements import Json, child, codes, each, number, symbols, text, unit, words
from openfls.feeds.fhir.export import File, begun, setting_of
from openfls.feeds.fhir.faults import CannotRead
from openfls.feeds.fhir.times import at_age, period, when

_SIDES = {"7771000": Side.LEFT, "24028007": Side.RIGHT, "51440002": Side.BOTH}  # SNOMED CT: left, right, right and left
_FINDERS = {Setting.EMERGENCY: Finder.EMERGENCY_DEPARTMENT, Setting.INPATIENT: Finder.CODED_DISCHARGE}
_SUSPECTED = frozenset({"unconfirmed", "provisional", "differential"})


def wanted(resource: Json) -> bool:
    """Whether it says fracture, by code or in words."""
    concept = child(resource, "code")
    found = codes(concept)
    return meaning(found) is not None or _suspected(found, concept) is not None


def causes(resource: Json) -> tuple[Code, ...]:
    """The external causes among its codes: they speak for the fractures of the same encounter."""
    return tuple(code for code in codes(child(resource, "code")) if cause_entry(code))


def facts(entry: Entry, file: File) -> Iterator[Fact]:
    """One sighting. Several Conditions of one encounter stay several: which are one event, episodes decide."""
    resource, concept = entry.resource, child(entry.resource, "code")
    found = codes(concept)
    listed = meaning((*found, *file.causes.get(_encounter_reference(resource), ())))
    said = listed if meaning(found) else _suspected(found, concept)
    if said is None:
        return
    if said is not listed:
        file.notes["fractures by words alone, on no code list: suspected"] += 1
    person, encounter = file.subject(entry), file.encounter(resource)
    occurred, dated_by = _occurred(resource, encounter, person, file)
    setting = _setting(encounter, file)
    verification = symbols(child(resource, "verificationStatus"))
    yield FractureSighting(
        finder=file.origin.finder or _FINDERS.get(setting, Finder.CODED_RECORD),
        body_site=_site(said, resource),
        side=_side(said, resource, concept),
        codes=found,
        low_trauma=said.low_trauma,
        pathological=said.pathological,
        certain=_certain(verification, listed=said is listed),
        setting=setting,
        dated_by=dated_by,
        words=words(concept),
        status=_status(verification),
        retracted="entered-in-error" in verification,
        **file.common(entry, person, occurred, encounter),
    )


def _encounter_reference(resource: Json) -> str:
    return text(child(resource, "encounter").get("reference"))


def _suspected(found: tuple[Code, ...], concept: Json) -> FractureMeaning | None:
    """What the words say where no code can tell; a classification's fractures are all on its list, its words add
    nothing."""
    if any(isinstance(code, Icd10 | Icd10Cm) for code in found):
        return None
    for shown in dict.fromkeys((text(concept.get("text")), *(code.display for code in found))):
        said = fracture_in_words(shown)
        if said.verdict in (Verdict.FRACTURE, Verdict.SUSPECTED):
            return FractureMeaning(
                said.body_site, said.pathological, Answer.UNKNOWN, said.side, confirmed=False, because=said.because
            )
    return None


def _setting(encounter: Json, file: File) -> Setting:
    default = Setting.COMMUNITY if file.origin.finder is Finder.GENERAL_PRACTICE else Setting.UNKNOWN
    return setting_of(encounter, default)


def _certain(verification: set[str], listed: bool) -> Answer:
    if "refuted" in verification:
        return Answer.NO
    return Answer.UNKNOWN if verification & _SUSPECTED or not listed else Answer.YES


def _status(verification: set[str]) -> Status:
    if "entered-in-error" in verification:
        return Status.CORRECTED
    return Status.PRELIMINARY if verification & _SUSPECTED else Status.FINAL


def _site(said: FractureMeaning, resource: Json) -> BodySite:
    """The bone of the code, else the one that the body site names."""
    if said.body_site is not BodySite.UNSPECIFIED:
        return said.body_site
    named = (fracture_in_words(f"fracture of {words(site)}").body_site for site in each(resource.get("bodySite")))
    return next((site for site in named if site is not BodySite.UNSPECIFIED), BodySite.UNSPECIFIED)


def _side(said: FractureMeaning, resource: Json, concept: Json) -> Side:
    """The side that the code gives, else the body site's laterality, else the words."""
    if said.side is not Side.UNKNOWN:
        return said.side
    sites = each(resource.get("bodySite"))
    coded = {_SIDES[symbol] for site in sites for symbol in symbols(site) if symbol in _SIDES}
    if coded:
        return coded.pop() if len(coded) == 1 else Side.BOTH
    return side_in_words(" ".join([words(concept), *(words(site) for site in sites)]))


def _occurred(resource: Json, encounter: Json, person: PatientRecord, file: File) -> tuple[When, str]:
    """When the bone broke, as nearly as the record tells: onset, recording, begin of the encounter."""
    if onset := text(resource.get("onsetDateTime")):
        return when(onset, file.known), "injury"
    if found := period(resource.get("onsetPeriod"), file.known) or _age(resource, person, file):
        return found, "injury"
    if recorded := text(resource.get("recordedDate")):
        return when(recorded, file.known), "diagnosis"
    if start := begun(encounter, file.known):
        return start, "admission" if setting_of(encounter) is Setting.INPATIENT else "attendance"
    raise CannotRead("The fracture has no date.", "Send it with onset, recordedDate or an encounter with a period.")


def _age(resource: Json, person: PatientRecord, file: File) -> When | None:
    """Onset at an age, or between two, in completed years of a person whose date of birth is known."""
    ranged = child(resource, "onsetRange")
    first = child(resource, "onsetAge") or child(ranged, "low")
    low, high = _years(first), _years(child(ranged, "high") or first)
    if person.birth_date is None or low is None or high is None or not 0 <= low <= high <= 130:
        return None
    found, latest = at_age(person.birth_date, low, high), file.known.date()
    if found.start > latest:
        raise CannotRead(f"At {low} the person will be older than today.", "Ask the sender for the right age.")
    return found if found.end <= latest else between(found.start, latest)


def _years(age: Json) -> int | None:
    value = number(age)
    return int(value) if value is not None and unit(age).lower() in ("a", "year", "years", "yr", "y") else None
