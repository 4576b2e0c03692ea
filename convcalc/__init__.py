"""The calculator for convolutional layers that shows its work.

>>> layer = ConvLayer(input=(227, 227, 3), filter=11, stride=4, filters=96)
>>> layer.parameters.unshared.total // layer.parameters.shared.total
3025
"""

from typing import TYPE_CHECKING, Any

from convcalc.errors import BadRequest, CannotWrite, ConvcalcError, NotEnoughMemory
from convcalc.layer import ConvLayer, Volume

if TYPE_CHECKING:
    from convcalc.compute.im2col import forward

__all__ = [
    "BadRequest",
    "CannotWrite",
    "ConvLayer",
    "ConvcalcError",
    "NotEnoughMemory",
    "Volume",
    "forward",
]
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    """Import the NumPy passes when they are first asked for: counting needs no NumPy."""
    if name == "forward":
        from convcalc.compute.im2col import forward

        return forward
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
