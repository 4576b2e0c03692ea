"""What a layer is: volumes, the kinds of layer between two of them, and how they are read."""

from convcalc.layer.axis import Axis
from convcalc.layer.conv import ConvLayer, Parameters
from convcalc.layer.protocol import Connection, Count, Layer
from convcalc.layer.recipe import Recipe
from convcalc.layer.volume import Pad, Pair, Series, Volume

__all__ = [
    "Axis",
    "Connection",
    "ConvLayer",
    "Count",
    "Layer",
    "Pad",
    "Pair",
    "Parameters",
    "Recipe",
    "Series",
    "Volume",
]
