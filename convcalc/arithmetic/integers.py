"""Small integers for a lesson: the same for the same seed, in Python and in the demo's page.

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

LEAST_AND_MOST = {"input": (0, 4), "weights": (-2, 2), "bias": (-2, 2), "upstream": (-2, 2)}
"""Numbers a class can multiply in its head."""

GOLDEN = 0x9E3779B1
BITS = 0xFFFFFFFF


def small(seed: int, name: str, *place: int) -> int:
    """Return the integer at one place of one array; each number counts modulo 2**32.

    >>> [small(1, "input", 0, column, 0) for column in range(8)]
    [1, 0, 1, 1, 2, 1, 2, 3]
    """
    mixed = 0
    for number in (seed, *name.encode("ascii"), *place, len(place)):
        mixed = ((mixed ^ number) * GOLDEN) & BITS
        mixed ^= mixed >> 15
    least, most = LEAST_AND_MOST[name]
    return least + mixed % (most - least + 1)
