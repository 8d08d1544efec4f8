"""Who may send to a port: certificates, and the names that messages from their holders must carry."""

import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from openfls.feeds.hl7v2.header import Header

OLDEST_TLS = ssl.TLSVersion.TLSv1_2
FINGERPRINT = "sha256:"


@dataclass(frozen=True, slots=True)
class Tls:
    """PEM files. ``clients`` holds the authorities (or the very certificates) of those who may connect."""

    certificate: Path
    key: Path
    clients: Path | None = None

    def context(self) -> ssl.SSLContext:
        """Raises ``OSError`` (and so ``ssl.SSLError``) where a file can't be used."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = OLDEST_TLS
        context.load_cert_chain(self.certificate, self.key)
        if self.clients:
            context.load_verify_locations(self.clients)
            context.verify_mode = ssl.CERT_REQUIRED
        return context


@dataclass(frozen=True, slots=True)
class Sender:
    """One that may send. What is empty is not asked: ``certificate`` is a name in it, or ``sha256:`` and its
    fingerprint; ``application`` is MSH-3, ``facility`` MSH-4."""

    certificate: str = ""
    application: str = ""
    facility: str = ""


def holding(senders: Sequence[Sender], names: frozenset[str]) -> list[Sender]:
    """Those of the senders who may connect with a certificate of these names."""
    return [sender for sender in senders if not sender.certificate or sender.certificate.casefold() in names]


def names_of(connection: Any) -> frozenset[str]:
    """The names and the fingerprint of the certificate at the other end of a TLS connection, without regard to case."""
    encoded = connection.getpeercert(binary_form=True)
    if not encoded:
        return frozenset()
    told: Mapping[str, Any] = connection.getpeercert()
    alternative = [value for kind, value in told.get("subjectAltName", ()) if kind in ("DNS", "URI", "email")]
    common = [value for part in told.get("subject", ()) for name, value in part if name == "commonName"]
    fingerprint = FINGERPRINT + sha256(encoded).hexdigest()
    return frozenset(name.casefold() for name in [*alternative, *common, fingerprint])


def fault_of(header: Header, senders: Sequence[Sender]) -> str:
    """Why this header may not come from any of these senders; empty where it may, or where nobody is named."""
    if not senders or any(_fits(header, sender) for sender in senders):
        return ""
    return "MSH-3 and MSH-4 are not those that this sender is declared to send."


def _fits(header: Header, sender: Sender) -> bool:
    return (not sender.application or header.text(3) == sender.application) and (
        not sender.facility or header.text(4) == sender.facility
    )
