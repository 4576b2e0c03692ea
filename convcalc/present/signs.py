"""The signs this program prints, and what stands for them in plain ASCII."""

ARROW, ASCII_ARROW = "→", "->"
TO_ASCII = str.maketrans("×·−≈…█▉▊▋▌▍▎▏─│", "x*-~:########-|") | {ord(ARROW): ASCII_ARROW}
"""A stand-in for every sign this program prints: as wide, so that lines keep their width, but for
the arrow, which is spelt out before lines are broken."""


def to_ascii(text: str) -> str:
    """Replace what ASCII has not; every sign this program prints has a stand-in."""
    return text.translate(TO_ASCII).encode("ascii", "replace").decode("ascii")
