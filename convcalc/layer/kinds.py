"""The kinds of layer there are: a new one is a module, and a line here."""

from importlib import import_module
from typing import Any

from convcalc.errors import chosen
from convcalc.layer.volume import Series, Volume

HOMES = {
    "conv": "conv:ConvLayer",
    "conv1d": "conv1d:ConvLayer1D",
    "local": "local:Local",
    "tabled": "local:Tabled",
    "transposed": "enlarge:Transposed",
    "pool": "pool:Pool",
    "globalpool": "pool:GlobalPool",
    "dense": "dense:Dense",
    "flatten": "dense:Flatten",
    "batchnorm": "norm:BatchNorm",
    "lrn": "norm:LocalResponseNorm",
    "activation": "activation:Activation",
    "dropout": "activation:Dropout",
    "upsample": "enlarge:Upsample",
    "add": "merge:Add",
    "concat": "merge:Concat",
}


class _Kinds(dict[str, Any]):
    """The classes by kind, each imported when it is first asked for."""

    def __missing__(self, kind: str) -> Any:
        """Import a kind; raise BadRequest where there is none of that name."""
        module, _, name = HOMES[chosen("kind", kind, HOMES)].partition(":")
        self[kind] = getattr(import_module(f"convcalc.layer.{module}"), name)
        return self[kind]


KINDS = _Kinds()


def convolution_of(input: Volume) -> str:
    """Return the kind of a convolution over a volume, or over a series."""
    return "conv1d" if isinstance(input, Series) else "conv"
