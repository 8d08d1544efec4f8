"""What `listeners.json` declares: which port stands for which feed, and who may send there.

    {"listeners": [{"port": 2575, "source": "X9A/pas", "site": "X9A01", "finder": "admission message"}]}

The words of a feed are those of ``feed.json``. Everything is checked before the first port opens, and all that is wrong
is told at once.
"""

import codecs
import json
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from openfls.feeds.declaring import Declaration, checked
from openfls.feeds.laboratory import code_map_names
from openfls.inbox.intake import NobodyAnswers, answering, origin_of
from openfls.inbox.listener.arrivals import Feed
from openfls.inbox.listener.senders import Sender, Tls
from openfls.inbox.own_mappings import mappings_of_home

NAME = "listeners.json"
FEED_WORDS = ("source", "site", "finder", "encoding", "mapping", "reference")
OWN_WORDS = ("port", "address", "tls", "senders", "connections")
LOOPBACK = "127.0.0.1"
CONNECTIONS = 100
MEND = 'Write it as {"listeners": [{"port": 2575, "source": "X9A/pas", "site": "X9A01"}]}.'


@dataclass(frozen=True, slots=True)
class Declared:
    """One port. ``senders``: who may send there; empty: whoever can connect."""

    port: int
    feed: Feed
    address: str = LOOPBACK
    tls: Tls | None = None
    senders: tuple[Sender, ...] = ()
    connections: int = CONNECTIONS

    @property
    def proves_senders(self) -> bool:
        """Whether nobody can send who has not proved who it is."""
        return self.tls is not None and self.tls.clients is not None

    @property
    def on_loopback(self) -> bool:
        return self.address == "localhost" or ip_address(self.address).is_loopback


class Undeclared(ValueError):
    """The file can't be used. ``faults``: each says what is wrong, where, and how to mend it."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


def declared_in(file: Path, known: Container[str], *, allow_plain: bool = False) -> list[Declared]:
    """The ports of the file; ``known`` are the codes of sites and trusts. Raises `Undeclared` with all its faults."""
    faults: list[str] = []
    ports = []
    for number, entry in enumerate(_entries(file), start=1):
        where = f"{file.name}, listener {number}"
        try:
            ports.append(_port(entry, file.parent, known, where))
        except (ValueError, NobodyAnswers) as fault:
            faults.append(f"{fault}" if isinstance(fault, NobodyAnswers) else f"{where}: {fault}")
    faults += _together(ports)
    if not allow_plain:
        faults += [_open_to_all(one) for one in ports if not (one.on_loopback or one.proves_senders)]
    if faults:
        raise Undeclared(faults)
    return ports


def _entries(file: Path) -> list[Any]:
    try:
        said = json.loads(file.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise Undeclared([f"there is no {file}. {MEND}"]) from None
    except (ValueError, OSError, RecursionError) as error:
        raise Undeclared([f"{file} can't be read: {error}. {MEND}"]) from None
    entries = said.get("listeners") if isinstance(said, dict) and set(said) == {"listeners"} else None
    if not isinstance(entries, list) or not entries:
        raise Undeclared([f"{file} declares no listeners. {MEND}"])
    return entries


def _port(entry: object, folder: Path, known: Container[str], where: str) -> Declared:
    """Raises ``ValueError``."""
    if not isinstance(entry, dict):
        raise ValueError(f"it is no JSON object. {MEND}")
    if unknown := set(entry) - {*FEED_WORDS, *OWN_WORDS}:
        raise ValueError(f"nothing reads {', '.join(sorted(unknown))}: write {', '.join((*OWN_WORDS, *FEED_WORDS))}")
    said = checked({word: entry[word] for word in FEED_WORDS if word in entry}, mappings_of_home())
    if "source" not in said:
        raise ValueError('it has no source: name the feed, for instance "source": "X9A/pas"')
    declaration = Declaration(**said)
    _check_encoding(declaration.encoding)
    _check_mapping(declaration.mapping)
    tls = _tls(entry.get("tls"), folder)
    return Declared(
        port=_number(entry, "port", 1, 65535),
        feed=Feed(declaration.source, answering(declaration, known, where), origin_of(declaration)),
        address=_address(entry.get("address", LOOPBACK)),
        tls=tls,
        senders=tuple(_senders(entry.get("senders", []), tls)),
        connections=_number({"connections": CONNECTIONS, **entry}, "connections", 1, 10_000),
    )


def _number(entry: Mapping[str, Any], name: str, least: int, most: int) -> int:
    value = entry.get(name)
    if type(value) is not int or not least <= value <= most:
        raise ValueError(f"its {name} should be a number from {least} to {most}, not {value!r}")
    return value


def _check_encoding(name: str) -> None:
    try:
        codecs.lookup(name)
    except LookupError:
        raise ValueError(f"no encoding is called {name!r}: write utf-8, cp1252 or iso8859-1") from None


def _check_mapping(name: str | None) -> None:
    """Columns of a list mean nothing here: messages are no lists."""
    if name and name not in code_map_names():
        maps = ", ".join(code_map_names()) or "none"
        raise ValueError(f"{name!r} is no code map of a laboratory, and only those are read here; there are: {maps}")


def _address(value: object) -> str:
    try:
        if value != "localhost":
            ip_address(str(value))
    except ValueError:
        raise ValueError(f"its address should be one such as 127.0.0.1 or 0.0.0.0, not {value!r}") from None
    return str(value)


def _tls(said: object, folder: Path) -> Tls | None:
    """With its files tried, so that a slip shows now and not at the first connection."""
    if said is None:
        return None
    words = {"certificate", "key", "clients"}
    if not isinstance(said, dict) or not {"certificate", "key"} <= set(said) <= words:
        raise ValueError('its tls should name files: {"certificate": "our.pem", "key": "our.key", "clients": "ca.pem"}')
    tls = Tls(**{word: folder / str(name) for word, name in said.items()})
    for word, name in said.items():
        if not (folder / str(name)).is_file():
            raise ValueError(f"its tls names {name!r} as {word}, and there is no such file in {folder}")
    try:
        tls.context()
    except OSError as error:
        raise ValueError(f"its tls files can't be used ({error}): give a certificate, its key without a passphrase, "
                         "and the certificates of the clients' authorities, all as PEM") from None  # fmt: skip
    return tls


def _senders(said: object, tls: Tls | None) -> Iterator[Sender]:
    words = {"certificate", "application", "facility"}
    for one in said if isinstance(said, list) else [None]:
        if not isinstance(one, dict) or not set(one) or not set(one) <= words:
            raise ValueError('its senders should be a list of {"certificate": "name in it", "application": "MSH-3", '
                             '"facility": "MSH-4"}, each with at least one of these')  # fmt: skip
        if wrong := [word for word, value in one.items() if not isinstance(value, str) or not value.strip()]:
            raise ValueError(f"a sender's {', '.join(wrong)} should be words in quotes")
        if "certificate" in one and not (tls and tls.clients):
            raise ValueError("a sender is known by its certificate, but none is asked for: name clients in tls")
        yield Sender(**one)


def _together(ports: list[Declared]) -> list[str]:
    """What is right for each and wrong for all."""
    numbers = [one.port for one in ports]
    sources = [one.feed.source for one in ports]
    twice = [f"port {number} is declared twice: one port stands for one feed" for number in _repeated(numbers)]
    return twice + [
        f"{source} is declared at two ports with different words: the same feed must be declared alike"
        for source in _repeated(sources)
        if len({str(one.feed) for one in ports if one.feed.source == source}) > 1
    ]


def _repeated(values: list[Any]) -> list[Any]:
    return sorted({value for value in values if values.count(value) > 1})


def _open_to_all(one: Declared) -> str:
    return (
        f"port {one.port} at {one.address} is open to the network and asks no sender for a certificate: declare tls "
        "with clients, or start with --allow-plain where the network itself keeps others out"
    )
