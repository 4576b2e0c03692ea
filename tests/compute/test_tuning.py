"""Every tuned number says what it is, is used, and stands in one place."""

import ast
from itertools import pairwise
from pathlib import Path

import pytest

from convcalc.compute.tools import tuning

PACKAGE = Path(tuning.__file__).parents[2]
BODY = ast.parse(Path(tuning.__file__).read_text(encoding="utf-8")).body
NUMBERS = [name for name, value in vars(tuning).items() if isinstance(value, int)]


def test_every_number_says_its_unit_and_what_set_it() -> None:
    told = {
        node.targets[0].id: after.value.value
        for node, after in pairwise(BODY)
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
        if isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant)
    }
    assert set(told) == set(NUMBERS) - {"KIB", "MIB"}
    units = ("Bytes", "Numbers", "Positions", "Tiles", "Filters", "Multipl", "Random", "The same")
    assert all(text.startswith(units) for text in told.values())


@pytest.mark.slow
def test_every_number_is_used() -> None:
    sources = [
        path.read_text(encoding="utf-8")
        for path in PACKAGE.rglob("*.py")
        if path != Path(tuning.__file__)
    ]
    imported = {
        alias.name
        for source in sources
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.ImportFrom) and node.module == "convcalc.compute.tools.tuning"
        for alias in node.names
    }
    assert imported == set(NUMBERS) - {"KIB", "MIB"}
