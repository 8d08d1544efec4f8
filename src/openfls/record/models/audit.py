"""The audit trail: who read or wrote what about whom, chained so that a change shows. Only `record.trail` writes it."""

from django.db import models


class Trail(models.Model):
    """One act. ``number`` counts from 1 without gaps; ``digest`` is an HMAC over the row and the digest before it."""

    number = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    user = models.TextField()
    role = models.TextField(blank=True, default="")
    site = models.TextField(blank=True, default="")
    action = models.TextField()
    patient = models.CharField(max_length=64, null=True, blank=True)  # a person's or record's key
    patients = models.JSONField(default=list)  # those that a list showed
    purpose = models.TextField(blank=True, default="")
    request = models.TextField(blank=True, default="")
    detail = models.JSONField(default=dict)
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    class Meta:
        indexes = [
            models.Index(fields=["patient", "number"], name="trail_patient"),
            models.Index(fields=["user", "number"], name="trail_user"),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.action}"
