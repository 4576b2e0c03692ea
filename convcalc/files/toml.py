"""TOML from strangers: read in bounded time, or refused in one sentence."""

import re
from typing import Any

from convcalc.errors import BadRequest, printable
from convcalc.layer.wording import MOST_DIGITS

MOST_DOTS = 8
"""In a key: the time it takes to read one grows with the square of them."""

MOST_SAID = 60
"""Characters that are told from each end of what the reader says."""


def toml(text: str) -> dict[str, Any]:
    """Return what TOML says; raise BadRequest for what is none, or takes for ever to read."""
    import tomllib

    remedy = "see docs/networks.md"
    if text.count(".") > MOST_DOTS and _has_long_key(text):
        raise BadRequest("SPEC", None, f"has a key of more than {MOST_DOTS} parts", remedy)
    try:
        return tomllib.loads(text)
    except RecursionError:
        problem = "has brackets too deep in each other"
    except tomllib.TOMLDecodeError as error:
        said = printable(str(error))
        said = said if len(said) <= 2 * MOST_SAID else f"{said[:MOST_SAID]}...{said[-MOST_SAID:]}"
        problem = f"is not TOML: {said[:1].lower()}{said[1:]}"
    except ValueError:
        problem = f"has a number of more than {MOST_DIGITS} digits"
    raise BadRequest("SPEC", None, problem, remedy)


NO_KEY = re.compile(
    r'''""".*?"""|"(?:\\.|[^"\\\n])*"|'''
    r"""'''.*?'''|'[^'\n]*'|#[^\n]*""",
    re.DOTALL,
)
"""Texts and comments."""


def _has_long_key(text: str) -> bool:
    """Whether a key such as a.b.c has so many parts that reading it takes for ever."""
    longest = max(re.split(r"[=,\n\[\]{}]", NO_KEY.sub("", text)), key=lambda key: key.count("."))
    return longest.count(".") > MOST_DOTS
