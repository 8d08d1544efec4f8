"""Secrets in files beside the databases, never inside them: made on first use, readable by their owner alone."""

import os
import secrets
from pathlib import Path
from tempfile import NamedTemporaryFile


def key_in(path: Path) -> str:
    """The key that the file holds: 64 random letters and digits, made where there is no file yet.

    Several processes may ask at once: one makes the file, all read the same. Raises ``ValueError`` for an empty file.
    """
    if not path.exists():
        _make(path)
    key = path.read_text().strip()
    if not key:
        raise ValueError(f"the key file {path} is empty: restore it from a backup, or remove it to have a new one made")
    return key


def _make(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with NamedTemporaryFile("w", dir=path.parent, prefix=f".{path.name}.") as new:  # mode 600
        new.write(secrets.token_hex(32) + "\n")
        new.flush()
        os.fsync(new.fileno())
        try:
            os.link(new.name, path)  # fails where another process was quicker; never shows a half-written file
        except FileExistsError:
            return
