"""`params --format latex` compiles as it is, inside a beamer slide."""

import re
import subprocess
from pathlib import Path

import pytest
from conftest import Run
from support.cases import CASES

pytestmark = pytest.mark.latex


def compiled(fragment: str, folder: Path) -> str:
    """Compile one slide and return the log."""
    slide = (
        "\\documentclass{beamer}\\begin{document}\\begin{frame}\n%s\\end{frame}\\end{document}\n"
    )
    (folder / "slide.tex").write_text(slide % fragment, encoding="ascii")
    done = subprocess.run(
        ["pdflatex", "-halt-on-error", "-interaction=nonstopmode", "slide.tex"],
        cwd=folder,
        capture_output=True,
        text=True,
        errors="replace",
    )
    assert done.returncode == 0, done.stdout[-2000:]
    assert (folder / "slide.pdf").stat().st_size > 0
    return done.stdout


@pytest.mark.parametrize("spec", ["lenet5", "vgg16", "alexnet"])
def test_a_networks_tables_compile_on_a_slide(spec: str, run: Run, tmp_path: Path) -> None:
    log = compiled(run("network", spec, "--depth", "1", "--format", "latex").out, tmp_path)
    assert not re.findall(r"Overfull \\[hv]box", log)


@pytest.mark.parametrize("name", CASES)
def test_a_slide_compiles_and_nothing_sticks_out(name: str, run: Run, tmp_path: Path) -> None:
    log = compiled(run("params", *CASES[name].split(), "--format", "latex").out, tmp_path)
    too_wide = re.findall(r"Overfull \\hbox \((\d+)", log)
    too_high = re.findall(r"Overfull \\vbox", log)
    assert not too_wide
    assert not too_high
