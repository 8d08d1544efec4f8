"""Service profiles on their pages: filled in a section at a time, copied, exported, compared; and self-assessments."""

import csv
import json
import re
from io import StringIO

import pytest
from django.utils import timezone

from openfls.clinical.profile.asked import QUESTIONS
from openfls.clinical.profile.self_assessment import STATEMENTS
from openfls.clinical.standards import Role
from openfls.record import profiles, self_assessments, users
from openfls.record.models import ProfileVersion, SelfAssessment, SharingAgreement, Site, Trail
from openfls.record.organisations import set_parameter
from tests.pages.world import ELSEWHERE, HOME, SISTER

YEAR = timezone.localdate().year
PROFILE = f"/profiles/{HOME}/{YEAR}/"
ASSESSMENT = f"{PROFILE}sections/assessment/"
SELF = f"{PROFILE}self-assessment/"
COMPARED = f"/profiles/compared/{YEAR}/"


def text(reply) -> str:
    assert reply.status_code == 200, reply.status_code
    return reply.content.decode()


def save(site: str, section: str, year: int = YEAR, **answers: object) -> ProfileVersion:
    told = {name.replace("_", "-"): answer for name, answer in answers.items()}
    place = Site.objects.get(code=site)
    return profiles.save_section(place, year, section, told, by="a test", at=timezone.now())


def answers(year: int = YEAR, site: str = HOME) -> dict:
    return profiles.profile_of(Site.objects.get(code=site), year).answers


def test_a_section_is_saved_by_itself_and_leads_on(carys):
    reply = carys.post(ASSESSMENT, {"seen": 0, "dxa-where": "on site", "who-assesses": ["nurse"], "on": "1"})
    assert reply.url == f"{PROFILE}sections/treatment/"
    assert answers() == {"dxa-where": "on site", "who-assesses": ["nurse"]}
    page = text(carys.get(PROFILE))
    assert f"2 of {len(QUESTIONS)} questions are answered" in page
    assert "Saved by Carys Tester" in page


def test_what_is_left_empty_is_unknown_and_a_nought_is_not(carys):
    carys.post(f"{PROFILE}sections/staffing/", {"seen": 0, "wte-nurse-6": "0", "wte-nurse-7": "", "hours": ""})
    assert answers() == {"wte-nurse-6": 0}


def test_numbers_are_taken_as_people_write_them(carys):
    carys.post(f"{PROFILE}sections/service/", {"seen": 0, "population": "250,000", "hours": "37.5"})
    assert answers() == {"population": 250_000, "hours": 37.5}


@pytest.mark.parametrize(
    ("section", "sent", "says"),
    [
        ("staffing", {"wte-nurse-6": "a few"}, "Nurse, band 6: write a number, like 12 or 0.5"),
        ("service", {"hours": "170"}, "170.0 is not a number from 0 to 168"),
        ("case-finding", {"who-finds": ["nurse", "none of these"]}, "stands alone"),
        ("assessment", {"dxa-where": "next door"}, "next door is not one of the available choices"),
    ],
)
def test_an_answer_that_does_not_fit_saves_nothing_and_loses_nothing(carys, section, sent, says):
    page = text(carys.post(f"{PROFILE}sections/{section}/", {"seen": 0, **sent}))
    assert "There is a problem" in page
    assert says in page
    assert answers() == {}


def test_the_form_says_which_version_it_saw_and_without_that_writes_over_nothing(carys):
    assert 'name="seen" value="0"' in text(carys.get(ASSESSMENT))
    carys.post(ASSESSMENT, {"dxa-where": "on site"})
    assert 'name="seen" value="1"' in text(carys.get(ASSESSMENT))
    assert "while you had it open" in text(carys.post(ASSESSMENT, {"dxa-where": "both"}))
    assert answers() == {"dxa-where": "on site"}


def test_each_save_is_a_version_and_the_history_says_whose(carys, signed_in):
    carys.post(ASSESSMENT, {"seen": 0, "dxa-where": "on site"})
    signed_in("morag").post(ASSESSMENT, {"seen": 1, "dxa-where": "both"})
    kept = ProfileVersion.objects.filter(section="assessment").order_by("version")
    assert [(one.version, one.by, one.answers) for one in kept] == [
        (1, "carys", {"dxa-where": "on site"}),
        (2, "morag", {"dxa-where": "both"}),
    ]
    history = text(carys.get(PROFILE)).split("History</h2>")[1]
    assert history.index("Morag Tester, manager") < history.index("Carys Tester, coordinator")
    assert "Where DXA is done: on site → <strong>both</strong>" in history
    assert "Where DXA is done: not answered → <strong>on site</strong>" in history
    assert Trail.objects.filter(action="profile saved").count() == 2


def test_whoever_was_slower_hears_of_it_and_may_save_again(carys, signed_in):
    signed_in("morag").post(ASSESSMENT, {"seen": 0, "dxa-where": "both"})
    page = text(carys.post(ASSESSMENT, {"seen": 0, "dxa-where": "on site"}))
    assert "Morag Tester saved this section while you had it open" in page
    assert 'name="seen" value="1"' in page
    assert answers() == {"dxa-where": "both"}
    assert carys.post(ASSESSMENT, {"seen": 1, "dxa-where": "on site"}).status_code == 302
    assert answers() == {"dxa-where": "on site"}


def test_a_year_is_taken_over_where_the_next_is_empty_and_says_so_until_it_is_looked_at(carys):
    save(HOME, "assessment", YEAR - 1, dxa_where="off site")
    save(HOME, "monitoring", YEAR - 1, who_monitors="nobody")
    save(HOME, "assessment", dxa_where="on site")
    assert f"Take over from {YEAR - 1}" in text(carys.get(PROFILE))
    carys.post(f"{PROFILE}copy/", {"from": YEAR - 1})
    assert answers() == {"dxa-where": "on site", "who-monitors": "nobody"}
    assert f"Taken over from {YEAR - 1}</strong> and not looked at since" in text(carys.get(PROFILE))
    carys.post(f"{PROFILE}sections/monitoring/", {"seen": 1, "who-monitors": "nobody"})
    assert "not looked at since" not in text(carys.get(PROFILE))


def test_an_answer_of_an_older_edition_is_shown_as_it_was_and_not_taken_over(carys):
    old = save(HOME, "assessment", YEAR - 1, dxa_where="off site", dxa_wait=6)
    told = {**old.answers, "dxa-where": "by van", "dxa-colour": "red"}
    ProfileVersion.objects.filter(pk=old.pk).update(answers=told)
    assert "by van" in text(carys.get(f"/profiles/{HOME}/{YEAR - 1}/"))
    assert carys.post(f"{PROFILE}copy/", {"from": YEAR - 1}).status_code == 302
    assert answers() == {"dxa-wait": 6}


@pytest.mark.parametrize("sent", ["", "x", str(YEAR - 1), str(YEAR + 5)])
def test_a_year_of_which_there_is_nothing_can_not_be_taken_over(carys, sent):
    assert carys.post(f"{PROFILE}copy/", {"from": sent}).status_code == 404


@pytest.mark.parametrize("year", [1999, timezone.localdate().year + 2, 99999])
def test_there_are_no_profiles_of_years_that_nobody_can_tell_of(carys, year):
    assert carys.get(f"/profiles/{HOME}/{year}/").status_code == 404


def test_the_json_has_every_question_and_null_where_nobody_answered(carys):
    save(HOME, "assessment", dxa_where="on site")
    plain = json.loads(text(carys.get(f"{PROFILE}export/json/")))
    assert set(plain["answers"]) == set(QUESTIONS)
    assert {name: told for name, told in plain["answers"].items() if told is not None} == {"dxa-where": "on site"}
    assert plain["sections"]["assessment"]["by"] == "a test"


def test_the_csv_has_a_row_a_question_and_runs_no_formula(carys):
    save(HOME, "case-finding", who_finds=["nurse", "coordinator"])
    save(HOME, "staffing", other_posts="=1+1")
    rows = list(csv.DictReader(StringIO(text(carys.get(f"{PROFILE}export/csv/")).removeprefix("\ufeff"))))
    told = {row["question"]: row[f"Aldermere Royal {YEAR}"] for row in rows}
    assert list(told) == list(QUESTIONS)
    assert (told["who-finds"], told["other-posts"], told["dxa-where"]) == ("coordinator;nurse", "'=1+1", "")


def test_an_unlike_answer_is_marked_by_a_sign_and_words(signed_in, world):
    users.grant("carys", SISTER, Role.COORDINATOR, by="a test")
    users.grant("carys", ELSEWHERE, Role.MANAGER, by="a test")
    for site, where in ((HOME, "on site"), (SISTER, "on site"), (ELSEWHERE, "off site")):
        save(site, "assessment", dxa_where=where)
    page = text(signed_in("carys").get(COMPARED))
    assert page.count("unlike most: </span>off site") == 1
    assert "unlike most: </span>on site" not in page


def test_of_several_answers_each_has_its_own_row_and_the_unanswered_is_not_no(signed_in, world):
    users.grant("carys", SISTER, Role.COORDINATOR, by="a test")
    save(HOME, "case-finding", who_finds=["nurse"])
    page = text(signed_in("carys").get(COMPARED))
    row = page.split('<th scope="row">nurse</th>')[1].split("</tr>")[0]
    assert ">yes</td>" in row
    assert "not answered" in row
    assert ">no</td>" not in row


def test_the_measure_stands_beside_what_the_hospital_says(carys, world):
    page = text(carys.get(f"{COMPARED}?assessment=assessed-within-90-days"))
    row = page.split("Counted: ")[1].split("</tr>")[0]
    assert "judged" in row
    assert "%</strong>" in row


def test_what_the_record_shows_stands_beside_it_too(carys, world):
    save(HOME, "case-finding", who_finds=["nurse"])
    page = text(carys.get(COMPARED))
    row = page.split("Recorded: Who finds first")[1].split("</tr>")[0]
    assert re.search(r">trauma list \d+%, \S.* \d+%, …; \d+ fractures<", row)
    assert "BLACK" not in page


def test_only_rows_that_differ_are_shown_when_asked(signed_in, world):
    users.grant("carys", SISTER, Role.COORDINATOR, by="a test")
    for site, wait in ((HOME, 4), (SISTER, 9)):
        save(site, "assessment", dxa_where="on site", dxa_wait=wait)
    page = text(signed_in("carys").get(f"{COMPARED}?rows=differing"))
    assert "Usual wait for DXA" in page
    assert "Where DXA is done" not in page


def test_of_another_trust_only_what_it_shares_is_compared(carys, world):
    save(ELSEWHERE, "assessment", dxa_where="off site")
    assert "Elverton District" not in text(carys.get(COMPARED))
    assert carys.get(f"/profiles/{ELSEWHERE}/{YEAR}/").status_code == 404
    SharingAgreement.objects.create(giver_id="X1E", receiver_id="X1A", reference="a test", begins=world.day(30))
    assert "Elverton District" in text(carys.get(COMPARED))
    assert "off site" in text(carys.get(f"/profiles/{ELSEWHERE}/{YEAR}/"))
    for rest in ("sections/assessment/", "self-assessment/"):
        assert carys.post(f"/profiles/{ELSEWHERE}/{YEAR}/{rest}", {"seen": 1}).status_code == 404


def rate(people: int, rating: int = 4, site: str = HOME, year: int = YEAR, comment: str = "") -> None:
    ratings = {statement.name: rating for statement in STATEMENTS}
    for number in range(people):
        self_assessments.answer(
            Site.objects.get(code=site), year, ratings, {"capacity": comment}, by=f"p{number}", at=timezone.now()
        )


def test_few_answers_are_counted_and_not_shown(carys):
    rate(4, comment="Nobody telephones.")
    page = text(carys.get(f"{SELF}answers/"))
    assert "4 people have answered" in page
    assert "fewer answered than are shown" in page
    assert "Nobody telephones." not in page
    rate(5, comment="Nobody telephones.")
    page = text(carys.get(f"{SELF}answers/"))
    assert "fewer answered than are shown" not in page
    assert "Nobody telephones." in page


def test_a_site_decides_how_many_are_enough(carys):
    rate(3)
    set_parameter(HOME, "self_assessment_shown_from", 3, by="a test")
    assert "fewer answered than are shown" not in text(carys.get(f"{SELF}answers/"))


def test_each_answers_once_and_may_change_or_take_it_back(carys):
    carys.post(SELF, {"committed": "5", "comment-potential": "All of us."})
    carys.post(SELF, {"committed": "2"})
    assert SelfAssessment.objects.filter(by="carys").count() == 2
    assert "1 person has answered" in text(carys.get(f"{SELF}answers/"))
    assert self_assessments.own_answers(Site.objects.get(code=HOME), YEAR, "carys").ratings == {"committed": 2}
    carys.post(SELF, {})
    assert "0 people have answered" in text(carys.get(f"{SELF}answers/"))


def test_nobody_is_named_among_the_answers_nor_in_the_trail(carys, signed_in):
    rate(5)
    signed_in("nadia").post(SELF, {"committed": "1"})
    assert "Nadia" not in text(carys.get(f"{SELF}answers/"))
    assert [row.detail for row in Trail.objects.filter(user="nadia", action="self-assessment answered")] == [
        {"year": YEAR}
    ]


def test_years_and_shared_sites_stand_beside_each_other_without_their_comments(carys, world):
    rate(5, year=YEAR - 1)
    rate(5)
    rate(6, site=ELSEWHERE, comment="Only for us.")
    SharingAgreement.objects.create(giver_id="X1E", receiver_id="X1A", reference="a test", begins=world.day(30))
    page = text(carys.get(f"{SELF}answers/"))
    assert f'<th scope="row">{YEAR - 1}</th>' in page
    assert '<th scope="row">Elverton District</th>' in page
    assert "Only for us." not in page + text(carys.get(f"/profiles/{ELSEWHERE}/{YEAR}/self-assessment/answers/"))


def test_the_service_is_graded_by_its_record_and_its_profile(carys, world):
    page = text(carys.get(f"{PROFILE}grades/"))
    assert "not answered: Is their number tracked" in page or "not answered: Are fracture patients identified" in page
    save(HOME, "case-finding", finds_hips=["trauma list"], tracks_expected="yes", quality_reviewed="yes")
    page = text(carys.get(f"{PROFILE}grades/"))
    assert "<strong>level 3</strong>" in page
    assert page.count("The levels were not read in the source") == 1  # of all thirteen at once
    read = Trail.objects.filter(action="completeness of a year counted").latest("pk")
    assert read.user == "carys"
