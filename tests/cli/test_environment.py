"""An environment that lies, streams and descriptors that are missing, systems that are not Unix."""

import io
import os
import pty
import re
import select
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from itertools import chain, combinations
from pathlib import Path

import pytest
from conftest import Run
from PIL import Image
from support.terminals import in_terminal, plain

from convcalc.compute.tools import memory

LAYER = "--input 9x9x3 --filter 3 --filters 4 --stride 2"
COMMANDS = [
    *(f"params {LAYER} --format {form}" for form in ("table", "json", "csv", "markdown", "latex")),
    f"params {LAYER} --explain",
    f"params {LAYER} --answer 34",
    f"params {LAYER} --as pytorch",
    f"params {LAYER} --svg new.svg",
    "solve --input 9x9x3 --output 4x4x8",
    f"forward {LAYER} --seed 1",
    f"forward {LAYER} --seed 1 --at 1,1,0 --explain",
    f"forward {LAYER} --seed 1 --compare",
    f"forward {LAYER} --seed 1 --unshared --save new.png",
    f"backward {LAYER} --seed 1 --learning-rate 0.1 --svg new.svg",
    f"shift {LAYER} --seed 1 --by 2x0",
    "demo --steps --input 3x3x1 --filters 1",
    *(f"demo --input 3x3x1 --filters 1 --{form} new.{form}" for form in ("gif", "svg", "html")),
    "--help",
    "forward --help",
]


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand in an empty folder."""
    monkeypatch.chdir(tmp_path)


FIGURE = r"≈?[0-9][0-9.,]*(e[-+]\d+)?( ([mµ]?s|bytes|[kM]?B)\b)?"


def shape(text: str) -> list[str]:
    """The lines of a text without its figures, some of which are times."""
    return [" ".join(re.sub(FIGURE, "#", line).split()) for line in text.splitlines()]


# --- sizes

NO_SIZE = [
    "0",
    "000",
    "-5",
    "80x",
    "",
    " ",
    "²",
    "٣",
    "８０",
    "1e2",
    "+80",
    "8_0",
    "10" * 6,
    "9" * 5000,
    "\udcff",
]


@pytest.mark.slow
@pytest.mark.parametrize("command", COMMANDS)
def test_a_size_that_makes_no_sense_counts_as_unset(
    command: str, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("COLUMNS", "LINES"):
        monkeypatch.delenv(name, raising=False)
    expected = run(*command.split())
    assert (expected.code, bool(expected.out)) == (0, True)
    for text in NO_SIZE:
        monkeypatch.setenv("COLUMNS", text)
        monkeypatch.setenv("LINES", text)
        code, out, err = run(*command.split())
        assert (code, shape(out), err) == (0, shape(expected.out), expected.err), text


@pytest.mark.slow
@pytest.mark.parametrize("command", COMMANDS)
def test_any_width_from_one_column_on_is_enough(
    command: str, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    for columns in (*range(1, 11), 99999):
        monkeypatch.setenv("COLUMNS", str(columns))
        monkeypatch.setenv("LINES", str(columns))
        code, out, _ = run(*command.split())
        assert code == 0
        assert re.search(r"\w", out), columns


def test_a_message_is_as_wide_as_the_terminal_it_is_for(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever stdout is; and a terminal that says it has no columns has 80."""
    monkeypatch.delenv("COLUMNS")
    for columns, widest in [(40, 40), (0, 80)]:
        master, slave = pty.openpty()
        with open(slave, "w", encoding="utf-8") as stderr, redirect_stderr(stderr):
            set_columns(slave, columns)
            assert run("params", "--input", "224x224x3", "--filter", "11").code == 2
        lines = os.read(master, 4096).decode().splitlines()
        os.close(master)
        assert widest - 20 < max(map(len, lines)) <= widest


def set_columns(terminal: int, columns: int) -> None:
    """Give a terminal a width, and no height."""
    import fcntl
    import struct
    import termios

    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 0, columns, 0, 0))


@pytest.mark.slow
@pytest.mark.parametrize("columns", ["", "0", "²"])
@pytest.mark.parametrize("term", ["xterm", "dumb", ""])
def test_a_terminal_that_has_no_columns_has_80(columns: str, term: str) -> None:
    """A new terminal has none until somebody says how many."""
    text = plain(in_terminal(f"params {LAYER}", 80, COLUMNS=columns, TERM=term))
    assert text == plain(in_terminal(f"params {LAYER}", 80, TERM=term))
    assert 60 < max(map(len, text.splitlines())) <= 80


@pytest.mark.slow
@pytest.mark.parametrize("term", ["dumb", "unknown"])
def test_a_dumb_terminal_is_as_wide_as_it_says(term: str) -> None:
    lines = in_terminal(f"params {LAYER}", 60, TERM=term).splitlines()
    assert max(map(len, lines)) <= 60
    lines = in_terminal(f"params {LAYER}", 100, TERM=term).splitlines()
    assert 80 < max(map(len, lines)) <= 100


# --- what else an environment says


@pytest.mark.slow
@pytest.mark.parametrize(
    "environment",
    [
        {"FORCE_COLOR": ""},
        {"TTY_COMPATIBLE": "²", "TTY_INTERACTIVE": "maybe"},
        {"UNICODE_VERSION": "²"},
        {"UNICODE_VERSION": "-1"},
        {"UNICODE_VERSION": "9" * 5000},
        {"COLORTERM": "²"},
        {"HOME": "/nowhere", "TMPDIR": "/nowhere", "XDG_CONFIG_HOME": "\n"},
        {"TZ": "nowhere"},
    ],
    ids=lambda environment: " ".join(environment),
)
def test_nonsense_for_a_library_counts_as_unset(environment: dict[str, str]) -> None:
    command = f"params {LAYER} --svg new.svg"
    assert in_terminal(command, 80, **environment) == in_terminal(command, 80)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["PILLOW_ALIGNMENT", "PILLOW_BLOCK_SIZE", "PILLOW_BLOCKS_MAX"])
def test_nonsense_for_pillow_is_no_message(name: str) -> None:
    done = program("demo", "--gif", "new.gif", **{name: "²"})
    assert (done.returncode, done.stderr) == (0, b"")


def program(*words: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Run the program to its end, its output in pipes."""
    return subprocess.run(
        [sys.executable, "-m", "convcalc", *words],
        env=os.environ | {"LC_ALL": "C.UTF-8"} | environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
    )


@pytest.mark.slow
@pytest.mark.parametrize("variable", ["FORCE_COLOR", "TTY_COMPATIBLE"])
def test_keys_are_not_awaited_where_nobody_sees_the_screen(variable: str) -> None:
    master, slave = pty.openpty()
    with open(slave) as keyboard:
        done = subprocess.run(
            [sys.executable, "-m", "convcalc", "demo"],
            env=os.environ | {"TERM": "xterm", variable: "1"},
            stdin=keyboard,
            capture_output=True,
            timeout=20,
        )
    os.close(master)
    assert done.returncode == 0
    assert b"?1049h" not in done.stdout
    assert b"step 18 of 18" in done.stdout


@pytest.mark.parametrize("text", ["nonsense", "²", "xx_YY.UTF-8", "C.", "\udcff", "/", "9" * 5000])
@pytest.mark.parametrize(("weaker", "is_ascii"), [("C", True), ("POSIX", True), ("C.UTF-8", False)])
def test_a_locale_that_is_none_counts_as_unset(
    text: str, weaker: str, is_ascii: bool, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LC_CTYPE", raising=False)
    monkeypatch.setenv("LC_ALL", text)
    monkeypatch.setenv("LANG", weaker)
    assert run(*COMMANDS[0].split()).out.isascii() == is_ascii
    monkeypatch.setenv("LC_CTYPE", text)
    assert run(*COMMANDS[0].split()).out.isascii() == is_ascii


@pytest.mark.slow
@pytest.mark.parametrize("command", [COMMANDS[0], COMMANDS[1], "--help", "params", "demo --steps"])
@pytest.mark.parametrize(
    ("encoding", "found"),
    [("undefined", "utf-8"), ("idna", "utf-8"), ("utf-16", "utf-16"), ("cp037", "cp037")],
)
def test_an_encoding_that_cannot_write_ascii_counts_as_unset(
    command: str, encoding: str, found: str, run: Run
) -> None:
    expected = run(*command.split())
    out = io.TextIOWrapper(io.BytesIO(), "latin-1")
    err = io.TextIOWrapper(io.BytesIO(), "latin-1")
    for stream in (out, err):
        stream.reconfigure(encoding=encoding)
    with redirect_stdout(out), redirect_stderr(err):
        code = run(*command.split()).code
    texts = []
    for stream in (out, err):
        stream.flush()
        texts.append(stream.buffer.getvalue().decode(found))
    assert code == expected.code
    as_wide = [len(text.replace("->", "→")) for text in texts]
    assert as_wide == [len(expected.out), len(expected.err)]


@pytest.mark.parametrize(
    "environment",
    [
        *({"_CONVCALC_COMPLETE": text} for text in ("nonsense", "_", "²", "bash", "tcsh_source")),
        *({"_CONVCALC_COMPLETE": f"{shell}_complete"} for shell in ("bash", "zsh", "fish")),
        {"_CONVCALC_COMPLETE": "bash_complete", "COMP_WORDS": "convcalc p", "COMP_CWORD": "²"},
        {"_CONVCALC_COMPLETE": "fish_complete", "COMP_WORDS": "convcalc p", "COMP_CWORD": " "},
    ],
    ids=lambda environment: " ".join(environment.values()),
)
def test_a_shell_that_asks_for_no_completions_gets_what_was_typed(
    environment: dict[str, str], run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = run("--help")
    for name, text in environment.items():
        monkeypatch.setenv(name, text)
    assert run("--help") == expected


def test_a_shell_that_asks_for_completions_gets_them(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("_CONVCALC_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", "convcalc ba")
    monkeypatch.setenv("COMP_CWORD", "1")
    assert run() == (0, "plain,backward\n", "")


# --- streams and descriptors

CLOSED = [
    " ".join(some)
    for some in chain(*(combinations(("<&-", ">&-", "2>&-"), many) for many in range(4)))
]


@pytest.mark.slow
@pytest.mark.parametrize("closed", CLOSED)
def test_any_streams_closed_are_no_error(closed: str) -> None:
    def started(command: str, closed: str = "") -> tuple[int, bytes, bytes]:
        done = subprocess.run(
            [
                "sh",
                "-c",
                f'exec "$@" {closed}',
                "sh",
                sys.executable,
                "-m",
                "convcalc",
                *command.split(),
            ],
            stdin=subprocess.DEVNULL,
            capture_output=True,
        )
        return done.returncode, done.stdout, done.stderr

    for command in ("demo --input 4x3x1 --filters 1", "demo --svg new.svg --pad 1x0", "params"):
        code, out, err = started(command)
        drawn = Path("new.svg").read_bytes() if "svg" in command else b""
        assert started(command, closed) == (
            code,
            b"" if ">&-" in closed.split() else out,
            b"" if "2>&-" in closed else err,
        )
        assert not drawn or Path("new.svg").read_bytes() == drawn


OPEN_A_FILE = """
import os, sys, convcalc.cli
convcalc.cli.run = lambda _: os.open("new", os.O_CREAT | os.O_WRONLY)
from convcalc.__main__ import main
main([])
"""
"""A program whose exit code is the descriptor of the first file it opens."""


@pytest.mark.slow
@pytest.mark.parametrize("closed", CLOSED)
def test_no_file_is_mistaken_for_a_stream(closed: str) -> None:
    script = f'exec "$@" {closed}'
    done = subprocess.run(["sh", "-c", script, "sh", sys.executable, "-c", OPEN_A_FILE])
    assert done.returncode == 3


WITH_NONE_FREE = """
import io, resource, sys
from contextlib import redirect_stderr, redirect_stdout
from convcalc.__main__ import main
from convcalc.cli import run
free, arguments = int(sys.argv[1]), sys.argv[2:]
with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
    run(arguments)
most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
resource.setrlimit(resource.RLIMIT_NOFILE, (3 + free, most))
main(arguments)
"""
"""A program that has loaded all it needs when so many descriptors are free."""


def with_free(free: int, command: str, stdout: int) -> tuple[int, str]:
    """The code of a command, and what it says on stderr, with so many descriptors free."""
    done = subprocess.run(
        [sys.executable, "-c", WITH_NONE_FREE, str(free), *command.split()],
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"LC_ALL": "C.UTF-8", "PYTHONUNBUFFERED": ""},
    )
    return done.returncode, done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("command", [COMMANDS[0], COMMANDS[1], "--help", "demo --steps"])
def test_output_that_cannot_be_dropped_is_no_traceback(command: str) -> None:
    with open("/dev/full", "wb") as full:
        assert with_free(0, command, full.fileno()) == (
            1,
            "convcalc: cannot write the output: no space left on device\n",
        )
    reader, writer = os.pipe()
    os.close(reader)
    assert with_free(0, command, writer) == (0, "")
    os.close(writer)


@pytest.mark.slow
@pytest.mark.parametrize(("free", "said"), [(0, "too many open files"), (1, ""), (2, ""), (3, "")])
def test_an_image_needs_one_descriptor(free: int, said: str) -> None:
    Image.new("RGB", (9, 9)).save("grey.png")
    command = "forward grey.png --filter 3 --filters 2 --seed 1"
    code, err = with_free(free, command, subprocess.DEVNULL)
    assert (code, said in err, "damaged" in err) == (2 if said else 0, True, False)
    assert len(err.splitlines()) == bool(said)


LOADING = """
import resource, sys
class Finder:
    def find_spec(self, name, path=None, target=None):
        if name == sys.argv[1]:
            most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
            resource.setrlimit(resource.RLIMIT_NOFILE, (3, most))
sys.meta_path.insert(0, Finder())
from convcalc.__main__ import main
main(sys.argv[2:])
"""
"""A program that has no descriptor left when it comes to load a module."""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("module", "command"),
    [
        ("click", COMMANDS[0]),
        ("convcalc.cli", COMMANDS[0]),
        ("convcalc.cli.params", COMMANDS[0]),
        ("rich.console", COMMANDS[0]),
        ("numpy", COMMANDS[10]),
        ("numpy._core._multiarray_umath", COMMANDS[10]),
        ("PIL._imaging", COMMANDS[10]),
    ],
)
def test_a_library_that_cannot_be_loaded_is_one_sentence(module: str, command: str) -> None:
    words = [sys.executable, "-c", LOADING, module, *command.split()]
    done = subprocess.run(words, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (1, "")
    assert re.fullmatch(r"convcalc: cannot .{,200}too many open files.{,99}\n", done.stderr, re.I)


# --- systems that are not Unix, or hardly


@pytest.mark.parametrize(
    ("limit", "used", "stat"),
    [
        ("", "1", "inactive_file 1"),
        ("lots", "1", "inactive_file 1"),
        ("9", "", "inactive_file 1"),
        ("9", "1.5", "inactive_file 1"),
        ("9", "1", ""),
        ("9", "1", "inactive_file"),
        ("9", "1", "inactive_file 1 2"),
        ("9", "1", "inactive_file lots"),
        ("9", "1", "inactive_anon 1"),
    ],
)
def test_a_container_that_tells_nonsense_sets_no_limit(
    limit: str, used: str, stat: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(memory, "CGROUP", tmp_path)
    for name, text in (("max", limit), ("current", used), ("stat", stat)):
        (tmp_path / f"memory.{name}").write_text(text)
    free = memory.free_memory()
    assert free is None or free > 9


@pytest.mark.parametrize("text", ["VmHWM:", "VmHWM: lots kB", "VmHWM: 1.5 kB", "", "VmRSS: 1 kB"])
def test_a_system_that_tells_nonsense_of_itself_is_not_believed(
    text: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "status").write_text(text)
    monkeypatch.setattr(memory, "Path", lambda _: tmp_path / "status")
    assert (memory.peak_memory() or 10**7) > 10**6


HIDING = """
import os, signal, sys
hidden = sys.argv.pop(1).split()
for name in hidden:
    module, _, attribute = name.rpartition(".")
    if not module:
        sys.modules[name] = None
    elif hasattr(sys.modules[module], attribute):
        delattr(sys.modules[module], attribute)
"""
"""A beginning that leaves a system without modules, and without attributes of them."""

HIDDEN = [
    *"termios tty fcntl resource pwd grp os.sched_getaffinity os.mkfifo os.sysconf".split(),
    *"signal.SIGTSTP signal.SIGWINCH signal.SIGHUP signal.SIGQUIT signal.SIGXCPU".split(),
    *["signal.pthread_sigmask signal.setitimer", "os.fork os.register_at_fork"],
    *"os.getuid os.O_NONBLOCK".split(),
]
MAIN = "from convcalc.__main__ import main; main()"
ALL = """
import io
from contextlib import redirect_stderr, redirect_stdout
from convcalc.cli import run
for command in sys.argv[1:]:
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = run(command.split())
    print(code, bool(out.getvalue()), "Traceback" in err.getvalue())
"""


@pytest.mark.slow
def test_everything_works_without_unix() -> None:
    commands = [*COMMANDS, "forward new.png --filter 1 --filters 1"]  # saved by those before it
    done = subprocess.run(
        [sys.executable, "-c", HIDING + ALL, " ".join(HIDDEN), *commands],
        capture_output=True,
        text=True,
    )
    assert done.stderr == ""
    assert done.stdout.splitlines() == ["0 True False"] * len(commands)


@pytest.mark.slow
@pytest.mark.parametrize("hidden", [" ".join(HIDDEN), *HIDDEN], ids=lambda hidden: hidden[:30])
def test_a_demo_without_what_a_full_screen_needs_is_printed(hidden: str) -> None:
    shown = plain(in_terminal_pressing_q(HIDING + MAIN, hidden, "demo", "--pad", "1x0"))
    assert "Traceback" not in shown
    if re.match("termios|tty|signal.SIGTSTP|signal.SIGWINCH", hidden):
        assert "step 12 of 12" in shown
        [reason] = re.findall(r"convcalc: warning: this system .*\n?.*", shown)
        assert "the steps are printed" in reason.replace("\r\n", " ")
        assert hidden.split()[0].rpartition(".")[2] in reason
    else:
        assert "q quit" in shown


def in_terminal_pressing_q(script: str, *arguments: str) -> str:
    """What a script writes to a terminal in which somebody presses q until it ends."""
    master, slave = pty.openpty()
    set_columns(slave, 200)
    process = subprocess.Popen(
        [sys.executable, "-c", script, *arguments],
        stdin=slave,
        stdout=slave,
        stderr=slave,
        env=os.environ | {"TERM": "xterm", "LC_ALL": "C.UTF-8"},
    )
    os.close(slave)
    shown = b""
    while True:
        try:
            if select.select([master], [], [], 0.2)[0]:
                shown += os.read(master, 65536)
            elif process.poll() is None:
                os.write(master, b"q")
        except OSError:
            break
    os.close(master)
    assert process.wait() == 0, shown
    return shown.decode()
