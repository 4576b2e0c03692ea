"""What the docs say of the project's own files, tasks and versions is so."""

import re
import tomllib
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

import convcalc

ROOT = Path(__file__).parents[2]
PACKAGE = Path(convcalc.__file__).parent
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
TASKS = PROJECT["tool"]["hatch"]["envs"]["default"]["scripts"]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def named_in(text: str, pattern: str) -> list[str]:
    """What stands in backticks and looks like the pattern, code blocks left out."""
    prose = re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
    return re.findall(rf"`({pattern})`", prose)


def missing(text: str) -> list[str]:
    """The files and folders that a text names, and that are neither in the tree nor the package."""
    paths = named_in(text, r"[\w.-]+(?:/[\w.-]+)*(?:/|\.py)")
    return [path for path in paths if not ((ROOT / path).exists() or (PACKAGE / path).exists())]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_files_and_modules_that_are_named_exist(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    if page.name != "house.md":
        assert not missing(text)
    for name in named_in(text, r"convcalc(?:\.\w+)+"):
        module, _, attribute = name.rpartition(".")
        assert hasattr(import_module(module), attribute) or import_module(name)


def test_a_file_that_is_not_there_is_noticed() -> None:
    text = "`layer/conv.py`, `convcalc/layer/`, `tests/none.py`, `layer/none/`"
    assert missing(text) == ["tests/none.py", "layer/none/"]


def test_every_task_is_documented() -> None:
    text = (ROOT / "docs" / "contributing.md").read_text(encoding="utf-8")
    tasks = re.findall(r"^\| `hatch run (\w+)` \|", text, re.MULTILINE)
    assert sorted(tasks) == sorted(TASKS)


def test_the_changelog_ends_where_the_version_is() -> None:
    text = (ROOT / "docs" / "changelog.md").read_text(encoding="utf-8")
    first, second, *_ = re.findall(r"^## \[(.+?)\]", text, re.MULTILINE)
    assert (first, second) == ("Unreleased", convcalc.__version__)


def test_the_versions_of_python_are_those_required() -> None:
    project = PROJECT["project"]
    known = [
        int(line.rpartition(".")[2])
        for line in project["classifiers"]
        if re.search(r":: 3\.\d+$", line)
    ]
    assert known == list(range(known[0], known[-1] + 1))
    assert project["requires-python"] == f">=3.{known[0]}"
