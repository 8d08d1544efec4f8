"""What the inbox keeps: messages as they came, and what became of each."""

from collections.abc import Mapping
from enum import StrEnum

from django.db import models
from django.db.models import Q


class State(StrEnum):
    """A message is always in exactly one of these; the counts of all of them add up to what was received."""

    NEW = "new"
    DONE = "done"
    IGNORED = "ignored"
    QUARANTINED = "quarantined"
    MENDED = "mended"
    DISMISSED = "dismissed"

    @property
    def label(self) -> str:
        """What a person reads."""
        return STATE_WORDS[self]


STATE_WORDS: Mapping[State, str] = {
    State.NEW: "waiting to be read",
    State.DONE: "read",
    State.IGNORED: "without facts, by rule",
    State.QUARANTINED: "waiting for a person",
    State.MENDED: "replaced by a mended message",
    State.DISMISSED: "dismissed by a person",
}


class Message(models.Model):
    """One message or file. Its bytes, key and time of receipt never change (a trigger holds that); its state does.

    ``received_at`` is the receipt by the inbox that facts carry as ``known``; ``stored_at`` is when the row was written
    here, later where history is imported. ``site`` answers for the message, or the trust where a feed serves all its
    sites: who works there sees it in quarantine.
    ``origin`` holds what was declared about the feed: finder, encoding, mapping, and the site where things happened
    unless the message names one. ``facts`` counts the facts that it gave to the record.
    """

    number = models.BigAutoField(primary_key=True)
    source = models.CharField(max_length=100)
    message_id = models.CharField(max_length=255)
    digest = models.CharField(max_length=64)  # sha256 of the bytes
    received_at = models.DateTimeField()
    stored_at = models.DateTimeField()
    size = models.PositiveBigIntegerField()  # bytes
    name = models.CharField(max_length=255, blank=True)  # of the file
    site = models.CharField(max_length=100)
    origin = models.JSONField(default=dict)
    finder = models.CharField(max_length=50, blank=True)  # that of the origin, where it names one
    flagged = models.BooleanField(default=False)
    flag = models.CharField(max_length=255, blank=True)  # why, in words

    state = models.CharField(max_length=11, default=State.NEW)
    rule = models.CharField(max_length=255, blank=True)  # by which the message was ignored
    reason = models.TextField(blank=True)  # why it waits, or why a person dismissed it
    unreadable = models.JSONField(default=list)  # of {place, reason, mend}
    facts = models.PositiveIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    leased_until = models.DateTimeField(null=True)

    mended_by = models.CharField(max_length=150, blank=True)  # who wrote the mended bytes of this message
    dismissed_by = models.CharField(max_length=150, blank=True)
    replaced_by = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="mends")

    content = models.BinaryField()  # last: reading the columns before it touches none of its pages

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "message_id", "digest"], name="inbox_stored_once"),
            models.CheckConstraint(condition=Q(state__in=[state.value for state in State]), name="inbox_known_state"),
        ]
        indexes = [
            models.Index(fields=["number"], name="inbox_queue", condition=Q(state="new")),
            models.Index(
                fields=["site", "source", "finder", "received_at"], name="inbox_backlog", condition=Q(state="new")
            ),
            models.Index(fields=["site", "state"], name="inbox_site_state"),
            models.Index(fields=["site", "source", "finder", "received_at"], name="inbox_rhythm"),
            models.Index(fields=["digest"], name="inbox_same_bytes"),
        ]

    def __str__(self) -> str:
        return f"message {self.number} from {self.source}"


class ReportAnswer(StrEnum):
    """What a person found in a report that was read as negative."""

    NO_FRACTURE = "no fracture"
    FRACTURE = "a fracture"
    CANT_TELL = "can't tell"


class ReportSample(models.Model):
    """The reports of one site and month that were read as negative and that a person checks. ``month``: its first day.

    ``owner`` is who took the list upon himself, empty until somebody does.
    """

    site = models.CharField(max_length=100)
    month = models.DateField()
    drawn_at = models.DateTimeField()
    owner = models.CharField(max_length=150, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "month"], name="inbox_one_sample_a_month")]

    def __str__(self) -> str:
        return f"sample of {self.site}, {self.month:%B %Y}"


class SampledReport(models.Model):
    """One report of a sample: where it stands in which message, and what a named person found. It holds no words."""

    sample = models.ForeignKey(ReportSample, on_delete=models.PROTECT, related_name="reports")
    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="sampled")
    place = models.CharField(max_length=255)
    answer = models.CharField(max_length=12, blank=True)
    answered_by = models.CharField(max_length=150, blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["message", "place"], name="inbox_sampled_once"),
            models.CheckConstraint(
                condition=Q(answer__in=["", *(answer.value for answer in ReportAnswer)]), name="inbox_known_answer"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place} of message {self.message_id}"


class UploadState(StrEnum):
    """Where an upload is. What becomes of its message stands there."""

    CHECKING = "checking"
    CHECKED = "checked"
    CONFIRMED = "confirmed"
    DISCARDED = "discarded"

    @property
    def label(self) -> str:
        """What a person reads."""
        return UPLOAD_STATE_WORDS[self]


UPLOAD_STATE_WORDS: Mapping[UploadState, str] = {
    UploadState.CHECKING: "being checked",
    UploadState.CHECKED: "waits for you to confirm it",
    UploadState.CONFIRMED: "confirmed",
    UploadState.DISCARDED: "discarded",
}


class Upload(models.Model):
    """A list that a person uploads on a page: tried first, and a message once somebody confirms it.

    ``content`` lies here only until then; ``check`` is what the trial found (`uploads.checking`). ``mends``: the
    message in quarantine whose rows it mends.
    """

    number = models.BigAutoField(primary_key=True)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()
    site = models.CharField(max_length=100)
    source = models.CharField(max_length=100)
    name = models.CharField(max_length=255)  # of the file
    mapping = models.CharField(max_length=100)
    encoding = models.CharField(max_length=20)
    digest = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    state = models.CharField(max_length=20, default=UploadState.CHECKING)
    check_result = models.JSONField(default=dict)
    leased_until = models.DateTimeField(null=True)
    mends = models.ForeignKey(Message, on_delete=models.PROTECT, null=True, related_name="mending_uploads")
    message = models.ForeignKey(Message, on_delete=models.PROTECT, null=True, related_name="uploads")
    settled_by = models.CharField(max_length=150, blank=True)  # who confirmed or discarded it
    settled_at = models.DateTimeField(null=True)
    content = models.BinaryField(null=True)  # last: as of `Message`

    class Meta:
        indexes = [models.Index(fields=["site", "-number"], name="inbox_uploads")]

    def __str__(self) -> str:
        return f"upload {self.number} to {self.source}"


class Undo(models.Model):
    """The undoing of a message's facts, or their restoring: asked for by a person, done piece by piece by the worker.

    ``reached`` is the number of the last row of facts that it has looked at, None when it is done.
    """

    message = models.OneToOneField(Message, on_delete=models.PROTECT, primary_key=True, related_name="undo")
    restores = models.BooleanField(default=False)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()
    reason = models.TextField(blank=True)
    reached = models.BigIntegerField(null=True, default=0)
    last = models.BigIntegerField(default=0)  # of the rows of facts there were, for the progress
    leased_until = models.DateTimeField(null=True)

    @property
    def done(self) -> bool:
        return self.reached is None

    def __str__(self) -> str:
        return f"{'restoring' if self.restores else 'undoing'} message {self.message_id}"


class ListProgress(models.Model):
    """How far a long list is: rows entered, of how many (None where only the end will tell)."""

    message = models.OneToOneField(Message, on_delete=models.CASCADE, primary_key=True, related_name="progress")
    rows = models.PositiveIntegerField()
    total = models.PositiveIntegerField(null=True)
    facts = models.PositiveIntegerField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"message {self.message_id}: {self.rows} of {self.total or 'unknown'} rows"


class Remark(models.Model):
    """What readers said of a feed's messages without stopping them, and how often. ``message``: the last one so read.

    ``site`` answers for the feed, as of `Message`.
    """

    source = models.CharField(max_length=100)
    words = models.CharField(max_length=250)
    site = models.CharField(max_length=100)
    times = models.PositiveBigIntegerField(default=0)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    message = models.PositiveBigIntegerField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "words"], name="inbox_one_remark")]

    def __str__(self) -> str:
        return f"{self.source}: {self.words} ({self.times} times)"


class Lookout(models.Model):
    """What goes and looks for data by itself: the watcher of a folder, a scheduled query. ``name`` is the folder's path
    or the query's; ``memory`` is what it keeps from one look to the next."""

    kind = models.CharField(max_length=20)
    name = models.CharField(max_length=255)
    every = models.PositiveIntegerField()  # seconds between two looks
    looked_at = models.DateTimeField()
    memory = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "name"], name="inbox_one_lookout")]

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"


class Trouble(models.Model):
    """What keeps a lookout from taking something, for as long as it does. ``site`` answers; empty: nobody knows who."""

    lookout = models.ForeignKey(Lookout, on_delete=models.CASCADE, related_name="troubles")
    place = models.CharField(max_length=255)
    site = models.CharField(max_length=100, blank=True)
    reason = models.TextField()
    mend = models.TextField()
    since = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["lookout", "place"], name="inbox_one_trouble")]

    def __str__(self) -> str:
        return f"{self.place}: {self.reason}"
