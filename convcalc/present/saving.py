"""`--save`: the output as an array or as a contact sheet, by the file's ending."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from convcalc.compute.runs import ForwardRun
from convcalc.errors import BadRequest
from convcalc.files.save import check_target, replacing
from convcalc.layer import ConvLayer
from convcalc.present.progress import Bar
from convcalc.present.sheet import BYTES_PER_CELL, sheet_layout, write_sheet


def check_targets(paths: Sequence[Path], layer: ConvLayer) -> int:
    """Return the bytes that saving will take; raise BadRequest where it can be seen to fail."""
    needed = 0
    for path in paths:
        if path.suffix.lower() == ".png":
            width, height = sheet_layout(layer).sheet
            one_map = layer.output.width * layer.output.height
            needed = max(needed, 2 * width * height + BYTES_PER_CELL * one_map)
        elif path.suffix.lower() != ".npy":
            raise BadRequest(
                "save",
                path,
                "has an ending that says neither array nor picture",
                "give a file name ending in .npy or .png",
            )
        check_target("save", path)
    return needed


def save_output(path: Path, run: ForwardRun) -> None:
    """Write the run's output to a file.

    Raises CannotWrite when the system refuses; the file is then as it was.
    """
    with replacing(path) as file:
        if path.suffix.lower() == ".png":
            with Bar("contact sheet", run.layer.filters) as progress:
                write_sheet(run.layer, run.output, file, progress)
        else:
            np.save(file, run.output, allow_pickle=False)
