"""Keras: "same" or "valid" or zeros added before; Keras 2 where nothing is shared."""

from convcalc.errors import BadRequest
from convcalc.layer import ConvLayer
from convcalc.present.frameworks.common import NO_DILATION, Sizes, plain, require_tied

NAME = "Keras"
ORDER = "(batch, {sides}, depth), channels last"


def shape(layer: ConvLayer) -> tuple[int, ...]:
    """Return the output's shape for a batch of one."""
    return 1, *Sizes(layer).output, layer.filters


def shared(layer: ConvLayer) -> str:
    """Return the layer as Conv2D, its kernel (FH, FW, D / groups, K), or as Conv1D.

    Raises BadRequest where both stride and dilation are above 1, which they refuse, and for
    untied biases.
    """
    sizes = Sizes(layer)
    name = f"Conv{sizes.dimensions}D"
    require_tied(layer, f"Keras's {name}")
    if max(layer.stride) > 1 and max(layer.dilation) > 1:
        raise BadRequest(
            "dilation",
            layer.dilation,
            f"Keras's {name} takes a dilation or a stride above 1, not both",
            "give --dilation 1 or --stride 1, or --as pytorch, flax or numpy",
        )
    same = any(layer.pad) and layer.pad == layer.same_pad
    here = f"here {plain(sizes.pad)}: {sizes.pad_order}"
    padding = f'"same",  # {here}' if same else '"valid",  # none'
    options = f"""\
            padding={padding}
            dilation_rate={sizes.argument(sizes.dilation, NO_DILATION)}
            groups={layer.groups},
            use_bias={bool(layer.bias)},
"""
    kernel = (*sizes.filter, layer.filter.depth, layer.filters)
    return _program(layer, "import keras", name, options, not same, kernel)


def unshared(layer: ConvLayer) -> str:
    """Return the layer as LocallyConnected2D or 1D; its kernel is (positions, n, K).

    Raises BadRequest with dilation or groups, which they have not.
    """
    name = f"LocallyConnected{layer.input.dimensions}D"
    for option, value, has in (
        ("dilation", layer.dilation, max(layer.dilation) > 1),
        ("groups", layer.groups, layer.groups > 1),
    ):
        if has:
            raise BadRequest(
                option,
                value,
                f"Keras's unshared layer, {name}, has no {option}",
                f"give --{option} 1, or --as pytorch or numpy",
            )
    kernel = (layer.positions, layer.weights_per_neuron, layer.filters)
    tf_keras = "import tf_keras as keras  # Keras 2: Keras 3 has no unshared layer"
    options = f"""\
            padding="valid",  # the only one its default implementation takes
            use_bias={bool(layer.bias)},
"""
    return _program(layer, tf_keras, name, options, True, kernel)


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
        keras.layers.ZeroPadding{sizes.dimensions}D({plain(sizes.pad)}),  # {sizes.pad_order}
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
            kernel_size={sizes.argument(sizes.filter)}
            strides={sizes.argument(sizes.stride)}
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
