"""What a pass runs on: from the options as typed to the layer and its arrays."""

import secrets
from functools import cached_property
from pathlib import Path

import numpy as np

from convcalc.cli.options import LayerText, warn_of_darkness, warn_of_misfit
from convcalc.compute.data.banks import BANKS, bank_weights
from convcalc.compute.data.own_weights import FromFile, InHand, UnsharedWeights, tied
from convcalc.compute.data.random import RandomUnshared, random_bias, random_input, random_weights
from convcalc.compute.experiments.forward_run import Operands
from convcalc.compute.tools.progress import Progress, nobody
from convcalc.compute.tools.threads import cores
from convcalc.errors import BadRequest, NoSuchLayer, most_alike, shown, told
from convcalc.files.arrays import ArrayFile
from convcalc.files.images import ImageFile
from convcalc.files.regular import REMEDY, RegularFile
from convcalc.layer import ConvLayer, Series, Volume
from convcalc.layer.wording import INPUT, UNTIED
from convcalc.present.streams import say
from convcalc.shapes import (
    Array,
    Scale,
    bias_shape,
    output_shape,
    unshared_weights_shape,
    weights_shape,
)

TRANSPOSE = "save np.transpose(x, (1, 2, 0))"

DRAWING = 10
"""A random number takes about as long as so many multiply-adds."""


class Request:
    """What the options ask for: a layer, known from headers alone, then its operands."""

    def __init__(
        self,
        spec: LayerText,
        source: str | None,
        weights: str,
        dtype: str,
        seed: int | None,
        bias: str | None = None,
        unshared: bool = False,
        tied: bool = False,
    ) -> None:
        bank = weights.lower()
        self.spec, self.weights = spec, bank if bank in (*BANKS, "random") else weights
        self.unshared, self.tied = unshared or tied, tied
        self.source = _path(source)
        self.bias = _path(bias)
        self.dtype = np.dtype(dtype)
        self.seed = secrets.randbelow(2**32) if seed is None else seed

    @cached_property
    def layer(self) -> ConvLayer:
        """The layer; its input comes from the source, its filters from an array of weights.

        Raises BadRequest for options that make no layer, or files that are not the layer's.
        """
        spec = self.spec
        if self._weights_file is not None:
            filters, height, width = self._weights_file.shape[-4:-1]
            size = f"{width}" if self._in_a_row and height == 1 else f"{width}x{height}"
            spec = spec.with_defaults(filter=size, filters=str(filters))
        volume = self._input_volume()
        if volume is None:
            remedy = f"{INPUT}, or name an image or an .npy array as SOURCE"
            raise BadRequest("input", None, "is missing", remedy)
        try:
            layer = spec.layer(volume)
        except NoSuchLayer as error:
            raise self._depth_last(error) from None
        if self._weights_file is not None:
            own = unshared_weights_shape(layer) if self._owned else weights_shape(layer)
            self._weights_file.require_shape(own)
        if self._bias_file is not None:
            if not self._owned and self._bias_file.shape == output_shape(layer):
                layer = layer.replace(bias=UNTIED)
            self._bias_file.require_shape(bias_shape(layer, self._owned))
        return layer

    def needs(self) -> dict[str, int]:
        """Return the bytes the operands will take, by name."""
        size, layer = self.dtype.itemsize, self.layer
        blocks = held = 0
        if self.unshared:
            x, y = layer.axes
            window = layer.filter.cells + x.extent * y.extent * layer.filter.depth
            blocks = cores() * max(4 * RandomUnshared.tile_bytes, 4 * size * window)
        if self._own_file:
            wide = max(size, self._own_file.dtype.itemsize)
            blocks = cores() * 4 * wide * max(FromFile.tile_bytes // size, window)
            if self._own_file.in_fortran_order:
                held = layer.parameters.unshared.weights * size
        return {
            "image": self._image.bytes_to_read(layer.input) if self._image else 0,
            "input": layer.input.cells * size,
            "weights": layer.parameters.shared.total * size,
            "making filters": 32 * layer.filter.cells if self.weights in BANKS else 0,
            "blocks of weights": blocks,
            "unshared weights in Fortran order": held,
        }

    def work(self) -> int:
        """Return the work of loading, in multiply-adds that take about as long."""
        weights = self.layer.parameters.shared.weights if self._makes_weights else 0
        return DRAWING * (weights + (0 if self.source else self.layer.input.cells))

    def load(self, progress: Progress = nobody) -> Operands:
        """Read or make the arrays; `progress` is called with parts of `work()`.

        Raises BadRequest for files that do not hold what the layer needs.
        """

        def drawn(numbers: int) -> None:
            progress(DRAWING * numbers)

        weights = self._load_weights(drawn)
        x, scale = self._load_input(drawn)
        return Operands(
            x=x,
            weights=weights,
            bias=self._load_bias(),
            source=str(self.source) if self.source else f"random normal, seed {self.seed}",
            weights_name=self._weights_name(),
            seed=self.seed,
            own=self._own_weights(weights) if self.unshared else None,
            tied=self.tied,
            scale=scale,
        )

    def array(self, argument: str, text: str | None, shape: tuple[int, ...]) -> Array | None:
        """Return a further array of the layer from an .npy file, where one is named."""
        path = _path(text)
        if path is None:
            return None
        file = _array_file(argument, path, f"shape {shape}", len(shape))
        file.require_shape(shape)
        return file.read(self.dtype)

    def warn(self, operands: Operands) -> None:
        """Say on stderr what of the layer, of an array and of an image is easily overlooked."""
        warn_of_misfit(self.layer, input_is_fixed=self._array is not None)
        if self._array is not None and self._depth_is_first:
            height, width, depth = self._array.shape
            say(
                f"warning: SOURCE {shown(self.source)}: depth comes last in an array (H, W, D), so "
                f"shape {self._array.shape} is {height} high, {width} wide and {depth} deep; "
                f"for a depth of {height} {TRANSPOSE}"
            )
        if operands.scale:
            warn_of_darkness("SOURCE", self.source, operands.scale)

    @property
    def _depth_is_first(self) -> bool:
        """Whether an array's depth seems to come first, as frameworks have it."""
        if self._array is None or len(self._array.shape) < 3:
            return False
        return Volume(*self._array.shape).depth_last is not None

    def _depth_last(self, error: BadRequest) -> BadRequest:
        """Return the error, with another remedy where an array's depth seems to come first."""
        if not self._depth_is_first:
            return error
        remedy = f"an array is (H, W, D), depth last: {TRANSPOSE}"
        return type(error)(error.argument, error.value, error.problem, remedy)

    @property
    def _owned(self) -> bool:
        """Whether a file of weights has to hold every neuron's own."""
        return self.unshared and not self.tied

    @property
    def _makes_weights(self) -> bool:
        """Whether shared weights are drawn or built; a file of every neuron's own has none."""
        return self._weights_file is None or self._owned

    @property
    def _in_a_row(self) -> bool:
        """Whether a series is asked for, of one dimension."""
        return isinstance(self.spec.input, Series)

    @cached_property
    def _source_file(self) -> RegularFile | None:
        return RegularFile("SOURCE", self.source, REMEDY) if self.source else None

    @cached_property
    def _array(self) -> ArrayFile | None:
        """The source where it is an .npy file, its header read."""
        file = self._source_file
        axes = (2, 3) if self._in_a_row else (3,)
        return ArrayFile(file, *axes) if file and file.is_npy else None

    @cached_property
    def _image(self) -> ImageFile | None:
        """The source where it is an image, its header read."""
        return ImageFile(self._source_file) if self._source_file and not self._array else None

    @cached_property
    def _weights_file(self) -> ArrayFile | None:
        if self.weights == "random" or (self.weights in BANKS and not self._owned):
            return None
        if not self.weights.endswith(".npy"):
            choices = ["random", *(() if self._owned else BANKS)]
            remedy = f"give {', '.join(choices)} or FILE.npy"
            if self.weights in BANKS:
                problem = "is one filter for all positions"
                raise BadRequest("weights", self.weights, problem, f"{remedy}, or --tied")
            problem = "is neither a filter bank nor an .npy file"
            raise BadRequest(
                "weights", self.weights, problem, told(most_alike(self.weights, choices), remedy)
            )
        if self._owned:
            meaning = "every neuron's weights, shape (H_out, W_out, K, FH, FW, D/groups)"
            return _array_file("weights", Path(self.weights), meaning, 6)
        return _array_file("weights", Path(self.weights), "shape (K, FH, FW, D/groups)", 4)

    @property
    def _own_file(self) -> ArrayFile | None:
        """The file of every neuron's own weights, where there is one."""
        return self._weights_file if self._owned else None

    @cached_property
    def _bias_file(self) -> ArrayFile | None:
        if self.bias is None:
            return None
        if self._owned:
            return _array_file("bias", self.bias, "every neuron's bias, shape (H_out, W_out, K)", 3)
        return _array_file("bias", self.bias, "shape (K,), or untied (H_out, W_out, K)", 1, 3)

    def _input_volume(self) -> Volume | None:
        asked = self.spec.input
        if self._array is not None:
            *height, width, depth = self._array.shape
            found = Volume.of((width, *height, depth))
            if asked and asked != found:
                problem = f"does not match the array's {found}"
                remedy = f"give {found} or leave --input out"
                if asked.sides == self._array.shape[::-1]:
                    remedy = "an array of a series is (length, channels): save x.T"
                raise self._depth_last(BadRequest("input", asked, problem, remedy))
            return asked or found
        if self._image and self._in_a_row:
            problem = "has one dimension, and SOURCE is a picture"
            raise BadRequest("input", asked, problem, f"{INPUT}; or an .npy array of a series")
        return self._image.volume(asked) if self._image else asked

    def _load_input(self, drawn: Progress) -> tuple[Array, Scale | None]:
        if self._array:
            width, height, depth = self.layer.input
            return self._array.read(self.dtype).reshape(height, width, depth), None
        if self._image:
            return self._image.read(self.layer.input, self.dtype)
        return random_input(self.layer, self.seed, self.dtype, drawn), None

    def _load_weights(self, drawn: Progress) -> Array:
        """Return shared weights; for an unshared layer those of the shared one beside it."""
        if self._weights_file is not None and not self._makes_weights:
            return self._weights_file.read(self.dtype)
        if self.weights in BANKS:
            return bank_weights(self.weights, self.layer, self.dtype, drawn)
        return random_weights(self.layer, self.seed, self.dtype, drawn)

    def _own_weights(self, weights: Array) -> UnsharedWeights:
        if self.tied:
            return tied(self.layer, weights)
        file = self._own_file
        if file is None:
            return RandomUnshared(self.layer, self.seed, self.dtype)
        if file.in_fortran_order:
            return InHand(file.read(self.dtype))
        return FromFile(
            self.layer, self.dtype, lambda start, count: file.numbers(start, count, self.dtype)
        )

    def _load_bias(self) -> Array | None:
        if self._bias_file is None:
            drawn = self.layer.untied
            return random_bias(self.layer, self.seed, self.dtype) if drawn else None
        bias = self._bias_file.read(self.dtype)
        return np.broadcast_to(bias, output_shape(self.layer)) if self.tied else bias

    def _weights_name(self) -> str:
        if self.weights == "random":
            kind = "uniform" if self._owned else "normal"
            return (
                f"random {kind} of variance 1/{self.layer.weights_per_neuron}, one over the "
                f"weights per neuron (LeCun's rule), seed {self.seed}"
            )
        return self.weights if self._weights_file is not None else f"{self.weights} bank"


def _array_file(argument: str, path: Path, meaning: str, *axes: int) -> ArrayFile:
    return ArrayFile(RegularFile(argument, path, f"give an .npy file of {meaning}"), *axes)


def _path(text: str | None) -> Path | None:
    return None if text is None else Path(text)
