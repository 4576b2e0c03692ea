"""What is imported when: counting needs no NumPy, the core no click, and arrows point downwards."""

import ast
import pydoc
import re
import subprocess
import sys
from pathlib import Path

import pytest
from support.imports import HEAVY, ROOMS, brought_by, imported_by

import convcalc

PACKAGE = Path(convcalc.__file__).parent
NOTES = "params --input 227x227x3 --filter 11 --stride 4 --filters 96"


@pytest.mark.slow
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
        "network --help",
        *(f"network lenet5 --format {form}" for form in ("table", "json", "csv", "html")),
        "network zfnet",
        *(f"network lenet5 --explain all --format {form}" for form in ("table", "json", "latex")),
        "network lenet5 --answer C3=2416",
    ],
)
def test_counting_never_imports_numpy_or_pillow(command: str) -> None:
    assert not imported_by(command) & HEAVY


@pytest.mark.slow
@pytest.mark.parametrize("form", ["json", "csv", "markdown", "latex"])
def test_only_the_table_needs_rich(form: str) -> None:
    assert "rich" not in imported_by(f"{NOTES} --format {form}")
    assert "rich" in imported_by(NOTES)


@pytest.mark.slow
def test_the_guard_sees_numpy_when_it_is_there() -> None:
    modules = imported_by("forward --input 9x9x1 --filter 3 --filters 1 --format json")
    assert "numpy" in modules
    assert "PIL" in modules


@pytest.mark.slow
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


WHEN_RUN = {f"convcalc.cli.{name}" for name in ("comparison", "network_run", "operands", "place")}
"""What the commands import when they are run, for whatever a pass needs."""

MODULES = {
    ".".join(("convcalc", *path.relative_to(PACKAGE).with_suffix("").parts)).removesuffix(
        ".__init__"
    )
    for path in PACKAGE.rglob("*.py")
    if path.stem != "__main__"
}
HALLS = {"convcalc", "convcalc.arithmetic", "convcalc.compute", "convcalc.present"}
"""Packages of rooms, empty but for the library's names."""


def room_of(module: str) -> str | None:
    """The room that a module, or a name of the library, is in."""
    _, _, name = module.partition(".")
    home = convcalc.HOMES.get(name, module).split(".")[1:]
    return next((room for room in (".".join(home[:n]) for n in (1, 2)) if room in ROOMS), None)


def arrows(module: str, source: str) -> set[tuple[str | None, str]]:
    """Every import from a module's room to another, however it is written."""
    names = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            above = module.split(".")[: -node.level] if node.level else []
            start = ".".join([*above, *filter(None, [node.module])])
            names += [f"{start}.{alias.name}" for alias in node.names]
    rooms = {room_of(name) for name in names if name.startswith("convcalc.")}
    return {(room_of(module), room) for room in rooms if room} - {(room_of(module),) * 2}


def upward(seen: set[tuple[str | None, str]]) -> set[tuple[str | None, str]]:
    order = list(ROOMS)
    return {
        (room, other) for room, other in seen if room and order.index(other) > order.index(room)
    }


def source_of(module: str) -> str:
    path = PACKAGE.joinpath(*module.split(".")[1:])
    path = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    return path.read_text(encoding="utf-8")


def test_every_module_is_in_a_room() -> None:
    assert {module for module in MODULES if not room_of(module)} == HALLS
    assert {room_of(module) for module in MODULES} - {None} == set(ROOMS)


VIEWS = "convcalc.layer.views"
"""The one module whose imports point upwards: what a layer's attributes show of it."""


@pytest.mark.slow
def test_imports_point_downwards() -> None:
    seen = {module: arrows(module, source_of(module)) for module in MODULES}
    shown = "present.diagram", "present.text"
    rooms = "shapes", "arithmetic.fit", "compute.network", "gallery", *shown
    assert upward(seen.pop(VIEWS)) == {("layer", room) for room in rooms}
    assert not upward(set().union(*seen.values()))
    assert ("cli", "layer") in seen["convcalc.cli.options"], "the search for imports finds none"


@pytest.mark.parametrize(
    ("asked", "brought"),
    [
        ("layer.parameters.shared.total, str(layer), hash(layer), layer.replace(pad=1)", set()),
        ("layer.fit", {"arithmetic"}),
        ("repr(layer)", {"arithmetic"}),
        (
            "convcalc.explain(layer), convcalc.counts(layer), convcalc.check_answer(layer, 9), "
            "convcalc.solve(input=(9, 9, 1), output=(3, 3)).nearest, convcalc.Recipe.of(layer)",
            {"arithmetic"},
        ),
        ("layer._repr_html_(), layer._repr_markdown_()", {"arithmetic", "present"}),
    ],
)
def test_what_a_layer_shows_is_imported_when_it_is_asked_for(asked: str, brought: set[str]) -> None:
    script = (
        "import sys, convcalc\n"
        "layer = convcalc.ConvLayer(input=(9, 9, 1), filter=4, stride=2, filters=1)\n"
        f"{asked}\n"
        "rooms = {name.split('.')[1] for name in sys.modules if name.startswith('convcalc.')}\n"
        "print(*rooms & {'arithmetic', 'present', 'cli', 'compute'})\n"
        "assert not {'numpy', 'click', 'rich', 'PIL'} & set(sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert set(done.stdout.split()) == brought


@pytest.mark.parametrize(
    "line",
    [
        "from convcalc.cli import run",
        "from convcalc.cli.params import params",
        "from convcalc import cli",
        "from convcalc import errors, cli",
        "from convcalc import forward",
        "from convcalc.compute import tools",
        "import convcalc.cli",
        "import convcalc.cli.params as counting",
        "from .. import cli",
        "from ..cli import run",
        "from ..compute import forward",
        "def later():\n    from convcalc.present.text.record import to_json",
        "if TYPE_CHECKING:\n    from convcalc.files.arrays import ArrayFile",
    ],
)
def test_the_guard_sees_an_import_that_points_upwards(line: str) -> None:
    assert upward(arrows("convcalc.layer.conv", line))
    assert not upward(arrows("convcalc.cli.params", line))


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("convcalc.arithmetic.derivation", "from convcalc.arithmetic.fit import fits"),
        ("convcalc.compute.tools.tiling", "from convcalc import forward"),
        ("convcalc.compute.tools.windows", "from convcalc.compute.forward import im2col"),
        ("convcalc.present.text.latex", "from convcalc.present.screens.layer import print_layer"),
        ("convcalc.present.slides.steps", "from ..player import stepper"),
    ],
)
def test_the_guard_sees_an_import_that_points_upwards_in_one_room(module: str, line: str) -> None:
    assert upward(arrows(module, line))


def excess(**spoilt: str) -> dict[str, set[str]]:
    """The packages that importing each room brings and should not, once rooms are spoilt."""
    contents = {
        room: sorted(module for module in MODULES - WHEN_RUN if room_of(module) == room)
        for room in ROOMS
    }
    brought = brought_by(contents, spoilt)
    return {room: brought[room] - set(allowed.split()) for room, allowed in ROOMS.items()}


@pytest.mark.slow
def test_a_room_brings_only_the_packages_it_may() -> None:
    assert not {room: more for room, more in excess().items() if more}


@pytest.mark.slow
def test_the_guard_sees_a_package_that_any_room_brings() -> None:
    packages = ("numpy", "click", "PIL", "rich")
    spoilt = {
        room: next(package for package in packages if package not in allowed)
        for room, allowed in ROOMS.items()
    }
    found = excess(**spoilt)
    assert {room: more & {spoilt[room]} for room, more in found.items()} == {
        room: {package} for room, package in spoilt.items()
    }


@pytest.mark.slow
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


def test_a_type_checker_finds_every_name_at_its_home() -> None:
    tree = ast.parse(Path(convcalc.__file__).read_text(encoding="utf-8"))
    checked = next(node for node in tree.body if isinstance(node, ast.If))
    told = {
        alias.name: node.module
        for node in checked.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert told == convcalc.HOMES
    assert sorted(told) == convcalc.__all__
    assert (PACKAGE / "py.typed").is_file()


def test_help_describes_everything_the_library_offers() -> None:
    text = pydoc.plain(pydoc.render_doc(convcalc))
    for name in convcalc.__all__:
        assert re.search(rf"^    (class )?{name}\(", text, re.MULTILINE), name


DRAWS = {"present/screens/pictures.py", "present/saved/arrays.py"}
"""The presenters that handle arrays: one makes pixels of them, the other files."""

MATHS = set("sum min max mean argmax argmin dot astype reshape swapaxes".split())
"""What arrays can do and a presenter leaves to `compute/`."""


def maths_in(text: str) -> set[str]:
    """Every use of NumPy, and every method called that computes."""
    found = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = [getattr(node, "module", None), *(alias.name for alias in node.names)]
            found |= {"numpy"} & {str(name).split(".")[0] for name in names}
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            found |= MATHS & {node.func.attr}
    return found


def test_presenters_print_what_a_run_carries_and_compute_nothing() -> None:
    computing = {
        path.relative_to(PACKAGE).as_posix(): maths
        for path in (PACKAGE / "present").rglob("*.py")
        if (maths := maths_in(path.read_text(encoding="utf-8")))
    }
    assert computing.keys() == DRAWS, computing


def test_the_search_for_maths_finds_it() -> None:
    assert maths_in("import numpy as np") == {"numpy"}
    assert maths_in("def f():\n    from numpy.linalg import norm") == {"numpy"}
    assert maths_in("def f(x):\n    return x[:, 0].sum((0, 1)), sum(x)") == {"sum"}
