"""The kinds of layer there are: a new one is a module, and a line here."""

from typing import Any

from convcalc.layer.conv import ConvLayer

KINDS: dict[str, Any] = {ConvLayer.kind: ConvLayer}
