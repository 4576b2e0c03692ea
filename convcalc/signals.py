"""Signals that end the program, made to wait for what has to be put right first."""

import signal
from collections.abc import Callable
from threading import current_thread, main_thread
from types import FrameType, TracebackType
from typing import Any, Self

from convcalc.errors import Ended

NAMES = ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGXCPU")
ENDING = tuple(getattr(signal, name) for name in NAMES if hasattr(signal, name))
"""Those of the signals that this system has."""


class Cleanup:
    """A context that calls a function when it is left, whatever signal leaves it, and only once.

    A signal that ends the program raises Ended where it meets the context's body, and waits while
    the function runs. The function may be called when the body has hardly begun. In other threads
    than the main one, which gets the signals, they are left alone.
    """

    def __init__(self, function: Callable[[], None]) -> None:
        self._function = function
        self._found: dict[int, Any] = {}
        self._leaving = False
        self._raised = self._waiting = 0

    def __enter__(self) -> Self:
        try:
            for number in ENDING if current_thread() is main_thread() else ():
                found = signal.getsignal(number)
                if found not in (None, signal.SIG_IGN):
                    self._found[number] = found
                    signal.signal(number, self._signalled)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None = None,
        error: BaseException | None = None,
        trace: TracebackType | None = None,
    ) -> None:
        self._leaving = True
        try:
            self._function()
        finally:
            for number, found in self._found.items():
                signal.signal(number, found)
        if self._raised:
            if not isinstance(error, (Ended, GeneratorExit)):
                raise Ended(self._raised)  # again: somebody swallowed it, or made another of it
        elif self._waiting:
            signal.raise_signal(self._waiting)

    def _signalled(self, number: int, frame: FrameType | None) -> None:
        if self._leaving or (frame and frame.f_code is Cleanup.__exit__.__code__):
            self._waiting = number
            return
        self._raised = number
        raise Ended(number)
