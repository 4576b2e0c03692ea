"""The weights of a network: a mapping from a layer's path to its arrays, each by its name.

A layer's weights are asked for once, when its turn comes. Random ones are made then and kept by
nobody, so that a network needs memory for one layer's at a time; `dict(...)` keeps them all.

Weights are uniform, their variance by the activation that follows, so that signals neither fade
nor grow: 2 / n before ReLU and its kin, which drop half of what arrives (He's rule), 2 / (n + m)
before functions that are bounded on both sides (Glorot's), and 1 / n otherwise (LeCun's). n are
the products in a cell of the output, m those that a cell of the input is in, on average.
"""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any

import numpy as np

from convcalc.compute.passes.kinds import PASSES
from convcalc.compute.tools.progress import Progress, nobody
from convcalc.compute.tools.threads import spread
from convcalc.compute.tools.tuning import DRAWN_AT_ONCE
from convcalc.errors import BadRequest
from convcalc.layer.network import Network, Placed
from convcalc.shapes import Array

Arrays = Mapping[str, Array]
NetworkWeights = Mapping[str, Arrays]

AT_REST = {"bias": 0, "shift": 0, "mean": 0, "scale": 1, "variance": 1}
"""What frameworks begin with: batch normalisation then changes next to nothing."""

HE, GLOROT, LECUN = "He", "Glorot", "LeCun"

RULES = {
    **dict.fromkeys(("relu", "relu6", "leakyrelu", "elu", "gelu", "silu", "hardswish"), HE),
    **dict.fromkeys(("tanh", "sigmoid", "hardsigmoid"), GLOROT),
}
"""By the activation that follows; LeCun's rule without one."""

PASSED_OVER = ("batchnorm", "lrn", "pool", "globalpool", "dropout", "flatten", "add", "concat")
"""Kinds behind which an activation still is the next."""

NETWORK = 4
"""The stream of a seed that a network's weights come from, beside those of `random`."""


class RandomWeights(NetworkWeights):
    """Random weights, made when they are asked for: the same for the same seed.

    `progress` is called with the numbers that were drawn.
    """

    def __init__(
        self,
        network: Network,
        seed: int = 0,
        dtype: Any = np.float32,
        progress: Progress = nobody,
    ) -> None:
        self._network, self._seed, self._progress = network, seed, progress
        self._dtype = np.dtype(dtype)
        self._readers: dict[int, int] = {}
        self._places: dict[str, int] = {}
        for place, one in enumerate(network.layers):
            for source in one.sources:
                self._readers.setdefault(source, place)
            if PASSES[one.layer.kind].shapes(one.layer):
                self._places[one.path] = place

    __eq__, __hash__ = object.__eq__, object.__hash__

    def __len__(self) -> int:
        return len(self._places)

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __getitem__(self, path: str) -> dict[str, Array]:
        """Return a layer's weights by name."""
        place = self._places[path]
        layer = self._network.layers[place].layer
        return {
            name: np.full(shape, AT_REST[name], self._dtype)
            if name in AT_REST
            else self._drawn(place, shape)
            for name, shape in PASSES[layer.kind].shapes(layer).items()
        }

    def rule(self, place: int) -> str:
        """Return the name of the rule by which a layer's weights are drawn.

        >>> from convcalc.layer import Volume
        >>> from convcalc.layer.notation import parse
        >>> network = Network.of("n", Volume(8, 8, 1), parse("conv3-2, pool2, tanh, fc-3"))
        >>> RandomWeights(network).rule(0), RandomWeights(network).rule(3)
        ('Glorot', 'LeCun')
        """
        layers = self._network.layers
        while (reader := self._readers.get(place)) is not None:
            layer = layers[reader].layer
            if layer.kind == "activation" and layer.made_of["function"] != "identity":
                return RULES.get(layer.made_of["function"], LECUN)
            if layer.kind not in (*PASSED_OVER, "activation"):
                break
            place = reader
        return LECUN

    def variance(self, place: int) -> float:
        """Return the variance of a layer's weights."""
        layer = self._network.layers[place].layer
        products = layer.connections[-1].multiply_adds
        seen, seeing = products / layer.output.cells, products / layer.input.cells
        rule = self.rule(place)
        if rule == HE:
            return 2 / seen
        return 2 / (seen + seeing) if rule == GLOROT else 1 / seen

    def _drawn(self, place: int, shape: tuple[int, ...]) -> Array:
        """Return numbers that are uniform between −a and a, of variance a² / 3.

        Each run of DRAWN_AT_ONCE has a generator of its own, so threads change no number.
        """
        numbers = np.empty(shape, self._dtype)
        flat, reach = numbers.reshape(-1), (3 * self.variance(place)) ** 0.5

        def draw(start: int, _: Array) -> None:
            part = flat[start : start + DRAWN_AT_ONCE]
            seed = np.random.SeedSequence([self._seed, NETWORK, place, start // DRAWN_AT_ONCE])
            np.random.Generator(np.random.SFC64(seed)).random(dtype=self._dtype.type, out=part)
            part -= 0.5
            part *= self._dtype.type(2 * reach)
            self._progress(part.size)

        spread(draw, range(0, flat.size, DRAWN_AT_ONCE), 0, self._dtype)
        return numbers


def require_paths(network: Network, weights: NetworkWeights) -> None:
    """Raise BadRequest unless weights are there for every layer that has some, and for no other."""
    wanted = {
        one.path: ", ".join(shapes)
        for one in network.layers
        if (shapes := PASSES[one.layer.kind].shapes(one.layer))
    }
    for path, names in wanted.items():
        if path not in weights:
            raise BadRequest("weights", path, "is missing", f"give its {names}, arrays by name")
    for path in weights:
        if path not in wanted:
            near = get_close_matches(str(path), wanted, 1)
            remedy = f"the nearest is {near[0]}" if near else "leave it out"
            raise BadRequest("weights", path, f"is no layer of {network.name} with weights", remedy)


def checked(placed: Placed, arrays: Arrays, dtype: np.dtype[Any]) -> dict[str, Array]:
    """Return a layer's weights as `dtype`; a bias may be missing.

    Raises BadRequest unless they are real numbers of the layer's shapes.
    """
    shapes = PASSES[placed.layer.kind].shapes(placed.layer)
    for name in arrays:
        if name not in shapes:
            remedy = f"give {', '.join(shapes)}"
            raise BadRequest("weights", f"{placed.path} {name}", "is none of its arrays", remedy)
    found = {}
    for name, shape in shapes.items():
        array = arrays.get(name)
        if array is None and name == "bias":
            continue
        if not isinstance(array, np.ndarray) or array.dtype.kind not in "biuf":
            what = "missing" if array is None else f"{getattr(array, 'dtype', type(array))}"
            problem = f"is {what}, not an array of real numbers"
            remedy = f"give one of shape {shape}"
            raise BadRequest("weights", f"{placed.path} {name}", problem, remedy)
        if array.shape != shape:
            problem = f"has shape {array.shape}"
            raise BadRequest(
                "weights", f"{placed.path} {name}", problem, f"the layer needs shape {shape}"
            )
        found[name] = array.astype(dtype, copy=False)
    return found
