"""What is imported when: counting needs no NumPy, the core no click, and arrows point downwards."""

import ast
import pydoc
import re
import subprocess
import sys
from pathlib import Path

import pytest
from support.imports import HEAVY, ROOMS, imported_by

import convcalc

PACKAGE = Path(convcalc.__file__).parent
NOTES = "params --input 227x227x3 --filter 11 --stride 4 --filters 96"


@pytest.mark.parametrize(
    "command",
    [
        "--help",
        "--version",
        "params --help",
        "forward --help",
        "demo --help",
        NOTES,
        *(f"{NOTES} --format {form}" for form in ("json", "csv", "markdown", "latex")),
        *(f"{NOTES} --as {framework}" for framework in ("pytorch", "keras", "flax", "numpy")),
        "params --input 224x224x3 --filter 11 --stride 4 --filters 96",
        *(f"{NOTES} --explain --format {form}" for form in ("table", "json", "markdown", "latex")),
        f"{NOTES} --answer 288",
        f"{NOTES} --answer 54x54 --format json",
        "demo --steps",
    ],
)
def test_counting_never_imports_numpy_or_pillow(command: str) -> None:
    assert not imported_by(command) & HEAVY


@pytest.mark.parametrize("form", ["json", "csv", "markdown", "latex"])
def test_only_the_table_needs_rich(form: str) -> None:
    assert "rich" not in imported_by(f"{NOTES} --format {form}")
    assert "rich" in imported_by(NOTES)


def test_the_guard_sees_numpy_when_it_is_there() -> None:
    modules = imported_by("forward --input 9x9x1 --filter 3 --filters 1 --format json")
    assert "numpy" in modules
    assert "PIL" in modules


def test_the_library_counts_without_numpy_or_click() -> None:
    script = (
        "import sys, convcalc\n"
        "layer = convcalc.ConvLayer(input=(9, 9, 1), filter=3, filters=1)\n"
        "assert layer.parameters.shared.total == 10\n"
        "assert not {'numpy', 'click', 'rich', 'PIL'} & set(sys.modules)\n"
        "convcalc.forward\n"
        "assert 'numpy' in sys.modules and 'click' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", script], check=True)


def arrows() -> list[tuple[str, str]]:
    """Every import from one room of the package to another."""
    found = []
    for path in PACKAGE.rglob("*.py"):
        room = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("convcalc."):
                found.append((room, str(node.module).split(".")[1]))
    return found


def test_imports_point_downwards() -> None:
    seen = set(arrows())
    upward = {
        (room, other)
        for room, other in seen
        if room in ROOMS and ROOMS.index(other) > ROOMS.index(room)
    }
    assert not upward
    assert ("cli", "layer") in seen, "the search for imports finds none"


def test_no_test_imports_a_test() -> None:
    tests = Path(__file__).parent
    imports = [
        str(node.module)
        for path in tests.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom)
    ]
    assert "support.imports" in imports
    assert not [name for name in imports if name.split(".")[-1].startswith("test_")]


def test_only_the_command_line_knows_click() -> None:
    users = {
        path.relative_to(PACKAGE).parts[0]
        for path in PACKAGE.rglob("*.py")
        if "import click" in path.read_text(encoding="utf-8")
    }
    assert users == {"cli"}


def test_the_library_lists_its_passes_without_importing_them() -> None:
    script = (
        "import sys, convcalc\n"
        "listed = dir(convcalc)\n"
        "assert set(convcalc.__all__) <= set(listed), set(convcalc.__all__) - set(listed)\n"
        "assert len(listed) == len(set(listed))\n"
        "assert '__doc__' in listed and '__version__' in listed\n"
        "assert 'numpy' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", script], check=True)


def test_help_describes_everything_the_library_offers() -> None:
    text = pydoc.plain(pydoc.render_doc(convcalc))
    for name in convcalc.__all__:
        assert re.search(rf"^    (class )?{name}\(", text, re.MULTILINE), name
