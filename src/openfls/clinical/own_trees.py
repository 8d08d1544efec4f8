"""JSON into expressions: the closed set that standards are written in, with a place for everything that is wrong."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar, get_type_hints

from openfls.clinical.expressions import (
    AgeAtIndex,
    All,
    BodySiteAmong,
    Died,
    Either,
    Enrolled,
    Expression,
    Has,
    Latest,
    Moment,
    Not,
    Parameter,
    Recorded,
    Window,
)
from openfls.clinical.facts import KINDS, BodySite, Fact
from openfls.clinical.parameters import DEFAULTS
from openfls.clinical.standards import FROM_INDEX

Read = TypeVar("Read")
Plain = Mapping[str, Any]


class Wrong(Exception):
    def __init__(self, at: str, reason: str, mend: str) -> None:
        super().__init__(reason)
        self.at, self.reason, self.mend = at, reason, mend


# ---- words


def words(value: Any, at: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise Wrong(at, f"It holds {value!r}, no words.", "Write it in words.")
    return value.strip()


def name_of(value: Any, at: str) -> str:
    name = words(value, at)
    if not all(part.isascii() and part.isalnum() and part == part.lower() for part in name.split("-")):
        raise Wrong(at, f"{name!r} is no name.", "Small letters and digits, with hyphens between.")
    return name


def day(value: Any, at: str) -> date:
    try:
        return date.fromisoformat(words(value, at))
    except ValueError:
        raise Wrong(at, f"{value!r} is no date.", "Write it as 2027-05-01.") from None


def truth(value: Any, at: str) -> bool:
    if not isinstance(value, bool):
        raise Wrong(at, f"It holds {value!r}.", "Write true or false.")
    return value


def whole(value: Any, at: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > 36525:
        raise Wrong(at, f"It holds {value!r}, no whole number.", "Write a whole number.")
    return value


def one_of(kind: type[StrEnum]) -> Callable[[Any, str], Any]:
    def read_one(value: Any, at: str) -> StrEnum:
        if not isinstance(value, str) or value not in set(kind):
            raise Wrong(at, f"{value!r} is not known.", f"There are: {', '.join(kind)}.")
        return kind(value)

    return read_one


def many(read_one: Callable[[Any, str], Read]) -> Callable[[Any, str], tuple[Read, ...]]:
    def read_many(value: Any, at: str) -> tuple[Read, ...]:
        if not isinstance(value, list) or not value:
            raise Wrong(at, "It holds no list of one or more.", "Write them between [ and ].")
        return tuple(read_one(one, f"{at}[{place}]") for place, one in enumerate(value))

    return read_many


def object_of(value: Any, at: str, known: Sequence[str]) -> Plain:
    if not isinstance(value, dict):
        raise Wrong(at, f"It holds {value!r}.", f"Write an object of {', '.join(known)}.")
    for wrong in unknown(value, known, f"{at}."):
        raise wrong
    return value


def unknown(plain: Plain, known: Sequence[str], before: str) -> list[Wrong]:
    strange = [name for name in plain if name not in known]
    return [Wrong(f"{before}{name}", "Nobody knows this entry.", f"There are: {', '.join(known)}.") for name in strange]


# ---- the tree


def expression(value: Any, at: str) -> Expression:
    if value == "enrolled":
        return Enrolled()
    plain = object_of(
        value, at, ("recorded", "latest", "where", "within", "age", "bones", "died", "all", "either", "not")
    )
    nodes = [name for name in plain if name in NODES]
    if len(nodes) != 1:
        raise Wrong(at, "It says not exactly one thing.", f'Write "enrolled" or one of: {", ".join(NODES)}.')
    return NODES[nodes[0]](plain, at)


def recorded(plain: Any, at: str) -> Recorded:
    plain = object_of(plain, at, ("recorded", "where", "within"))
    kind = _kind(plain.get("recorded"), f"{at}.recorded")
    where = _where(kind, plain.get("where", {}), f"{at}.where")
    within = _window(plain["within"], f"{at}.within") if "within" in plain else None
    return Recorded(kind.kind, where, within)


def _latest(plain: Plain, at: str) -> Latest:
    plain = object_of(plain, at, ("latest", "where"))
    kind = _kind(plain["latest"], f"{at}.latest")
    return Latest(kind.kind, _where(kind, plain.get("where"), f"{at}.where"))


def _kind(value: Any, at: str) -> type[Fact]:
    if not isinstance(value, str) or value not in KINDS:
        raise Wrong(at, f"{value!r} is no kind of fact.", f"There are: {', '.join(KINDS)}.")
    return KINDS[value]


def _where(kind: type[Fact], value: Any, at: str) -> tuple[Has, ...]:
    own = [field.name for field in fields(kind) if field.name not in {field.name for field in fields(Fact)}]
    plain = object_of(value, at, [*own, "site"])
    return tuple(Has(name, _values(kind, name, one_of, f"{at}.{name}")) for name, one_of in plain.items())


def _values(kind: type[Fact], field: str, value: Any, at: str) -> tuple[str, ...]:
    """A field of fixed answers takes only those: a slip of the pen would never be met, and nobody would know."""
    answers = get_type_hints(kind)[field]
    if isinstance(answers, type) and issubclass(answers, StrEnum):
        return many(one_of(answers))(value, at)
    return many(words)(value, at)


def _age(plain: Plain, at: str) -> AgeAtIndex:
    ages = object_of(plain["age"], f"{at}.age", ("at_least", "at_most"))
    return AgeAtIndex(**{name: whole(age, f"{at}.age.{name}") for name, age in ages.items()})


def _died(plain: Plain, at: str) -> Died:
    return Died(_window(plain["died"], f"{at}.died"))


NODES: Mapping[str, Callable[[Plain, str], Expression]] = {
    "recorded": recorded,
    "latest": _latest,
    "age": _age,
    "bones": lambda plain, at: BodySiteAmong(many(one_of(BodySite))(plain["bones"], f"{at}.bones")),
    "died": _died,
    "all": lambda plain, at: All(many(expression)(plain["all"], f"{at}.all")),
    "either": lambda plain, at: Either(many(expression)(plain["either"], f"{at}.either")),
    "not": lambda plain, at: Not(expression(plain["not"], f"{at}.not")),
}


def _window(value: Any, at: str) -> Window:
    plain = object_of(value, at, ("opens", "closes"))
    return Window(**{end: moment(one, f"{at}.{end}") for end, one in plain.items()})


def window_from_index(value: Any, at: str) -> Window:
    """The standard's own window opens at the index date unless it says otherwise."""
    window = _window(value, at)
    return window if window.opens else Window(FROM_INDEX, window.closes)


def moment(value: Any, at: str) -> Moment:
    plain = object_of(value, at, ("days", "after", "latest"))
    days = _days(plain.get("days", 0), f"{at}.days")
    after = recorded(plain["after"], f"{at}.after") if "after" in plain else None
    return Moment(days, after, truth(plain.get("latest", False), f"{at}.latest"))


def _days(value: Any, at: str) -> int | Parameter:
    if not isinstance(value, str):
        return whole(value, at)
    named = [field.name for field in fields(DEFAULTS) if type(getattr(DEFAULTS, field.name)) is int]
    if value not in named:
        raise Wrong(at, f"{value!r} is no site parameter of days.", f"There are: {', '.join(named)}.")
    return Parameter(value)
