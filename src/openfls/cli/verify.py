"""``openfls verify``: the promises that nothing is lost, checked."""

import argparse
import json
from dataclasses import asdict

from openfls.cli.home import opened

HELP = "check that nothing is lost, doubled or changed: inbox, facts, tasks and the audit trail"
EXAMPLE = "openfls verify --json"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="one JSON document (docs/reference/json.md)")


def run(args: argparse.Namespace) -> int:
    opened()
    from openfls.inbox.verify import verify
    from openfls.record import trail

    findings = verify()
    head = trail.head()
    if args.json:
        print(
            json.dumps({"findings": [asdict(one) for one in findings], "trail_head": head and asdict(head)}, indent=2)
        )
    else:
        print("\n".join(f"{'kept ' if one.ok else 'BROKEN'}  {one.invariant}: {one.detail}" for one in findings))
        print(f"trail head: {head.number} {head.digest}" if head else "trail: empty")
    return 0 if all(one.ok for one in findings) else 1
