"""Receptive fields of networks, against every tap followed back and against what pixels move."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.budget import examples
from support.networks import naively, network_weights, networks
from support.reach import Reach, enlarges, jump, moved, span

from convcalc import BadRequest, Volume
from convcalc.layer import field
from convcalc.layer.network import Network
from convcalc.layer.notation import parse
from convcalc.layer.sight import Sight


def network(text: str, *sides: int) -> Network:
    return Network.of("net", Volume(*sides), parse(text))


def along_width(text: str, *sides: int) -> list[tuple[int, Fraction, Fraction]]:
    found = network(text, *sides).fields
    return [(x.size, Fraction(x.jump), Fraction(x.centre)) for x, _ in found]


def of_all(net: Network) -> None:
    """Compare every field of a network with the taps followed back."""
    for axis in (0, 1):
        reach = Reach(net, axis)
        for place, both in enumerate(net.fields):
            size, apart, centre = both[axis]
            assert size == reach.size(place), (place, axis)
            assert apart == jump(net, axis, place), (place, axis)
            if not enlarges(net, axis, place):
                pixels = reach.of(place, 0)
                assert 2 * centre == min(pixels) + max(pixels), (place, axis)


@given(networks())
@settings(max_examples=250)
def test_fields_are_what_every_tap_followed_back_sees(net: Network) -> None:
    of_all(net)


@pytest.mark.slow
@given(networks(side=20))
@settings(max_examples=examples(2000))
def test_many_fields_are_what_every_tap_followed_back_sees(net: Network) -> None:
    of_all(net)


@given(networks(side=5), st.integers(0, 2**32))
@settings(max_examples=60)
def test_outputs_move_where_their_field_has_the_pixel_that_is_perturbed(
    net: Network, seed: int
) -> None:
    saturating = ("sigmoid", "hardsigmoid", "tanh", "softmax", "relu6", "hardswish", "lrn")
    for one in net.layers:
        if getattr(one.layer, "function", one.layer.kind) in saturating:
            return
    rng = np.random.default_rng(seed)
    width, height, depth = net.input
    x = rng.uniform(1, 2, (height, width, depth))
    weights = {
        path: {name: np.abs(array) + 0.5 for name, array in own.items()}
        for path, own in network_weights(net, seed).items()
    }
    for own in weights.values():
        if "mean" in own:
            own["mean"][:] = -1
    before = naively(net, x, weights)
    for column in range(width):
        for row in range(height):
            other = x.copy()
            other[row, column] = 1e4
            after = naively(net, other, weights)
            for place, (one, two) in enumerate(zip(before, after, strict=True)):
                changed = (one != two).any(axis=2)
                for at in np.ndindex(changed.shape):
                    seen = moved(net, place, (at[1], at[0]))
                    assert changed[at] == ((column, row) in seen), (place, at, (column, row))
                    for axis, pixels in enumerate(zip(*seen, strict=True)):
                        assert span(pixels) <= net.fields[place][axis].size


BY_HAND = {
    # a cell of each copy sees the pixel it copies, the middles a half apart
    "upsample2": [(1, "1/2", "-1/4")],
    # cell 1 sees copies 1 and 2, of pixels 0 and 1
    "upsample2, conv2-1": [(1, "1/2", "-1/4"), (2, "1/2", "0")],
    "upsample2, conv3-1 pad=1": [(1, "1/2", "-1/4"), (2, "1/2", "-1/4")],
    # the filter of 4 laid at 2c - 1: cell 1 is under those at -1 and 1
    "deconv4-1 stride=2 pad=1": [(2, "1/2", "-1/4")],
    # every copy, then every third: from 1/2 to 3/2 of a pixel
    "upsample2, conv1-1 stride=3": [(1, "1/2", "-1/4"), (1, "3/2", "-1/4")],
    "upsample2, pool2": [(1, "1/2", "-1/4"), (1, "1", "0")],
    # nothing lies between the cells of a filter of 1
    "deconv1-1 stride=2, conv1-1 stride=2 pad=1": [(1, "1/2", "0"), (0, "1", "-1/2")],
    # taps 0, 2, 4 at stride 3: each cell is under one of them
    "deconv3-1 stride=3 dilation=2": [(1, "1/3", "-2/3")],
    # cells 0 and 1 at 1 pixel and 2 pixels a cell: 0 to 2, and 1 to 4
    "concat(conv3-1|conv3-1 stride=2 pad=0x2x0x2)": [
        *[(3, "1", "1"), (3, "2", "1")],
        *[(4, "1", "1")],
    ],
    "conv7-1 stride=2 pad=3, pool3 stride=2 pad=1": [(7, "2", "0"), (11, "4", "0")],
}


@pytest.mark.parametrize("text", BY_HAND)
def test_by_hand(text: str) -> None:
    side = 4 if "concat" in text else 8
    expected = [(size, Fraction(apart), Fraction(middle)) for size, apart, middle in BY_HAND[text]]
    assert along_width(text, side, side, 1) == expected


def test_jumps_that_differ_are_followed_at_both_ends() -> None:
    """Two cells, at 1 and at 2 pixels a cell: what they see together grows, and is copied on."""
    text = "concat(conv3-1|conv3-1 stride=2 pad=0x2x0x2), upsample3, conv2-1"
    of_all(network(text, 4, 4, 1))


def test_a_dense_layer_sees_all_and_no_more() -> None:
    assert along_width("conv3-1 pad=1, pool2, fc-3", 10, 8, 1)[-1][:2] == (10 + 2, 2)


@given(networks())
@settings(max_examples=100)
def test_where_too_many_cells_would_be_followed_fields_are_no_smaller(net: Network) -> None:
    exact = net.fields
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(field, "MOST_FOLLOWED", 0)
        about = Network(net.name, net.input, net.layers).fields
    for place, (both, nearly) in enumerate(zip(exact, about, strict=True)):
        for axis in (0, 1):
            assert nearly[axis].size >= both[axis].size
            assert nearly[axis][1:] == both[axis][1:]
            if not enlarges(net, axis, place):
                assert nearly[axis] == both[axis]


def test_a_factor_of_a_thousand_million_is_not_followed() -> None:
    """Neighbours of 1000000007 copies of a pixel: 3 cells see at most two pixels."""
    (x, _), (after, _) = network("upsample1000000007, conv3-1", 4, 4, 1).fields
    assert (x.size, after.size) == (1, 2)
    assert after.jump == Fraction(1, 1000000007)


@pytest.mark.parametrize(
    ("text", "layer"),
    [
        (f"3*(conv1-1 stride={10**299} pad={10**299})", 'layer 3 "conv3"'),
        ("2000*(upsample3, pool2)", 'layer 2515 "upsample1258"'),
    ],
)
def test_numbers_nobody_can_want_are_refused(text: str, layer: str) -> None:
    with pytest.raises(BadRequest, match=f"SPEC {layer}: .* more than 600 digits; give smaller"):
        network(text, 4, 4, 1)


@given(
    st.builds(
        Sight,
        st.integers(1, 9),
        st.integers(1, 4),
        st.integers(0, 9),
        st.integers(1, 6),
        st.integers(1, 5),
    ),
    st.integers(-20, 20),
)
def test_sight_is_what_lies_under_the_window(sight: Sight, cell: int) -> None:
    under = [
        place // sight.spread
        for place in range(cell * sight.step - sight.before, 200, sight.gap)[: sight.window]
        if place < cell * sight.step - sight.before + sight.window and place % sight.spread == 0
    ]
    assert list(sight.cells(cell)) == under


def test_sight_of_windows_that_nobody_can_list() -> None:
    cells = Sight(window=10**50, before=10**49, spread=10**20).cells(0)
    assert (cells[0], cells[-1]) == (-(10**29), 9 * 10**29 - 1)
