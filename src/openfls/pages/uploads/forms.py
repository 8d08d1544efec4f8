"""The forms of an upload: which list of which feed; which column means what; why it is undone."""

import re
from collections.abc import Sequence
from typing import Any

from django import forms

from openfls.feeds.csv.matching import IGNORED
from openfls.feeds.csv.meanings import meanings_in_words
from openfls.inbox.own_mappings import mappings_of_home
from openfls.inbox.uploads.mappings import remembered
from openfls.pages.forms.fields import Choices, line, radios, select, words

ENCODINGS = [
    ("utf-8", "UTF-8 (Excel: “CSV UTF-8”; most other programs)"),
    ("cp1252", "Windows (Excel: “CSV”)"),
    ("utf-16", "UTF-16 (Excel: “Unicode text”)"),
]
ENDINGS = (".csv", ".xlsx")
FEED_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")
PACKED = b"PK\x03\x04"


class ListFile(forms.Form):
    """The file, and how it was saved: of a whole list, or of rows that were mended."""

    file = forms.FileField(
        label="The file", help_text="CSV or XLSX, at most 200 MB and 500,000 rows.",
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
        error_messages={"required": "Choose the file", "empty": "The file is empty: choose another"},
    )  # fmt: skip
    encoding = radios(
        "How the CSV was saved", ENCODINGS, required=False,
        help_text="It is never guessed: a wrong guess would change names. An XLSX file needs no answer.",
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "%s")
        super().__init__(*args, **kwargs)

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if not file.name.casefold().endswith(ENDINGS):
            raise forms.ValidationError("The file must be a .csv or an .xlsx")
        return file

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or {}
        file = answers.get("file")
        if file and not answers.get("encoding"):
            packed = file.read(len(PACKED)) == PACKED
            file.seek(0)
            if not packed:
                self.add_error("encoding", "Choose how the CSV was saved")
            answers["encoding"] = "utf-8"
        return answers


class NewUpload(ListFile):
    """Which list of which feed of which site."""

    site = select("Site", [], help_text="Where the patients of this list were seen.")
    feed = select(
        "Feed", [], required=False, help_text="A list kept again and again: its name ties its versions together."
    )  # fmt: skip
    new_feed = line(
        "Name of a new feed", max_length=60,
        help_text="In small letters, such as trauma or ward-round. Choose it once and keep it.",
    )  # fmt: skip
    mapping = select(
        "Kind of list", [], required=False, help_text="Leave it as it is to read it as the last one was read."
    )

    field_order = ("site", "feed", "new_feed", "mapping", "file", "encoding")

    def __init__(self, *args: Any, sites: Choices, feeds: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = list(sites)
        self.fields["site"].choices = choices if len(choices) == 1 else [("", ""), *choices]
        self.fields["feed"].choices = [("", "A new feed, named below"), *((feed, feed) for feed in feeds)]
        self.fields["mapping"].choices = [("", "As this feed was read last"), *kinds_of_list()]

    def clean_new_feed(self) -> str:
        name: str = self.cleaned_data["new_feed"].strip()
        if name and not FEED_NAME.fullmatch(name):
            raise forms.ValidationError("Use small letters, digits and hyphens, such as ward-round")
        return name

    def clean(self) -> dict[str, Any]:
        answers = super().clean()
        if bool(answers.get("feed")) is bool(answers.get("new_feed")) and "new_feed" not in self.errors:
            both = ", not both" if answers.get("feed") else ""
            self.add_error("feed", f"Choose a feed or name a new one{both}")
        return answers

    def kind(self, source: str) -> str:
        """The mapping that was chosen, else that of the feed, else the one that begins the file's name; empty: none."""
        answers = self.cleaned_data
        return answers["mapping"] or remembered(source) or mappings_of_home().of_file(answers["file"].name) or ""


class Columns(forms.Form):
    """What each column means."""

    def __init__(self, *args: Any, headers: Sequence[Sequence[str]], shows: bool, **kwargs: Any) -> None:
        """``headers``: header, meaning, example; the examples are shown where the viewer may see people."""
        super().__init__(*args, auto_id="%s", **kwargs)
        self.headers = list(headers)
        choices = [("", "Not known, and not read"), (IGNORED, "Not read, on purpose"), *meanings_in_words()]
        for number, (header, meaning, example) in enumerate(self.headers):
            told = {"help_text": f"Such as “{example}”" if shows and example else "", "initial": meaning}
            name = f"column-{number}"
            self.fields[name] = forms.ChoiceField(label=header, choices=choices, required=False, **told)

    def chosen(self) -> dict[str, str]:
        """Header -> meaning. Call after `is_valid`."""
        return {header: self.cleaned_data[f"column-{n}"] for n, (header, *_) in enumerate(self.headers)}


class UndoForm(forms.Form):
    reason = words("Why it is undone", required=True, rows=2)


def kinds_of_list() -> list[tuple[str, str]]:
    """Every mapping, with whether anybody has checked it."""
    found = mappings_of_home().known.values()
    return [(one.name, f"{one.title} ({checked(one.checked_by)})") for one in sorted(found, key=lambda one: one.title)]


def checked(by: str | None) -> str:
    return f"checked by {by}" if by else "nobody has checked it"
