"""Every tuned number: its unit, what it bounds, and the measurement that set it.

Figures are times over the time at the value given, the least of 30 turns on the two cores of
docs/performance.md. Where nothing was measured, it says what the number bounds and no more.
"""

KIB, MIB = 2**10, 2**20

# Memory of a whole pass

WORKSPACE = 16 * MIB
"""Bytes that a pass copies at a time, in all its threads together. Bounds them: threads get less
each where there are many."""

MOST_WORKSPACE = 32 * MIB
"""Bytes that a pass holds beyond operands and output, with what it keeps. It is promised to users;
`tracemalloc` counts at most 22.9 MiB on the layers of docs/performance.md."""

# Tiles: what one thread takes at a time, enough for a fast product, not far from its cache

IM2COL_TILE = 4 * MIB
"""Bytes of patches before their product. 227x227x3 F11 S4 K96: 1 MiB 1.06, 2 MiB 1.01, 8 MiB 1.00;
28x28x32 F5 P2 K96: 1.14, 0.98, 0.99."""

ROWS_TILE = 1 * MIB
"""Bytes of strips (MEC) or of padded input (depthwise), for whole rows of the output. MEC on
224x224x3 F7 S2 P3 K64: 256 KiB 1.08, 2 MiB 0.97. Depthwise on 112x112x64 F3 P1 K64 G64: 256 KiB
1.59, 512 KiB 1.14, 2 MiB 0.94; twice as much for each thread was not worth that."""

GRADIENTS_TILE = 2 * MIB
"""Bytes of neurons' own gradients. Bounds memory: `AHEAD` tiles for each thread wait."""

RANDOM_TILE = 2 * MIB
"""Bytes of unshared weights made at a time; they stay in the cache until they are used. The layer
of the notes: 512 KiB 1.24, 1 MiB 1.08, 4 MiB 0.98, 8 MiB 1.40."""

FILE_TILE = 6 * MIB
"""Bytes of unshared weights read at a time: files are then read as fast as mapped ones were,
float64 too, and what is read stays in the cache until it is used."""

IN_HAND_TILE = 16 * MIB
"""Bytes of unshared weights in memory, which is read fastest in long runs. Nothing is copied."""

# im2col and MEC

TURNED_FROM = 1000
"""Positions from which im2col turns the weights in memory, which makes products faster. With few
rows, a product with a turned operand is a third to two thirds slower (docs/performance.md)."""

MEC_WEIGHTS = 4 * MIB
"""Bytes of weights up to which MEC may read them again for each row."""

# Winograd's algorithm

WINOGRAD_STAGE = 7 * KIB
"""Tiles times channels, or filters times channels, that a thread works on at a time, 36 numbers for
each. 56x56x256 F3 P1 K256: a quarter 1.21, half 0.98, twice 0.95, four times 1.29; on
14x14x512 F3 P1 K512 all within 0.05 of each other."""

WINOGRAD_MOST = 32 * KIB
"""The same, at most: bounds memory where the input is deep."""

WINOGRAD_MANY = 56
"""Tiles or filters that make a product fast, so that many are taken even where they then leave the
cache. Nothing was kept of how it was measured."""

WINOGRAD_KEPT = 12 * MIB
"""Bytes kept of what is transformed once and used again, weights or input. Bounds memory: with the
workspace it is 28 MiB, within `MOST_WORKSPACE`."""

VECTORS = 32
"""Filters, two vectors of a processor: products of whole vectors are faster. 14x14x512 F3 P1 K512:
any number of filters 1.05, 16 1.06, 64 1.06."""

# The cost formulas: how multiplications and moving compare

MOVING = 20
"""Multiplications in a large product that take as long as moving one number. With it `auto` takes
the fastest algorithm, or one within 1.06 of it, on each layer of docs/performance.md."""

LINE = 16
"""Numbers, float32: a line of the cache, which memory moves together. A shorter run takes
as long."""

PRODUCT_START = 16 * KIB
"""Numbers that are moved in the time that one product takes to begin. Bounds how
few tiles `auto` gives to Winograd's algorithm; nothing was kept of how it was measured."""

# Adding the bias

LONG_RUN = 1024
"""Numbers side by side that NumPy adds about as fast as any; a shorter bias is repeated along a
row. Bounds the repeating: beside the product, the sum takes no time that shows (1.00 without)."""

LONG_ROW = 256 * KIB
"""Numbers of a row of the output. Bounds what repeating a bias takes: 1 MiB in float32."""

# Threads and progress

AHEAD = 4
"""Tiles handed out in advance to each thread, so that none of them waits: 1, 2 or 8 make 1.01,
0.99, 0.98 of the unshared layer of the notes. Bounds the memory of what waits to be taken."""

DRAWN_AT_ONCE = 2**20
"""Random numbers drawn between two words of progress: some hundredths of a second."""

OWN_GRADIENT = 50
"""Multiply-adds that take as long as making and adding a number of a neuron's own gradient. Only
the bar goes by it."""

LOOPS = 10_000_000
"""Multiply-adds up to which the definition takes part in a comparison: some seconds of loops."""
