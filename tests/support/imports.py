"""Which rooms there are, and which modules are in memory after a command or an import."""

import json
import subprocess
import sys

HEAVY = {"numpy", "PIL"}

ROOMS = {
    "errors": "",
    "signals": "",
    "numerals": "",
    "layer": "",
    "shapes": "numpy",
    "arithmetic.formula": "",
    "arithmetic.by_kind": "",
    "arithmetic.formulas": "",
    "arithmetic.use": "",
    "arithmetic.network": "",
    "arithmetic.derivation": "",
    "arithmetic.connections": "",
    "arithmetic.fit": "",
    "arithmetic.answers": "",
    "arithmetic.one_dimension": "",
    "arithmetic.published": "",
    "arithmetic.tables": "",
    "arithmetic.reasons": "",
    "arithmetic.solver": "",
    "arithmetic.walk": "",
    "arithmetic.asking": "",
    "compute.tools": "numpy threadpoolctl",
    "compute.data": "numpy threadpoolctl",
    "compute.forward": "numpy threadpoolctl",
    "compute.backward": "numpy threadpoolctl",
    "compute.passes": "numpy threadpoolctl",
    "compute.experiments": "numpy threadpoolctl",
    "compute.network": "numpy threadpoolctl",
    "files": "numpy PIL",
    "gallery": "",
    "present.environment": "",
    "present.signs": "",
    "present.streams": "",
    "present.diagram": "",
    "present.text": "",
    "present.frameworks": "",
    "present.page": "",
    "present.screens": "rich numpy threadpoolctl",
    "present.slides": "rich PIL",
    "present.player": "rich",
    "present.saved": "rich PIL numpy threadpoolctl",
    "cli": "click",
}
"""From the ground up: a room imports only itself, rooms named before it, and these packages."""

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


IMPORT_ROOMS = """
import json, os, sys
from importlib import import_module
from importlib.machinery import SourceFileLoader

rooms, spoilt = json.loads(sys.argv[1])
code_of = SourceFileLoader.get_code

def spoilt_code(loader, name):
    if name != spoilt_module:
        return code_of(loader, name)
    return compile(f"{loader.get_source(name)}\\nimport {package}", name, "exec")

SourceFileLoader.get_code = spoilt_code
for room, modules in rooms.items():
    sys.stdout.flush()
    if os.fork():
        os.wait()
        continue
    package = spoilt.get(room)
    spoilt_module = modules[-1] if package else None
    for module in modules:
        import_module(module)
    print(room, *{"numpy", "PIL", "click", "rich", "threadpoolctl"} & set(sys.modules), flush=True)
    os._exit(0)
"""


def brought_by(rooms: dict[str, list[str]], spoilt: dict[str, str]) -> dict[str, set[str]]:
    """The heavy packages in memory once the modules of a room were imported, room by room.

    The last module of a `spoilt` room imports a package that it does not.
    """
    done = subprocess.run(
        [sys.executable, "-c", IMPORT_ROOMS, json.dumps([rooms, spoilt])],
        capture_output=True,
        text=True,
        check=True,
    )
    assert not done.stderr
    lines = [line.split() for line in done.stdout.splitlines()]
    return {room: set(packages) for room, *packages in lines}
