"""Find a patient. What was typed is sent in the body of a POST, so that no address or log holds it."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from openfls.pages.doors import READ, open_to
from openfls.pages.frame.frame import show
from openfls.pages.patient.banner import banner
from openfls.pages.search.find import find
from openfls.pages.wards import ward_words
from openfls.record.access import Viewer, people_seen_by, record_list_read


@open_to(READ)
def search(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    words = request.POST.get("words", "").strip()[:200]
    found = find(people_seen_by(viewer), words) if words else None
    ward_of, today = ward_words(viewer), timezone.localdate()
    people = [banner(person, today, ward_of(person)) for person in found.people] if found else []
    if found:
        record_list_read(viewer, "search", [person.key for person in people])
    return show(request, "search/search.html", viewer, title="Find a patient", words=words, found=found, people=people)
