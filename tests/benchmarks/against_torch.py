"""Generated networks of all kinds by torch and by convcalc: how far the outputs are apart.

    python tests/benchmarks/against_torch.py [--networks N] [--seed N] [SPEC ...]

Networks are generated as for the tests, those left out that torch has no functions for (means of
windows with pads that differ, and pads of more than half the window). Outputs are compared in
float32 and in float64, relative to the largest. SPECs are compared too, such as vgg16, without a
softmax at the end: of large numbers it makes a 1 and zeros, whatever was wrong.
"""

import argparse
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
from hypothesis import HealthCheck, given, settings
from torch_network import TorchNetwork, output

sys.path.insert(0, str(Path(__file__).parents[1]))

from support.networks import network_weights, networks

from convcalc.compute.network.run import run_network
from convcalc.compute.network.weights import NetworkWeights, RandomWeights
from convcalc.gallery.spec import find
from convcalc.layer.network import Network

AT_MOST = {"float32": 1e-5, "float64": 1e-12}


def expressible(network: Network) -> bool:
    """Whether torch has functions for all layers."""
    return all(
        one.layer.kind != "pool"
        or (one.layer.mode == "max" and not one.layer.pad.even and not one.layer.ceil)
        or (
            one.layer.pad.even
            and 2 * one.layer.pad.left <= one.layer.window.x
            and 2 * one.layer.pad.top <= one.layer.window.y
        )
        for one in network.layers
    )


def generated(count: int) -> Iterator[Network]:
    """Yield networks, so many of them."""
    found: list[Network] = []

    @given(networks())
    @settings(
        max_examples=count, database=None, deadline=None, suppress_health_check=list(HealthCheck)
    )
    def collect(network: Network) -> None:
        found.append(network)

    collect()
    yield from filter(expressible, found)


def difference(network: Network, weights: NetworkWeights, dtype: str) -> float:
    """Return how far the outputs are apart, relative to torch's largest."""
    width, height, depth = network.input
    x = np.random.default_rng(1).standard_normal((height, width, depth)).astype(dtype)
    by_torch = TorchNetwork(network, weights)
    expected = output(by_torch(by_torch.input(x.copy())))
    found = run_network(network, x, weights).output
    assert found.shape == expected.shape, network
    assert found.dtype == expected.dtype == dtype
    return float(np.abs(found - expected).max() / (np.abs(expected).max() or 1))


def without_softmax(network: Network) -> Network:
    """Return a network that ends before its last softmax."""
    last = network.layers[-1].layer
    ends = last.kind == "activation" and last.made_of["function"] == "softmax"
    return replace(network, layers=network.layers[:-1]) if ends else network


def main() -> int:
    """Compare, print the largest differences, and return 1 where one is too large."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--networks", type=int, default=500)
    parser.add_argument("specs", nargs="*", metavar="SPEC")
    asked = parser.parse_args()
    worst = dict.fromkeys(AT_MOST, 0.0)
    kinds: set[str] = set()
    number = 0
    for number, network in enumerate(generated(asked.networks), 1):
        kinds |= {one.layer.kind for one in network.layers}
        for dtype, most in AT_MOST.items():
            apart = difference(network, network_weights(network, number, dtype), dtype)
            worst[dtype] = max(worst[dtype], apart)
            if apart > most:
                print(
                    f"{apart:.2g} in {dtype}:", *(one.layer for one in network.layers), sep="\n  "
                )
    print(f"{number} networks, kinds: {', '.join(sorted(kinds))}")
    for dtype, apart in worst.items():
        print(f"largest difference in {dtype}: {apart:.2g} of the largest output")
    for spec in asked.specs:
        network = without_softmax(find(spec).at())
        apart = difference(network, dict(RandomWeights(network, 1)), "float32")
        worst["float32"] = max(worst["float32"], apart)
        print(f"{network.name}: {apart:.2g}")
    return int(any(worst[dtype] > most for dtype, most in AT_MOST.items()))


if __name__ == "__main__":
    raise SystemExit(main())
