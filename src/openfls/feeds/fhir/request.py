"""ServiceRequest resources: a bone density scan asked for, or decided against."""

from collections.abc import Iterator

from openfls.clinical.facts import DxaNeed, DxaRequest, Fact
from openfls.feeds.fhir.content import Entry
from openfls.feeds.fhir.elements import Json, child, each, text, words_of_all
from openfls.feeds.fhir.export import File, begun, status_of
from openfls.feeds.fhir.faults import CannotRead
from openfls.feeds.fhir.procedure import is_dxa
from openfls.feeds.fhir.times import first_given


def wanted(resource: Json) -> bool:
    return is_dxa(child(resource, "code"))


def facts(entry: Entry, file: File) -> Iterator[Fact]:
    """A draft asks for nothing yet; ``doNotPerform`` is a decision against the scan, with its reason."""
    resource = entry.resource
    if text(resource.get("status")) == "draft":
        return
    encounter = file.encounter(resource)
    occurred = first_given(resource, ("authoredOn", "occurrenceDateTime", "occurrencePeriod"), file.known)
    occurred = occurred or begun(encounter, file.known)
    if occurred is None:
        raise CannotRead("The request has no date.", "Send it with authoredOn.")
    notes = ", ".join(filter(None, (text(note.get("text")) for note in each(resource.get("note")))))
    told = status_of(text(resource.get("status")))
    yield DxaRequest(
        need=DxaNeed.NOT_NEEDED if resource.get("doNotPerform") is True else DxaNeed.REQUESTED,
        reason=words_of_all(resource.get("reasonCode")) or notes,
        scanner=file.organisation(resource, _performer(resource)) or text(_performer(resource).get("display")),
        **file.common(entry, file.subject(entry), occurred, encounter, **told),
    )


def _performer(resource: Json) -> Json:
    return child(resource, "performer")
