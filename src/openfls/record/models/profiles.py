"""Service profiles and self-assessments: each save is a version of its own, and the newest holds."""

from django.db import models

from openfls.record.models.organisations import Site


class ProfileVersion(models.Model):
    """One section of a site's profile for a year (a slug of `clinical.profile.asked`), as somebody saved it.

    ``answers`` holds every answer of the section; what nobody answered is left out. ``copied_from`` is the year whose
    answers were taken over and not looked at since.
    """

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="profile_versions")
    year = models.PositiveSmallIntegerField()
    section = models.CharField(max_length=64)
    version = models.PositiveIntegerField()
    answers = models.JSONField()
    copied_from = models.PositiveSmallIntegerField(null=True, blank=True)
    by = models.TextField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["site", "year", "section", "version"], name="one_profile_version_of_a_number"
            )
        ]

    def __str__(self) -> str:
        return f"{self.section} of {self.site_id} in {self.year}, version {self.version}"


class SelfAssessment(models.Model):
    """What one person answered about a site in a year. Her newest holds; without ratings she has taken it back."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="self_assessments")
    year = models.PositiveSmallIntegerField()
    ratings = models.JSONField()
    comments = models.JSONField(default=dict, blank=True)
    by = models.TextField()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["site", "year", "by"], name="self_assessment_newest")]

    def __str__(self) -> str:
        return f"self-assessment of {self.site_id} in {self.year}"
