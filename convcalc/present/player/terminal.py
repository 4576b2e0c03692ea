"""A terminal as a full screen with keys, and given back as it was found.

That is so on every way out: the end, an error, Ctrl-C, and the signals that end a program, which
take their course afterwards. Ctrl-Z is a way out too, until the program is brought back.

Importing this raises ImportError on a system that has no such terminals.
"""

import os
import re
import select
import signal
import sys
import termios
import tty
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from signal import SIGTSTP, SIGWINCH
from typing import Any

from rich.console import Console, ConsoleDimensions, Group
from rich.control import Control
from rich.screen import Screen
from rich.text import Text

from convcalc.signals import Cleanup

KEY = re.compile(r"\x1b[\[O][0-9;]*[A-Za-z~]|.", re.DOTALL)
END_OF_INPUT = "\x04"


class Terminal:
    """A full screen to draw on, and the keyboard in front of it."""

    def __init__(self, console: Console) -> None:
        self._console, self._typed = console, ""
        self._keys = sys.stdin.fileno()
        self._found = termios.tcgetattr(self._keys)
        self._woken, self._waker = os.pipe()
        os.set_blocking(self._waker, False)
        # any signal wakes `key`, even one that comes just before it waits
        self._woken_before = signal.set_wakeup_fd(self._waker, warn_on_full_buffer=False)

    @property
    def size(self) -> ConsoleDimensions:
        """Columns and lines, as they are now; a terminal that does not know has 80 and 24."""
        columns, lines = os.get_terminal_size(self._keys)
        return ConsoleDimensions(columns or 80, lines or 24)

    def draw(self, lines: list[Text]) -> None:
        """Draw lines from the top, over whatever was there."""
        self._console.size = self.size
        whole = (line[: self._console.width] for line in lines[: self._console.height])
        self._console.control(Control.home())
        self._console.print(Screen(Group(*whole)), end="")

    @property
    def has_keys(self) -> bool:
        """Whether keys are waiting, so that a drawing would be over at once."""
        return bool(self._typed)

    def key(self, seconds: float | None) -> str | None:
        """Return the next key; None after so many seconds, "" to ask for another drawing."""
        if not self._typed:
            ready, _, _ = select.select([self._keys, self._woken], [], [], seconds)
            if not ready:
                return None
            if self._woken in ready:
                os.read(self._woken, 4096)
                return ""
            self._typed = os.read(self._keys, 4096).decode("utf-8", "replace") or END_OF_INPUT
        key = KEY.match(self._typed)
        assert key
        self._typed = self._typed[key.end() :]
        return key[0]

    def take(self) -> None:
        """Fill the screen, and read keys unechoed, as they are pressed."""
        tty.setcbreak(self._keys)
        self._console.set_alt_screen(True)
        self._console.show_cursor(False)

    def give_back(self) -> None:
        """Leave the terminal as it was found."""
        with suppress(OSError):
            self._console.show_cursor(True)
            self._console.set_alt_screen(False)
        with suppress(termios.error):
            termios.tcsetattr(self._keys, termios.TCSAFLUSH, self._found)

    def stop(self, number: int, _: Any) -> None:
        """Give the terminal back and stop, as Ctrl-Z asks; go on from there when continued."""
        self.give_back()
        mine = signal.signal(number, signal.SIG_DFL)
        signal.raise_signal(number)
        signal.signal(number, mine)
        self.take()

    def close(self) -> None:
        """Close the pipe that wakes."""
        signal.set_wakeup_fd(self._woken_before)
        os.close(self._woken)
        os.close(self._waker)


@contextmanager
def full_screen(console: Console) -> Iterator[Terminal]:
    """Take the terminal for as long as the context lasts."""
    terminal = Terminal(console)
    # a new size only has to wake `key`: the window is measured for every drawing
    handlers: dict[int, Any] = {SIGWINCH: lambda *_: None, SIGTSTP: terminal.stop}
    found = {number: signal.getsignal(number) for number in handlers}

    def leave() -> None:
        for number in handlers:
            signal.signal(number, found[number])
        terminal.give_back()
        terminal.close()

    with Cleanup(leave):
        for number, handler in handlers.items():
            if found[number] != signal.SIG_IGN:
                signal.signal(number, handler)
        terminal.take()
        yield terminal
