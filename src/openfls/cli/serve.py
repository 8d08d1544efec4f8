"""``openfls serve``: the pages, by gunicorn."""

import argparse
import os
import shutil
import socket
import sys

from openfls.cli.asking import Refused
from openfls.cli.home import opened

HELP = "serve the pages; a worker goes beside it (openfls work)"
EXAMPLE = "openfls serve --port 8000"

PORT, PROCESSES, THREADS = 8000, 2, 4


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--address", default="127.0.0.1", help="where to listen (default: this machine alone)")
    parser.add_argument("--port", type=int, default=PORT, help=f"default {PORT}")
    parser.add_argument("--processes", type=int, default=PROCESSES, help=f"default {PROCESSES}")


def run(args: argparse.Namespace) -> int:
    opened()
    share_figures()
    refuse_taken(args.address, args.port)
    print(f"serving at http://{args.address}:{args.port}; Ctrl-C stops", flush=True)
    os.execv(sys.executable, gunicorn(args.address, args.port, args.processes))  # noqa: S606 (no shell on purpose)


def share_figures() -> None:
    """Give the server's processes a folder in which their counts of requests add up; what was there is forgotten."""
    from django.conf import settings

    folder = settings.OPENFLS_HOME / "figures"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)


def gunicorn(address: str, port: int, processes: int = PROCESSES) -> list[str]:
    """The words that start gunicorn."""
    return [
        sys.executable, "-m", "gunicorn", "openfls.wsgi", "--bind", f"{address}:{port}",
        "--workers", str(processes), "--threads", str(THREADS), "--worker-tmp-dir", "/dev/shm",  # noqa: S108
        "--log-level", "warning",
    ]  # fmt: skip


def refuse_taken(address: str, port: int) -> None:
    """Raises `Refused` where something else listens there, before anything is started."""
    try:
        with socket.create_server((address, port)):
            pass
    except OSError as taken:
        raise Refused(
            f"port {port} at {address} can't be used ({taken.strerror}): choose another with --port"
        ) from None
