"""Every command and every Python snippet in the README, the docs and the docstrings is run."""

import doctest
import importlib
import pkgutil
import re
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest
from sybil import Example, Sybil
from sybil.parsers.markdown import CodeBlockParser, PythonCodeBlockParser

import convcalc
from convcalc.cli import COMMANDS, program

ROOT = Path(__file__).parents[2]
DOCS = sorted([ROOT / "README.md", *(ROOT / "docs").glob("*.md")])


CHANGING = re.compile(
    r"(?<=time: )[0-9.]+|(?<= )[0-9.]+(?= s\b)|≈?[0-9.]+ \w+(?= are free)|(?<=taken: )≈?[0-9.]+"
    r"|(?<=off by )[0-9.e-]+|(?<=off by\n)[0-9.e-]+|(?<=off\nby )[0-9.e-]+"
    r"|(?<=convolution's by )[0-9.e-]+"
    r"|(?<=difference is )[0-9.e-]+|(?<=difference is\n)[0-9.e-]+|(?<=difference )  .*e-.*"
)
"""Times, memory and rounding errors, shown as `...`: they differ from machine to machine."""


def run_console(example: Example) -> None:
    """Run a console block's commands; `...` in its output stands for anything on a line."""
    shown = commands_of(example.parsed)
    for command, output in shown:
        found = output_of(command, example.namespace["folder"])
        assert matches(output, found), f"$ {command}\n{found}"


def commands_of(block: str) -> list[tuple[str, str]]:
    parts = re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]
    return [(part.split("\n", 1)[0], part.split("\n", 1)[1]) for part in parts]


def output_of(command: str, folder: Path) -> str:
    environment = {
        "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin",
        "LC_ALL": "C.UTF-8",
        "COLUMNS": "80",
    }
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env=environment,
        text=True,
        encoding="utf-8",
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    return "\n".join(line.rstrip() for line in done.stdout.splitlines())


def matches(shown: str, found: str) -> bool:
    pattern = re.escape("\n".join(line.rstrip() for line in shown.strip("\n").splitlines()))
    return re.fullmatch(pattern.replace(r"\.\.\.", "[^\n]*"), found.strip("\n")) is not None


def examples_in(path: Path, folder: Path) -> list[Example]:
    sybil = Sybil(
        parsers=[PythonCodeBlockParser(), CodeBlockParser("console", run_console)],
        path=str(path.parent),
        filenames=[path.name],
    )
    document = sybil.parse(path)
    document.namespace["folder"] = folder
    return list(document.examples())


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the files the docs speak of, as in a clone."""
    shutil.copytree(ROOT / "docs", tmp_path / "docs")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.slow
@pytest.mark.parametrize("path", DOCS, ids=lambda path: str(path.relative_to(ROOT)))
def test_examples_do_what_they_show(path: Path, folder: Path, pytestconfig: pytest.Config) -> None:
    if pytestconfig.getoption("--update"):
        update(path, folder)
    for example in examples_in(path, folder):
        example.evaluate()


def update(path: Path, folder: Path) -> None:
    """Write the output of every console block anew, keeping lines that already match."""

    def renewed(block: re.Match[str]) -> str:
        text = ""
        for command, output in commands_of(block[2]):
            found = output_of(command, folder).strip("\n") + "\n"
            timeless = CHANGING.sub("...", found)
            text += f"$ {command}\n" + (output if matches(output, found) else timeless)
        return f"{block[1]}{text}{block[3]}"

    text = path.read_text(encoding="utf-8")
    blocks = re.compile(r"(^```console\n)(.*?)(^```)", re.MULTILINE | re.DOTALL)
    path.write_text(blocks.sub(renewed, text), encoding="utf-8")


@pytest.mark.slow
def test_a_wrong_output_is_noticed(folder: Path) -> None:
    page = folder / "page.md"
    page.write_text("```console\n$ convcalc --version\nconvcalc 99\n```\n")
    [example] = examples_in(page, folder)
    with pytest.raises(AssertionError):
        example.evaluate()


MODULES = [
    module.name
    for module in pkgutil.walk_packages(convcalc.__path__, "convcalc.")
    if not module.name.endswith("__main__")
]


@pytest.mark.parametrize("name", ["convcalc", *MODULES])
def test_docstring_examples(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def command_named(name: str) -> click.Command:
    command = program.get_command(click.Context(program), name)
    assert command
    return command


def reference() -> str:
    """The CLI reference, from the program's own help."""
    pages = ["# Command-line reference\n\nWhat the program itself says; checked by the tests.\n"]
    for names in [(), *((name,) for name in sorted(COMMANDS))]:
        command = program if not names else command_named(names[0])
        title = " ".join(("convcalc", *names))
        context = click.Context(
            command,
            info_name=title,
            max_content_width=80,
            terminal_width=80,
            help_option_names=["-h", "--help"],
        )
        pages.append(f"## {title}\n\n```text\n{command.get_help(context)}\n```\n")
    return "\n".join(pages)


def test_the_reference_is_what_the_program_says(pytestconfig: pytest.Config) -> None:
    path = ROOT / "docs" / "cli.md"
    if pytestconfig.getoption("--update"):
        path.write_text(reference(), encoding="utf-8")
    assert path.read_text(encoding="utf-8") == reference()
