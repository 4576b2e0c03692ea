"""The passes by kind of layer: a new one is a module, and a line here."""

from importlib import import_module

from convcalc.compute.passes.call import Pass
from convcalc.errors import BadRequest

HOMES = {
    "conv": "convolution:CONV",
    "conv1d": "convolution:CONV",
    "tabled": "convolution:TABLED",
    "local": "convolution:LOCAL",
    "transposed": "transposed:TRANSPOSED",
    "pool": "pool:POOL",
    "globalpool": "pool:GLOBAL_POOL",
    "dense": "dense:DENSE",
    "flatten": "hand_on:HAND_ON",
    "dropout": "hand_on:HAND_ON",
    "batchnorm": "norm:BATCH_NORM",
    "lrn": "norm:LOCAL_RESPONSE_NORM",
    "activation": "activation:ACTIVATION",
    "upsample": "upsample:UPSAMPLE",
    "add": "merge:ADD",
    "concat": "merge:CONCAT",
}


class _Passes(dict[str, Pass]):
    """The passes, each imported when it is first asked for."""

    def __missing__(self, kind: str) -> Pass:
        """Import a kind's; raise BadRequest for one that is told of and not run."""
        if kind not in HOMES:
            problem = f"has a layer of kind {kind}, which is not run here"
            raise BadRequest("SPEC", None, problem, "give one of which all layers are counted")
        module, _, name = HOMES[kind].partition(":")
        self[kind] = getattr(import_module(f"convcalc.compute.passes.{module}"), name)
        return self[kind]


PASSES = _Passes()
