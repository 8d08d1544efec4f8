"""What left for audits, or was asked to: who asked, who approved, and the file itself once it was approved."""

from django.db import models

from openfls.record.models.organisations import Site


class ExportState(models.TextChoices):
    ASKED = "waiting for approval"
    APPROVED = "approved"
    DECLINED = "declined"


class ExportRequest(models.Model):
    """A file of one audit for a site and period. ``digest`` is of the file as the asker saw it counted; ``content`` is
    the file as it was approved, None before. ``left_out``: how many records for which reason."""

    number = models.BigAutoField(primary_key=True)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    audit = models.CharField(max_length=32)
    first = models.DateField()
    last = models.DateField()
    state = models.CharField(max_length=32, choices=ExportState.choices, default=ExportState.ASKED)
    asked_by = models.TextField()
    asked_at = models.DateTimeField()
    digest = models.CharField(max_length=64)
    records = models.IntegerField()
    left_out = models.JSONField(default=dict)
    settled_by = models.TextField(blank=True, default="")
    settled_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(blank=True, default="")
    content = models.BinaryField(null=True, blank=True)
    patients = models.JSONField(default=list)  # the keys of everybody in it

    class Meta:
        indexes = [models.Index(fields=["site", "number"], name="export_of_site")]

    def __str__(self) -> str:
        return f"{self.audit} of {self.site_id}, {self.first} to {self.last}"


class OptOutExemption(models.Model):
    """Why the national data opt-out does not apply to a site's audit exports: the reference of an approval that says
    so, or that the site is in Wales. ``ends`` is the last day on which it holds."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    basis = models.TextField()
    reference = models.TextField()
    begins = models.DateField()
    ends = models.DateField(null=True, blank=True)
    set_by = models.TextField()
    set_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.site_id}: {self.reference}"


class OptOutList(models.Model):
    """NHS numbers that were handed out to be checked for opt-outs, so that the answer, which names only those who may
    be kept, can be compared with what was asked."""

    number = models.BigAutoField(primary_key=True)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    made_by = models.TextField()
    made_at = models.DateTimeField()
    numbers = models.JSONField()
    answered_by = models.TextField(blank=True, default="")
    answered_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"list {self.number} of {self.site_id}"
