"""Numbers as text. Only two kinds are ever rounded, and both carry the sign ≈."""

UNITS = ("kB", "MB", "GB", "TB", "PB", "EB")


def grouped(number: int) -> str:
    """Return an integer with its thousands separated.

    >>> grouped(105705600)
    '105,705,600'
    """
    return f"{number:,}"


def plural(number: int, noun: str) -> str:
    """Return a noun as it stands behind a number.

    >>> plural(1, "row"), plural(0, "row"), plural(-1, "row"), plural(2, "bias")
    ('row', 'rows', 'row', 'biases')
    """
    if abs(number) == 1:
        return noun
    return f"{noun}es" if noun.endswith("s") else f"{noun}s"


def counted(number: int, noun: str) -> str:
    """Return a number of things.

    >>> counted(1, "row"), counted(1234, "row")
    ('1 row', '1,234 rows')
    """
    return f"{grouped(number)} {plural(number, noun)}"


def ratio(count: int, of: int) -> str:
    """Return how many times another count is one, exact where it is whole.

    >>> ratio(6050, 2), ratio(7, 2)
    ('3,025', '≈4')
    """
    return f"{'≈' if count % of else ''}{grouped((2 * count + of) // (2 * of))}"


def memory(count: int) -> str:
    """Return bytes in decimal units (kB = 1000 bytes), to at most one decimal.

    >>> memory(139776), memory(999), memory(1), memory(4_500_000), memory(999_960)
    ('≈139.8 kB', '999 bytes', '1 byte', '4.5 MB', '≈1 MB')
    """
    if count < 1000:
        return counted(count, "byte")
    for power in range(1, len(UNITS) + 1):
        tenths = (20 * count + 1000**power) // (2 * 1000**power)
        if tenths < 10_000:
            break
    sign = "" if tenths * 1000**power == 10 * count else "≈"
    decimals = f".{tenths % 10}" if tenths % 10 else ""
    return f"{sign}{tenths // 10:,}{decimals} {UNITS[power - 1]}"
