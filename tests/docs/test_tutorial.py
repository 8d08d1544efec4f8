"""The tutorial works as it stands: its steps run in their order and print what it says."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

HOUSE = Path(__file__).parents[2]
TUTORIAL = (HOUSE / "docs/tutorials/first-patient.md").read_text(encoding="utf-8")
STEPS = re.findall(r"^```(sh|python)\n(.*?)^```\n(?:\n```text\n(.*?)^```)?", TUTORIAL, re.MULTILINE | re.DOTALL)
MARK = "---- step {} ----"
ENDS_WITH_1 = {
    "openfls find lists",
    "openfls import lists --file-times",
}  # something waits for a person, and they say so


def script() -> Iterator[str]:
    """All steps in one shell, as somebody types them."""
    for number, (language, typed, _) in enumerate(STEPS):
        yield f"printf '\\n%s\\n' '{MARK.format(number)}'"
        yield typed if language == "sh" else f"python - <<'END'\n{typed}END"
        yield "printf '\\nended with %s\\n' $?"


def test_every_step_of_the_tutorial_prints_what_the_page_says(tmp_path):
    printed = run(tmp_path)
    for (_, typed, expected), said in zip(STEPS, printed, strict=True):
        assert missing(expected.splitlines(), said) == [], f"{typed}\nprinted:\n{said}"
        last = typed.strip().splitlines()[-1]
        assert endings(said) <= ({"0", "1"} if last in ENDS_WITH_1 else {"0"}), f"{typed}\nprinted:\n{said}"


def run(home: Path) -> list[str]:
    """What each step prints, where nothing was before."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("OPENFLS_", "DJANGO_"))}
    path = f"{Path(sys.executable).parent}:{inherited['PATH']}"  # where this environment is not called .venv
    done = subprocess.run(
        ["bash", "-u"],
        input="\n".join(script()),
        cwd=HOUSE,
        env={**inherited, "HOME": str(home), "PATH": path},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    return re.split(MARK.format(r"\d+"), done.stdout)[1:]


def endings(said: str) -> set[str]:
    return set(re.findall(r"^ended with (\d+)$", said, re.MULTILINE))


def missing(expected: list[str], text: str) -> list[str]:
    """The lines that don't come in this order; ``…`` stands for anything, alone for any number of lines."""
    lines = iter(text.splitlines())
    return [line for line in expected if line != "…" and not any(fits(line, said) for said in lines)]


def fits(expected: str, said: str) -> bool:
    return re.fullmatch(".*".join(re.escape(part) for part in expected.rstrip().split("…")), said.rstrip()) is not None


def test_the_tutorial_has_all_the_commands_of_the_main_path():
    typed = "".join(step for _, step, _ in STEPS)
    for command in ("find", "organisations load", "users add", "import", "backstop", "measures", "rebuild", "verify"):
        assert f"openfls {command}" in typed
