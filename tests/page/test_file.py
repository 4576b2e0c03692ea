"""The demo's page as a file: one of its own, small, and written whole or not at all."""

import re
from pathlib import Path

import pytest
from conftest import Run

from convcalc import ConvLayer
from convcalc.present.page.builder import PARTS, fragment, page

LAYER = ConvLayer(input=(5, 5, 3), filter=3, filters=2)
IMPORTS = re.compile(r"^import [^;]*;\n", re.MULTILINE)


def test_the_command_writes_the_page(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    code, out, err = run("demo", "--html", path, "--input", "9x9x1", "--pad", "same", "--seed", 7)
    assert (code, err) == (0, "")
    assert out == f"9x9x1 → 5x5x2: 2 filters of 3x3x1, stride 2, pad 1\npage: {path}\n"
    text = path.read_text(encoding="utf-8")
    assert (
        "input=9x9x1&amp;filter=3&amp;stride=2&amp;pad=same&amp;dilation=1&amp;groups=1&amp;filters=2"
        in text
    )
    assert "seed=7" in text


def test_the_page_is_one_file_with_no_address_and_under_100_kb() -> None:
    text = page(LAYER, fragment(LAYER, 1))
    assert len(text.encode()) < 100_000
    assert not re.findall(r"https?:|//\w+\.|url\((?!#)|@import|src=|innerHTML|<link", text)
    for part in PARTS.iterdir():
        if part.suffix != ".html":
            written = part.read_text(encoding="utf-8").replace("export ", "")
            assert IMPORTS.sub("", written).strip().splitlines()[-1] in text, part.name


def test_a_misfit_is_told_and_the_page_written_all_the_same(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    code, _, err = run("demo", "--html", path, "--input", "6x6x1")
    assert code == 0
    assert err.startswith("convcalc: warning: (6 − 3 + 2·1)/2 + 1 = 5/2 + 1 = 3.5, floored to 3")
    assert path.exists()


@pytest.mark.parametrize(
    ("target", "problem"),
    [
        ("missing/page.html", "its folder does not exist"),
        ("folder.html", "is there already and is not a file"),
        ("page.htm", "does not end in .html"),
    ],
)
def test_a_file_that_cannot_be_is_refused_by_name(
    run: Run, tmp_path: Path, target: str, problem: str
) -> None:
    (tmp_path / "folder.html").mkdir()
    code, out, err = run("demo", "--html", tmp_path / target)
    assert (code, out) == (2, "")
    assert err.startswith("convcalc: --html ")
    assert problem in err
    assert [path.name for path in tmp_path.iterdir()] == ["folder.html"]


def test_what_is_typed_cannot_leave_its_place_in_the_page() -> None:
    assert 'data-start="&quot;&gt;&lt;script&gt;"' in page(LAYER, '"><script>')


@pytest.mark.parametrize(
    "other", ["--steps", "--gif a.gif", "--svg a.svg", "--image docs/house.png"]
)
def test_the_page_makes_its_own_numbers_and_pictures(run: Run, tmp_path: Path, other: str) -> None:
    page, option = tmp_path / "page.html", other.split()[0]
    code, out, err = run("demo", "--html", page, *other.split())
    assert (code, out, list(tmp_path.iterdir())) == (2, "", [])
    assert err.startswith("convcalc: --html ")
    assert err.endswith(
        f": goes without {option}: the page makes its own numbers and pictures; "
        f"leave out --html or {option}\n"
    )
