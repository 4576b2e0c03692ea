"""Whole-process time of `params` and `network` against click and rich alone, and torchinfo.

    python tests/benchmarks/startup.py [--rounds N] [--save docs/performance.json]

The contenders take turns; torchinfo takes part where it and torch are installed. The figures are
medians, the ratios are what counts. convcalc is compiled first, as pip compiles what it installs:
in a clone whose sources have changed it may otherwise be compiled at every start.
"""

import compileall
import importlib.util
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

from page import keep, process_options
from ratios import in_milliseconds

import convcalc

CLICK = """
import click
@click.command()
def hello(): click.echo("hello")
hello()
"""
RICH_TABLE = """
import click
from rich.console import Console
from rich.table import Table
table = Table()
for name in ("a", "b", "c", "d"): table.add_column(name)
table.add_row("1", "2", "3", "4")
Console().print(table)
"""
TORCHINFO = """
from torch.nn import Conv2d
from torchinfo import summary
print(summary(Conv2d(3, 96, 11, stride=4), (1, 3, 227, 227)))
"""
TORCHINFO_VGG16 = """
from torch.nn import Conv2d, Dropout, Flatten, Linear, MaxPool2d, ReLU, Sequential
from torchinfo import summary
layers, depth = [], 3
for filters in (64, 64, 0, 128, 128, 0, *[256] * 3, 0, *[512] * 3, 0, *[512] * 3, 0):
    if filters:
        layers += [Conv2d(depth, filters, 3, padding=1), ReLU(inplace=True)]
        depth = filters
    else:
        layers.append(MaxPool2d(2))
layers.append(Flatten())
for inputs in (7 * 7 * 512, 4096):
    layers += [Linear(inputs, 4096), ReLU(inplace=True), Dropout()]
print(summary(Sequential(*layers, Linear(4096, 1000)), (1, 3, 224, 224)))
"""
PARAMS = (
    "from convcalc.__main__ import main\n"
    "main('params --input 227x227x3 --filter 11 --stride 4 --filters 96'.split() + {})"
)
NETWORK = "from convcalc.__main__ import main\nmain(['network', '{}'])"
CONTENDERS = {
    "click": CLICK,
    "click and a rich table": RICH_TABLE,
    "params --format json": PARAMS.format("['--format', 'json']"),
    "params": PARAMS.format("[]"),
    "network vgg16": NETWORK.format("vgg16"),
    "network resnet152": NETWORK.format("resnet152"),
}
NEEDED = ("torch", "torchinfo")
if all(map(importlib.util.find_spec, NEEDED)):
    CONTENDERS["torchinfo"] = TORCHINFO
    CONTENDERS["torchinfo vgg16"] = TORCHINFO_VGG16


def seconds(script: str) -> float:
    """Return how long a new Python takes for a script."""
    start = time.perf_counter()
    subprocess.run(
        [sys.executable, "-c", script],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=True,
    )
    return time.perf_counter() - start


def main() -> None:
    """Time every contender in turn and print medians and ratios."""
    asked = process_options(__doc__, rounds=25)
    compileall.compile_dir(Path(convcalc.__file__).parent, quiet=1)
    times: dict[str, list[float]] = {name: [] for name in CONTENDERS}
    for _ in range(asked.rounds):
        for name, script in CONTENDERS.items():
            times[name].append(seconds(script))
    medians = {name: median(values) for name, values in times.items()}
    for name, value in medians.items():
        print(f"{name:24} {value * 1000:6.1f} ms")
    json = medians["params --format json"] / medians["click"]
    table = medians["params"] / medians["click and a rich table"]
    print(f"params --format json / click: {json:.2f}")
    print(f"params / click and a rich table: {table:.2f}")
    for network in ("network vgg16", "network resnet152"):
        print(f"{network} / params: {medians[network] / medians['params']:.2f}")
    if "torchinfo" in medians:
        print(f"params / torchinfo: {medians['params'] / medians['torchinfo']:.3f}")
        vgg16 = medians["network vgg16"] / medians["torchinfo vgg16"]
        print(f"network vgg16 / torchinfo: {vgg16:.3f}")
    else:
        print(f"torchinfo takes no part: {' or '.join(NEEDED)} is not installed")
    if asked.save:
        keep(asked.save, {"startup": in_milliseconds(medians)})


if __name__ == "__main__":
    main()
