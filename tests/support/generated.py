"""Generated layers, and the same facts about them found without the code under test."""

from hypothesis import assume
from hypothesis import strategies as st

from convcalc import BadRequest, ConvLayer, Volume
from convcalc.layer import Recipe
from convcalc.layer.kinds import convolution_of
from convcalc.layer.options import volume


@st.composite
def layers(
    draw: st.DrawFn,
    side: int = 12,
    depth: int = 3,
    filters: int = 3,
    groups: int = 3,
    dilation: tuple[int, int] = (3, 3),
    untied: bool = False,
) -> ConvLayer:
    """Small layers with everything a layer can have: rectangles, pads, dilation, groups.

    Where asked for some have `untied` biases.
    """
    groups = draw(st.integers(1, groups))
    pads = st.one_of(
        st.integers(0, 4),
        st.tuples(st.integers(0, 4), st.integers(0, 4)),
        st.tuples(*[st.integers(0, 3)] * 4),
        st.sampled_from(["same", "valid"]),
    )
    try:
        return ConvLayer(
            input=(
                draw(st.integers(1, side)),
                draw(st.integers(1, side)),
                groups * draw(st.integers(1, depth)),
            ),
            filter=(draw(st.integers(1, 5)), draw(st.integers(1, 5))),
            stride=(draw(st.integers(1, 5)), draw(st.integers(1, 5))),
            dilation=(draw(st.integers(1, dilation[0])), draw(st.integers(1, dilation[1]))),
            pad=draw(pads),
            groups=groups,
            filters=groups * draw(st.integers(1, filters)),
            bias=draw(st.sampled_from([True, False, *(["untied"] if untied else [])])),
        )
    except BadRequest:
        assume(False)
        raise


@st.composite
def series(draw: st.DrawFn, length: int = 40, filter: int = 12) -> ConvLayer:
    """Layers of one dimension, with everything they can have."""
    groups = draw(st.integers(1, 3))
    pads = st.one_of(
        st.integers(0, 4),
        st.tuples(st.integers(0, 4), st.integers(0, 4)),
        st.sampled_from(["same", "valid"]),
    )
    try:
        return ConvLayer(
            input=(draw(st.integers(1, length)), groups * draw(st.integers(1, 3))),
            filter=draw(st.integers(1, filter)),
            stride=draw(st.integers(1, 5)),
            dilation=draw(st.integers(1, 3)),
            pad=draw(pads),
            groups=groups,
            filters=groups * draw(st.integers(1, 4)),
            bias=draw(st.booleans()),
        )
    except BadRequest:
        assume(False)
        raise


def flattened(layer: ConvLayer) -> ConvLayer:
    """The layer of height 1 that one of one dimension is."""
    return ConvLayer(
        input=(layer.input.width, 1, layer.input.depth),
        filter=(layer.filter.width, 1),
        stride=(layer.stride.x, 1),
        dilation=(layer.dilation.x, 1),
        pad=(layer.pad.left, layer.pad.right, 0, 0),
        groups=layer.groups,
        filters=layer.filters,
        bias=layer.bias,
    )


SQUARE = st.builds(
    lambda width, height, depth, filters, side, pad: ConvLayer(
        input=(width, height, depth), filter=side, pad=pad, filters=filters
    ),
    st.integers(5, 30),
    st.integers(5, 30),
    st.integers(1, 6),
    st.integers(1, 40),
    st.integers(2, 5),
    st.integers(0, 3),
)
"""Layers that Winograd's algorithm can run, with more tiles than filters and with fewer."""

DEPTHWISE = st.builds(
    lambda side, depth, extent, stride, dilation, pad, times: ConvLayer(
        input=(side + 1, side, depth),
        filter=extent,
        stride=stride,
        dilation=dilation,
        pad=pad,
        filters=depth * times,
        groups=depth,
    ),
    st.integers(9, 20),
    st.integers(2, 6),
    st.tuples(st.integers(1, 3), st.integers(1, 3)),
    st.tuples(st.integers(1, 3), st.integers(1, 3)),
    st.integers(1, 3),
    st.integers(0, 2),
    st.integers(1, 3),
)


def slide(
    size: int, before: int, after: int, filter: int, stride: int, dilation: int
) -> list[list[int]]:
    """Every window of a padded row, found by moving the filter until it falls off the end."""
    pixels = list(range(-before, size + after))
    windows = []
    start = 0
    while True:
        window = [start + tap * dilation for tap in range(filter)]
        if window[-1] >= len(pixels):
            return windows
        windows.append([pixels[index] for index in window])
        start += stride


def windows_of(layer: ConvLayer) -> tuple[list[list[int]], list[list[int]]]:
    """Every window along the width and along the height, in pixels of the unpadded input."""
    return (
        slide(
            layer.input.width,
            layer.pad.left,
            layer.pad.right,
            layer.filter.width,
            layer.stride.x,
            layer.dilation.x,
        ),
        slide(
            layer.input.height,
            layer.pad.top,
            layer.pad.bottom,
            layer.filter.height,
            layer.stride.y,
            layer.dilation.y,
        ),
    )


def parsed_layer(*, input: str | Volume, bias: bool = True, **texts: str) -> ConvLayer:
    """Read a layer from text, as typed on a command line."""
    where = input if isinstance(input, Volume) else volume(input)
    return Recipe.read(convolution_of(where), texts | {"bias": "yes" if bias else "no"}).at(where)


@st.composite
def huge_layers(draw: st.DrawFn) -> ConvLayer:
    """Layers of any size: sides up to 10^30, everything else in proportion."""
    groups = draw(st.sampled_from([1, 2, 7, 10**9]))
    side, small = st.integers(1, 10**30), st.integers(1, 10**6)
    filter = draw(st.tuples(small, small))
    dilation = draw(st.tuples(small, small))
    needed = [step * (size - 1) for size, step in zip(filter, dilation, strict=True)]
    return ConvLayer(
        input=(needed[0] + draw(side), needed[1] + draw(side), groups * draw(small)),
        filter=filter,
        dilation=dilation,
        stride=draw(st.tuples(side, small)),
        pad=draw(st.tuples(*[st.integers(0, 10**12)] * 4)),
        filters=groups * draw(small),
        groups=groups,
        bias=draw(st.booleans()),
    )
