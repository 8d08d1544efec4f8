"""The FLS assessment with what usually goes with it in one visit, and the result of a scan."""

from collections.abc import Iterator
from typing import Any

from django import forms

from openfls.clinical.facts import (
    Answer,
    DxaNeed,
    DxaRequest,
    DxaResult,
    Fact,
    FallsAssessment,
    FlsAssessment,
    Referral,
    RiskScore,
)
from openfls.clinical.standards import Step
from openfls.pages.forms.fields import DayField, line, percent, radios, select, sentence, words
from openfls.pages.forms.hand import Hand
from openfls.pages.patient.entries.entry import Entry

ASSESSORS = [
    (role, sentence(role))
    for role in ("specialist nurse", "nurse", "orthogeriatrician", "other doctor", "physiotherapist", "pharmacist")
]
NO_DXA_REASONS = [
    (reason, sentence(reason))
    for reason in ("frailty", "not tolerated", "not feasible", "treated without a scan", "scanned recently", "other")
]
LATER = ("", "Not yet: leave the task open")


class Assessment(Entry):
    name = "assessment"
    title = "FLS assessment"
    button = "Save assessment"
    explanation = "Fill in what was done today. What you leave open stays on the worklist."
    follows = True
    steps = (Step.ASSESS, Step.FALLS, Step.DXA_DECISION)
    parts = (
        ("Falls", ("falls", "falls_findings")),
        ("DXA", ("dxa", "dxa_reason", "scanner")),
        ("Strength and balance", ("exercise",)),
        ("Risk score, as read off its tool", ("tool", "tool_version", "major", "hip", "with_bmd")),
    )

    day = DayField(label="Date of the assessment", called="the date of the assessment")
    assessor = select("Who assessed", ASSESSORS)
    findings = words("Findings", help_text="Optional. Risk factors, causes looked for, what was agreed.")
    falls = radios(
        "Falls assessment",
        [("done", "Done"), ("referred", "Referred to a falls service"), LATER],
        required=False,
    )
    falls_findings = words("Findings about falls", rows=2, help_text="Optional.")
    dxa = radios("DXA scan", [("requested", "Request a scan"), ("not needed", "No DXA needed"), LATER], required=False)
    dxa_reason = select("Why no DXA is needed", NO_DXA_REASONS, required=False)
    scanner = line("Where the scan is requested", help_text="Optional. Name of the scanner or the hospital.")
    exercise = radios(
        "Strength and balance exercise",
        [("started", "Has started"), ("referred", "Referred, not yet started"), LATER],
        required=False,
    )
    tool = line("Tool", help_text="Optional. For instance FRAX UK. The figures are kept as entered, never recomputed.")
    tool_version = line("Version of the tool")
    major = percent("Ten-year risk of a major osteoporotic fracture, in percent")
    hip = percent("Ten-year risk of a hip fracture, in percent")
    with_bmd = radios("With bone density", [("yes", "Yes"), ("no", "No")], required=False)

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean()
        if answers.get("dxa") == "not needed":
            self.need("dxa_reason", "Choose why no DXA is needed")
        self._nothing_lost(answers)
        figures = [answers.get("major"), answers.get("hip")]
        if any(figure is not None for figure in figures):
            self.need("tool", "Enter the tool that gave the risk")
        elif answers.get("tool"):
            self.add_error("major", "Enter the risk that the tool gave")
        return answers

    def _nothing_lost(self, answers: dict[str, Any]) -> None:
        """What was filled in beside a question that was left open would be kept nowhere."""
        if answers.get("falls_findings"):
            self.need("falls", "Choose what was done about falls, or empty the findings about falls")
        if answers.get("dxa_reason") and answers.get("dxa") != "not needed":
            self.add_error("dxa", "Choose “No DXA needed”, or leave out why none is needed")
        if answers.get("scanner") and answers.get("dxa") != "requested":
            self.add_error("dxa", "Choose “Request a scan”, or empty where it is requested")
        if answers.get("tool_version"):
            self.need("tool", "Enter the tool that gave the risk")

    def made(self, hand: Hand, whose: dict[str, Any]) -> Iterator[Fact]:
        answers = self.cleaned_data
        yield FlsAssessment(
            **whose, **hand.stamp("assessment"), assessor_role=answers["assessor"], findings=answers["findings"]
        )
        for part in (self._falls, self._dxa, self._exercise, self._score):
            yield from part(hand, whose)

    def _falls(self, hand: Hand, whose: dict[str, Any]) -> Iterator[Fact]:
        if self.cleaned_data["falls"]:
            done = self.cleaned_data["falls"] == "done"
            yield FallsAssessment(
                **whose,
                **hand.stamp("falls"),
                done=Answer.YES if done else Answer.NO,
                referred=Answer.UNKNOWN if done else Answer.YES,
                findings=self.cleaned_data["falls_findings"],
            )

    def _dxa(self, hand: Hand, whose: dict[str, Any]) -> Iterator[Fact]:
        answers = self.cleaned_data
        if answers["dxa"]:
            asked = answers["dxa"] == "requested"
            yield DxaRequest(
                **whose,
                **hand.stamp("DXA"),
                need=DxaNeed.REQUESTED if asked else DxaNeed.NOT_NEEDED,
                reason="" if asked else answers["dxa_reason"],
                scanner=answers["scanner"] if asked else "",
            )

    def _exercise(self, hand: Hand, whose: dict[str, Any]) -> Iterator[Fact]:
        if self.cleaned_data["exercise"]:
            started = Answer.YES if self.cleaned_data["exercise"] == "started" else Answer.NO
            yield Referral(**whose, **hand.stamp("exercise"), service="strength and balance", started=started)

    def _score(self, hand: Hand, whose: dict[str, Any]) -> Iterator[Fact]:
        answers = self.cleaned_data
        if answers["tool"]:
            yield RiskScore(
                **whose,
                **hand.stamp("score"),
                tool=answers["tool"],
                tool_version=answers["tool_version"],
                major_fracture_percent=answers["major"],
                hip_fracture_percent=answers["hip"],
                with_bmd=Answer(answers["with_bmd"] or "unknown"),
            )


REGIONS = {"neck": "femoral neck", "total_hip": "total hip", "spine": "lumbar spine"}


class DxaScan(Entry):
    name = "dxa"
    title = "DXA result"
    button = "Save DXA result"
    explanation = "The T-scores that the report gives."
    steps = (Step.DXA,)

    day = DayField(label="Date of the scan", called="the date of the scan")
    neck = forms.FloatField(label="T-score, femoral neck", required=False, min_value=-10, max_value=10)
    total_hip = forms.FloatField(label="T-score, total hip", required=False, min_value=-10, max_value=10)
    spine = forms.FloatField(label="T-score, lumbar spine", required=False, min_value=-10, max_value=10)
    without_report = forms.BooleanField(label="The scan was done; its report is not in yet", required=False)
    scanner = line("Scanner", help_text="Optional.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, region in REGIONS.items():
            field = self.fields[name]
            field.widget = forms.TextInput(attrs={"width": 4})  # no "decimal" keypad: phones leave the minus sign out
            wrong = f"The T-score of the {region} must be a number from -10 to 10, like -2.5"
            field.error_messages = dict.fromkeys(("invalid", "min_value", "max_value"), wrong)

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean()
        told = any(answers.get(name) is not None for name in REGIONS)
        if not told and not answers.get("without_report") and not self.errors.keys() & REGIONS.keys():
            self.add_error("neck", "Enter a T-score, or tick that the report is not in yet")
        return answers

    def made(self, hand: Hand, whose: dict[str, Any]) -> Iterator[Fact]:
        answers = self.cleaned_data
        scores = {region: answers[name] for name, region in REGIONS.items() if answers[name] is not None}
        for region, score in (scores or {"": None}).items():
            stamp = hand.stamp(f"DXA {region}".strip())
            yield DxaResult(**whose, **stamp, region=region, t_score=score, scanner=answers["scanner"])
