"""What the sources said: their records of people and the facts about them. Rows are added, never changed or removed.

Triggers refuse UPDATE and DELETE of facts on both engines (`record.append_only`).
"""

from django.db import models

from openfls.clinical.facts import Fact
from openfls.clinical.patients import HospitalNumber, PatientRecord, Sex, matching_name
from openfls.clinical.plain import from_plain, to_plain
from openfls.record import storable


class InUse(models.Manager):
    """The records of which something counts; `RecordRow.every` has those set aside too."""

    def get_queryset(self) -> models.QuerySet:
        return super().get_queryset().filter(set_aside=False)


class RecordRow(models.Model):
    """A source's own record of a person (`clinical.patients.PatientRecord`). ``person``, ``postcode`` and ``set_aside``
    are derived, the rest is not.

    ``postcode`` is what the record is compared by (`clinical.likeness_levels`), None before it is compared at all. Set
    aside: all that was said about it came by an upload that was undone; it is nobody's record.
    """

    key = models.CharField(max_length=64, primary_key=True)
    nhs_number = models.CharField(max_length=10, null=True, blank=True)
    doubtful_nhs_number = models.TextField(null=True, blank=True)
    family_name = models.TextField(blank=True, default="")
    given_name = models.TextField(blank=True, default="")
    matching_family = models.TextField(blank=True, default="")
    matching_given = models.TextField(blank=True, default="")
    birth_date = models.DateField(null=True, blank=True)
    sex = models.CharField(max_length=16)
    postcode = models.TextField(null=True, blank=True)
    person = models.ForeignKey(
        "record.Person", on_delete=models.SET_NULL, null=True, blank=True, related_name="records", db_index=False
    )
    set_aside = models.BooleanField(default=False)

    objects = InUse()
    every = models.Manager()

    class Meta:
        base_manager_name = "every"
        indexes = [
            models.Index(fields=["nhs_number"], name="recordrow_nhs_number"),
            models.Index(fields=["birth_date", "matching_family"], name="recordrow_born_and_name"),
            models.Index(fields=["matching_family"], name="recordrow_name"),
            models.Index(fields=["person"], name="recordrow_person"),
        ]

    def __str__(self) -> str:
        return self.key

    @classmethod
    def of(cls, record: PatientRecord) -> "RecordRow":
        """The row of a record, not saved. Raises `storable.NotStorable`. Its numbers are `RecordNumber.of`."""
        storable.check_record(record)
        return cls(
            key=record.key,
            nhs_number=record.nhs_number,
            doubtful_nhs_number=record.doubtful_nhs_number,
            family_name=record.family_name,
            given_name=record.given_name,
            matching_family=matching_name(record.family_name),
            matching_given=matching_name(record.given_name),
            birth_date=record.birth_date,
            sex=record.sex.value,
        )

    def to_record(self) -> PatientRecord:
        """The record again; prefetch ``numbers`` where there are many."""
        return PatientRecord(
            nhs_number=self.nhs_number,
            doubtful_nhs_number=self.doubtful_nhs_number,
            hospital_numbers=tuple(HospitalNumber(n.authority, n.value) for n in self.numbers.all()),
            family_name=self.family_name,
            given_name=self.given_name,
            birth_date=self.birth_date,
            sex=Sex(self.sex),
        )


class RecordNumber(models.Model):
    """A hospital number of a record, with the authority that gave it."""

    record = models.ForeignKey(RecordRow, on_delete=models.PROTECT, related_name="numbers", db_index=False)
    authority = models.TextField()
    value = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["record", "authority", "value"], name="one_number_a_record_and_authority")
        ]
        indexes = [models.Index(fields=["authority", "value"], name="recordnumber_value")]

    def __str__(self) -> str:
        return f"{self.authority} {self.value}"

    @classmethod
    def of(cls, record: PatientRecord) -> "list[RecordNumber]":
        """The rows of a record's numbers, not saved."""
        return [cls(record_id=record.key, authority=n.authority, value=n.value) for n in record.hospital_numbers]


class RecordBlock(models.Model):
    """A block of a record, as a number (`clinical.candidates.blocks`): records that share one are compared. Derived."""

    record = models.ForeignKey(RecordRow, on_delete=models.CASCADE, related_name="blocks", db_index=False)
    block = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["record", "block"], name="one_row_a_record_and_block")]
        indexes = [models.Index(fields=["block", "record"], name="recordblock_block")]

    def __str__(self) -> str:
        return f"{self.record_id} in {self.block}"


class CrowdedBlock(models.Model):
    """A block that too many records share to compare them all, in words, so that people can see it. Derived."""

    block = models.BigIntegerField(primary_key=True)
    words = models.TextField()

    def __str__(self) -> str:
        return self.words


class FactRow(models.Model):
    """A fact as it was entered. ``number`` is the order of entry; ``fact_id`` is `Fact.id`, ``body`` is `to_plain`.

    ``statement`` is the fact's own, or its digest where it is too long for an index (`storable.indexed`).
    """

    number = models.BigAutoField(primary_key=True)
    fact_id = models.CharField(max_length=64)
    statement = models.CharField(max_length=storable.LONGEST_INDEXED)
    kind = models.CharField(max_length=64)
    record = models.ForeignKey(RecordRow, on_delete=models.PROTECT, related_name="facts", db_index=False)
    occurred_start = models.DateField()
    occurred_end = models.DateField()
    known = models.DateTimeField()
    site = models.TextField(null=True, blank=True)
    by = models.TextField(blank=True, default="")
    source_system = models.TextField()
    source_message = models.TextField()
    retracted = models.BooleanField(default=False)
    body = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["fact_id"], name="one_row_a_fact")]
        indexes = [
            models.Index(fields=["statement"], name="fact_statement"),
            models.Index(fields=["kind"], name="fact_kind"),
            models.Index(fields=["record", "number"], name="fact_record"),
        ]

    def __str__(self) -> str:
        return self.fact_id

    @classmethod
    def of(cls, fact: Fact) -> "FactRow":
        """The row of a fact, not saved. Raises `storable.NotStorable` for what an engine would refuse or lose."""
        body = to_plain(fact)
        storable.check_fact(fact, body)
        return cls(
            fact_id=fact.id,
            statement=storable.indexed(fact.statement),
            kind=fact.kind,
            record_id=fact.record.key,
            occurred_start=fact.occurred.start,
            occurred_end=fact.occurred.end,
            known=fact.known,
            site=fact.site,
            by=fact.by,
            source_system=fact.source.system,
            source_message=fact.source.message,
            retracted=fact.retracted,
            body=body,
        )

    def to_fact(self) -> Fact:
        return from_plain(self.body)


class RecordLink(models.Model):
    """The two records that a linking or separating fact is about, so that either end finds the other."""

    fact = models.OneToOneField(FactRow, on_delete=models.PROTECT, related_name="link")
    left = models.ForeignKey(RecordRow, on_delete=models.PROTECT, related_name="+")
    right = models.ForeignKey(RecordRow, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.left_id} and {self.right_id}"
