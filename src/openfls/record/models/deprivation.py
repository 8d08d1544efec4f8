"""How deprived the neighbourhood of a postcode is, by a published table that a site loads: a fact about nobody."""

from django.db import models
from django.db.models import Q


class DeprivationTable(models.Model):
    """A table that was loaded. ``index`` names what it is and its year (IMD 2019). One at most is in force; one that
    never came to be was interrupted while it was loaded, and counts for nothing."""

    number = models.BigAutoField(primary_key=True)
    index = models.TextField()
    postcodes = models.IntegerField()
    digest = models.CharField(max_length=64)  # of the file's bytes
    loaded_by = models.TextField()
    loaded_at = models.DateTimeField()
    in_force = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["in_force"], condition=Q(in_force=True), name="one_deprivation_table")
        ]

    def __str__(self) -> str:
        return self.index


class PostcodeDecile(models.Model):
    """The decile of one postcode, written without its space; 1 is the most deprived tenth of neighbourhoods."""

    table = models.ForeignKey(DeprivationTable, on_delete=models.CASCADE, related_name="deciles", db_index=False)
    postcode = models.CharField(max_length=8)
    decile = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["table", "postcode"], name="one_decile_a_table_and_postcode"),
            models.CheckConstraint(condition=Q(decile__gte=1, decile__lte=10), name="a_decile_is_1_to_10"),
        ]

    def __str__(self) -> str:
        return f"{self.postcode}: {self.decile}"
