"""Who takes part: trusts (the data controllers) with their sites, practices, scanners, and who works where as what."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class Trust(models.Model):
    """An NHS trust: the controller of its sites' data. Names cross to another only under a `SharingAgreement`."""

    code = models.CharField(max_length=32, primary_key=True)
    name = models.TextField()

    def __str__(self) -> str:
        return self.name


class Site(models.Model):
    """A hospital site, by its organisation code."""

    code = models.CharField(max_length=32, primary_key=True)
    trust = models.ForeignKey(Trust, on_delete=models.PROTECT, related_name="sites")
    name = models.TextField()

    def __str__(self) -> str:
        return self.name


class Ward(models.Model):
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="wards")
    name = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "name"], name="one_ward_of_a_name_at_a_site")]

    def __str__(self) -> str:
        return self.name


class Practice(models.Model):
    """A general practice, by its organisation code."""

    code = models.CharField(max_length=32, primary_key=True)
    name = models.TextField()

    def __str__(self) -> str:
        return self.name


class Scanner(models.Model):
    """A DXA scanner: values of two scanners are never compared without saying so."""

    code = models.CharField(max_length=64, primary_key=True)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="scanners")
    name = models.TextField()

    def __str__(self) -> str:
        return self.name


class SharingAgreementQuerySet(models.QuerySet):
    def in_force(self, day: date) -> "SharingAgreementQuerySet":
        """Begun by ``day`` and not yet ended; ``ends`` is the last day on which it holds."""
        return self.filter(Q(ends=None) | Q(ends__gte=day), begins__lte=day)


class SharingAgreement(models.Model):
    """The receiver's users may see people of the giver's sites, from ``begins`` to ``ends`` (both included)."""

    giver = models.ForeignKey(Trust, on_delete=models.PROTECT, related_name="gives")
    receiver = models.ForeignKey(Trust, on_delete=models.PROTECT, related_name="receives")
    reference = models.TextField()
    begins = models.DateField()
    ends = models.DateField(null=True, blank=True)

    objects = SharingAgreementQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(giver=F("receiver")), name="nobody_shares_with_himself"),
            models.CheckConstraint(
                condition=Q(ends=None) | Q(ends__gte=F("begins")), name="an_agreement_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference}: {self.giver_id} to {self.receiver_id}"


class Membership(models.Model):
    """A user works at a site in a role (a `clinical.caseload.Role` value); one row a role."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "site", "role"], name="one_membership_a_user_site_and_role")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} at {self.site_id} as {self.role}"


class SiteParameter(models.Model):
    """A site's answer where no source gives one. The latest row of a name holds; earlier rows say what held before."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="parameters")
    name = models.CharField(max_length=100)
    value = models.JSONField()
    rationale = models.TextField(blank=True, default="")
    set_by = models.TextField()
    set_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["site", "name", "set_at"], name="parameter_latest")]

    def __str__(self) -> str:
        return f"{self.name} at {self.site_id}"
