"""An .onnx file as a network that can be bound to an input, and the numbers it has learned."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from convcalc.errors import BadRequest, shown
from convcalc.files.onnx.essentials import Essentials, Malformed, Span
from convcalc.files.regular import RegularFile
from convcalc.layer.network import Network
from convcalc.layer.volume import Volume
from convcalc.numerals import grouped

MOST_FILE = 2**31
"""Bytes of the largest protocol buffer there can be."""


class Model(NamedTuple):
    """A file: its network for an input, and what it tells, as the other files have it."""

    name: str
    where: str
    graph: Any
    file: RegularFile
    spans: Mapping[str, Span]
    about: Mapping[str, Any]
    input: None = None

    def at(self, input: Volume | None = None) -> Network:
        """Return the network, for an input of another size where one is given.

        Raises BadRequest, naming the file and the operator, where it is none.
        """
        from convcalc.files.onnx.graph import Graph

        try:
            return Graph(self.graph, input).network(self.name)
        except BadRequest as error:
            if error.argument != "SPEC":
                raise
            value = self.where if error.value is None else f"{shown(self.where)}: {error.value}"
            raise BadRequest("SPEC", value, error.problem, error.remedy) from None


def load(path: Path) -> Model:
    """Read a file without its weights; raise BadRequest, naming it, for what is no network."""
    file = RegularFile("SPEC", path, "give an .onnx file, a TOML file or a network's name")
    try:
        from onnx import ModelProto
    except ImportError:
        remedy = "run pip install 'convcalc[onnx]'"
        raise file.refusal("needs the onnx package to be read", remedy) from None
    remedy = "give a file that torch.onnx.export or tf2onnx has written"
    if file.size > MOST_FILE:
        raise file.refusal(f"has more than {grouped(MOST_FILE)} bytes", remedy)
    try:
        with file.opened() as opened:
            parts = Essentials(opened, file.size)
        model = ModelProto.FromString(parts.bytes)
    except Malformed as error:
        raise file.refusal(f"is no .onnx file: it {error}", remedy) from None
    except Exception as error:
        if isinstance(error, BadRequest):
            raise
        raise file.refusal("is no .onnx file", remedy) from None
    if not model.HasField("graph") or not model.graph.node:
        raise file.refusal("is no .onnx file: it has no graph", remedy)
    return Model(path.stem, str(path), model.graph, file, parts.spans, {})
