"""Keras: "same" or "valid" or zeros added before; Keras 2 where nothing is shared."""

from convcalc.errors import BadRequest
from convcalc.layer import ConvLayer
from convcalc.present.frameworks.common import Sizes

NAME = "Keras"
ORDER = "(batch, height, width, depth), channels last"

SIDES = "(top, bottom), (left, right)"


def shape(layer: ConvLayer) -> tuple[int, ...]:
    """Return the output's shape for a batch of one."""
    return 1, *Sizes(layer).output, layer.filters


def shared(layer: ConvLayer) -> str:
    """Return the layer as Conv2D; its kernel is (FH, FW, D / groups, K).

    Raises BadRequest where both stride and dilation are above 1, which Conv2D refuses.
    """
    if max(layer.stride) > 1 and max(layer.dilation) > 1:
        raise BadRequest(
            "dilation",
            layer.dilation,
            "Keras's Conv2D takes a dilation or a stride above 1, not both",
            "give --dilation 1 or --stride 1, or --as pytorch, flax or numpy",
        )
    sizes = Sizes(layer)
    same = any(layer.pad) and layer.pad == layer.same_pad
    padding = f'"same",  # here {sizes.pad}: {SIDES}' if same else '"valid",  # none'
    options = f"""\
            padding={padding}
            dilation_rate={sizes.dilation},  # height, width: 1 means none
            groups={layer.groups},
            use_bias={layer.bias},
"""
    kernel = (*sizes.filter, layer.filter.depth, layer.filters)
    return _program(layer, "import keras", "Conv2D", options, not same, kernel)


def unshared(layer: ConvLayer) -> str:
    """Return the layer as LocallyConnected2D; its kernel is (positions, FH * FW * D, K).

    Raises BadRequest with dilation or groups, which LocallyConnected2D has not.
    """
    for option, value, has in (
        ("dilation", layer.dilation, max(layer.dilation) > 1),
        ("groups", layer.groups, layer.groups > 1),
    ):
        if has:
            raise BadRequest(
                option,
                value,
                f"Keras's unshared layer, LocallyConnected2D, has no {option}",
                f"give --{option} 1, or --as pytorch or numpy",
            )
    height, width = Sizes(layer).output
    kernel = (height * width, layer.weights_per_neuron, layer.filters)
    tf_keras = "import tf_keras as keras  # Keras 2: Keras 3 has no unshared layer"
    options = f"""\
            padding="valid",  # the only one its default implementation takes
            use_bias={layer.bias},
"""
    return _program(layer, tf_keras, "LocallyConnected2D", options, True, kernel)


def _program(
    layer: ConvLayer,
    keras: str,
    name: str,
    options: str,
    pad_before: bool,
    kernel: tuple[int, ...],
) -> str:
    sizes = Sizes(layer)
    padded = f"""\
        # {name} takes no numbers as pad: the zeros are added before it.
        keras.layers.ZeroPadding2D({sizes.pad}),  # {SIDES}
"""
    return f"""\
{keras}
import numpy as np

model = keras.Sequential(
    [
        keras.Input({(*sizes.input, layer.input.depth)}),
{padded if pad_before and any(layer.pad) else ""}\
        keras.layers.{name}(
            filters={layer.filters},
            kernel_size={sizes.filter},  # height, width
            strides={sizes.stride},  # height, width
{options}\
        ),
    ]
)
# model.weights[0]: {kernel}

x = np.zeros({(1, *sizes.input, layer.input.depth)}, np.float32)
y = model(x)
print("output:", tuple(y.shape))
print("parameters:", model.count_params())
"""
