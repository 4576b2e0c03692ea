"""How a long pass says how far it is: it calls whoever listens with each amount of work done."""

from collections.abc import Callable

Progress = Callable[[int], None]


def nobody(amount: int) -> None:
    """Hear of progress, and do nothing."""
