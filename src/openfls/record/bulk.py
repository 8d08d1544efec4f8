"""Many rows by one statement: the door writes rows by the hundred thousand.

Django's ``bulk_create`` took a quarter of the door's time: on SQLite it builds a new statement for every few hundred
values, on PostgreSQL it quotes whole columns as arrays. So rows go to SQLite by a statement that is prepared once and
run for each, and to PostgreSQL by ``COPY`` where none can be there already. The models' fields convert the values.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import connections, router
from django.db.models import CharField, TextField


def insert(model: Any, rows: Iterable[Any], *, skip_known: bool = False) -> None:
    """Append these rows; with ``skip_known`` those that are there already stay as they are."""
    if not _on_postgresql(model):
        _write(model, rows, "ON CONFLICT DO NOTHING" if skip_known else "")
    elif skip_known:
        model.objects.bulk_create(rows, ignore_conflicts=True)
    else:
        _copy(model, rows)


def write_over(model: Any, rows: Iterable[Any], key: str) -> None:
    """Insert, or update where the ``key`` is there already."""
    others = [field for field in _written(model) if field.attname != key]
    if _on_postgresql(model):
        names = [field.attname for field in others]
        model.objects.bulk_create(rows, update_conflicts=True, unique_fields=[key], update_fields=names)
        return
    quoted = _quoted(model, others)
    changes = ", ".join(f"{column} = excluded.{column}" for column in quoted)
    _write(model, rows, f"ON CONFLICT ({model._meta.get_field(key).column}) DO UPDATE SET {changes}")


def change(model: Any, name: str, values: Mapping[str, Any]) -> None:
    """Set one field of each row that ``values`` names by its key."""
    connection = connections[router.db_for_write(model)]
    field, key = model._meta.get_field(name), model._meta.pk
    told = [(field.get_db_prep_save(value, connection), of) for of, value in values.items()]
    if told:
        table, column, where = map(connection.ops.quote_name, (model._meta.db_table, field.column, key.column))
        with connection.cursor() as cursor:
            cursor.executemany(f"UPDATE {table} SET {column} = %s WHERE {where} = %s", told)  # noqa: S608


def _write(model: Any, rows: Iterable[Any], on_conflict: str) -> None:
    connection, fields = connections[router.db_for_write(model)], _written(model)
    if values := _values(model, rows):
        columns, places = ", ".join(_quoted(model, fields)), ", ".join(["%s"] * len(fields))
        table = connection.ops.quote_name(model._meta.db_table)
        with connection.cursor() as cursor:
            cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({places}) {on_conflict}", values)  # noqa: S608


def _copy(model: Any, rows: Iterable[Any]) -> None:
    connection = connections[router.db_for_write(model)]
    if values := _values(model, rows):
        columns, table = ", ".join(_quoted(model, _written(model))), connection.ops.quote_name(model._meta.db_table)
        with (
            connection.cursor() as cursor,
            connection.wrap_database_errors,
            cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy,
        ):
            for row in values:
                copy.write_row(row)


def _values(model: Any, rows: Iterable[Any]) -> list[list[Any]]:
    """What each row has in the columns that are written, as the driver takes it."""
    connection = connections[router.db_for_write(model)]
    told = [(field.attname, _holds_text(field), field.get_db_prep_save) for field in _written(model)]
    return [
        [
            value if is_text and type(value := getattr(row, name)) is str else prepare(getattr(row, name), connection)
            for name, is_text, prepare in told
        ]
        for row in rows
    ]


def _holds_text(field: Any) -> bool:
    """A text is written as it is: asking the field for each would take a third of the writing."""
    target = field.target_field if field.is_relation else field
    return isinstance(target, CharField | TextField)


def _on_postgresql(model: Any) -> bool:
    return connections[router.db_for_write(model)].vendor == "postgresql"


def _written(model: Any) -> Sequence[Any]:
    """The columns that we fill in: numbers that the database gives are left to it."""
    return [field for field in model._meta.concrete_fields if not field.db_returning]


def _quoted(model: Any, fields: Sequence[Any]) -> list[str]:
    connection = connections[router.db_for_write(model)]
    return [connection.ops.quote_name(field.column) for field in fields]
