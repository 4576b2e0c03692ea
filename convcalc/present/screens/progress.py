"""A progress bar for work that takes over a second, on stderr, only where that is a terminal."""

import sys
import time
from threading import Lock
from typing import TYPE_CHECKING

from convcalc.signals import Cleanup

if TYPE_CHECKING:
    from rich.progress import Progress

LONG = 1.0
"""Seconds of expected work that are worth a bar."""

LOOK_AFTER = 0.3
"""Seconds after which the work's length can be guessed from what is done."""


class Bar(Cleanup):
    """A context manager to be called with each amount of work done."""

    def __init__(self, label: str, total: int) -> None:
        super().__init__(self._erase)
        self._label, self._total, self._done = label, total, 0
        self._start = time.monotonic()
        self._live: Progress | None = None
        self._lock = Lock()

    def __call__(self, amount: int) -> None:
        """Add to the work done; draw once the whole is seen to take over a second.

        Any thread may call it.
        """
        with self._lock:
            self._done += amount
            elapsed = time.monotonic() - self._start
            expected = elapsed * self._total / self._done if self._done else elapsed
            long = elapsed > LOOK_AFTER and expected > LONG
            if self._live is None and long and sys.stderr.isatty():
                self._draw()
            if self._live:
                self._live.update(self._live.task_ids[0], completed=self._done)

    def _erase(self) -> None:
        if self._live:
            try:
                self._live.stop()
            except IndexError:  # what rich raises where Ctrl-C met it half started
                self._live.console.show_cursor()

    def _draw(self) -> None:
        from rich.progress import Progress

        from convcalc.present.streams import console

        self._live = Progress(console=console("stderr"), transient=True)
        self._live.add_task(self._label, total=self._total)
        self._live.start()
