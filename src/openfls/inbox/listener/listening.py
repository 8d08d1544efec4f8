"""The listener as a whole: its ports opened, until it is told to stop."""

import asyncio
import logging
from collections.abc import Sequence
from typing import Any

from openfls.inbox.listener.connection import Connection
from openfls.inbox.listener.declared import Declared
from openfls.inbox.listener.reception import Reception
from openfls.inbox.listener.senders import Sender, holding, names_of
from openfls.inbox.listener.store import Store

logger = logging.getLogger(__name__)

QUIET = 60.0  # seconds after which a connection without a message makes room for another where there is none
HANDSHAKE = 10.0  # seconds for a TLS handshake
PATIENCE = 20.0  # seconds to answer what was read, when told to stop


class Port:
    """One port and whoever is connected to it."""

    def __init__(self, declared: Declared) -> None:
        self.declared = declared
        self.number = declared.port
        self._connections: set[Connection] = set()
        self._server: asyncio.Server | None = None

    def __str__(self) -> str:
        return f"port {self.number} ({self.declared.feed.source})"

    async def open(self, reception: Reception) -> None:
        """Raises ``OSError`` where the port is taken or the address isn't ours."""
        tls = self.declared.tls
        self._server = await asyncio.get_running_loop().create_server(
            lambda: Connection(reception, self.declared.feed, self),
            self.declared.address,
            self.declared.port,
            ssl=tls.context() if tls else None,
            ssl_handshake_timeout=HANDSHAKE if tls else None,
            reuse_address=True,
        )
        self.number = int(self._server.sockets[0].getsockname()[1])  # where 0 is declared, whichever was free

    def shut(self) -> None:
        if self._server:
            self._server.close()

    def admit(self, connection: Connection, tls: Any) -> Sequence[Sender] | str:
        """Those who may send over this connection (empty: anybody), or why nobody may."""
        if len(self._connections) >= self.declared.connections and not self._make_room(connection):
            return f"{len(self._connections)} connections are open already"
        self._connections.add(connection)
        if not self.declared.senders:
            return ()
        holders = holding(self.declared.senders, names_of(tls) if tls else frozenset())
        return holders or "its certificate names no sender that is declared"

    def left(self, connection: Connection) -> None:
        self._connections.discard(connection)

    def _make_room(self, newcomer: Connection) -> bool:
        """Whether whoever has been idle longest could be sent away; who sends again connects again."""
        idle = [c for c in self._connections if c.is_idle and newcomer.idle_since - c.idle_since >= QUIET]
        if not idle:
            return False
        longest = min(idle, key=lambda connection: connection.idle_since)
        longest.abort("nothing came for a while, and another wants to connect")
        self.left(longest)
        return True


class Listener:
    """``limits`` are those of `Reception`; other than the defaults are for tests and benchmarks."""

    def __init__(self, declared: Sequence[Declared], store: Store, **limits: Any) -> None:
        self.ports = [Port(one) for one in declared]
        self._store, self._limits = store, limits

    async def start(self) -> None:
        """Open all ports. Raises ``OSError`` where one can't be: then none is."""
        self.reception = Reception(self._store, **self._limits)
        self._watch = asyncio.create_task(self.reception.watch())
        try:
            for port in self.ports:
                await port.open(self.reception)
        except OSError:
            await self.stop()
            raise

    async def stop(self, patience: float = PATIENCE) -> bool:
        """Take no more, answer what was read; False where the database was away and some stayed unanswered."""
        for port in self.ports:
            port.shut()
        answered = await self.reception.close(patience)
        self._watch.cancel()
        return answered

    async def until(self, stop: asyncio.Event) -> bool:
        """Listen until told to stop, or until storing has become impossible."""
        told = asyncio.create_task(stop.wait())
        await asyncio.wait([told, self._watch], return_when=asyncio.FIRST_COMPLETED)
        told.cancel()
        return await self.stop()
