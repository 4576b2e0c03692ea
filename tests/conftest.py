"""Options and fixtures for all tests; in CI a skipped test is a failure."""

import os
import shutil
from collections.abc import Callable
from typing import NamedTuple

import pytest
from hypothesis import settings
from support.programs import NEEDED

settings.register_profile("repeatable", deadline=None, derandomize=True)
settings.load_profile("repeatable")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update",
        action="store_true",
        help="write golden files, the CLI reference and console blocks anew: then read the diff",
    )


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a test, except in CI, where the program is missing that its marker tells of."""
    for marker, program in NEEDED.items():
        if item.get_closest_marker(marker) and not (shutil.which(program) or os.environ.get("CI")):
            pytest.skip(f"needs {program}")


def pytest_sessionfinish(session: pytest.Session) -> None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") and reporter and reporter.stats.get("skipped"):
        reporter.write_line("a test was skipped: CI must run them all", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


class Outcome(NamedTuple):
    """What a command line did."""

    code: int
    out: str
    err: str


Run = Callable[..., Outcome]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run `convcalc` in this process, 80 columns wide, in UTF-8, as if piped."""
    from convcalc.cli import run as run_convcalc

    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.setenv("COLUMNS", "80")

    def run_once(*arguments: object) -> Outcome:
        capsys.readouterr()
        code = run_convcalc([str(argument) for argument in arguments])
        return Outcome(code, *capsys.readouterr())

    return run_once
