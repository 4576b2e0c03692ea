"""The columns of a network's table: what each says of a line, and of all together."""

from collections.abc import Callable
from typing import NamedTuple

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
    return _along(_half(x.first + x.last), _half(y.first + y.last))


def _half(number: int) -> str:
    sign = "-" if number < 0 else ""
    return f"{sign}{abs(number) // 2}{'.5' if number % 2 else ''}"


def _unshared(line: Line, use: Use) -> Figure:
    if line.alone and line.alone.unshared is None:
        return ""
    return line.sums.unshared


COLUMNS = {
    "layer": Column("layer", lambda line, use: shown(line.name), False, True),
    "what": Column("", _phrase, False, True),
    "input": Column("input", lambda line, use: str(line.rows[0].placed.layer.input), False),
    "padded": Column("padded", _padded, False),
    "output": Column("output", lambda line, use: str(line.rows[-1].placed.layer.output), False),
    "unused": Column("unused pixels", _unused, False),
    "activations": Column("activations", lambda line, use: use.batch * line.sums.activations),
    "activation-bytes": Column(
        "bytes, activations",
        lambda line, use: use.batch * use.bytes_each * line.sums.activations,
    ),
    "weights": Column("weights", lambda line, use: line.sums.parameters.weights),
    "biases": Column("biases", lambda line, use: line.sums.parameters.biases),
    "averages": Column("moving averages", lambda line, use: line.sums.parameters.averages),
    "trainable": Column("trainable parameters", lambda line, use: line.sums.parameters.trainable),
    "parameters": Column("parameters", lambda line, use: line.sums.parameters.total),
    "parameter-bytes": Column(
        "bytes, parameters", lambda line, use: use.bytes_each * line.sums.parameters.total
    ),
    "unshared": Column("unshared parameters", _unshared),
    "multiply-adds": Column("multiply-adds", lambda line, use: use.batch * line.sums.multiply_adds),
    "flops": Column("FLOPs", lambda line, use: 2 * use.batch * line.sums.multiply_adds),
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


class View(NamedTuple):
    """How a network is looked at: its use, how many groups deep, and with which columns."""

    use: Use = USUAL
    depth: int | None = None
    columns: tuple[str, ...] = USUAL_COLUMNS


USUAL_VIEW = View()


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
