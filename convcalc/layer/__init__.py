"""The spec: volumes, and the layer between two of them."""

from convcalc.layer.axis import Axis
from convcalc.layer.spec import ConvLayer, Count, Parameters
from convcalc.layer.volume import Pad, Pair, Volume

__all__ = ["Axis", "ConvLayer", "Count", "Pad", "Pair", "Parameters", "Volume"]
