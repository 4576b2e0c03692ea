"""`--save`: an output as an array or as a contact sheet, gradients as an archive of arrays."""

from collections.abc import Sequence
from pathlib import Path
from zipfile import ZipFile

import numpy as np

from convcalc.compute.experiments.backward_run import BackwardRun
from convcalc.compute.experiments.stats import Maps
from convcalc.errors import BadRequest
from convcalc.files.save import check_target, replacing
from convcalc.layer import Layer
from convcalc.present.saved.sheet import BYTES_PER_CELL, sheet_layout, write_sheet
from convcalc.present.screens.progress import Bar
from convcalc.shapes import unshared_weights_shape


def check_targets(paths: Sequence[Path], layer: Layer) -> int:
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


def save_gradients(path: Path, run: BackwardRun, own: bool) -> None:
    """Write gradients to an .npz file; every position's own ones as they are made, if asked.

    Raises CannotWrite when the system refuses; the file is then as it was.
    """
    arrays = run.gradients._asdict() | {"upstream": run.upstream}
    header = {
        "descr": np.lib.format.dtype_to_descr(run.gradients.weights.dtype),
        "fortran_order": False,
        "shape": unshared_weights_shape(run.layer),
    }
    with replacing(path) as file:
        np.savez(file, **{name: array for name, array in arrays.items() if array is not None})
        if own:
            with (
                ZipFile(file, "a") as archive,
                archive.open("own_weights.npy", "w", force_zip64=True) as member,
                Bar("own gradients", run.layer.multiply_adds) as progress,
            ):
                np.lib.format.write_array_header_1_0(member, header)
                for block in run.own_gradients(progress):
                    member.write(np.ascontiguousarray(block).data)


def save_output(path: Path, maps: Maps) -> None:
    """Write a layer's output to a file.

    Raises CannotWrite when the system refuses; the file is then as it was.
    """
    with replacing(path) as file:
        if path.suffix.lower() == ".png":
            with Bar("contact sheet", maps.layer.output.depth) as progress:
                write_sheet(maps, file, progress)
        else:
            np.save(file, maps.output, allow_pickle=False)
