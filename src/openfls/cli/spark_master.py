"""Where Spark runs, for commands that have an ``--engine``."""

import argparse

from openfls.cli.asking import Refused


def argument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--master", metavar="URL", help="where Spark runs: spark://host:7077, sc://host (this machine's processors)"
    )


def check(args: argparse.Namespace) -> None:
    """Raises `Refused` where a master is named for another engine."""
    if args.master and args.engine != "spark":
        raise Refused("--master says where Spark runs: add --engine spark")


def of(args: argparse.Namespace) -> str:
    from openfls.extracts.cluster import HERE

    return args.master or HERE
