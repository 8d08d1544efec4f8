"""Which resource a reference means: inside its file first, then in the other files of the same export."""

from collections.abc import Iterator

from openfls.feeds.fhir.content import Entry
from openfls.feeds.fhir.elements import Json, each, text
from openfls.feeds.fhir.faults import CannotRead
from openfls.feeds.fhir.times import version

_REFERRED_TO = frozenset(
    {"Patient", "Encounter", "Organization", "Location", "Medication", "Condition", "Practitioner"}
)


class Index:
    """Resources by type and id, by address, and by identifier. Two that differ under one name: the newer stands; where
    nothing says which is newer, neither does."""

    def __init__(self) -> None:
        self._entries: list[Entry] = []
        self._by_name: dict[str, Entry] = {}
        self._doubtful: set[str] = set()

    def add(self, entry: Entry) -> None:
        if entry.type not in _REFERRED_TO:
            return
        self._entries.append(entry)
        for name in _names(entry):
            other = self._by_name.get(name)
            if other is None or other.resource == entry.resource:
                self._by_name[name] = entry
            elif newer := _newer(other, entry):
                self._by_name[name] = newer
            else:
                self._doubtful.add(name)

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._entries)

    def find(self, reference: str) -> Entry | None:
        """The resource of a relative, absolute, urn or conditional reference; None where nothing has that name.

        Raises `CannotRead` where two different resources have it.
        """
        for name in _ways_to_write(reference):
            if name in self._doubtful:
                raise CannotRead(
                    f"{name} is two different resources and nothing says which is newer.",
                    "Send exports of different systems apart, or with meta.lastUpdated.",
                )
            if name in self._by_name:
                return self._by_name[name]
        return None


def contained(resource: Json, reference: str) -> Json | None:
    """The resource inside this one that ``#id`` means."""
    return next((inner for inner in each(resource.get("contained")) if f"#{text(inner.get('id'))}" == reference), None)


def by_identifier(kind: str, identifier: Json) -> str:
    """A reference by a number instead of an address, as conditional references write it."""
    return f"{kind}?identifier={text(identifier.get('system'))}|{text(identifier.get('value'))}"


def _names(entry: Entry) -> set[str]:
    names = {entry.url, f"{entry.type}/{entry.id}" if entry.id else ""}
    if entry.type in ("Patient", "Organization", "Location"):
        names |= {
            by_identifier(entry.type, item) for item in each(entry.resource.get("identifier")) if item.get("value")
        }
    return names - {""}


def _newer(one: Entry, other: Entry) -> Entry | None:
    first, second = version(one.resource), version(other.resource)
    if first is None or second is None or first == second:
        return None
    return one if first > second else other


def _ways_to_write(reference: str) -> tuple[str, ...]:
    plain = reference.split("/_history/")[0]
    if "://" not in plain:
        return (plain,)
    return plain, "/".join(plain.rsplit("/", 2)[-2:])
