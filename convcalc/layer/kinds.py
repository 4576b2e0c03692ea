"""The kinds of layer there are: a new one is a module, and a line here."""

from typing import Any

from convcalc.layer.conv import ConvLayer
from convcalc.layer.conv1d import ConvLayer1D
from convcalc.layer.volume import Series, Volume

KINDS: dict[str, Any] = {kind.kind: kind for kind in (ConvLayer, ConvLayer1D)}


def convolution_of(input: Volume) -> str:
    """Return the kind of a convolution over a volume, or over a series."""
    return (ConvLayer1D if isinstance(input, Series) else ConvLayer).kind
