"""Which rooms there are, and which modules are in memory once a command has run."""

import subprocess
import sys

HEAVY = {"numpy", "PIL"}

ROOMS = "errors signals numerals layer shapes arithmetic compute files present cli".split()
"""From the ground up: a room imports only itself and rooms named before it."""

RUN_AND_LIST = """
import sys
from convcalc.cli import run
code = run(sys.argv[1:])
print("modules:", *sys.modules, file=sys.stderr)
sys.exit(code)
"""


def imported_by(command: str) -> set[str]:
    """The modules in memory once a command has run."""
    done = subprocess.run(
        [sys.executable, "-c", RUN_AND_LIST, *command.split()],
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stderr.split("modules:")[1].split())
