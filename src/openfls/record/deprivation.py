"""Which decile of deprivation a postcode is in, by the one table in force.

The decile hangs on no person: it is looked up where fractures are counted, so that a newer table counts at once.
"""

import re
from collections.abc import Callable, Mapping
from hashlib import file_digest
from itertools import islice
from pathlib import Path

from django.db import transaction
from django.db.models import CharField, OuterRef, Subquery, Value
from django.db.models.functions import Cast, Coalesce, Replace, Upper
from django.utils import timezone

from openfls.feeds import deprivation
from openfls.feeds.reading import Unreadable
from openfls.record import locks, trail
from openfls.record.bulk import insert
from openfls.record.models import DeprivationTable, PostcodeDecile

A_TURN = 20_000  # rows in one transaction: others write between two
PLACE = "deprivation.lock"
A_YEAR = re.compile(r"(?<!\d)(19|20)\d\d(?!\d)")

Progress = Callable[[int, int], None]


class TableRefused(ValueError):
    """The table is not taken; ``faults`` say what is wrong, where, and how to mend it. What was in force stays so."""

    def __init__(self, faults: tuple[Unreadable, ...]) -> None:
        super().__init__("; ".join(map(str, faults)))
        self.faults = faults


def in_force() -> DeprivationTable | None:
    return DeprivationTable.objects.filter(in_force=True).first()


def decile_of(postcode: str) -> Coalesce | Value:
    """The decile of the postcode in this field, as text; empty where no table is in force or it isn't in the table."""
    table = in_force()
    if table is None:
        return Value("", output_field=CharField())
    # By the table's number, not joined to it: SQLite would read every row of the table for each fracture.
    plain = Upper(Replace(OuterRef(postcode), Value(" "), Value("")))
    told = PostcodeDecile.objects.filter(table=table.pk, postcode=plain).values("decile")[:1]
    return Coalesce(Cast(Subquery(told), CharField()), Value(""))


def load_file(
    path: Path,
    index: str,
    *,
    by: str,
    encoding: str = "utf-8-sig",
    columns: Mapping[str, str] | None = None,
    progress: Progress = lambda done, total: None,
) -> tuple[DeprivationTable, int]:
    """Put the table of this file in force in place of the one before, and say how many rows the publisher left blank.

    Raises `TableRefused`, ``OSError``, and `locks.Taken` where another is being loaded. The rows are written while the
    old table still holds, many turns long; what an interruption leaves counts for nothing and goes with the next.
    """
    if not A_YEAR.search(index):
        mend = 'Name the index and its year, as in "IMD 2019": deciles of two years are not the same.'
        raise TableRefused((Unreadable(f"{index!r} names no year.", "index", mend),))
    with locks.place(PLACE):
        with path.open("rb") as file:
            digest = file_digest(file, "sha256").hexdigest()
        with path.open(encoding=encoding, newline="") as lines:
            found = deprivation.read(lines, **(columns or {}))
        if not isinstance(found, deprivation.Deciles):
            raise TableRefused(found)
        _remove_all_but_the_one_in_force()
        table = DeprivationTable.objects.create(
            index=index, postcodes=len(found.of), digest=digest, loaded_by=by, loaded_at=timezone.now()
        )
        _write(table, found.of, progress)
        _put_in_force(table)
        _remove_all_but_the_one_in_force()
    return table, found.without


def remove(*, by: str) -> DeprivationTable | None:
    """Take the table out of force, where there is one: every decile is not known again."""
    with locks.place(PLACE):
        table = in_force()
        if table:
            with transaction.atomic():
                DeprivationTable.objects.update(in_force=False)
                trail.write(user=by, action="deprivation table removed", detail={"index": table.index})
            _remove_all_but_the_one_in_force()
    return table


def _write(table: DeprivationTable, deciles: Mapping[str, int], progress: Progress) -> None:
    rows = (PostcodeDecile(table=table, postcode=postcode, decile=decile) for postcode, decile in deciles.items())
    written = 0
    while turn := list(islice(rows, A_TURN)):
        if written:
            locks.give_way()
        with transaction.atomic():
            insert(PostcodeDecile, turn)
        written += len(turn)
        progress(written, len(deciles))


def _put_in_force(table: DeprivationTable) -> None:
    with transaction.atomic():
        DeprivationTable.objects.update(in_force=False)
        DeprivationTable.objects.filter(pk=table.pk).update(in_force=True)
        said = {"index": table.index, "postcodes": table.postcodes, "sha256": table.digest}
        trail.write(user=table.loaded_by, action="deprivation table loaded", detail=said)


def _remove_all_but_the_one_in_force() -> None:
    for table in DeprivationTable.objects.filter(in_force=False):
        while last := table.deciles.order_by("postcode").values_list("postcode", flat=True)[A_TURN - 1 : A_TURN]:
            table.deciles.filter(postcode__lte=last[0]).delete()
            locks.give_way()
        table.delete()
