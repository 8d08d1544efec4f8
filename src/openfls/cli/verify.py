"""``openfls verify``: the promises that nothing is lost, checked."""

import argparse
import json
from dataclasses import asdict

from openfls.cli.home import opened

NAME = "verify"
HELP = "check that nothing is lost, doubled or changed: inbox, facts, tasks and the audit trail"
EXAMPLE = "openfls verify --json"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="one JSON document (docs/reference/json.md)")
    parser.add_argument(
        "--replay", action="store_true", help="also replay the inbox beside the record, and compare (slow)"
    )


def run(args: argparse.Namespace) -> int:
    opened()
    from openfls.inbox.verify import Finding, verify
    from openfls.record import trail

    findings: list[Finding] = verify()
    if args.replay:
        findings.append(_replayed())
    head = trail.head()
    if args.json:
        print(
            json.dumps({"findings": [asdict(one) for one in findings], "trail_head": head and asdict(head)}, indent=2)
        )
    else:
        print("\n".join(f"{'kept ' if one.ok else 'BROKEN'}  {one.invariant}: {one.detail}" for one in findings))
        print(f"trail head: {head.number} {head.digest}" if head else "trail: empty")
    return 0 if all(one.ok for one in findings) else 1


def _replayed():  # type: ignore[no-untyped-def]
    from django.utils import timezone

    from openfls.cli.progress import Progress
    from openfls.inbox.replay import prove
    from openfls.inbox.verify import Finding

    with Progress("messages replayed") as progress:
        proof = prove(timezone.localdate(), shuffle=1, progress=progress.at)
    told = (
        ", ".join(proof.different) or f"{proof.replayed.messages} messages and {proof.replayed.by_hand} facts by hand"
    )
    return Finding("I7 a replay in another order gives the same", not proof.different, told)
