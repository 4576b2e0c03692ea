"""docs/house.md maps every module by the first line of its own docstring."""

import ast
import re
from pathlib import Path

import pytest
from support.imports import ROOMS

import convcalc

PACKAGE = Path(convcalc.__file__).parent
PAGE = Path(__file__).parents[2] / "docs" / "house.md"

HEAD = """# The house

Data flows one way, downwards: a room imports only itself and rooms below it, which a test checks.
Each file says in its first line what it is about; this page is those lines, written by
`pytest tests/docs --update`. [Contributing](contributing.md) says what goes where.
"""


def subject(path: Path) -> str:
    """What a file says it is about: a module in its first line, a script in its first sentence."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        return (ast.get_docstring(ast.parse(text)) or "").partition("\n")[0]
    comment = re.match(r"(?://.*\n)+", text)
    words = " ".join(re.sub("^// ?", "", comment[0], flags=re.MULTILINE).split()) if comment else ""
    return re.split(r"(?<=[.?])\s", words)[0]


def files_in(folder: Path) -> list[Path]:
    found = [*folder.glob("*.py"), *folder.glob("*.js")]
    return sorted(path for path in found if path.name != "__init__.py")


def rooms_in(folder: Path) -> list[Path]:
    return sorted(path.parent for path in folder.glob("*/__init__.py"))


def title(folder: Path) -> str:
    depth = len(folder.relative_to(PACKAGE).parts)
    return f"{'#' * (depth + 1)} {folder.relative_to(PACKAGE.parent)}/"


def room(folder: Path) -> str:
    """A room as a section, its own rooms as sections within it."""
    files = files_in(folder) + files_in(folder / "web")
    rows = "".join(
        f"| [{path.relative_to(folder)}](../{path.relative_to(PACKAGE.parent)}) "
        f"| {subject(path)} |\n"
        for path in files
    )
    table = f"\n| file | subject |\n|:--|:--|\n{rows}" if rows else ""
    own = f"\n{title(folder)}\n\n{subject(folder / '__init__.py')}\n{table}"
    return own + "".join(map(room, rooms_in(folder)))


def ground() -> str:
    rows = "".join(
        f"| [{path.name}](../convcalc/{path.name}) | {subject(path)} |\n"
        for path in files_in(PACKAGE)
    )
    return f"\n## convcalc/\n\nThe door and the ground.\n\n| file | subject |\n|:--|:--|\n{rows}"


def house() -> str:
    ground_up = list(dict.fromkeys(room.split(".")[0] for room in ROOMS))
    rooms = sorted(rooms_in(PACKAGE), key=lambda path: ground_up.index(path.name), reverse=True)
    return HEAD + "".join(map(room, rooms)) + ground()


def test_the_page_is_what_the_modules_say(pytestconfig: pytest.Config) -> None:
    if pytestconfig.getoption("--update"):
        PAGE.write_text(house(), encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == house(), "run pytest tests/docs --update"


FILES = sorted(path for kind in ("*.py", "*.js") for path in PACKAGE.rglob(kind))


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_every_file_says_what_it_is_about(path: Path) -> None:
    assert re.fullmatch(r"[^|]{20,}[.?]", subject(path))


def test_every_file_is_on_the_page_once() -> None:
    rows = re.findall(r"^\| \[[^]]+\]\(\.\./([^)]+)\) \|", PAGE.read_text(), re.MULTILINE)
    expected = [path for path in FILES if path.name != "__init__.py"]
    assert sorted(rows) == sorted(str(path.relative_to(PACKAGE.parent)) for path in expected)
