"""How time grows with the output's area, with the filters and with the filter's size.

The multiply-adds grow with the first power of the area and of the number of filters, and with
the second of the filter's side.
"""

from typing import Any

from workers import Worker, race

CONTENDERS = ("auto", "im2col", "torch", "torch channels_last")
SERIES = {
    "output area": {
        side * side: f"{side}x{side}x64 F3 P1 K64" for side in (14, 20, 28, 40, 56, 80, 112, 160)
    },
    "filters": {count: f"56x56x64 F3 P1 K{count}" for count in (16, 32, 64, 128, 256, 512)},
    "filter side": {side: f"56x56x64 F{side} P{side // 2} K64" for side in (1, 3, 5, 7, 9, 11)},
}


def growth(workers: dict[str, Worker], rounds: int, seconds: float) -> dict[str, Any]:
    """Return for each series its sizes and each contender's milliseconds."""
    some = {name: workers[name] for name in CONTENDERS if name in workers}
    figures = {}
    for what, layers in SERIES.items():
        times = [race(some, layer, rounds, seconds) for layer in layers.values()]
        milliseconds = {name: [time[name] for time in times] for name in some}
        figures[what] = {"layers": list(layers.values()), "sizes": list(layers)} | {
            "ms": milliseconds
        }
    return figures
