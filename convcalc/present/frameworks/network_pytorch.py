"""Networks in PyTorch: nn.Sequential where layers follow one another, a Module for branches."""

from collections.abc import Callable, Sequence
from typing import Any

from convcalc.layer.activation import Activation, Dropout
from convcalc.layer.axis import Axis
from convcalc.layer.conv import ConvLayer
from convcalc.layer.dense import Dense, Flatten
from convcalc.layer.enlarge import Transposed, Upsample
from convcalc.layer.local import Local, Tabled
from convcalc.layer.norm import BatchNorm, LocalResponseNorm
from convcalc.layer.pool import GlobalPool, Pool
from convcalc.present.frameworks.code import (
    Argument,
    Call,
    Literal,
    Variables,
    above,
    call,
    fitted,
    identifier,
    remark,
)
from convcalc.present.frameworks.network_code import Framework
from convcalc.present.frameworks.program import Block, Program, Scope, Written, written

ACTIVATIONS = {
    "relu": "ReLU",
    "relu6": "ReLU6",
    "leakyrelu": "LeakyReLU",
    "elu": "ELU",
    "gelu": "GELU",
    "silu": "SiLU",
    "hardswish": "Hardswish",
    "hardsigmoid": "Hardsigmoid",
    "sigmoid": "Sigmoid",
    "tanh": "Tanh",
    "identity": "Identity",
}

HELPERS = {
    "Bias": '''\
class Bias(nn.Module):
    """A bias of its own for every neuron."""

    def __init__(self, *shape):
        super().__init__()
        self.bias = nn.Parameter(torch.zeros(shape))

    def forward(self, x):
        return x + self.bias
''',
    "Local": '''\
class Local(nn.Module):
    """Locally connected, which PyTorch has not: own weights at every position."""

    def __init__(
        self, depth, filters, window, output, stride=1, dilation=1, groups=1, bias=True
    ):
        super().__init__()
        self.cut = nn.Unfold(window, stride=stride, dilation=dilation)
        self.groups, self.output = groups, output
        positions, taps = output[0] * output[1], depth // groups * window[0] * window[1]
        weights = torch.randn(groups, positions, filters // groups, taps) / taps**0.5
        self.weight = nn.Parameter(weights)
        self.bias = nn.Parameter(torch.zeros(filters, *output)) if bias else None

    def forward(self, x):
        # batch, groups, taps, positions
        windows = self.cut(x).unflatten(1, (self.groups, -1))
        y = torch.einsum("bgnp,gpkn->bgkp", windows, self.weight).flatten(1, 2)
        y = y.unflatten(2, self.output)
        return y if self.bias is None else y + self.bias
''',
    "Tabled": '''\
class Tabled(nn.Module):
    """A convolution whose filters see the channels in their row of a table."""

    def __init__(self, table, *args, **options):
        super().__init__()
        self.table = table
        filters = (nn.Conv2d(len(row), 1, *args, **options) for row in table)
        self.filters = nn.ModuleList(filters)

    def forward(self, x):
        seen = zip(self.filters, self.table)
        return torch.cat([filter(x[:, row]) for filter, row in seen], 1)
''',
    "Mean": '''\
class Mean(nn.Module):
    """Means of the cells that count in windows; pads are as F.pad has them."""

    def __init__(self, window, stride, pad, counted):
        super().__init__()
        self.pool = nn.AvgPool2d(window, stride)
        self.pad, self.counted = pad, counted

    def forward(self, x):
        ones = F.pad(torch.ones_like(x), self.counted, value=1.0)
        rest = [of_all - own for of_all, own in zip(self.pad, self.counted)]
        return self.pool(F.pad(x, self.pad)) / self.pool(F.pad(ones, rest))
''',
}
"""What PyTorch has not, by the name it is called by."""

Sides = int | tuple[int, ...]


def sides(across: int, down: int) -> Sides:
    """Return numbers of width and height as PyTorch takes them: one, or height first."""
    return across if across == down else (down, across)


def ends(axes: Sequence[Axis], after: Sequence[int]) -> tuple[int, ...]:
    """Return pads as F.pad takes them: left, right, top, bottom."""
    x, y = axes
    return x.before, after[0], y.before, after[1]


def _padded(layer: ConvLayer) -> tuple[tuple[Call, ...], Sides]:
    """Return what pads before a convolution, where that cannot do it itself, and its own pad."""
    x, y = layer.axes
    if x.before == x.after and y.before == y.after:
        return (), sides(x.before, y.before)
    return (call("nn.ZeroPad2d", ("pad", ends((x, y), (x.after, y.after)))),), 0


def _conv(layer: ConvLayer) -> tuple[Call, ...]:
    before, padding = _padded(layer)
    one = call(
        "nn.Conv2d",
        ("depth", layer.input.depth),
        ("filters", layer.filters),
        ("window", sides(layer.filter.width, layer.filter.height)),
        stride=(sides(*layer.stride), 1),
        padding=(padding, 0),
        dilation=(sides(*layer.dilation), 1),
        groups=(layer.groups, 1),
        bias=(bool(layer.bias) and not layer.untied, True),
    )
    return (*before, one, *_untied(layer))


def _untied(layer: ConvLayer) -> tuple[Call, ...]:
    width, height, depth = layer.output
    if not layer.untied:
        return ()
    return (call("Bias", ("depth", depth), ("height", height), ("width", width)),)


def _local(layer: Local) -> tuple[Call, ...]:
    pads = ends(layer.axes, [axis.after for axis in layer.axes])
    before = (call("nn.ZeroPad2d", ("pad", pads)),) if any(pads) else ()
    one = call(
        "Local",
        ("depth", layer.input.depth),
        ("filters", layer.filters),
        ("window", (layer.filter.height, layer.filter.width)),
        ("output", (layer.output.height, layer.output.width)),
        stride=(sides(*layer.stride), 1),
        dilation=(sides(*layer.dilation), 1),
        groups=(layer.groups, 1),
        bias=(bool(layer.bias), True),
    )
    return (*before, one)


def _tabled(layer: Tabled) -> tuple[Call, ...]:
    before, padding = _padded(layer)
    one = call(
        "Tabled",
        ("table", Literal([list(row) for row in layer.table])),
        ("window", sides(layer.filter.width, layer.filter.height)),
        stride=(sides(*layer.stride), 1),
        padding=(padding, 0),
        dilation=(sides(*layer.dilation), 1),
        bias=(bool(layer.bias), True),
    )
    return (*before, one)


def _transposed(layer: Transposed) -> tuple[Call, ...]:
    left, right, top, bottom = layer.pad
    alike = left == right and top == bottom
    one = call(
        "nn.ConvTranspose2d",
        ("depth", layer.input.depth),
        ("filters", layer.filters),
        ("window", sides(*layer.filter)),
        stride=(sides(*layer.stride), 1),
        padding=(sides(left, top) if alike else 0, 0),
        output_padding=(sides(*layer.output_pad), 0),
        groups=(layer.groups, 1),
        bias=(layer.bias, True),
        dilation=(sides(*layer.dilation), 1),
    )
    cut = () if alike else (call("nn.ZeroPad2d", ("pad", (-left, -right, -top, -bottom))),)
    return (one, *cut)


def _pool(layer: Pool) -> tuple[Call, ...]:
    x, y = layer.axes
    window = sides(*layer.window)
    stride: dict[str, Any] = {"stride": (sides(*layer.stride), window)}
    itself = all(one.before == one.after <= one.filter // 2 for one in (x, y))
    if itself:
        options = stride | {"padding": (sides(x.before, y.before), 0)}
        options["ceil_mode"] = layer.ceil, False
        if layer.mode == "average":
            options["count_include_pad"] = (layer.count_pad or not any(layer.pad), True)
        name = "nn.MaxPool2d" if layer.mode == "max" else "nn.AvgPool2d"
        return (call(name, ("window", window), **options),)
    reached = [
        (one.positions - 1) * one.stride + one.filter - one.size - one.before for one in (x, y)
    ]
    pad = ends((x, y), reached)
    if layer.mode == "max":
        lowest = call("nn.ConstantPad2d", ("pad", pad), ("value", Literal('float("-inf")')))
        return lowest, call("nn.MaxPool2d", ("window", window), **stride)
    counted = tuple(layer.pad) if layer.count_pad else (0, 0, 0, 0)
    numbers = (("window", window), ("stride", stride["stride"][0]), ("pad", pad))
    return (call("Mean", *numbers, ("counted", counted)),)


def _globalpool(layer: GlobalPool) -> tuple[Call, ...]:
    name = "Max" if layer.mode == "max" else "Avg"
    return (call(f"nn.Adaptive{name}Pool2d", ("output", 1)),)


def _dense(layer: Dense) -> tuple[Call, ...]:
    numbers = ("inputs", layer.input.cells), ("units", layer.units)
    return (call("nn.Linear", *numbers, bias=(layer.bias, True)),)


def _batchnorm(name: str) -> Callable[[BatchNorm], tuple[Call, ...]]:
    def write(layer: BatchNorm) -> tuple[Call, ...]:
        return (call(name, ("depth", layer.input.depth), affine=(layer.affine, True)),)

    return write


def _lrn(layer: LocalResponseNorm) -> tuple[Call, ...]:
    return (call("nn.LocalResponseNorm", ("size", layer.size), k=(2.0, 1.0)),)


def _activation(layer: Activation) -> tuple[Call, ...]:
    if layer.function == "softmax":
        return (Call("nn.Softmax", (Argument("dim", 1, "dim"),)),)
    return (call(f"nn.{ACTIVATIONS[layer.function]}"),)


def _dropout(layer: Dropout) -> tuple[Call, ...]:
    return (call("nn.Dropout", ("rate", Literal(layer.rate))),)


def _upsample(layer: Upsample) -> tuple[Call, ...]:
    return (Call("nn.Upsample", (Argument("scale_factor", sides(*layer.factor), "factor"),)),)


def _flatten(_: Flatten) -> tuple[Call, ...]:
    return (FLATTEN,)


FLATTEN = call("nn.Flatten")


def _unflatten(depth: int) -> Call:
    return call("nn.Unflatten", ("dim", 1), ("sides", (depth, 1, 1)))


def text(made: Program, shape: tuple[int, ...]) -> str:
    """Return the program."""
    before = [HELPERS[name] for name in HELPERS if name in made.functions]
    before += [_class(block.name, block.scope, block) for block in made.blocks]
    network = "net = Network()\n"
    if made.scope.chain:
        network = f"net = {_sequential(written(made.scope, None), 0)}"
    else:
        before.append(_class("Network", made.scope, None))
    functional = "from torch.nn import functional as F\n" if HELPERS["Mean"] in before else ""
    return f"""\
import torch
from torch import nn
{functional}{above(before)}{network}
net.eval()
x = torch.zeros{shape}
with torch.no_grad():
    y = net(x)
print("output:", tuple(y.shape))
print("parameters:", sum(p.numel() for p in net.parameters()))
"""


def _class(name: str, scope: Scope, block: Block | None) -> str:
    """Return a definition: of a Sequential, or of a Module with what its branches do."""
    nodes = written(scope, block)
    names = block.names if block else []
    start = fitted("def __init__(", ["self", *names], "):", 4, "")
    if scope.chain:
        layers = _sequential(nodes, 8).removeprefix("nn.Sequential")
        return f"class {name}(nn.Sequential):\n{start}        super().__init__{layers}"
    links = scope.links()
    runs = _runs(nodes, links)
    variables, taken = Variables(links), set[str]()
    made, forward = "", ""
    for run in runs:
        first = nodes[run[0]]
        arriving = variables.read(links[run[0]])
        target = variables.write(run[-1])
        if first.node.join == "add":
            forward += f"        {target} = {' + '.join(arriving)}\n"
        elif first.node.join:
            forward += fitted(f"{target} = torch.cat([", arriving, "], 1)", 8, _note(first))
        else:
            own = identifier(first.node.name, taken)
            made += _run(f"self.{own} = ", [nodes[place] for place in run])
            forward += f"        {target} = self.{own}({arriving[0]})\n"
    [last] = variables.read([len(nodes) - 1])
    return f"""\
class {name}(nn.Module):
{start}\
        super().__init__()
{made}
    def forward(self, x):
{forward}\
        return {last}
"""


def _run(assigned: str, nodes: Sequence[Written]) -> str:
    """Return what makes layers that follow one another, or the one layer."""
    if len(nodes) == 1 and len(nodes[0].calls) == 1:
        one, arguments = nodes[0].calls[0]
        return fitted(f"{assigned}{one.function}(", arguments, ")", 8, remark(nodes[0].volume))
    return f"        {assigned}{_sequential(nodes, 8)}"


def _runs(nodes: Sequence[Written], links: Sequence[tuple[int, ...]]) -> list[list[int]]:
    """Return places in runs: each takes, alone, what the one before it puts out."""
    uses = [0] * len(nodes)
    for sources in links:
        for source in sources:
            if source >= 0:
                uses[source] += 1
    runs: list[list[int]] = []
    for place, (node, _, _) in enumerate(nodes):
        follows = (
            place > 0
            and links[place] == (place - 1,)
            and uses[place - 1] == 1
            and not node.join
            and not nodes[place - 1].node.join
        )
        if follows:
            runs[-1].append(place)
        else:
            runs.append([place])
    return runs


def _sequential(nodes: Sequence[Written], indent: int) -> str:
    """Return nn.Sequential of layers; blocks that are alike are said once."""
    lines = ""
    place = 0
    while place < len(nodes):
        one, times = nodes[place], 1
        while place + times < len(nodes) and _again(one, nodes[place + times]):
            times += 1
        note = _note(one, nodes[place + times - 1] if times > 1 else None)
        *others, (last, arguments) = one.calls
        for other, own in others:
            lines += fitted(f"{other.function}(", own, "),", indent + 4, "")
        if times > 1:
            closing = f") for _ in range({times})),"
            lines += fitted(f"*({last.function}(", arguments, closing, indent + 4, note)
        else:
            lines += fitted(f"{last.function}(", arguments, "),", indent + 4, note)
        place += times
    return f"nn.Sequential(\n{lines}{' ' * indent})\n"


def _again(one: Written, other: Written) -> bool:
    """Whether a block is made once more."""
    [(block, _), *others] = one.calls
    return one.calls == other.calls and not others and "." not in block.function


def _note(first: Written, last: Written | None = None) -> str:
    """Return the comment on a layer: its name, and what it puts out."""
    name = f"{first.node.name} to {last.node.name}" if last else first.node.name
    return remark(name, (last or first).volume)


FRAMEWORK = Framework(
    name="PyTorch",
    order="(batch, depth, height, width), channels first",
    channels_first=True,
    averages=False,
    layers={
        "conv": _conv,
        "conv1d": _conv,
        "local": _local,
        "tabled": _tabled,
        "transposed": _transposed,
        "pool": _pool,
        "globalpool": _globalpool,
        "dense": _dense,
        "flatten": _flatten,
        "batchnorm": _batchnorm("nn.BatchNorm2d"),
        "lrn": _lrn,
        "activation": _activation,
        "dropout": _dropout,
        "upsample": _upsample,
    },
    flat_layers={"batchnorm": _batchnorm("nn.BatchNorm1d")},
    flat_after=("dense", "flatten"),
    flatten=FLATTEN,
    unflatten=_unflatten,
    text=text,
)
