"""What the letters of a layer's formulas stand for."""

from collections.abc import Mapping
from typing import NamedTuple


class Symbol(NamedTuple):
    """What a name in a formula stands for: how it is written, and its number."""

    written: str
    number: int


Letters = Mapping[str, Symbol]


class Symbols(NamedTuple):
    """The letters of a layer, and those along each axis by the axis' name."""

    layer: Letters
    axes: Mapping[str, Letters]
