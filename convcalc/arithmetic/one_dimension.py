"""One dimension: a table of formulas with the height dropped, and the width called length."""

import re
from typing import Any

HEIGHT = re.compile(
    r"[·x]\{?F?H(_out)?\b\}?"  # a factor of W_out·H_out, a side of {W_out}x{H_out}
    r"| × FH\b|\bFH × | × \(H \+ PADS_DOWN\)| \w+\.height\b"  # a side of a shape, and its key
    r"| \+ P_top \+ P_bottom"
)
"""What is 1, or of the pad 0, where there is no height, with what parts it from the rest."""

DOWN = "PADS_DOWN"
"""A short name that is of the height alone."""

WORDS = {"width and height": "length", "width": "length", "pixel": "sample"}


def told(text: str) -> str:
    """Return a formula or a sentence as it is of a series.

    The letters stay, and are written L for W and F for FW: a series' symbols say so.

    >>> told("K·<FW·FH·D>"), told("local in width and height: {W_out}x{H_out}x{K} pixels")
    ('K·<FW·D>', 'local in length: {W_out}x{K} samples')
    """
    text = HEIGHT.sub("", text)
    for word, other in WORDS.items():
        text = re.sub(rf"\b{word}", other, text)
    return text


def in_one_dimension(rows: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return rows of a table with every text told of a series; names of results stay."""
    return tuple(
        row._replace(
            **{
                field: HEIGHT.sub("", text) if field == "recorded" else told(text)
                for field, text in row._asdict().items()
                if isinstance(text, str) and field not in ("name", "of")
            }
        )
        for row in rows
        if row.name != DOWN
    )
