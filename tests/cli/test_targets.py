"""Where files are to be written: what can be seen to fail is refused before the work is done."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Run

from convcalc.compute.tools import memory

LAYER = "--input 6x6x1 --filter 3 --filters 1"
COMMANDS = {
    "--save y.npy": f"forward {LAYER}",
    "--save y.png": f"forward {LAYER}",
    "--save y.npz": f"backward {LAYER}",
    "--svg y.svg": f"backward {LAYER}",
    "--svg t.svg": f"params {LAYER}",
    "--svg d.svg": "demo",
    "--svg n.svg": "network lenet5",
    "--gif d.gif": "demo",
    "--html d.html": "demo",
}
"""Every option that names a file to write, and a command that has it."""


def writable(path: Path) -> Path:
    path.write_bytes(b"as it was")
    return path


def link(path: Path, name: str) -> Path:
    """Make a link to a file beside it."""
    path.symlink_to(writable(path.with_name(name)))
    return path


PROTECTED = "is there already and is write-protected"
NO_FILE = "is there already and is not a file"
CLOSED = "its folder cannot be written"

TARGETS: dict[str, tuple[Callable[[Path], object], str]] = {
    "read only": (lambda path: writable(path).chmod(0o444), PROTECTED),
    "without any permission": (lambda path: writable(path).chmod(0), PROTECTED),
    "to be run only": (lambda path: writable(path).chmod(0o555), PROTECTED),
    "for others to write": (lambda path: writable(path).chmod(0o466), PROTECTED),
    "a link to what is read only": (lambda path: link(path, "other").chmod(0o444), PROTECTED),
    "a folder": (Path.mkdir, NO_FILE),
    "a link to a folder": (lambda path: path.symlink_to(path.parent), NO_FILE),
    "a pipe": (os.mkfifo, NO_FILE),
    "a link to a device": (lambda path: path.symlink_to("/dev/null"), NO_FILE),
    "new, in a folder that is read only": (lambda path: path.parent.chmod(0o555), CLOSED),
    "in a folder that is read only": (lambda path: writable(path).parent.chmod(0o555), CLOSED),
    "in a folder that cannot be entered": (lambda path: path.parent.chmod(0o666), CLOSED),
    "a link into no folder": (lambda path: path.symlink_to("no/y"), "its folder does not exist"),
    "a link to itself": (lambda path: path.symlink_to(path), "is not a usable file name"),
}


def may(path: str | Path, mode: int) -> bool:
    """Whether the owner may, whoever runs the tests: root may do anything."""
    return os.stat(path).st_mode >> 6 & mode == mode


@pytest.mark.parametrize("option", COMMANDS)
@pytest.mark.parametrize("target", TARGETS)
def test_a_target_that_cannot_be_written_is_refused_before_the_work(
    run: Run, target: str, option: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def work(needs: dict[str, int]) -> None:
        raise AssertionError("the work was begun")

    make, problem = TARGETS[target]
    name, file = option.split()
    folder = tmp_path / "folder"
    folder.mkdir()
    make(folder / file)
    monkeypatch.setattr(os, "access", may)
    monkeypatch.setattr(memory, "require_memory", work)
    code, out, err = run(*COMMANDS[option].split(), name, folder / file)
    folder.chmod(0o755)
    assert (code, out) == (2, "")
    assert err.startswith(f"convcalc: {name} /")
    assert f": {problem}; give a file name" in err
    assert {path.name for path in folder.iterdir()} <= {file, "other"}


@pytest.mark.slow
@pytest.mark.parametrize("option", COMMANDS)
@pytest.mark.parametrize("mode", [0o644, 0o600, 0o200])
def test_a_target_that_may_be_written_is_replaced_and_keeps_its_permissions(
    run: Run, mode: int, option: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name, file = option.split()
    writable(tmp_path / file).chmod(mode)
    monkeypatch.setattr(os, "access", may)
    assert run(*COMMANDS[option].split(), name, tmp_path / file).code == 0
    status = (tmp_path / file).stat()
    assert (status.st_mode & 0o777, status.st_size > 9) == (mode, True)


@pytest.mark.parametrize("file", ["a" * 300 + ".npy", "a/" * 3000 + "y.npy", "y\0.npy"])
def test_a_name_that_no_file_can_have_is_refused(run: Run, file: str, tmp_path: Path) -> None:
    code, out, err = run("forward", *LAYER.split(), "--save", tmp_path / file)
    assert (code, out) == (2, "")
    assert "is not a usable file name" in err or "its folder does not exist" in err
