"""Flax: a pad for every side, "SAME" unless said, and ConvLocal where nothing is shared."""

from convcalc.errors import BadRequest
from convcalc.layer import ConvLayer
from convcalc.present.frameworks.common import NO_DILATION, Sizes, require_tied

NAME = "Flax"
ORDER = "(batch, {sides}, depth), channels last"


def shape(layer: ConvLayer) -> tuple[int, ...]:
    """Return the output's shape for a batch of one."""
    return 1, *Sizes(layer).output, layer.filters


def shared(layer: ConvLayer) -> str:
    """Return the layer as nn.Conv; its kernel is (FH, FW, D / groups, K), or (F, D / groups, K).

    Raises BadRequest for untied biases.
    """
    require_tied(layer, "Flax's Conv")
    kernel = (*Sizes(layer).filter, layer.filter.depth, layer.filters)
    return _program(layer, "Conv", kernel)


def unshared(layer: ConvLayer) -> str:
    """Return the layer as nn.ConvLocal; its kernel is (H_out, W_out, n, K), or (L_out, n, K).

    Raises BadRequest with groups, which ConvLocal has not.
    """
    if layer.groups > 1:
        raise BadRequest(
            "groups",
            layer.groups,
            "Flax's unshared layer, ConvLocal, has no groups",
            "give --groups 1, or --as pytorch or numpy",
        )
    kernel = (*Sizes(layer).output, layer.weights_per_neuron, layer.filters)
    return _program(layer, "ConvLocal", kernel)


def _program(layer: ConvLayer, name: str, kernel: tuple[int, ...]) -> str:
    sizes = Sizes(layer)
    return f"""\
import jax
import jax.numpy as jnp
from flax import linen as nn

layer = nn.{name}(
    features={layer.filters},
    kernel_size={sizes.filter},{sizes.comment()}
    strides={sizes.stride},{sizes.comment()}
    padding={sizes.pad},  # {sizes.pad_order}; the default is "SAME"
    kernel_dilation={sizes.dilation},{sizes.comment(NO_DILATION)}
    feature_group_count={layer.groups},
    use_bias={bool(layer.bias)},
)

x = jnp.zeros({(1, *sizes.input, layer.input.depth)})
y, variables = layer.init_with_output(jax.random.key(0), x)
# variables["params"]["kernel"]: {kernel}
print("output:", y.shape)
print("parameters:", sum(p.size for p in jax.tree.leaves(variables)))
"""
