"""Every page can be used by everybody: axe finds nothing, keys alone do, narrow screens and paper hold all of it."""

import pypdfium2
import pytest

pytestmark = pytest.mark.browser

PAGES = [
    "/", "/?role=nurse&due=overdue", "/?role=doctor&step=triage&owner=mine", "/triage/", "/triage/?unsure=1",
    "/search/", "/sightings/new/", "/fractures/", "/backstop/", "/backstop/only/", "/components/",
    "/components/case-finding/", "/components/assessment/", "/components/treatment/",
    "/components/monitoring-and-coordination/", "/measures/assessed-within-90-days/missed/", "/identity/",
    "/quarantine/", "/quarantine/1/", "/feeds/", "/nothing-here/",
]  # fmt: skip
ENTRIES = [
    "assessment", "dxa", "treatment", "started", "follow-up", "contact", "letter", "letter-acknowledged", "referral",
    "declined", "note",
]  # fmt: skip
OF_A_PATIENT = ["", "tasks/strength-balance/", *(f"enter/{name}/" for name in ENTRIES)]


@pytest.fixture
def carys(visitor):
    return visitor("carys")


def test_axe_finds_nothing_on_any_page(carys):
    faults = {}
    for address in PAGES:
        carys.goes_to(address)
        faults[address] = carys.faults_of_access()
    assert faults == {address: [] for address in PAGES}


def test_axe_finds_nothing_on_the_pages_of_a_patient_nor_in_forms_that_were_refused(carys, service):
    faults = {}
    for rest in OF_A_PATIENT:
        carys.goes_to(service.address("Beryl", rest))
        faults[rest] = carys.faults_of_access()
        if rest.startswith("enter/"):
            carys.page.get_by_label("Year").first.fill("")
            carys.page.locator("main form.openfls-form button[type=submit]").click()
            carys.page.get_by_text("There is a problem").wait_for()
            faults[f"{rest} refused"] = carys.faults_of_access()
    assert [fault for found in faults.values() for fault in found] == []


@pytest.mark.parametrize("name", ["deepak", "morag", "ada", "grace", "tara"])
def test_axe_finds_nothing_on_the_first_page_of_each_role(visitor, name):
    assert visitor(name).faults_of_access() == []


def test_axe_finds_nothing_at_the_door(visitor):
    someone = visitor()
    someone.goes_to("/sign-in/")
    assert someone.faults_of_access() == []
    someone.page.get_by_role("button", name="Sign in").click()
    someone.page.get_by_text("There is a problem").wait_for()
    assert someone.faults_of_access() == []


def test_a_refused_form_puts_the_focus_on_its_problems(carys, service):
    carys.goes_to(service.address("Beryl", "enter/note/"))
    carys.page.get_by_role("button", name="Save note").click()
    summary = carys.page.locator(".nhsuk-error-summary")
    summary.wait_for()
    assert summary.evaluate("part => part === document.activeElement || part.contains(document.activeElement)")
    carys.page.get_by_role("link", name="Enter note").click()
    assert carys.page.evaluate("document.activeElement.id") == "text"


def test_the_first_tab_skips_to_the_content(carys):
    carys.goes_to("/")
    carys.page.keyboard.press("Tab")
    assert carys.page.evaluate("document.activeElement.textContent") == "Skip to main content"
    carys.page.keyboard.press("Enter")
    assert carys.page.evaluate("location.hash") == "#maincontent"


def test_a_note_is_entered_with_keys_alone(carys, service):
    page = carys.page
    carys.goes_to(service.address("Beryl", "enter/note/"))
    page.locator("#maincontent").evaluate("main => { main.tabIndex = -1; main.focus() }")
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "text":
            break
    page.keyboard.type("rang, will come on Friday")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_text("Note saved.").wait_for()
    assert "rang, will come on Friday" in page.locator("main").inner_text()


@pytest.mark.parametrize("address", ["/", "/triage/", "/backstop/", "/components/assessment/", "/sightings/new/"])
def test_a_narrow_screen_scrolls_one_way_only(visitor, address):
    carys = visitor("carys")
    carys.page.set_viewport_size({"width": 320, "height": 800})
    carys.goes_to(address)
    assert carys.page.evaluate("document.documentElement.scrollWidth") <= 320


def test_the_day_sheet_holds_the_tasks_and_nothing_to_click(carys):
    carys.goes_to("/?role=nurse")
    shown = carys.page.locator("tbody tr").count()
    assert carys.page.locator(".openfls-print-only:visible").count() == 0
    carys.page.emulate_media(media="print")
    assert shown > 0
    assert carys.page.locator("tbody tr:visible").count() == shown
    assert carys.page.locator("nav:visible, button:visible, select:visible").count() == 0
    assert carys.page.get_by_text("Holds patient details").is_visible()
    assert carys.page.locator("tbody td").last.evaluate("td => getComputedStyle(td).display") == "table-cell"
    added = carys.page.locator("tbody a").first.evaluate("a => getComputedStyle(a, '::after').content")
    assert added == "none"  # no address is printed after a name
    assert "Because" in first_sheet(carys.page.pdf(prefer_css_page_size=True))


def first_sheet(printed: bytes) -> str:
    return pypdfium2.PdfDocument(printed)[0].get_textpage().get_text_range()


def test_triage_prints_who_waits_and_nothing_to_choose(carys):
    carys.goes_to("/triage/")
    carys.page.emulate_media(media="print")
    assert carys.page.locator("li[data-row]:visible").count() > 5
    assert carys.page.locator("input:visible, button:visible, label:visible").count() == 0


NARROW = ["/", "/?role=nurse", "/fractures/", "/components/assessment/", "/feeds/", "/quarantine/", "/search/"]


@pytest.mark.parametrize("width", [320, 683])
def test_on_a_narrow_screen_or_at_twice_the_size_every_cell_of_a_list_is_in_sight(visitor, width):
    carys = visitor("carys")
    carys.page.set_viewport_size({"width": width, "height": 800})
    outside = {}
    for address in NARROW:
        carys.goes_to(address)
        if address == "/search/":
            carys.page.locator("#words").fill("waiting")
            carys.page.locator("main button").click()
            carys.page.get_by_text("Looked for").wait_for()
        cells = "all => all.filter(cell => cell.getBoundingClientRect().right > innerWidth).length"
        outside[address] = carys.page.locator(".openfls-table--cards tbody :is(td, th):visible").evaluate_all(cells)
        assert carys.faults_of_access() == [], address
    assert outside == dict.fromkeys(NARROW, 0)


def test_no_page_asks_another_host(carys):
    asked = []
    carys.page.on("request", lambda request: asked.append(request.url))
    for address in ("/", "/triage/", "/backstop/"):
        carys.goes_to(address)
    assert [url for url in asked if not url.startswith(carys.service.url)] == []
