"""The columns of a network's table: what each says of a line, and of all together."""

from collections.abc import Callable
from functools import partial
from operator import attrgetter
from typing import NamedTuple

from convcalc.arithmetic.formula import mixed
from convcalc.arithmetic.network import Line
from convcalc.arithmetic.use import USUAL, Use
from convcalc.errors import BadRequest, most_alike, shown, told
from convcalc.layer.volume import Pair
from convcalc.numerals import counted

Figure = int | str


class Column(NamedTuple):
    """A heading, what a line has in the column, and whether all lines together have it.

    Names and phrases are `text`, written from the left.
    """

    heading: str
    figure: Callable[[Line, Use], Figure]
    adds: bool = True
    text: bool = False


def _phrase(line: Line, use: Use) -> str:
    if line.alone:
        return line.alone.placed.layer.phrase
    layers = counted(len(line.rows) // line.times, "layer")
    return layers if line.times == 1 else f"{line.times} × {layers}"


def _padded(line: Line, use: Use) -> str:
    """Return the volume with its pad, where there is one."""
    axes = line.alone.placed.layer.axes if line.alone else ()
    if line.alone is None or all(axis.padded == axis.size for axis in axes):
        return ""
    return str(line.alone.placed.layer.input._replace(width=axes[0].padded, height=axes[1].padded))


def _unused(line: Line, use: Use) -> str:
    """Return the columns and rows that no window sees, where there are any."""
    unused = [axis.unused for axis in line.alone.placed.layer.axes] if line.alone else []
    return "x".join(map(str, unused)) if any(unused) else ""


def _along(x: object, y: object) -> str:
    return f"{x}" if x == y else f"{x}x{y}"


def _field(line: Line, use: Use) -> str:
    x, y = line.rows[-1].fields
    return str(Pair(x.size, y.size))


def _jump(line: Line, use: Use) -> str:
    x, y = line.rows[-1].fields
    return _along(x.jump, y.jump)


def _centre(line: Line, use: Use) -> str:
    x, y = line.rows[-1].fields
    return _along(*(mixed(one.centre.numerator, one.centre.denominator) for one in (x, y)))


def _unshared(line: Line, use: Use) -> Figure:
    if line.alone and line.alone.unshared is None:
        return ""
    return line.sums.unshared


def _name(line: Line, use: Use) -> str:
    return shown(line.name)


def _input(line: Line, use: Use) -> str:
    return str(line.rows[0].placed.layer.input)


def _output(line: Line, use: Use) -> str:
    return str(line.rows[-1].placed.layer.output)


def _sum(name: str, line: Line, use: Use) -> int:
    return int(attrgetter(name)(line.sums))


def _of_batch(name: str, line: Line, use: Use) -> int:
    return use.batch * _sum(name, line, use)


def _flops(line: Line, use: Use) -> int:
    return 2 * _of_batch("multiply_adds", line, use)


def _activation_bytes(line: Line, use: Use) -> int:
    return use.bytes_each * _of_batch("activations", line, use)


def _parameter_bytes(line: Line, use: Use) -> int:
    return use.bytes_each * _sum("parameters.total", line, use)


COLUMNS = {
    "layer": Column("layer", _name, False, True),
    "what": Column("", _phrase, False, True),
    "input": Column("input", _input, False),
    "padded": Column("padded", _padded, False),
    "output": Column("output", _output, False),
    "unused": Column("unused pixels", _unused, False),
    "activations": Column("activations", partial(_of_batch, "activations")),
    "activation-bytes": Column("bytes, activations", _activation_bytes),
    "weights": Column("weights", partial(_sum, "parameters.weights")),
    "biases": Column("biases", partial(_sum, "parameters.biases")),
    "averages": Column("moving averages", partial(_sum, "parameters.averages")),
    "trainable": Column("trainable parameters", partial(_sum, "parameters.trainable")),
    "parameters": Column("parameters", partial(_sum, "parameters.total")),
    "parameter-bytes": Column("bytes, parameters", _parameter_bytes),
    "unshared": Column("unshared parameters", _unshared),
    "multiply-adds": Column("multiply-adds", partial(_of_batch, "multiply_adds")),
    "flops": Column("FLOPs", _flops),
    "receptive-field": Column("receptive field", _field, False),
    "jump": Column("jump", _jump, False),
    "centre": Column("first centre", _centre, False),
}
"""By name, in the order in which they are printed."""

USUAL_COLUMNS = (
    "layer",
    "what",
    "output",
    "activations",
    "parameters",
    "multiply-adds",
    "receptive-field",
)

TOGETHER = {
    "bytes": ("activation-bytes", "parameter-bytes"),
    "bias": ("biases",),
    "macs": ("multiply-adds",),
    "field": ("receptive-field",),
    "center": ("centre",),
    "all": tuple(COLUMNS),
}
"""Words that stand for columns beside their names."""


class Listing(NamedTuple):
    """How a network is listed: its use, how many groups deep, and with which columns."""

    use: Use = USUAL
    depth: int | None = None
    columns: tuple[str, ...] = USUAL_COLUMNS


USUAL_LISTING = Listing()


def read_columns(text: str) -> tuple[str, ...]:
    """Return the usual columns and those that are asked for; raise BadRequest for one not known.

    >>> read_columns("flops, jump")[4:]
    ('parameters', 'multiply-adds', 'flops', 'receptive-field', 'jump')
    """
    asked = set(USUAL_COLUMNS)
    for word in text.split(","):
        name = word.strip().lower().replace("_", "-").replace(" ", "-")
        found = TOGETHER.get(name, (name,) if name in COLUMNS else ())
        if not found:
            more = [one for one in (*COLUMNS, *TOGETHER) if one not in USUAL_COLUMNS]
            remedy = told(most_alike(name, more), f"give some of {', '.join(more)}")
            raise BadRequest("columns", word, "is no column", remedy)
        asked.update(found)
    return tuple(name for name in COLUMNS if name in asked)
