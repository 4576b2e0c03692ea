"""Whole-process time of `params` against the least that click and rich can do.

    python tests/benchmarks/startup.py [ROUNDS]

The contenders take turns; the figures are medians, the ratios are what counts.
"""

import subprocess
import sys
import time
from statistics import median

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
PARAMS = (
    "from convcalc.cli import main\n"
    "main('params --input 227x227x3 --filter 11 --stride 4 --filters 96'.split() + {})"
)
CONTENDERS = {
    "click": CLICK,
    "click and a rich table": RICH_TABLE,
    "params --format json": PARAMS.format("['--format', 'json']"),
    "params": PARAMS.format("[]"),
}


def seconds(script: str) -> float:
    """Return how long a new Python takes for a script."""
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", script], stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - start


def main(rounds: int) -> None:
    """Time every contender in turn and print medians and ratios."""
    times: dict[str, list[float]] = {name: [] for name in CONTENDERS}
    for _ in range(rounds):
        for name, script in CONTENDERS.items():
            times[name].append(seconds(script))
    medians = {name: median(values) for name, values in times.items()}
    for name, value in medians.items():
        print(f"{name:24} {value * 1000:6.1f} ms")
    json = medians["params --format json"] / medians["click"]
    table = medians["params"] / medians["click and a rich table"]
    print(f"params --format json / click: {json:.2f}")
    print(f"params / click and a rich table: {table:.2f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 25)
