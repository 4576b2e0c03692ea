"""`convcalc forward --network`: a whole network on an image, an array or random data."""

import secrets
from pathlib import Path

import numpy as np

from convcalc.arithmetic.network import rows, totals
from convcalc.cli.formats import show
from convcalc.cli.operands import DRAWING
from convcalc.cli.options import warn_of_darkness
from convcalc.compute.data.random import random_volume
from convcalc.compute.network.run import needs, run_network
from convcalc.compute.network.weights import RandomWeights
from convcalc.compute.tools.memory import require_memory
from convcalc.compute.tools.progress import Progress
from convcalc.errors import BadRequest
from convcalc.files.arrays import ArrayFile
from convcalc.files.images import ImageFile
from convcalc.files.network import Document
from convcalc.files.onnx.load import Model
from convcalc.files.regular import REMEDY, RegularFile
from convcalc.gallery.spec import find
from convcalc.layer import Volume
from convcalc.layer.network import Network
from convcalc.layer.options import volume
from convcalc.present.saved.arrays import check_targets, save_output
from convcalc.present.screens.network_run import Told
from convcalc.present.screens.progress import Bar
from convcalc.shapes import Array, Scale


def run_whole(
    spec: str,
    source: str | None,
    input: str | None,
    chosen: str | None,
    dtype: str,
    seed: int | None,
    save: tuple[str, ...],
    format: str,
) -> None:
    """Run a network and print it, and keep the output of the layer that was chosen.

    Raises BadRequest for what is no network, or no input of it, NotEnoughMemory before memory is
    taken.
    """
    number = secrets.randbelow(2**32) if seed is None else seed
    operand = Source(None if source is None else Path(source), number, np.dtype(dtype))
    network = operand.network(find(spec), None if input is None else volume(input))
    place = len(network.layers) - 1 if chosen is None else network.find(chosen)
    targets = [Path(path) for path in save]
    sheet = check_targets(targets, network.layers[place].layer)
    require_memory(
        needs(network, operand.dtype, [place])
        | {"image": operand.bytes_to_read(network), "contact sheet": sheet}
    )
    total = totals(rows(network))
    drawing = DRAWING * (total.parameters.weights + (0 if source else network.input.cells))
    with Bar("forward", total.multiply_adds + drawing) as progress:

        def drawn(numbers: int) -> None:
            progress(DRAWING * numbers)

        x, scale = operand.read(network, drawn)
        weights = RandomWeights(network, number, operand.dtype, drawn)
        run = run_network(network, x, weights, place, progress)
    for path in targets:
        save_output(path, run.chosen)
    show("network run", format, run, Told(operand.name, number, scale, chosen is not None, targets))
    if scale:
        warn_of_darkness("SOURCE", source, scale)


class Source:
    """What a network is run on: an image, an array, or random numbers; its header has been read."""

    def __init__(self, path: Path | None, seed: int, dtype: np.dtype[np.floating]) -> None:
        self._path, self._seed, self.dtype = path, seed, dtype
        file = None if path is None else RegularFile("SOURCE", path, REMEDY)
        self._array = ArrayFile(file, 3) if file and file.is_npy else None
        self._image = ImageFile(file) if file and not self._array else None

    @property
    def name(self) -> str:
        """The file, or how the numbers were made."""
        return str(self._path) if self._path else f"random normal, seed {self._seed}"

    def network(self, document: Document | Model, asked: Volume | None) -> Network:
        """Return the network for the input that was asked for, the source's, or its usual one.

        An image is resized to what was asked for. Otherwise a source of another size than the
        network's usual one will do where the network has the same parameters for it.
        """
        found = self._volume(asked or document.input)
        if self._array and asked not in (None, found):
            problem = f"does not match the array's {found}"
            raise BadRequest("input", asked, problem, f"give {found} or leave --input out")
        if asked or not found or document.input in (None, found):
            return document.at(asked or found)
        usual = document.at()
        try:
            network = document.at(found)
        except BadRequest:
            network = None
        if network is None or _parameters(network) != _parameters(usual):
            width, height, depth = usual.input
            remedy = f"give an array of shape {(height, width, depth)}"
            if self._image:
                remedy = f"give --input {usual.input}, and the image is resized"
            problem = f"is {found}, and {document.name} is for {usual.input}"
            raise BadRequest("SOURCE", self._path, problem, remedy)
        return network

    def _volume(self, like: Volume | None) -> Volume | None:
        """Return the source's own volume; an image has the depth that is looked for."""
        if self._array:
            height, width, depth = self._array.shape
            return Volume(width, height, depth)
        if not self._image:
            return None
        self._image.volume(like)  # refuses a depth that no image has
        return Volume(self._image.width, self._image.height, like.depth if like else 3)

    def bytes_to_read(self, network: Network) -> int:
        """Return the bytes that reading an image takes."""
        return self._image.bytes_to_read(network.input) if self._image else 0

    def read(self, network: Network, drawn: Progress) -> tuple[Array, Scale | None]:
        """Return the input (H, W, D), and what values an image had."""
        if self._array:
            return self._array.read(self.dtype), None
        if self._image:
            return self._image.read(network.input, self.dtype)
        return random_volume(network.input, self._seed, self.dtype, drawn), None


def _parameters(network: Network) -> list[int]:
    return [row.parameters.total for row in rows(network)]
