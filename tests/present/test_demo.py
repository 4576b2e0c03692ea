"""The demo in a real terminal: every key, every size, and the terminal given back at the end."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from support.terminals import plain

IN_A_SESSION = """
import fcntl, os, sys, termios
os.setsid()
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
os.execv(sys.executable, [sys.executable, "-m", "convcalc", *sys.argv[1:]])
"""
"""The program with a terminal of its own, as a shell starts it."""

TOO_LONG = 60
"""Seconds after which a test gives up waiting for the screen."""

RIGHT, LEFT = "\x1b[C", "\x1b[D"


class Window:
    """A terminal window with `convcalc demo` running in it."""

    def __init__(self, words: str, columns: int, lines: int, **environment: str) -> None:
        self.master, self.slave = pty.openpty()
        self.resize(columns, lines)
        self.found = termios.tcgetattr(self.slave)
        self.output = ""
        self.process = subprocess.Popen(
            [sys.executable, "-c", IN_A_SESSION, "demo", *words.split()],
            stdin=self.slave,
            stdout=self.slave,
            stderr=self.slave,
            env=os.environ | {"TERM": "xterm-256color", "LC_ALL": "C.UTF-8"} | environment,
        )

    def resize(self, columns: int, lines: int) -> None:
        """Give the window a size; the system tells the program."""
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))

    def press(self, keys: str) -> None:
        """Type."""
        os.write(self.master, keys.encode())

    @property
    def screen(self) -> list[str]:
        """The lines drawn last: every drawing begins at home and fills the window."""
        text = self.output.rpartition("\x1b[H")[2]
        return [line.rstrip() for line in plain(text).replace("\r", "").split("\n")]

    def until(self, seen: Callable[[list[str]], bool]) -> list[str]:
        """Read until the screen shows something."""
        give_up = time.monotonic() + TOO_LONG
        while not seen(self.screen):
            self._read()
            assert time.monotonic() < give_up, "\n".join(self.screen)
        return self.screen

    def shows(self, *texts: str) -> list[str]:
        """Read until the screen shows all texts."""
        return self.until(lambda lines: all(text in "\n".join(lines) for text in texts))

    def end(self) -> int:
        """Read until the program has ended, and return its code."""
        give_up = time.monotonic() + TOO_LONG
        while self.process.poll() is None:
            self._read()
            assert time.monotonic() < give_up
        while self._read():
            pass
        return self.process.returncode

    def _read(self) -> bool:
        ready = select.select([self.master], [], [], 0.1)[0]
        if ready:
            self.output += os.read(self.master, 65536).decode("utf-8", "replace")
        return bool(ready)

    def assert_given_back(self) -> None:
        """Assert that the terminal is as it was found: attributes, screen and cursor."""
        assert termios.tcgetattr(self.slave) == self.found
        for taken, given_back in (("?1049h", "?1049l"), ("?25l", "?25h")):
            assert f"\x1b[{taken}" in self.output
            assert self.output.rindex(given_back) > self.output.rindex(taken)


@contextmanager
def window(
    words: str = "", columns: int = 100, lines: int = 40, **environment: str
) -> Iterator[Window]:
    """Open a window; whatever happens, the program in it is ended."""
    opened = Window(words, columns, lines, **environment)
    try:
        yield opened
    finally:
        opened.process.kill()
        opened.process.wait()
        os.close(opened.master)
        os.close(opened.slave)


@pytest.mark.slow
def test_every_key_does_what_the_last_line_says() -> None:
    with window() as demo:
        demo.shows("forward, shared: step 1 of 18, filter 0, row 0, column 0", "1·28 = 28")
        for key, status in [
            ("n", "shared: step 2 of 18, filter 0, row 0, column 1"),
            (RIGHT, "shared: step 3 of 18, filter 0, row 0, column 2"),
            ("nn", "shared: step 5 of 18, filter 0, row 1, column 1"),
            ("p", "shared: step 4 of 18, filter 0, row 1, column 0"),
            (LEFT, "shared: step 3 of 18, filter 0, row 0, column 2"),
            ("f", "shared: step 12 of 18, filter 1, row 0, column 2"),
            ("f", "shared: step 3 of 18, filter 0, row 0, column 2"),
            ("x", "shared: step 3 of 18, filter 0, row 0, column 2"),
            ("j14\r", "shared: step 14 of 18, filter 1, row 1, column 1"),
            ("j99\r", "shared: step 18 of 18, filter 1, row 2, column 2"),
            ("n", "shared: step 18 of 18, filter 1, row 2, column 2"),
            ("j27\x7f\r", "shared: step 2 of 18, filter 0, row 0, column 1"),
            ("j9\x1b", "shared: step 2 of 18, filter 0, row 0, column 1"),
            ("j0\r", "shared: step 1 of 18, filter 0, row 0, column 0"),
            ("p", "shared: step 1 of 18, filter 0, row 0, column 0"),
        ]:
            demo.press(key)
            demo.shows(status, "space play")
        demo.press("j1")
        demo.shows("jump to step (1 to 18), then Enter: 1_")
        demo.press("3\r")
        # shared, the filters so far are two; unshared, as many as the steps so far
        demo.shows("step 13 of 18", "parameters so far: 2·28 = 56,", "forward, shared")
        demo.press("u")
        demo.shows("parameters so far: 13·28 = 364,", "forward, unshared")
        demo.press("n")
        demo.shows("parameters so far: 14·28 = 392,", "forward, unshared")
        demo.press("g")
        demo.shows("gradient, unshared: step 14 of 18")
        demo.press("ug")
        demo.shows("forward, shared: step 14 of 18", "parameters so far: 2·28 = 56,")
        demo.press("q")
        assert demo.end() == 0
        demo.assert_given_back()


@pytest.mark.slow
def test_playing_goes_on_by_itself_pauses_and_stops_at_the_end() -> None:
    with window("--input 3x3x1 --filter 2 --stride 1 --pad 0 --filters 1") as demo:
        demo.shows("step 1 of 4", "space play")
        demo.press(" ")
        demo.shows("step 2 of 4", "space pause")
        demo.press(" ")
        demo.shows("space play")
        demo.press("p ")
        demo.shows("step 4 of 4", "space play")
        demo.press(" ")
        demo.shows("step 1 of 4", "space pause")
        demo.press("q")
        assert demo.end() == 0


@pytest.mark.slow
@pytest.mark.parametrize(("columns", "lines"), [(60, 24), (200, 50), (80, 24), (40, 12), (5, 3)])
def test_a_new_size_is_drawn_anew_and_kept_to(columns: int, lines: int) -> None:
    with window() as demo:
        assert len(demo.shows("q quit")) == 40
        demo.press("nnnn")
        demo.shows("step 5 of 18", "q quit")
        demo.resize(columns, lines)
        screen = demo.until(lambda screen: len(screen) == lines)
        assert max(map(len, screen)) <= columns
        if lines >= 24:
            assert any("step 5 of 18" in line for line in screen)
            assert "quit" in screen[-1]
        demo.press("q")
        assert demo.end() == 0
        demo.assert_given_back()


@pytest.mark.slow
def test_ctrl_c_gives_the_terminal_back() -> None:
    with window() as demo:
        demo.shows("step 1 of 18")
        assert termios.tcgetattr(demo.slave) != demo.found
        demo.press("\x03")
        assert demo.end() == 130
        assert "interrupted" in demo.output.rpartition("?1049l")[2]
        demo.assert_given_back()


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_to_end_gives_the_terminal_back_and_ends(number: int) -> None:
    with window() as demo:
        demo.shows("step 1 of 18")
        demo.process.send_signal(number)
        assert demo.end() == -number
        assert "Traceback" not in demo.output
        demo.assert_given_back()


def test_an_error_gives_the_terminal_back(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = (
        "import convcalc.present.player.keys as player, convcalc.__main__\n"
        "def fail(*_): raise convcalc.errors.ConvcalcError('what a pity')\n"
        "player.screen_lines = fail\n"
        "convcalc.__main__.main(['demo'])"
    )
    monkeypatch.setattr(
        sys.modules[__name__],
        "IN_A_SESSION",
        f"import os, fcntl, termios\nos.setsid(); fcntl.ioctl(0, termios.TIOCSCTTY, 0)\n{broken}",
    )
    with window() as demo:
        assert demo.end() == 1
        assert "convcalc: what a pity" in demo.output
        demo.assert_given_back()


@pytest.mark.slow
def test_the_end_of_the_input_ends_the_demo() -> None:
    with window() as demo:
        demo.shows("step 1 of 18")
        demo.press("\x04")
        assert demo.end() == 0
        demo.assert_given_back()


@pytest.mark.slow
def test_ctrl_z_gives_the_terminal_back_until_it_goes_on() -> None:
    # nobody waits for this session, so the system lets it go on at once
    with window() as demo:
        demo.shows("step 1 of 18")
        demo.press("\x1a")
        demo.until(lambda _: demo.output.count("?1049h") == 2)
        left = demo.output.index("?1049l")
        assert left < demo.output.rindex("?1049h")
        demo.press("n")
        demo.shows("step 2 of 18")
        demo.press("q")
        assert demo.end() == 0
        demo.assert_given_back()


@pytest.mark.slow
def test_brackets_mark_the_window_without_colours_and_in_ascii() -> None:
    with window(NO_COLOR="1", LC_ALL="C") as demo:
        screen = demo.shows("step 1 of 18", "q quit")
        assert not re.search(r"\x1b\[[0-9;]*(3[0-8]|4[0-8])[0-9;]*m", demo.output)
        assert demo.output.isascii()
        # padded by one, the first window is the pad's corner; brackets around three rows of it
        assert sum(line.startswith("[.") for line in screen) == 3
        demo.press("q")
        assert demo.end() == 0
