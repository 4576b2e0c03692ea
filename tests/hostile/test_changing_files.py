"""Files that change while they are read: one sentence, and never a signal that ends the process."""

import io
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pytest
from conftest import Run
from PIL import Image

from convcalc import ConvLayer
from convcalc.cli import run
from convcalc.compute.data.own_weights import FromFile
from convcalc.compute.forward.unshared import forward_in_tiles
from convcalc.compute.tools import memory
from convcalc.errors import FileChanged
from convcalc.files.arrays import ArrayFile
from convcalc.files.regular import RegularFile
from convcalc.shapes import unshared_weights_shape

HERE = os.pathsep.join(str(folder) for folder in Path(__file__).parents[:2])
"""Where another process finds this module, and what tests share."""


def replaced(path: Path) -> None:
    """Put a copy of the file, as old as it is, in its place."""
    copy = path.with_name("copy")
    shutil.copy2(path, copy)
    os.replace(copy, path)


def rewritten(path: Path) -> None:
    """Write other numbers of the same size over the end of the file."""
    with open(path, "r+b") as file:
        file.seek(-16, os.SEEK_END)
        file.write(b"\x3f" * 16)


def turned_into(make: Callable[[Path], Any]) -> Callable[[Path], None]:
    """Return a change that puts something else where the file was."""

    def change(path: Path) -> None:
        path.unlink()
        make(path)

    return change


CHANGES: dict[str, Callable[[Path], None]] = {
    "cut to its header": lambda path: os.truncate(path, 128),
    "cut within its header": lambda path: os.truncate(path, 20),
    "cut to nothing": lambda path: os.truncate(path, 0),
    "cut by one byte": lambda path: os.truncate(path, path.stat().st_size - 1),
    "cut in half": lambda path: os.truncate(path, path.stat().st_size // 2),
    "longer": lambda path: os.truncate(path, path.stat().st_size + 1),
    "gone": Path.unlink,
    "replaced": replaced,
    "rewritten": rewritten,
    "a folder": turned_into(Path.mkdir),
    "a pipe": turned_into(os.mkfifo),
    "a device": turned_into(lambda path: path.symlink_to("/dev/zero")),
    "a link to nothing": turned_into(lambda path: path.symlink_to("nothing")),
    "a link to itself": turned_into(lambda path: path.symlink_to(path.name)),
}


OFTEN = ("cut in half", "gone", "rewritten")

COMMANDS = {
    "x.npy": "forward x.npy --filter 3 --filters 2 --save y.npy",
    "fortran.npy": "forward fortran.npy --filter 3 --filters 2",
    "long.npy": "shift long.npy --by 1x1 --filter 1 --filters 1",
    "weights.npy": "backward --input 50x50x3 --weights weights.npy --check 0 --save y.npz",
    "bias.npy": "forward --input 1x1x1 --filter 1 --filters 5000 --bias bias.npy",
    "own.npy": "forward --input 100x100x3 --stride 5 --unshared --weights own.npy --save y.npy",
    "own-fortran.npy": "forward --input 100x100x3 --stride 5 --unshared --weights own-fortran.npy",
    "own-bias.npy": "forward --input 100x100x1 --filter 1 --filters 2 --unshared "
    "--bias own-bias.npy",
    "x.png": "forward x.png --filter 3 --filters 2",
    "x.bmp": "backward x.bmp --filter 3 --filters 2 --check 0",
    "x.jpg": "shift x.jpg --by 1x1 --filter 3 --filters 2",
    "x.webp": "forward x.webp --filter 3 --filters 2 --tied",
    "x.tif": "demo --image x.tif --steps",
    "lzw.tif": "forward lzw.tif --filter 3 --filters 2",
}
"""A command line that reads each file; one of `--upstream` is read as soon as it is opened."""


def write_files() -> None:
    """Write every file into this folder, as if long ago."""
    rng = np.random.default_rng(0)
    x, own = rng.random((100, 100, 3)), rng.random((20, 20, 4, 5, 5, 3))
    arrays = {
        "x": x,
        "fortran": np.asfortranarray(x),
        "long": rng.random((5000, 1, 1)),
        "weights": rng.random((20, 20, 20, 3)),
        "bias": rng.random(5000),
        "own": own,
        "own-fortran": np.asfortranarray(own),
        "own-bias": rng.random((100, 100, 2)),
    }
    for name, array in arrays.items():
        np.save(f"{name}.npy", array)
    pixels = Image.fromarray(rng.integers(0, 256, (100, 100, 3), np.uint8))
    for name in ("png", "bmp", "jpg", "webp", "tif"):
        pixels.save(f"x.{name}")
    pixels.save("lzw.tif", compression="tiff_lzw")
    for path in Path().iterdir():
        os.utime(path, (10**9, 10**9))


def changed_on_the_way(name: str, change: str) -> tuple[int, str, str, bool]:
    """Run the command line that reads a file, and change that between its header and the rest."""
    os.mkdir(folder := f"{name}-{change}")
    shutil.copy2(name, folder)
    os.chdir(folder)
    memory.require_memory = lambda needs: CHANGES[change](Path(name))
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = run(COMMANDS[name].split())
    saved = bool(list(Path().glob("y.*")) + list(Path().glob(".convcalc*")))
    os.chdir("..")
    return code, out.getvalue(), err.getvalue(), saved


@pytest.mark.slow
def test_an_operand_that_changes_once_its_header_is_read_is_refused(tmp_path: Path) -> None:
    """In a process of its own, which a mapped file would end."""
    cases = [
        (name, change)
        for name in COMMANDS
        for change in (CHANGES if name in ("x.npy", "own.npy", "lzw.tif") else OFTEN)
    ]
    script = (
        "import json, sys; from test_changing_files import changed_on_the_way, write_files\n"
        "write_files()\n"
        "for case in json.load(sys.stdin): print(json.dumps(changed_on_the_way(*case)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": HERE, "LC_ALL": "C.UTF-8"},
        input=json.dumps(cases),
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr) == (0, "")
    outcomes = [json.loads(line) for line in done.stdout.splitlines()]
    for (name, change), (code, out, err, saved) in zip(cases, outcomes, strict=True):
        case = (name, change, err)
        assert (code, out, saved) == (1, "", False), case
        assert re.fullmatch(
            rf"convcalc: (SOURCE|--\w+) {name}: (was changed while it was read|can no longer be "
            r"read \([a-z ]+\)); run it again when nothing writes the file\n",
            err,
        ), case


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def old(path: Path, content: bytes) -> Path:
    """Write a file as if long ago."""
    path.write_bytes(content)
    os.utime(path, (10**9, 10**9))
    return path


@pytest.mark.parametrize("change", CHANGES)
def test_a_file_is_read_as_it_was_found_or_not_at_all(folder: Path, change: str) -> None:
    path = old(folder / "file", bytes(range(250)))
    file = RegularFile("SOURCE", path, "give another")
    assert file.read(3, 2) == b"\3\4"
    CHANGES[change](path)
    with pytest.raises(FileChanged, match="SOURCE "):
        file.read(3, 2)
    entered = False
    with pytest.raises(FileChanged, match="SOURCE "), file.opened():
        entered = True
    assert not entered


@pytest.mark.parametrize("change", [name for name in CHANGES if "cut" in name] + ["rewritten"])
def test_what_was_read_of_a_file_that_changes_meanwhile_is_not_used(
    folder: Path, change: str
) -> None:
    path = old(folder / "file", bytes(range(250)))
    file = RegularFile("SOURCE", path, "give another")
    with pytest.raises(FileChanged, match="changed while it was read"), file.opened() as opened:
        opened.read(5)
        CHANGES[change](path)


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("order", ["C", "F"])
def test_an_array_that_changes_between_two_parts_is_refused(
    folder: Path, change: str, order: Literal["C", "F"], monkeypatch: pytest.MonkeyPatch
) -> None:
    np.save(path := folder / "x.npy", np.ones((9, 8, 7), order=order))
    os.utime(path, (10**9, 10**9))
    array = ArrayFile(RegularFile("SOURCE", path, "give another"), 3)
    parts: list[int] = []
    read = array.numbers

    def read_and_change(start: int, count: int, dtype: np.dtype[Any]) -> Any:
        if len(parts) == 2:
            CHANGES[change](path)
        parts.append(start)
        return read(start, count, dtype)

    monkeypatch.setattr(array, "numbers", read_and_change)
    with pytest.raises(FileChanged):
        array.read(np.dtype("float32"), at_a_time=400)
    assert len(parts) == 3


@pytest.mark.parametrize("change", CHANGES)
def test_unshared_weights_that_change_during_the_pass_are_refused(
    folder: Path, change: str
) -> None:
    layer = ConvLayer(input=(9, 9, 2), filter=3, filters=4)
    np.save(path := folder / "w.npy", np.ones(unshared_weights_shape(layer)))
    os.utime(path, (10**9, 10**9))
    file = ArrayFile(RegularFile("weights", path, "give another"), 6)
    dtype = np.dtype("float64")

    def numbers(start: int, count: int) -> Any:
        if start > 1000 and not changed:
            changed.append(start)
            CHANGES[change](path)
        return file.numbers(start, count, dtype)

    changed: list[int] = []
    weights = FromFile(layer, dtype, numbers)
    weights.tile_bytes = 2000
    with pytest.raises(FileChanged, match="weights "):
        forward_in_tiles(layer, np.ones((9, 9, 2)), weights, threads=2)


def test_a_cell_of_a_layer_that_is_saved_over_its_weights_is_shown(run_in: Run) -> None:
    np.save("w.npy", np.full((2, 2, 1, 2, 2, 1), 3.0))
    words = "forward --input 3x3x1 --unshared --weights w.npy --at 1,1,0 --save w.npy"
    code, out, err = run_in(*words.split(), "--format", "json")
    assert (code, err) == (0, "")
    assert json.loads(out)["cell"]["weights"] == [[[3.0], [3.0]], [[3.0], [3.0]]]
    assert np.load("w.npy").shape == (2, 2, 1)


@pytest.mark.parametrize("name", ["x.png", "x.jpg", "x.bmp", "x.tif", "lzw.tif", "x.webp"])
def test_pillow_is_given_nothing_that_can_be_mapped(
    run_in: Run, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It maps a file of which it knows the name, and libtiff one of which it knows the number."""
    write_files()
    given: list[Any] = []
    real = Image.open

    def watched(file: Any, **options: Any) -> Any:
        given.append(file)
        return real(file, **options)

    monkeypatch.setattr(Image, "open", watched)
    assert run_in("forward", name, "--filter", 3, "--filters", 1).code == 0
    assert len(given) == 2
    for file in given:
        assert not isinstance(file, str | bytes | os.PathLike)
        assert not hasattr(file, "name")
        with pytest.raises((AttributeError, OSError)):
            file.fileno()


@pytest.fixture
def run_in(run: Run, folder: Path) -> Run:
    """Run `convcalc` in a folder of its own."""
    return run
