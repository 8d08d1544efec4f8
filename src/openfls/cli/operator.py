"""In whose name a command writes."""

import getpass


def operator() -> str:
    """The account of the machine that gave the command, told apart from users who sign in."""
    return f"command line ({getpass.getuser()})"
