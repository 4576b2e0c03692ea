"""What a forward algorithm costs, by formula: the ground on which one is chosen."""

from typing import NamedTuple

from convcalc.compute.tools.tuning import LINE


class Cost(NamedTuple):
    """Multiplications, numbers moved (as if in long runs), and bytes of workspace at most."""

    multiplications: int
    moved: int
    workspace: int


def moved_in_runs(numbers: int, run: int) -> int:
    """Return how many numbers could be moved in long runs in the time these take in short ones.

    >>> moved_in_runs(900, run=9), moved_in_runs(900, run=100)
    (1600, 900)
    """
    return numbers * max(run, LINE) // run
