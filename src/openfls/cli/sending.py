"""``openfls send``: send HL7 v2 messages over MLLP, as a hospital's system would."""

import argparse
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from itertools import islice
from pathlib import Path
from threading import Lock, Thread
from typing import TYPE_CHECKING

from openfls.cli.asking import Refused
from openfls.cli.progress import Progress
from openfls.feeds import doors, hl7v2

if TYPE_CHECKING:
    from openfls.inbox.listener.sending import Hospital

HELP = "send HL7 v2 messages over MLLP and check each answer: plays the hospital, to try a listener out"
EXAMPLE = "openfls send messages/ --to 127.0.0.1:2575"

TOLD = 20  # faults that are listed for people


@dataclass
class Sent:
    """What was answered. ``answers``: by code; ``faults``: what was not taken, and why."""

    sent: int = 0
    answers: dict[str, int] = field(default_factory=dict)
    faults: list[dict[str, str]] = field(default_factory=list)


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="files or folders of HL7 v2 messages")
    parser.add_argument("--to", required=True, metavar="HOST:PORT", help="where a listener listens")
    parser.add_argument(
        "--connections", type=int, default=1, metavar="N", help="send over so many at once; more than 1 mixes the order"
    )
    parser.add_argument("--attempts", type=int, default=3, metavar="N", help="at each message (default 3)")
    parser.add_argument(
        "--timeout", type=float, default=30, metavar="S", help="seconds to wait for an answer (default 30)"
    )
    parser.add_argument("--tls", action="store_true", help="encrypt; --ca, --certificate and --key imply it")
    parser.add_argument("--ca", type=Path, metavar="FILE", help="whom to trust (default: what this machine trusts)")
    parser.add_argument("--certificate", type=Path, metavar="FILE", help="who we are, where the listener asks")
    parser.add_argument("--key", type=Path, metavar="FILE", help="its key, unless it is in the same file")
    parser.add_argument("--json", action="store_true", help="one JSON document (docs/reference/json.md)")


def run(args: argparse.Namespace) -> int:
    """0 where every message was taken, 1 where one was not."""
    messages = _messages(args.paths)
    if (first := next(messages, None)) is None:
        raise Refused("there are no messages in these files")
    hospitals = _hospitals(args)
    done = Sent()
    with Progress("messages sent") as progress:
        _send(hospitals[:1], iter([first]), args.attempts, done, progress)
        if "none" in done.answers:
            raise Refused(f"nobody answers at {args.to}: {done.faults[0]['why']}")
        _send(hospitals, messages, args.attempts, done, progress)
    print(json.dumps(asdict(done), indent=2) if args.json else "\n".join(_lines(done)))
    return 1 if done.faults else 0


def _messages(paths: list[Path]) -> Iterator[tuple[Path, bytes]]:
    try:
        for path in paths:
            for file, _ in doors.files(path):
                for piece in hl7v2.split(file.read_bytes()):
                    yield file, piece
    except OSError as error:
        raise Refused(f"{error}. Give a file or a folder that exists and may be read.") from None


def _hospitals(args: argparse.Namespace) -> "list[Hospital]":
    from openfls.inbox.listener.sending import Hospital, client_context

    host, colon, port = args.to.rpartition(":")
    if not colon or not port.isdecimal():
        raise Refused(f"--to {args.to}: write it as HOST:PORT, for instance 127.0.0.1:2575")
    try:
        secured = args.tls or args.ca or args.certificate
        tls = client_context(args.ca, args.certificate, args.key) if secured else None
    except OSError as error:
        raise Refused(f"the files for TLS can't be used ({error}): give them as PEM") from None
    return [
        Hospital(host.strip("[]"), int(port), tls=tls, timeout=args.timeout) for _ in range(max(1, args.connections))
    ]


def _send(
    hospitals: "list[Hospital]", messages: Iterator[tuple[Path, bytes]], attempts: int, done: Sent, progress: Progress
) -> None:
    """Over each connection one after the other, whoever is free takes the next."""
    lock = Lock()

    def work(hospital: "Hospital") -> None:
        while True:
            with lock:
                taken = list(islice(messages, 1))
            if not taken:
                return
            said = _one(hospital, *taken[0], attempts)
            with lock:
                _count(done, said)
                progress.at(done.sent)

    threads = [Thread(target=work, args=[hospital]) for hospital in hospitals]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _one(hospital: "Hospital", file: Path, content: bytes, attempts: int) -> dict[str, str]:
    from openfls.inbox.listener.sending import NoAnswer
    from openfls.inbox.message_ids import message_id_of

    told = {"file": str(file), "message": message_id_of(content)}
    try:
        answer = hospital.send_again(content, attempts)
    except NoAnswer as nothing:
        return told | {"code": "none", "why": str(nothing)}
    return told | {"code": answer.code or "unasked", "why": answer.words}


def _count(done: Sent, said: dict[str, str]) -> None:
    done.sent += 1
    done.answers[said["code"]] = done.answers.get(said["code"], 0) + 1
    if said["code"] not in ("AA", "CA", "unasked"):
        done.faults.append(said)


def _lines(done: Sent) -> Iterator[str]:
    yield f"{done.sent} messages sent: " + ", ".join(f"{number} {code}" for code, number in done.answers.items())
    for one in done.faults[:TOLD]:
        yield f"{one['code']}: {one['file']} {one['message']}: {one['why']}"
    if len(done.faults) > TOLD:
        yield f"and {len(done.faults) - TOLD} more (--json lists all)"
