"""Small integers for a demo: the same for the same seed, in Python and in the demo's page.

A value depends on the seed, the array's name and the place in it, and on nothing else: a larger
input keeps the numbers it had. The places are those of the arrays:

    input      (row, column, channel)
    weights    (filter, row, column, channel), unshared with the neuron's row and column in front
    bias       (filter,), unshared with the neuron's row and column in front
    upstream   (row, column, filter), the gradient that arrives at the output

The hash is an own mixture of two known parts: a multiplication by the odd number nearest to
2**32 over the golden ratio (Knuth's multiplicative hashing), and a shift that brings the high
bits down. Both stay within 32 bits, so that a script in a browser makes the same ones.
"""

from functools import cache, reduce

LEAST_AND_MOST = {"input": (0, 4), "weights": (-2, 2), "bias": (-2, 2), "upstream": (-2, 2)}
"""Numbers a class can multiply in its head."""

GOLDEN = 0x9E3779B1
BITS = 0xFFFFFFFF


def small(seed: int, name: str, *place: int) -> int:
    """Return the integer at one place of one array; each number counts modulo 2**32.

    >>> [small(1, "input", 0, column, 0) for column in range(8)]
    [1, 0, 1, 1, 2, 1, 2, 3]
    """
    return _within(name, reduce(_mix, (*place, len(place)), _begun(seed, name)))


def smalls(seed: int, name: str, *place: int, sizes: tuple[int, ...]) -> list[int]:
    """Return the integers of a whole box of places: those that begin with `place`, in order.

    `sizes` says how many values each number after that has; what places have in common is
    mixed once.

    >>> smalls(1, "input", 0, sizes=(2, 1)) == [small(1, "input", 0, c, 0) for c in range(2)]
    True
    """
    box = [reduce(_mix, place, _begun(seed, name))]
    for size in sizes:
        box = [_mix(mixed, number) for mixed in box for number in range(size)]
    return [_within(name, _mix(mixed, len(place) + len(sizes))) for mixed in box]


@cache
def _begun(seed: int, name: str) -> int:
    """Return what the places of an array have in common."""
    return reduce(_mix, (seed, *name.encode("ascii")), 0)


def _mix(mixed: int, number: int) -> int:
    mixed = ((mixed ^ number) * GOLDEN) & BITS
    return mixed ^ mixed >> 15


def _within(name: str, mixed: int) -> int:
    least, most = LEAST_AND_MOST[name]
    return least + mixed % (most - least + 1)
