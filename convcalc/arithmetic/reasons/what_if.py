"""What if: a network with one thing about it forgotten, to be compared with it as it is."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any, NamedTuple

from convcalc.arithmetic.answers.wrong import SIDES, wrong_values
from convcalc.arithmetic.formulas import DEPTH
from convcalc.errors import BadRequest
from convcalc.layer import Volume
from convcalc.layer.kinds import KINDS
from convcalc.layer.network import INPUT, Network, Placed

MOST_LAYERS = 40
"""In longer networks, slips in single layers are not followed to the layers behind."""


class Change(NamedTuple):
    """Options that are changed in every layer of some kinds which has another value there.

    One that changes the `depth` has the input's depth arrive at each of these layers.
    """

    name: str
    why: str
    kinds: tuple[str, ...]
    options: Mapping[str, Any] = {}
    depth: bool = False


CONVOLUTIONS = ("conv", "local", "tabled", "transposed")

CHANGES = (
    Change(
        "forgot that the depth changes, and took the input's everywhere",
        "A filter is as deep as the volume that arrives: as many channels as filters before.",
        ("conv", "local", "transposed"),
        depth=True,
    ),
    Change(
        "forgot the pads",
        "Without its pad a layer's output is smaller, and so is all behind it.",
        ("conv", "local", "tabled", "pool"),
        {"pad": 0},
    ),
    Change(
        "forgot the strides",
        "A layer with a stride S has about 1/S of the positions along each axis.",
        CONVOLUTIONS,
        {"stride": 1},
    ),
    Change("forgot the pools' strides", "A pool moves by its stride.", ("pool",), {"stride": 1}),
    Change(
        "rounded up in every pool",
        "A window that sticks out is none here.",
        ("pool",),
        {"ceil": True},
    ),
    Change(
        "rounded down in every pool",
        "Here a last window may stick out.",
        ("pool",),
        {"ceil": False},
    ),
    Change(
        "ignored the groups",
        "A filter sees the channels of its own group only.",
        ("conv", "transposed"),
        {"groups": 1},
    ),
    Change("ignored the dilation", "A dilated filter covers more.", CONVOLUTIONS, {"dilation": 1}),
)

POOLS = ("pool",)
SMALLER = "Each pool makes what arrives behind it smaller."


class Variant(NamedTuple):
    """A network in which something is forgotten: by what mistake, why that is one, from where on.

    It has fewer layers where one of them cannot be made of what then arrives. Of what is then
    `flattened` the mistake has a name of its own.
    """

    name: str
    why: str
    network: Network
    start: int = 0
    flattened: str = ""


def variants(network: Network) -> Iterator[Variant]:
    """Yield what becomes of a network by each mistake that makes a difference, the last pool first.

    >>> from convcalc.layer.notation import parse
    >>> network = Network.of("small", Volume(9, 9, 1), parse("conv2-3, pool2, fc-10"))
    >>> [one.name for one in variants(network)][:2]
    ['forgot pool1', "forgot the pools' strides"]
    """
    pools = [place for place, one in enumerate(network.layers) if one.layer.kind in POOLS]
    for place in reversed(pools if pools[1:] else []):
        name = network.layers[place].path
        yield _forgotten(network, name, [place])
    if pools:
        name = "the pools" if pools[1:] else network.layers[pools[0]].path
        yield _forgotten(network, name, pools)
    for change in CHANGES:
        made = _rebuilt(
            network,
            lambda place, arriving, change=change: _changed(network, change, place, arriving),
        )
        if made != network:
            yield Variant(change.name, change.why, made)
    if len(network.layers) <= MOST_LAYERS:
        yield from _slips(network)


def _forgotten(network: Network, name: str, places: Sequence[int]) -> Variant:
    made, flattened = _without(network, places), f"flattened the volume before {name}"
    return Variant(f"forgot {name}", SMALLER, made, places[0], flattened)


def _without(network: Network, places: Sequence[int]) -> Network:
    """Return a network in which some layers hand on what arrives."""

    def identity(place: int, arriving: list[Volume]) -> Any:
        if place in places:
            return KINDS["activation"](input=arriving[0], function="identity")
        return made_again(network.layers[place].layer, arriving)

    return _rebuilt(network, identity)


def _changed(network: Network, change: Change, place: int, arriving: list[Volume]) -> Any:
    layer = network.layers[place].layer
    if layer.kind not in change.kinds:
        return made_again(layer, arriving)
    options = layer.made_of
    if change.depth:
        arriving = [one._replace(depth=network.input.depth) for one in arriving]
        changed = {name: 1 for name in ("groups",) if name in options}
        return made_again(layer, arriving, changed if options.get("groups", 1) > 1 else {})
    changed = {name: value for name, value in change.options.items() if name in options}
    return made_again(layer, arriving, changed)


def made_again(layer: Any, arriving: Sequence[Volume], changed: Mapping[str, Any] = {}) -> Any:
    """Return a layer for other inputs; raise BadRequest where there is none."""
    first, *others = arriving
    more = {"others": others} if hasattr(layer, "others") else {}
    if (first, *others) == getattr(layer, "inputs", (layer.input,)) and not changed:
        return layer
    return type(layer)(input=first, **{**layer.made_of, **changed}, **more)


def _rebuilt(network: Network, layer: Any, outputs: Mapping[int, Volume] = {}) -> Network:
    """Return a network of layers made by place and what arrives, as far as there are such.

    Some `outputs` are taken for others than they are.
    """
    made: list[Placed] = []

    def output(place: int) -> Volume:
        if place == INPUT:
            return network.input
        return outputs.get(place, made[place].layer.output)

    with suppress(BadRequest):
        for place, one in enumerate(network.layers):
            made.append(
                one._replace(layer=layer(place, [output(source) for source in one.sources]))
            )
    return Network(network.name, network.input, tuple(made), network.not_counted)


def _slips(network: Network) -> Iterator[Variant]:
    """Yield what follows from a wrong output of each single layer."""

    def again(place: int, arriving: list[Volume]) -> Any:
        return made_again(network.layers[place].layer, arriving)

    for place, one in reversed([*enumerate(network.layers[:-1])]):
        seen = {one.layer.output}
        for wrong in wrong_values(one.layer):
            volume = _wrong_volume(one.layer.output, wrong)
            if volume not in seen and all(isinstance(side, int) and side > 0 for side in volume):
                seen.add(volume)
                made = _rebuilt(network, again, {place: volume})
                why = wrong.steps[-1].why
                yield Variant(f"{wrong.name} in {one.path}", why, made, place + 1)


def _wrong_volume(right: Volume, wrong: Any) -> Volume:
    """Return the output with its size, or its depth, as a mistake has it."""
    if wrong.of == DEPTH:
        return right._replace(depth=wrong.value[0])
    if wrong.of == SIDES:
        return right._replace(width=wrong.value[0], height=wrong.value[1])
    return right
