"""Every way convcalc says no, and the exit code each one ends with."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any


def printable(text: str) -> str:
    """Return a text with every character that is not for print, such as an escape, spelt out.

    >>> printable("a\\nb")
    'a\\\\nb'
    """
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


LONGEST = 60
"""Characters of a value that a message quotes; a longer one is shortened in the middle."""


def shown(value: Any) -> str:
    """Return a value as one short printable line, whatever a stranger put in it.

    >>> shown("a\\nb"), shown("1" * 500 + "2" * 500)
    ('a\\\\nb', '11111111111111111111111111111...2222222222222222222222222222')
    """
    try:
        text = str(value)
    except ValueError:  # an integer longer than Python agrees to print
        text = "a number of thousands of digits"
    text = printable(text if len(text) <= LONGEST else text[:LONGEST] + text[-LONGEST:])
    if not text or text != text.strip():
        text = f"'{text}'"
    if len(text) > LONGEST:
        text = f"{text[: LONGEST // 2 - 1]}...{text[2 - LONGEST // 2 :]}"
    return text


def alternatives(words: Iterable[str], link: str = "or") -> str:
    """Return words as a list to choose from.

    >>> alternatives(["a"]), alternatives(["a", "b", "c"])
    ('a', 'a, b or c')
    """
    *others, last = words
    return f"{', '.join(others)} {link} {last}" if others else last


NEAR = 0.65
"""So alike, of 1, are two words that one may be the other mistyped."""

TIED = 0.1
"""A second word is told too if it is nearly as alike; where there are more, none is meant."""


def most_alike(
    name: str, words: Iterable[str], others: Mapping[str, str] | None = None
) -> list[str]:
    """Return the one or two of some words that a name is most like, or nothing.

    The `others` are likened too, and stand for a word each.

    >>> most_alike("jsn", ["table", "json"]), most_alike("mdd", ["json"], {"md": "markdown"})
    (['json'], ['markdown'])
    """
    from difflib import SequenceMatcher

    scores: dict[str, float] = {}
    for word, meant in [*((word, word) for word in words), *(others or {}).items()]:
        if len(word) > 1 and len(name) <= LONGEST:
            alike = SequenceMatcher(None, word, name.lower()).ratio()
            scores[meant] = max(alike, scores.get(meant, 0))
    best = max(scores.values(), default=0)
    near = [meant for meant, score in scores.items() if score >= max(NEAR, best - TIED)]
    return sorted(near, key=lambda meant: -scores[meant]) if len(near) < 3 else []


def told(near: list[str], otherwise: str) -> str:
    """Return the one or two that are nearest as a remedy, and another where there are none."""
    if not near:
        return otherwise
    return f"the nearest {'is' if len(near) == 1 else 'are'} {' and '.join(near)}"


class ConvcalcError(Exception):
    """Anything convcalc reports in one sentence; on its own, a failure while doing the work."""

    exit_code = 1


class BadRequest(ConvcalcError, ValueError):
    """What was asked cannot be done as asked.

    The message names the argument, its value, what is wrong with it and what would work.
    The value is kept as it is shown, so that an error about anything at all can be pickled.
    """

    exit_code = 2

    def __init__(self, argument: str, value: Any, problem: str, remedy: str) -> None:
        super().__init__(argument, None if value is None else shown(value), problem, remedy)
        self.argument, self.value, self.problem, self.remedy = self.args

    @property
    def rest(self) -> str:
        """The message without the argument's name."""
        return f"{'' if self.value is None else self.value + ': '}{self.problem}; {self.remedy}"

    def __str__(self) -> str:
        return f"{self.argument} {self.rest}"


def chosen(
    argument: str, value: Any, choices: Collection[str], others: Mapping[str, str] | None = None
) -> str:
    """Return a value that is one of some words, in capitals or not; of `others`, what they mean.

    Raises BadRequest, with the nearest, where it is none.
    """
    typed, others = str(value).strip().lower(), others or {}
    word = others.get(typed, typed)
    if word not in choices:
        known = {other: one for other, one in others.items() if one in choices}
        remedy = told(most_alike(typed, choices, known), f"give {alternatives(choices)}")
        raise BadRequest(argument, value, "is none of the choices", remedy)
    return word


class NoSuchLayer(BadRequest):
    """Each argument could be, but there is no layer that has them together."""


class FileChanged(BadRequest):
    """A file is not what it was when it was found: it shrank, grew, vanished or was rewritten."""

    exit_code = 1


class NotEnoughMemory(ConvcalcError, MemoryError):
    """The work needs more memory than the machine has free."""


class CannotWrite(ConvcalcError, OSError):
    """A file could not be written; the target is as it was."""


class Ended(BaseException):
    """Ctrl-C or another signal asked the program to end; what had to be put right has been."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number
