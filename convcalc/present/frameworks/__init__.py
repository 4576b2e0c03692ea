"""A layer as a framework's code: complete, ready to paste, with comments where habits differ."""

from convcalc.layer import ConvLayer
from convcalc.present.frameworks import flax, keras, plain_numpy, pytorch
from convcalc.present.frameworks.common import heading

FRAMEWORKS = {"pytorch": pytorch, "keras": keras, "flax": flax, "numpy": plain_numpy}


def to_code(layer: ConvLayer, framework: str, unshared: bool = False) -> str:
    """Return a program that builds the layer and prints its output shape and parameter count.

    Raises BadRequest where the framework has no such layer.

    >>> layer = ConvLayer(input=(9, 8, 1), filter=3, filters=2)
    >>> print(to_code(layer, "numpy").splitlines()[2])
    # NumPy reports output (6, 7, 2), parameters 20: 80 bytes in float32.
    """
    module = FRAMEWORKS[framework]
    body = module.unshared(layer) if unshared else module.shared(layer)
    return f"{heading(layer, module.NAME, module.ORDER, module.shape(layer), unshared)}\n{body}"
