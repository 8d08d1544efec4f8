"""A fracture that a person saw or was told of: of a patient on record, or of somebody new."""

from datetime import date
from typing import Any

from openfls.clinical.facts import Answer, BodySite, Fact, Finder, FractureSighting, Setting, Side
from openfls.clinical.patients import HospitalNumber, PatientRecord, Sex, checked_nhs_number
from openfls.clinical.when import When, about, month, on
from openfls.pages.forms.fields import DayField, each, line, radios, select, words
from openfls.pages.forms.hand import Hand, HandForm

YES_NO_UNKNOWN = [("yes", "Yes"), ("no", "No"), ("unknown", "Not known")]
EXACT, ABOUT, MONTH = "exact", "about", "month"
PRECISION = [
    (EXACT, "This day"),
    (ABOUT, "About this day, give or take a week"),
    (MONTH, "Some day of this month"),
]
HOW_FOUND = [
    (finder.value, words_)
    for finder, words_ in (
        (Finder.WARD_ROUND, "On a ward round"),
        (Finder.TRAUMA_LIST, "At the trauma meeting"),
        (Finder.FRACTURE_CLINIC, "In the fracture clinic"),
        (Finder.EMERGENCY_DEPARTMENT, "In the emergency department"),
        (Finder.RADIOLOGY_REPORT, "On an X-ray or scan report"),
        (Finder.GENERAL_PRACTICE, "The GP told us"),
        (Finder.BY_HAND, "Otherwise: patient, family, colleague"),
    )
]


class Sighting(HandForm):
    """The fracture. `NewPerson` adds who it is."""

    day = DayField(label="Date of the fracture", called="the date of the fracture")
    precision = radios("How exact is this date", PRECISION, initial=EXACT)
    body_site = select("Bone", each(BodySite), missing="Choose which bone is broken")
    side = radios("Side", each(Side), initial=Side.UNKNOWN.value)
    how = select("How it was found", HOW_FOUND)
    setting = select("Seen as", each(Setting), initial=Setting.UNKNOWN.value)
    low_trauma = radios(
        "A fall from standing height or less", YES_NO_UNKNOWN, help_text="Low trauma. Not known is a good answer.",
        missing="Choose whether it was a fall from standing height or less",
    )  # fmt: skip
    pathological = radios(
        "Through a tumour or other local bone disease", YES_NO_UNKNOWN, initial="unknown",
        help_text="Osteoporosis is not meant here.",
    )  # fmt: skip
    text = words("What was seen or said", rows=2, help_text="Optional. Helps whoever triages.")

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["day"].latest = today

    def occurred(self) -> When:
        day: date = self.cleaned_data["day"]
        match self.cleaned_data["precision"]:
            case "about":
                return about(day)
            case "month":
                return month(day.year, day.month)
        return on(day)

    def sighting(self, hand: Hand, record: PatientRecord) -> Fact:
        """Call after `is_valid`."""
        answers = self.cleaned_data
        return FractureSighting(
            record=record,
            occurred=self.occurred(),
            finder=Finder(answers["how"]),
            body_site=BodySite(answers["body_site"]),
            side=Side(answers["side"]),
            setting=Setting(answers["setting"]),
            low_trauma=Answer(answers["low_trauma"]),
            pathological=Answer(answers["pathological"]),
            dated_by="injury",
            words=answers["text"],
            **hand.stamp("sighting"),
        )


class NewPerson(Sighting):
    """The fracture and whose it is. Either a number, or a name with a date of birth, must be known."""

    nhs_number = line("NHS number", max_length=20, help_text="Ten digits, if it is known.")
    hospital_number = line("Hospital number", max_length=30)
    family_name = line("Family name")
    given_name = line("Given name")
    born = DayField(label="Date of birth", called="the date of birth", required=False)
    sex = select("Sex", each(Sex), initial=Sex.UNKNOWN.value)
    site = select("Site", [], help_text="Where the patient was seen. The hospital number belongs to this site's trust.")

    parts = (
        ("Patient", ("nhs_number", "hospital_number", "family_name", "given_name", "born", "sex", "site")),
        (
            "Fracture",
            ("day", "precision", "body_site", "side", "how", "setting", "low_trauma", "pathological", "text"),
        ),
    )

    def __init__(self, *args: Any, today: date, sites: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, today=today, **kwargs)
        self.fields["born"].latest = today
        self.fields["site"].choices = sites if len(sites) == 1 else [("", ""), *sites]

    def clean_nhs_number(self) -> str:
        given = self.cleaned_data["nhs_number"].strip()
        if given and checked_nhs_number(given) is None:
            raise_ = "This NHS number fails its check: look at the ten digits again, or leave it empty"
            self.add_error("nhs_number", raise_)
        return checked_nhs_number(given) or ""

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean()
        numbered = answers.get("nhs_number") or answers.get("hospital_number")
        named = answers.get("family_name") and answers.get("born")
        if not numbered and not named and not self.errors.keys() & {"nhs_number", "born"}:
            self.add_error("nhs_number", "Enter a number, or the family name and the date of birth")
        if answers.get("born") and answers.get("day") and answers["born"] > answers["day"]:
            self.add_error("born", "The date of birth lies after the fracture: correct one of them")
        return answers

    def record(self, authority: str) -> PatientRecord:
        """Who it is; ``authority`` gave the hospital number. Call after `is_valid`."""
        answers = self.cleaned_data
        number = answers["hospital_number"].strip()
        return PatientRecord(
            nhs_number=answers["nhs_number"] or None,
            hospital_numbers=(HospitalNumber(authority, number),) if number else (),
            family_name=answers["family_name"].strip(),
            given_name=answers["given_name"].strip(),
            birth_date=answers["born"],
            sex=Sex(answers["sex"]),
        )
