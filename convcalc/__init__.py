"""The calculator for convolutional layers that shows its work.

>>> layer = ConvLayer(input=(227, 227, 3), filter=11, stride=4, filters=96)
>>> layer.parameters.unshared.total // layer.parameters.shared.total
3025
"""

from typing import TYPE_CHECKING, Any

from convcalc.errors import BadRequest, CannotWrite, ConvcalcError, NotEnoughMemory
from convcalc.layer import ConvLayer, Volume

if TYPE_CHECKING:
    from convcalc.compute.backward import backward, backward_unshared
    from convcalc.compute.forward.choose import forward
    from convcalc.compute.forward.unshared import forward_unshared

__all__ = [
    "BadRequest",
    "CannotWrite",
    "ConvLayer",
    "ConvcalcError",
    "NotEnoughMemory",
    "Volume",
    "backward",
    "backward_unshared",
    "forward",
    "forward_unshared",
]
__version__ = "0.1.0"


PASSES = {
    "backward": "convcalc.compute.backward",
    "backward_unshared": "convcalc.compute.backward",
    "forward": "convcalc.compute.forward.choose",
    "forward_unshared": "convcalc.compute.forward.unshared",
}


def __dir__() -> list[str]:
    """Name the passes too, imported or not."""
    return sorted({*globals(), *PASSES})


def __getattr__(name: str) -> Any:
    """Import the NumPy passes when they are first asked for: counting needs no NumPy."""
    if name in PASSES:
        from importlib import import_module

        return getattr(import_module(PASSES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
