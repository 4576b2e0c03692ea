"""Ratios as tables, on the screen and in the page; a test works the page's figures out again."""

import argparse
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from statistics import geometric_mean
from textwrap import fill

from ratios import LAYOUTS, OTHERS, OWN, TORCH, Figures, dense, exponent, number, peers, ratio

PEER_HEADS = ("layer", "torch", "torch, better layout", *OTHERS)


def report(layer: str, row: Figures) -> str:
    """Return a layer's figures for the screen."""
    heads = ["", "ms", "/ torch", "/ better", "difference", "workspace"]
    lines = [f"\n{layer} (auto: {row['chosen']})"]
    lines.append("{:22}{:>9}{:>9}{:>10}{:>12}{:>12}".format(*heads))
    for name, ms in row["ms"].items():
        default, better = (number(ratio(row["ms"], name, who)) for who in ((TORCH,), LAYOUTS))
        space = row["workspace"].get(name)
        lines.append(
            f"{name:22}{ms:9.3f}{default:>9}{better:>10}{row['difference'][name]:12.1e}"
            f"{'' if space is None else f'{space / 2**20:.1f} MiB':>12}"
        )
    return "\n".join(lines)


def peers_table(figures: Figures) -> str:
    """Return the time of `auto` over that of others, layer by layer, and what sums it up."""
    layers = figures["layers"]
    rows = [[name, *map(number, peers(row["ms"]))] for name, row in layers.items()]
    if not dense(layers):
        return markdown(PEER_HEADS, rows)
    columns = list(zip(*(peers(row["ms"]) for row in dense(layers)), strict=True))
    for what, sums in (("geometric mean, dense", geometric_mean), ("largest, dense", max)):
        whole = [None if None in column else sums(column) for column in columns]
        rows.append([what, *map(number, whole)])
    return markdown(PEER_HEADS, rows)


def algorithms_table(figures: Figures) -> str:
    """Return each algorithm's time over the fastest's, and what `auto` costs besides time."""
    rows, costs = [], []
    for name, row in figures["layers"].items():
        difference, space = row["difference"], row["workspace"]["auto"]
        each = [number(ratio(row["ms"], algorithm, OWN)) for algorithm in OWN]
        auto = ratio(row["ms"], "auto", OWN)
        costs.append((auto, space, difference["auto"], difference.get(TORCH, 0.0)))
        rows.append([name, row["chosen"], *each, *_costs(*costs[-1])])
    largest = [max(column) for column in zip(*costs, strict=True)]
    rows.append(["largest", "", *[""] * len(OWN), *_costs(*largest)])
    heads = ["layer", "`auto` took", *OWN, "`auto`", "workspace", "difference", "torch's"]
    return markdown(heads, rows)


def _costs(auto: float, space: int, difference: float, of_torch: float) -> list[str]:
    """Return what `auto` costs as cells: time, MiB, largest differences."""
    torchs = f"{of_torch:.1e}" if of_torch else ""
    return [number(auto), f"{space / 2**20:.1f}", f"{difference:.1e}", torchs]


def growth_table(figures: Figures) -> str:
    """Return the exponents with which time grows."""
    rows, names = [], []
    for what, series in figures.get("growth", {}).items():
        sizes, names = series["sizes"], list(series["ms"])
        powers = [number(exponent(sizes, times)) for times in series["ms"].values()]
        expected = "2" if what == "filter side" else "1"
        rows.append([what, f"{sizes[0]} to {sizes[-1]}", expected, *powers])
    return markdown(["what grows", "from", "multiply-adds", *names], rows)


def machine_text(figures: Figures) -> str:
    """Return the machine, the versions and who took no part."""
    machine = figures["machine"]
    versions = ", ".join(f"{name} {version}" for name, version in figures["versions"].items())
    missing = ", ".join(figures["missing"]) or "nobody"
    text = (
        f"{machine['processor']}, {machine['cores']} cores; {machine['threads']} threads. "
        f"{versions}. Missing: {missing}. "
        f"Medians of {figures['rounds']} rounds, with turns of {figures['seconds']:g} s."
    )
    return fill(text, 100) + "\n"


def markdown(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table; all columns but the first are set to the right, and all line up."""
    table = [heads, *rows]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    rule = [":" + "-" * (widths[0] - 1), *("-" * (width - 1) + ":" for width in widths[1:])]
    lines = []
    for first, *others in (table[0], rule, *table[1:]):
        cells = [f"{first:{widths[0]}}"]
        cells += [f"{cell:>{width}}" for cell, width in zip(others, widths[1:], strict=True)]
        lines.append("| " + " | ".join(cells) + " |\n")
    return "".join(lines)


def processes_table(figures: Figures) -> str:
    """Return the times of whole processes over those of others."""
    ms = figures.get("startup", {}) | figures.get("unshared", {})
    pairs = [(own, other) for own, others in PROCESSES.items() for other in others if other in ms]
    rows = [[own, other, number(ms[own] / ms[other])] for own, other in pairs if own in ms]
    return markdown(["whole process", "over", "time"], rows)


PROCESSES = {
    "params --format json": ("click",),
    "params": ("click and a rich table", "torchinfo"),
    "convcalc, the notes' layer": ("torch, the notes' layer", "flax, the notes' layer"),
}
SECTIONS = {
    "machine": machine_text,
    "peers": peers_table,
    "algorithms": algorithms_table,
    "growth": growth_table,
    "processes": processes_table,
}


def process_options(text: str, rounds: int) -> argparse.Namespace:
    """Return the options of a script that times whole processes."""
    parser = argparse.ArgumentParser(description=text.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=rounds)
    parser.add_argument("--save", type=Path, help="keep the medians here, write the page's table")
    return parser.parse_args()


def keep(path: Path, figures: Figures) -> None:
    """Put figures among those a file has, and write the tables of a page beside it anew."""
    kept = json.loads(path.read_bytes()) if path.exists() else {}
    kept |= figures
    path.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    page = path.with_suffix(".md")
    if not page.exists():
        return
    text = page.read_text(encoding="utf-8")
    for name, section in SECTIONS.items():
        head, begin, rest = text.partition(f"<!-- {name} -->\n")
        _, end, tail = rest.partition("<!-- end -->")
        assert end, f"{page} has no place for {name}"
        text = head + begin + section(kept) + end + tail
    page.write_text(text, encoding="utf-8")
