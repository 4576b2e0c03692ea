"""Signals that end the program: at once, or after what has to be put right first."""

import os
import pty
import signal
import subprocess
import sys
import termios
from collections.abc import Callable, Iterator
from contextlib import suppress
from dis import opname
from pathlib import Path
from threading import Thread
from types import FrameType
from typing import Any

import pytest

from convcalc import cli
from convcalc.errors import Ended
from convcalc.files.images import _silence
from convcalc.files.save import replacing
from convcalc.present.player import terminal
from convcalc.present.player.terminal import full_screen
from convcalc.present.screens.progress import Bar
from convcalc.signals import ENDING, Cleanup

MAIN = "from convcalc.__main__ import main; main()"
OLD, NEW = b"what was here before", b"all of what is new"
pytestmark = pytest.mark.slow

LAYER = "--input 9x9x3 --filter 3 --filters 4 --stride 2"
SAVES = [
    f"params {LAYER} --svg {{}}.svg",
    f"forward {LAYER} --seed 1 --save {{}}.npy",
    f"forward {LAYER} --seed 1 --save {{}}.png",
    f"backward {LAYER} --seed 1 --own --save {{}}.npz",
    *(f"demo --input 3x3x1 --filters 1 --{form} {{}}.{form}" for form in ("gif", "svg", "html")),
    "network lenet5 --svg {}.svg",
]

FORWARD_RUN = "convcalc.compute.experiments.forward_run"


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Stand in an empty folder, in which Ctrl-C counts even for tests in the background."""
    monkeypatch.chdir(tmp_path)
    found = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, found)


def program(beginning: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the program, after a beginning that has the first arguments, to its end."""
    return subprocess.run(
        [
            sys.executable,
            "-c",
            beginning + "from convcalc.__main__ import main; main()",
            *arguments,
        ],
        env=os.environ | {"LC_ALL": "C.UTF-8", "OPENBLAS_NUM_THREADS": "1"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
    )


# --- while a file is written

WHEN_SAVING = """
import os, resource, signal, sys
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
number, name, moment = int(sys.argv.pop(1)), sys.argv.pop(1), sys.argv.pop(1)
function = getattr(os, name)
def signalled(path, *arguments, **options):
    ours = ".convcalc-" in str(path)
    if ours and moment == "before":
        os.kill(os.getpid(), number)
    done = function(path, *arguments, **options)
    if ours and moment == "after":
        os.kill(os.getpid(), number)
    return done
setattr(os, name, signalled)
"""
"""A program that gets a signal before or after something is done to the temporary file."""


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("name", ["open", "chmod", "replace"])
@pytest.mark.parametrize("number", ENDING)
def test_a_signal_while_saving_leaves_the_target_whole_and_nothing_else(
    number: signal.Signals, name: str, moment: str
) -> None:
    Path("new.svg").write_bytes(OLD)
    done = program(WHEN_SAVING, str(int(number)), name, moment, *SAVES[0].format("new").split())
    check_ended(done, number)
    assert os.listdir() == ["new.svg"]
    saved = (name, moment) == ("replace", "after")
    assert (Path("new.svg").read_bytes() != OLD) == saved


def check_ended(done: subprocess.CompletedProcess[str], number: signal.Signals) -> None:
    """Assert that a program ended by a signal, or by Ctrl-C, with nothing else to say."""
    if number == signal.SIGINT:
        assert (done.returncode, done.stderr) == (130, "convcalc: interrupted\n")
    else:
        assert (done.returncode, done.stderr) == (-number, "")
    assert done.stdout == ""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("command", SAVES, ids=lambda command: command[-6:])
def test_no_kind_of_file_is_left_half_written(command: str, number: signal.Signals) -> None:
    half = WHEN_HALF_WRITTEN.format(number=int(number))
    check_ended(program(half, *command.format("new").split()), number)
    assert os.listdir() == []


WHEN_HALF_WRITTEN = """
import io, os
import convcalc.files.save as save
class Half(io.BufferedRandom):
    def write(self, data):
        half = memoryview(data).cast("B")[: len(data) // 2]
        super().write(half)
        os.kill(os.getpid(), {number})
        return super().write(memoryview(data).cast("B")[len(half) :]) + len(half)
save.open = lambda path, mode, **options: Half(open(path, mode, buffering=0, **options))
"""
"""A program that gets a signal when the first of what it saves is half written."""


@pytest.mark.parametrize("number", ENDING)
def test_a_signal_that_is_ignored_stays_so(number: signal.Signals) -> None:
    ignoring = f"import signal\nsignal.signal({int(number)}, signal.SIG_IGN)\n" + WHEN_SAVING
    words = str(int(number)), "chmod", "after", *SAVES[0].format("new").split()
    done = program(ignoring, *words)
    assert (done.returncode, done.stderr) == (0, "")
    assert os.listdir() == ["new.svg"]


def at_every_step(number: signal.Signals, action: Callable[[], None]) -> Iterator[None]:
    """Do something with a signal at its first step, then at its second and so on to its last.

    A step is where Python looks for signals, while a handler of ours answers this one: when a
    function begins, after a call and at the end of a loop's body.
    """
    found = signal.getsignal(number)
    step = met = 0
    last: dict[FrameType, str] = {}

    def trace(frame: FrameType, event: str, _: Any) -> Any:
        nonlocal met
        frame.f_trace_opcodes = True
        now = opname[frame.f_code.co_code[frame.f_lasti]] if event == "opcode" else event
        looks = now in ("call", "JUMP_BACKWARD") or last.get(frame, "").startswith("CALL")
        last[frame] = now
        handler = signal.getsignal(number)
        if looks and callable(handler) and handler != found:
            met += 1
            if met == step:
                sys.settrace(None)
                last.clear()
                handler(number, frame)
        return trace

    while met == step:
        step, met = step + 1, 0
        others = sys.gettrace()
        sys.settrace(trace)
        with suppress(Ended, KeyboardInterrupt):
            action()
        sys.settrace(others)
        last.clear()
        assert signal.getsignal(number) == found
        yield


@pytest.fixture
def answered() -> Iterator[None]:
    """Answer SIGTERM, which would end the tests."""

    def end(number: int, _: FrameType | None) -> None:
        raise Ended(number)

    found = signal.signal(signal.SIGTERM, end)
    yield
    signal.signal(signal.SIGTERM, found)


@pytest.mark.usefixtures("answered")
@pytest.mark.filterwarnings("ignore:.*unclosed file")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_at_any_moment_of_a_save_leaves_a_whole_file(number: signal.Signals) -> None:
    target = Path("new.npy")

    def save() -> None:
        with replacing(target) as file:
            file.write(NEW)

    target.write_bytes(OLD)
    found = []
    for _ in at_every_step(number, save):
        assert os.listdir() == ["new.npy"]
        found.append(target.read_bytes())
        target.write_bytes(OLD)
    assert set(found) == {OLD, NEW}
    assert found.index(NEW) > 100


@pytest.mark.filterwarnings("ignore:.*unclosed file")
def test_all_is_put_right_by_the_time_a_signal_takes_its_course(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def save(*_: Any, **__: Any) -> None:
        with replacing(Path("new.npy")) as file:
            file.write(NEW)

    def end(*_: Any) -> None:
        found.append(set(os.listdir()))

    found: list[set[str]] = []
    codes: list[int] = []
    monkeypatch.setattr(cli.program, "main", save)
    before = signal.signal(signal.SIGTERM, end)
    steps = list(at_every_step(signal.SIGTERM, lambda: codes.append(cli.run([]))))
    signal.signal(signal.SIGTERM, before)
    assert len(codes) == len(steps)
    assert set(codes) == {0, 143}
    assert len(found) > 100
    assert all(names <= {"new.npy"} for names in found)


def state_of_terminal(terminal: int) -> tuple[Any, ...]:
    """What a full screen changes: a terminal's attributes, handlers, and descriptors."""
    numbers = (signal.SIGTSTP, signal.SIGWINCH, signal.SIGINT)
    wakeup = signal.set_wakeup_fd(-1)
    signal.set_wakeup_fd(wakeup)
    handlers = [signal.getsignal(number) for number in numbers]
    return termios.tcgetattr(terminal), handlers, wakeup, os.listdir("/proc/self/fd")


class Quiet:
    """A console that shows nothing."""

    def set_alt_screen(self, enable: bool) -> None:
        pass

    def show_cursor(self, show: bool) -> None:
        pass


@pytest.mark.usefixtures("answered")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_at_any_moment_gives_the_terminal_back(
    number: signal.Signals, monkeypatch: pytest.MonkeyPatch
) -> None:
    master, slave = pty.openpty()

    def use() -> None:
        with full_screen(Quiet()):
            pass

    with open(slave) as keyboard:
        monkeypatch.setattr(sys, "stdin", keyboard)
        before = state_of_terminal(slave)
        steps = [state_of_terminal(slave) for _ in at_every_step(number, use)]
    os.close(master)
    assert len(steps) > 50
    assert all(after == before for after in steps)


def test_a_signal_just_before_a_key_is_awaited_is_not_missed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def late(*arguments: Any) -> Any:
        signal.raise_signal(signal.SIGWINCH)
        return select(*arguments)

    select = terminal.select.select
    monkeypatch.setattr(terminal.select, "select", late)
    master, slave = pty.openpty()
    with open(slave) as keyboard:
        monkeypatch.setattr(sys, "stdin", keyboard)
        with full_screen(Quiet()) as screen:
            assert screen.key(0) == ""
    os.close(master)


@pytest.mark.usefixtures("answered")
@pytest.mark.filterwarnings("ignore:.*unclosed file")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_at_any_moment_leaves_stderr_where_it_was(number: signal.Signals) -> None:
    def use() -> None:
        with _silence():
            pass

    before = os.fstat(2)
    steps = [os.fstat(2) for _ in at_every_step(number, use)]
    assert len(steps) > 30
    assert all(after == before for after in steps)


class Live:
    """A bar that is drawn, and counts how often it was taken away."""

    stopped = 0

    def stop(self) -> None:
        self.stopped += 1


@pytest.mark.usefixtures("answered")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_at_any_moment_takes_the_bar_away_once(number: signal.Signals) -> None:
    def use() -> None:
        bar = Bar("a label", 1)
        bar._live = Live()
        bars.append(bar._live)
        with bar:
            pass

    bars: list[Any] = []
    steps = list(at_every_step(number, use))
    assert len(steps) > 30
    assert {bar.stopped for bar in bars} == {1}


def test_a_signal_that_a_library_swallows_is_raised_all_the_same() -> None:
    with pytest.raises(Ended), Cleanup(lambda: None), suppress(BaseException):
        signal.raise_signal(signal.SIGINT)
    with pytest.raises(Ended), Cleanup(lambda: None):
        try:
            signal.raise_signal(signal.SIGINT)
        finally:
            raise ValueError


def test_a_signal_waits_until_all_is_put_right() -> None:
    done = []

    def put_right() -> None:
        signal.raise_signal(signal.SIGINT)
        done.append("all")

    with pytest.raises(KeyboardInterrupt), Cleanup(put_right):
        pass
    assert done == ["all"]


def test_in_another_thread_signals_are_left_alone() -> None:
    found = signal.getsignal(signal.SIGTERM)

    def use() -> None:
        with Cleanup(lambda: done.append(signal.getsignal(signal.SIGTERM))):
            pass

    done: list[Any] = []
    thread = Thread(target=use)
    thread.start()
    thread.join()
    assert done == [found]


# --- while a bar is drawn

SLOW_CLOCK = """
from convcalc.present.screens import progress
seconds = iter(range(10**9))
progress.time.monotonic = lambda: next(seconds)
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_bar_is_taken_away_before_the_end(number: signal.Signals) -> None:
    beginning = SLOW_CLOCK + WHEN_HALF_WRITTEN.format(number=int(number))
    command = f"backward {LAYER} --seed 1 --own --save new.npz"
    master, slave = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", beginning + MAIN, *command.split()],
        env=os.environ | {"TERM": "xterm", "LC_ALL": "C.UTF-8"},
        stdout=subprocess.DEVNULL,
        stderr=slave,
    )
    os.close(slave)
    shown = b""
    with suppress(OSError):
        while block := os.read(master, 65536):
            shown += block
    os.close(master)
    assert process.wait() == (130 if number == signal.SIGINT else -number)
    assert b"\x1b[?25l" in shown
    assert shown.rindex(b"\x1b[?25h") > shown.rindex(b"\x1b[?25l")
    assert shown.endswith(b"convcalc: interrupted\r\n") == (number == signal.SIGINT)
    assert os.listdir() == []


# --- while modules load, and at the very end

WHEN_LOADING = """
import os, signal, sys
name = sys.argv.pop(1)
class Finder:
    def find_spec(self, module, path=None, target=None):
        if module == name:
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Finder())
"""
"""A program whose user presses Ctrl-C when it comes to load a module."""

AS_MODULE = "import runpy; runpy.run_module('convcalc', run_name='__main__', alter_sys=True)"


@pytest.mark.parametrize("start", [MAIN, AS_MODULE], ids=["command", "module"])
@pytest.mark.parametrize(
    ("module", "command"),
    [
        *((name, SAVES[0]) for name in ("convcalc.cli", "click", "inspect", "locale")),
        *((name, SAVES[0]) for name in ("convcalc.cli.params", "convcalc.layer.conv")),
        *((name, SAVES[0]) for name in ("rich.console", "rich.segment")),
        *((name, SAVES[1]) for name in ("numpy", "numpy._core._multiarray_umath", "PIL.Image")),
        *(
            (name, SAVES[1])
            for name in (
                "threadpoolctl",
                "numpy.random",
                "convcalc.compute.experiments.forward_run",
            )
        ),
    ],
)
def test_control_c_while_modules_load_is_one_word(module: str, command: str, start: str) -> None:
    words = [module, *command.format("new").split()]
    done = subprocess.run(
        [sys.executable, "-c", WHEN_LOADING + start, *words],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "convcalc: interrupted\n")


def test_nothing_is_loaded_before_control_c_is_answered() -> None:
    seen = (
        "import sys, _signal\nbefore = set(sys.modules)\nimport convcalc.__main__ as program\n"
        "_signal.signal = lambda *_: sys.exit(' '.join(set(sys.modules) - before))\n"
        "program.main()"
    )
    done = subprocess.run([sys.executable, "-c", seen], capture_output=True, text=True)
    assert set(done.stderr.split()) == {"convcalc", "convcalc.__main__"}


AT_THE_END = """
import atexit, os, signal, threading
atexit.register(os.kill, os.getpid(), signal.SIGINT)
threading.Thread(target=threading.Event().wait).start()
"""
"""A program with a thread that never ends, whose user presses Ctrl-C when Python itself ends."""


@pytest.mark.parametrize("command", [SAVES[0], SAVES[1], "--help", "params"])
def test_the_end_is_the_end(command: str) -> None:
    code = 2 if command == "params" else 0
    expected = program("", *command.format("new").split())
    done = program(AT_THE_END, *command.format("new").split())
    assert (done.returncode, done.stderr) == (expected.returncode, expected.stderr)
    assert done.returncode == code
    assert done.stdout.splitlines()[:1] == expected.stdout.splitlines()[:1]
