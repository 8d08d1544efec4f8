"""Reads files in confinement and tells what came of each: ``python -m tests.feeds.bad_input.confined FOLDER``.

Each file is read in a process of its own that may take so much memory and processor time and no more: the limits are
the operating system's, so that neither a crash nor a loop without end can look like a reading. One line of JSON a file.
"""

import json
import os
import resource
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from openfls.feeds.doors import read
from openfls.feeds.reading import Origin

KNOWN = datetime(2026, 3, 20, tzinfo=UTC)
ORIGIN = Origin("X9A/test", KNOWN, site="X9A01", mapping="trauma_meeting", reference="NHANES III")
MEMORY = 300 * 1024 * 1024  # bytes of address space that one file may add; more is reserved than is used
PER_BYTE = 30  # bytes that each byte of the file may add beyond that: a small object is so much larger than its text
SECONDS = 30  # of processor time: only what never ends takes so long
GONE = "the process was ended"


def outcome(content: bytes, name: str) -> dict[str, Any]:
    found = read(content, name, ORIGIN)
    return {
        "facts": len(found.facts),
        "kinds": sorted({fact.kind for fact in found.facts}),
        "problems": len(found.unreadable),
        "says": str(found.unreadable[0]) if found.unreadable else "",
        "ignored": found.ignored,
        "notes": list(found.notes[:3]),
        "told": sum(map(len, (found.ignored, *found.notes, *map(str, found.unreadable)))),
    }


def confined(content: bytes, name: str) -> dict[str, Any]:
    """The outcome of one file, read in a child; ``died`` says how the child ended where it gave none."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        _in_the_child(content, name, writing)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        said = pipe.read()
    _, status = os.waitpid(child, 0)
    told = json.loads(said) if said else {"died": f"{GONE}, status {status}"}
    return {"name": name, "size": len(content), **told}


def _in_the_child(content: bytes, name: str, writing: int) -> None:
    try:
        allowed = _taken() + MEMORY + PER_BYTE * len(content)
        resource.setrlimit(resource.RLIMIT_AS, (allowed, allowed))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        told: dict[str, Any] = outcome(content, name)
    except BaseException as error:  # whatever it is, the parent must hear of it
        told = {"died": f"{type(error).__name__}: {str(error)[:300]}"}
    os.write(writing, json.dumps(told).encode())
    os._exit(0)


def _taken() -> int:
    """Bytes of address space that this process has already."""
    return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()


def main(folder: Path) -> None:
    for file in sorted(folder.iterdir()):
        print(json.dumps(confined(file.read_bytes(), file.name)), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
