"""Every way convcalc says no, and the exit code each one ends with."""

from typing import Any


def printable(text: str) -> str:
    """Return a text with every character that is not for print, such as an escape, spelt out.

    >>> printable("a\\nb")
    'a\\\\nb'
    """
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


def shown(value: Any) -> str:
    """Return a value as one short printable line, whatever a stranger put in it.

    >>> shown("a\\nb")
    'a\\\\nb'
    """
    try:
        text = str(value)
    except ValueError:  # an integer longer than Python agrees to print
        text = "a number of thousands of digits"
    text = printable(text[:200])
    return (text if len(text) <= 60 else text[:57] + "...") or "''"


class ConvcalcError(Exception):
    """Anything convcalc reports in one sentence; on its own, a failure while doing the work."""

    exit_code = 1


class BadRequest(ConvcalcError, ValueError):
    """What was asked cannot be done as asked.

    The message names the argument, its value, what is wrong with it and what would work.
    """

    exit_code = 2

    def __init__(self, argument: str, value: Any, problem: str, remedy: str) -> None:
        self.argument = argument
        self.rest = f"{'' if value is None else shown(value) + ': '}{problem}; {remedy}"
        super().__init__(f"{argument} {self.rest}")


class NotEnoughMemory(ConvcalcError, MemoryError):
    """The work needs more memory than the machine has free."""


class CannotWrite(ConvcalcError, OSError):
    """A file could not be written; the target is as it was."""


class Ended(BaseException):
    """Ctrl-C or another signal asked the program to end; what had to be put right has been."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number
