"""Who reads which output, for how long it is kept, and where the next may be written over it.

An output is kept until the last layer that reads it is done. A layer that works on each cell by
itself, and is the last to read its input, writes over it. Nothing is ever written over the
network's input: that belongs to the caller.

A convolution takes in the batch normalisation behind it where nobody else reads what it puts out:
its filters are scaled beforehand, and its biases shifted. Where it has more weights than outputs
that costs more than it saves; then the outputs are scaled, where they are.
"""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from math import prod

from convcalc.compute.passes.kinds import PASSES
from convcalc.layer.network import INPUT, Network

TAKES_IN = ("conv", "conv1d")
"""Kinds that can take in the batch normalisation behind them."""


@dataclass(frozen=True)
class Schedule:
    """A network's layers with what is wanted at the end: outputs that are `kept`, by place."""

    network: Network
    kept: frozenset[int] = frozenset()

    @classmethod
    def of(cls, network: Network, kept: Collection[int] = ()) -> "Schedule":
        """Return the schedule; the last output is always kept.

        >>> from convcalc.layer import Volume
        >>> from convcalc.layer.notation import parse
        >>> small = Network.of("small", Volume(8, 8, 1), parse("conv3-2, relu, add(conv1-2|)"))
        >>> schedule = Schedule.of(small)  # the sum is written over what its first branch made
        >>> [schedule.rewrites(place) for place in range(4)]
        [False, True, False, True]
        >>> [schedule.released(place) for place in range(4)]
        [[], [0], [], [1, 2]]
        """
        return cls(network, frozenset((*kept, len(network.layers) - 1)))

    @cached_property
    def readers(self) -> list[list[int]]:
        """The layers that read each layer's output, in order."""
        readers: list[list[int]] = [[] for _ in self.network.layers]
        for place, one in enumerate(self.network.layers):
            for source in one.sources:
                if source != INPUT:
                    readers[source].append(place)
        return readers

    def is_last_reader(self, place: int, source: int) -> bool:
        """Whether nobody needs a layer's output once another is done."""
        return source not in self.kept and self.readers[source][-1] == place

    def rewrites(self, place: int) -> bool:
        """Whether a layer writes its output over its input."""
        one = self.network.layers[place]
        source, *others = one.sources
        able = PASSES[one.layer.kind].rewrites and source != INPUT and source not in others
        return able and self.is_last_reader(place, source)

    def released(self, place: int) -> list[int]:
        """Return the layers whose outputs nobody needs once a layer is done."""
        read = sorted({*self.network.layers[place].sources} - {INPUT})
        unread = [] if self.readers[place] or place in self.kept else [place]
        return [source for source in read if self.is_last_reader(place, source)] + unread

    def taken_in(self, place: int) -> int | None:
        """Return the place of the batch normalisation that a convolution takes in, or None."""
        layer = self.network.layers[place].layer
        if layer.kind not in TAKES_IN or place in self.kept or len(self.readers[place]) != 1:
            return None
        (reader,) = self.readers[place]
        if self.network.layers[reader].layer.kind != "batchnorm":
            return None
        weights = layer.connections[-1].parameters.weights
        return reader if weights <= layer.output.cells else None

    def is_taken_in(self, place: int) -> bool:
        """Whether a layer is a batch normalisation that the convolution before it took in."""
        (source, *_) = self.network.layers[place].sources
        return source != INPUT and self.taken_in(source) == place

    def peak(self, itemsize: int, weights_are_made: bool) -> dict[str, int]:
        """Return the bytes at the moment when most are taken, by what they are for.

        The network's input is apart; weights count one layer at a time, where they are made.
        """
        living, most = 0, {"activations": 0, "weights": 0, "workspace": 0}
        for place, (_, _, layer, sources) in enumerate(self.network.layers):
            of_kind = PASSES[layer.kind]
            parameters = itemsize * sum(map(prod, of_kind.shapes(layer).values()))
            if not self.rewrites(place):
                living += itemsize * layer.output.cells
            now = {
                "activations": living,
                "weights": parameters if weights_are_made else 0,
                "workspace": of_kind.workspace(layer)
                + (0 if self.taken_in(place) is None else parameters),
            }
            most = max(most, now, key=lambda needs: sum(needs.values()))
            for done in self.released(place):
                if done == place or done != sources[0] or not self.rewrites(place):
                    living -= itemsize * self.network.layers[done].layer.output.cells
        return most
