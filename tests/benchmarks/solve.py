"""Whole-process time of `solve` against `params`, and of a search far too large to try.

    python tests/benchmarks/solve.py [ROUNDS]

The contenders take turns; the figures are medians, the ratios are what counts.
"""

import sys
from statistics import median

from startup import PARAMS, seconds

SOLVE = "from convcalc.__main__ import main\nmain('solve --input 227x227x3 {}'.split())"
MILLION = "1..1000000"
CONTENDERS = {
    "params": PARAMS.format("[]"),
    "solve --output 55x55": SOLVE.format("--output 55x55"),
    "the same, three ranges of 1..64": SOLVE.format(
        "--output 55x55 --filter 1..64 --stride 1..64 --pad 1..64"
    ),
    "the same, any output": SOLVE.format("--filter 1..64 --stride 1..64 --pad 1..64"),
    "the same, any output, floored": SOLVE.format(
        "--filter 1..64 --stride 1..64 --pad 1..64 --allow-floor"
    ),
    "no fit, and what is nearest": SOLVE.format(
        "--output 60x60 --filter 1..64 --stride 1..64 --pad 64..128"
    ),
    "three ranges of a million": SOLVE.format(
        f"--output 55x55 --filter {MILLION} --stride {MILLION} --pad {MILLION}"
    ),
}


def main(rounds: int) -> None:
    """Time every contender in turn and print medians and their ratios to params."""
    times: dict[str, list[float]] = {name: [] for name in CONTENDERS}
    for _ in range(rounds):
        for name, script in CONTENDERS.items():
            times[name].append(seconds(script))
    medians = {name: median(values) for name, values in times.items()}
    for name, value in medians.items():
        print(f"{name:32} {value * 1000:6.1f} ms, {value / medians['params']:.2f} x params")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 15)
