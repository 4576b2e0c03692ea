"""A network as a framework's code: complete, and printing its output's shape and parameters."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from convcalc.arithmetic.network import rows, totals
from convcalc.arithmetic.use import USUAL
from convcalc.errors import BadRequest, alternatives
from convcalc.layer.network import INPUT, Network
from convcalc.layer.protocol import Layer
from convcalc.layer.volume import Volume
from convcalc.numerals import counted, memory
from convcalc.present.frameworks.code import Call, remark
from convcalc.present.frameworks.common import comment
from convcalc.present.frameworks.program import Node, Program, program

FLAT_KINDS = ("activation", "dropout", "batchnorm", "add", "concat")
"""Kinds that take a volume without sides, (batch, depth), as well as one with."""

JOINS = ("add", "concat")

Writer = Callable[[Any], tuple[Call, ...]]


class Framework(NamedTuple):
    """How a framework says a network: a writer for each kind, what makes a tensor flat, the rest.

    `layers` returns a layer's calls, by kind. `flat_after` are the kinds that put out (batch,
    depth) for 1x1xDEPTH. `flatten` and `unflatten` change one into the other. `text` returns the
    program, for an input and the shape of a batch of one.
    """

    name: str
    order: str
    channels_first: bool
    averages: bool
    layers: Mapping[str, Writer]
    flat_layers: Mapping[str, Writer]
    flat_after: tuple[str, ...]
    flatten: Call
    unflatten: Callable[[int], Call]
    text: Callable[[Program, tuple[int, ...]], str]

    def shape(self, volume: Volume, flat: bool) -> tuple[int, ...]:
        """Return the shape of a batch of one."""
        width, height, depth = volume
        if flat:
            return 1, depth
        return (1, depth, height, width) if self.channels_first else (1, height, width, depth)

    def calls(self, layer: Layer, flat: bool) -> tuple[Call, ...]:
        """Return a layer's calls, where what arrives is flat or not.

        Raises BadRequest where the framework has no such layer.
        """
        writers = {**self.layers, **self.flat_layers} if flat else self.layers
        if layer.kind not in writers:
            raise BadRequest(
                "as",
                self.name.lower(),
                f"has no code for {layer.phrase}",
                f"it has {alternatives(self.layers, 'and')}",
            )
        return writers[layer.kind](layer)


def network_to_code(network: Network, framework: str) -> str:
    """Return a program that builds a network and prints its output's shape and parameters.

    Raises BadRequest where the framework has no such layer, and for a network of which not all
    is counted.
    """
    how = framework_of(framework)
    if network.not_counted:
        names = alternatives([f"{n} {operator}" for operator, n in network.not_counted], "and")
        remedy = "give a network of which all layers are counted"
        raise BadRequest("as", framework, f"cannot write what is not counted: {names}", remedy)
    nodes, flat = _nodes(network, how)
    body = how.text(program(nodes), how.shape(network.input, False))
    return f"{_heading(network, how, flat)}\n{body}"


def framework_of(name: str) -> Framework:
    """Return a framework by its name, imported when it is asked for."""
    from importlib import import_module

    found: Framework = import_module(f"convcalc.present.frameworks.network_{name}").FRAMEWORK
    return found


def _nodes(network: Network, how: Framework) -> tuple[list[Node], bool]:
    """Return a node for each layer and each change of form, and whether the last is flat."""
    nodes: list[Node] = []
    by_layer: dict[int, tuple[Node | None, bool]] = {INPUT: (None, False)}
    flat = False
    for number, (name, path, layer, sources) in enumerate(network.layers):
        arriving = [by_layer[source] for source in sources]
        groups = tuple(path.split("/"))
        volume = str(layer.output)
        flat = all(own for _, own in arriving)
        calls: tuple[Call, ...] = ()
        if layer.kind in JOINS and not flat:
            for at, (source, own) in enumerate(arriving):
                if own and source is not None:
                    depth = network.layers[sources[at]].layer.output.depth
                    change = (how.unflatten(depth),)
                    between = Node(source.name, groups, source.volume, change, "", (source,))
                    nodes.append(between)
                    arriving[at] = between, False
        if layer.kind not in JOINS:
            before: tuple[Call, ...] = ()
            if layer.kind == "dense" and not flat:
                before, flat = (how.flatten,), True
            elif flat and layer.kind not in (*FLAT_KINDS, *how.flat_layers, "dense", "flatten"):
                before, flat = (how.unflatten(layer.input.depth),), False
            calls = before + how.calls(layer, flat)
        flat = (flat and layer.kind in FLAT_KINDS) or layer.kind in how.flat_after
        join = layer.kind if layer.kind in JOINS else ""
        node = Node(name, groups, volume, calls, join, tuple(source for source, _ in arriving))
        nodes.append(node)
        by_layer[number] = node, flat
    return nodes, flat


def _heading(network: Network, how: Framework, flat: bool) -> str:
    """Say which network this is and what the framework will report of it."""
    total = totals(rows(network)).parameters
    number = total.total if how.averages else total.trainable
    averages = ""
    if total.averages:
        averages = f", {'with' if how.averages else 'without'} {total.averages} moving averages"
    sentences = [
        f"{remark(network.name)}: {network.input} → {network.output}, "
        f"{counted(len(network.layers), 'layer')}",
        f"Here width comes first; {how.name} is {how.order}.",
        f"{how.name} reports output {how.shape(network.output, flat)}, parameters {number}"
        f"{averages}: {memory(number * USUAL.bytes_each)} in {USUAL.dtype}.",
    ]
    return "\n".join(map(comment, sentences))
