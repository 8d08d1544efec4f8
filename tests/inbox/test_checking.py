"""What a person finds in a report that was read as negative: kept with the name, a missed fracture to triage."""

import pytest

from openfls.clinical.facts import Answer, BodySite, Finder, FractureSighting, Side
from openfls.clinical.standards import Role
from openfls.inbox.checking import Missed, answer, checked, next_after, report_for, sample_for, take, waiting
from openfls.inbox.models import ReportAnswer, SampledReport
from openfls.inbox.sampling import draw
from openfls.record.access import NotVisible, Viewer
from openfls.record.models import EpisodeRow, FactRow, Trail
from tests.inbox.reports import NEGATIVE, OCTOBER, OTHER, SITE, hospitals, send

pytestmark = pytest.mark.django_db(databases=["default", "inbox", "audit"])

HIP = Missed(body_site=BodySite.HIP, side=Side.LEFT, words="lucent line")


def viewer(site: str = SITE, role: Role = Role.NURSE) -> Viewer:
    return Viewer(user="nadia", sites=frozenset({site}), roles={site: frozenset({role})})


@pytest.fixture(autouse=True)
def sampled() -> SampledReport:
    hospitals()
    send(*[f"{NEGATIVE} {n}" for n in range(4)])
    return draw(SITE, OCTOBER).reports.order_by("pk").first()


def said_of(sampled: SampledReport, found: ReportAnswer, missed: Missed | None = None) -> None:
    again, report = report_for(viewer(), sampled.pk)
    answer(again, report, found, missed, by="nadia")


def test_a_report_is_shown_with_whose_it_is_and_leaves_a_row_in_the_trail(sampled):
    _, report = report_for(viewer(), sampled.pk)
    assert report.text.startswith(NEGATIVE)
    assert report.record.family_name.startswith("Patient")
    row = Trail.objects.latest("number")
    assert (row.user, row.action, row.patient) == ("nadia", "read a report", report.record.key)


@pytest.mark.parametrize("who", [viewer(OTHER), viewer(role=Role.MANAGER), viewer(role=Role.ADMINISTRATOR)])
def test_nobody_sees_reports_of_a_site_where_he_checks_none(sampled, who):
    with pytest.raises(NotVisible):
        report_for(who, sampled.pk)
    with pytest.raises(NotVisible):
        sample_for(who, sampled.sample_id)
    assert not waiting(who).exists()


def test_no_fracture_is_kept_with_the_name_and_enters_nothing(sampled):
    before = FactRow.objects.count()
    said_of(sampled, ReportAnswer.NO_FRACTURE)
    sampled.refresh_from_db()
    assert (sampled.answer, sampled.answered_by, sampled.answered_at is not None) == ("no fracture", "nadia", True)
    assert FactRow.objects.count() == before
    assert waiting(viewer()).count() == 3


def test_a_missed_fracture_is_a_sighting_by_hand_that_waits_for_triage(sampled):
    said_of(sampled, ReportAnswer.FRACTURE, HIP)
    fact = FactRow.objects.get(kind=FractureSighting.kind).to_fact()
    assert (fact.finder, fact.by, fact.body_site, fact.side) == (Finder.BY_HAND, "nadia", BodySite.HIP, Side.LEFT)
    assert (fact.certain, fact.dated_by, fact.words) == (Answer.YES, "report", "lucent line")
    assert str(fact.occurred) == "10 Oct 2026"
    assert EpisodeRow.objects.get().status == "to triage"


def test_an_answer_that_is_changed_takes_the_sighting_back(sampled):
    said_of(sampled, ReportAnswer.FRACTURE, HIP)
    said_of(sampled, ReportAnswer.NO_FRACTURE)
    (found,) = checked([SITE])
    assert (found.checked, found.missed) == (1, 0)
    assert FactRow.objects.filter(kind=FractureSighting.kind).latest("number").to_fact().retracted


def test_the_same_fracture_said_again_with_its_side_is_still_one(sampled):
    said_of(sampled, ReportAnswer.FRACTURE, Missed(body_site=BodySite.HIP))
    said_of(sampled, ReportAnswer.FRACTURE, HIP)
    episode = EpisodeRow.objects.get()
    assert (len(episode.sightings), episode.side) == (1, "left")


@pytest.mark.parametrize(("found", "missed"), [(ReportAnswer.FRACTURE, None), (ReportAnswer.NO_FRACTURE, HIP)])
def test_an_answer_that_contradicts_itself_is_refused(sampled, found, missed):
    again, report = report_for(viewer(), sampled.pk)
    with pytest.raises(ValueError, match="a fracture has its bone"):
        answer(again, report, found, missed, by="nadia")


def test_the_share_missed_is_told_with_its_interval_and_what_could_not_be_told_is_no_answer(sampled):
    (before,) = checked([SITE])
    assert (before.checked, before.share, before.waiting) == (0, None, 4)
    reports = list(SampledReport.objects.order_by("pk"))
    said_of(reports[0], ReportAnswer.FRACTURE, HIP)
    for one in reports[1:3]:
        said_of(one, ReportAnswer.NO_FRACTURE)
    said_of(reports[3], ReportAnswer.CANT_TELL)
    (after,) = checked([SITE])
    assert (after.checked, after.missed, after.undecided, after.waiting) == (3, 1, 1, 0)
    assert after.share.value == pytest.approx(1 / 3)
    assert after.share.low < after.share.value < after.share.high
    assert checked([OTHER]) == []


def test_the_next_report_is_one_that_nobody_has_checked(sampled):
    reports = list(SampledReport.objects.order_by("pk"))
    said_of(reports[1], ReportAnswer.NO_FRACTURE)
    assert next_after(reports[0]) == reports[2]
    assert next_after(reports[3]) == reports[0]
    for one in (reports[0], *reports[2:]):
        said_of(one, ReportAnswer.NO_FRACTURE)
    assert next_after(reports[3]) is None


def test_a_list_belongs_to_who_took_it(sampled):
    take(sample_for(viewer(), sampled.sample_id), by="nadia")
    assert sample_for(viewer(), sampled.sample_id).owner == "nadia"
