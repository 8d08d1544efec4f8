"""Patient details: where the patient lives and can be reached, as she or whoever cares for her says."""

import re
from collections.abc import Iterator
from typing import Any

from openfls.clinical.ethnic_categories import EthnicCategory
from openfls.clinical.facts import Answer, Demographics, Fact
from openfls.pages.forms.fields import DayField, line, select
from openfls.pages.forms.hand import Hand
from openfls.pages.patient.entries.entry import Entry
from openfls.record.organisations import practice_name

UK_POSTCODE = re.compile(r"([A-Z]{1,2}[0-9][A-Z0-9]?) ?([0-9][A-Z]{2})")
CATEGORIES = [(one.value, one.words) for one in EthnicCategory if one is not EthnicCategory.NOT_KNOWN]
DETAILS = ("phone", "postcode", "practice", "care_home", "ethnic_category")


class PatientDetails(Entry):
    name = "details"
    title = "Patient details"
    button = "Save"
    explanation = (
        "What you leave empty stays as it is. What you enter stands until a feed says something else than it said "
        "before."
    )
    of_fracture = False

    day = DayField(label="Day on which it was told", called="the day on which it was told")
    phone = line("Phone", max_length=40)
    postcode = line("Postcode", max_length=10)
    practice = line("Practice, by its organisation code", max_length=12, help_text="Like A81001.")
    care_home = select("Lives in a care home", [("yes", "Yes"), ("no", "No")], required=False)
    ethnic_category = select("Ethnic category, as the patient says", CATEGORIES, required=False)

    def clean_postcode(self) -> str:
        written: str = self.cleaned_data["postcode"].strip().upper()
        found = UK_POSTCODE.fullmatch(written)
        if written and not found:
            self.add_error("postcode", "Enter a whole postcode, like ZZ1 1AA, or leave it empty")
        return " ".join(found.groups()) if found else ""

    def clean_practice(self) -> str:
        code: str = self.cleaned_data["practice"].strip().upper()
        if code and practice_name(code) == code:
            self.add_error("practice", f"No practice here has the code {code}: check it, or leave it empty")
        return code

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean()
        if not self.errors and not any(answers[name] for name in DETAILS):
            self.add_error("phone", "Enter what has changed")
        return answers

    def made(self, hand: Hand, whose: dict[str, Any]) -> Iterator[Fact]:
        answers = self.cleaned_data
        yield Demographics(
            **whose,
            **hand.stamp("details"),
            phone=answers["phone"].strip(),
            postcode=answers["postcode"],
            practice=answers["practice"],
            care_home=Answer(answers["care_home"] or "unknown"),
            ethnic_category=EthnicCategory(answers["ethnic_category"] or EthnicCategory.NOT_KNOWN),
        )
