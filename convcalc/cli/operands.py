"""What a pass runs on: from the options as typed to the layer and its arrays."""

import secrets
from functools import cached_property
from pathlib import Path

import numpy as np

from convcalc.cli.options import LayerText
from convcalc.compute.arrays import Array, weights_shape
from convcalc.compute.banks import BANKS, bank_weights
from convcalc.compute.random import random_input, random_weights
from convcalc.compute.runs import Operands
from convcalc.errors import BadRequest
from convcalc.files.arrays import finite, open_array, require_shape
from convcalc.files.images import ImageFile
from convcalc.files.regular import REMEDY, is_npy, regular_file
from convcalc.layer import ConvLayer, Volume


class Request:
    """What the options ask for: a layer, known from headers alone, then its operands."""

    def __init__(
        self,
        spec: LayerText,
        source: str | None,
        weights: str,
        bias: str | None,
        dtype: str,
        seed: int | None,
    ) -> None:
        self.spec, self.weights = spec, weights
        self.source = None if source is None else Path(source)
        self.bias = None if bias is None else Path(bias)
        self.dtype = np.dtype(dtype)
        self.seed = secrets.randbelow(2**32) if seed is None else seed
        if bias and spec.texts["no_bias"]:
            raise BadRequest("bias", bias, "contradicts --no-bias", "give one or the other")

    @cached_property
    def layer(self) -> ConvLayer:
        """The layer; its input comes from the source, its filters from an array of weights."""
        spec = self.spec
        if self._weights_file is not None and self._weights_file.ndim == 4:
            filters, height, width, _ = self._weights_file.shape
            spec = spec.with_defaults(filter=f"{width}x{height}", filters=str(filters))
        return spec.layer(self._input_volume())

    def needs(self) -> dict[str, int]:
        """Return the bytes the operands will take, by name."""
        size, layer = self.dtype.itemsize, self.layer
        image = self._image.bytes_to_read if self._image else 0
        return {
            "image": image,
            "input": layer.input.cells * size,
            "weights": layer.parameters.shared.total * size,
        }

    def load(self) -> Operands:
        """Read or make the arrays.

        Raises BadRequest for files that do not hold what the layer needs.
        """
        return Operands(
            x=self._load_input(),
            weights=self._load_weights(),
            bias=self._load_bias(),
            source=str(self.source) if self.source else f"random normal, seed {self.seed}",
            weights_name=self._weights_name(),
            seed=self.seed,
        )

    @cached_property
    def _array(self) -> Array | None:
        """The source where it is an .npy file, mapped."""
        if self.source is None or not is_npy(regular_file("SOURCE", self.source, REMEDY)):
            return None
        array = open_array("SOURCE", self.source, "shape (H, W, D)")
        if array.ndim != 3:
            raise BadRequest(
                "SOURCE",
                self.source,
                f"has shape {array.shape}",
                "give an array of shape (H, W, D)",
            )
        return array

    @cached_property
    def _image(self) -> ImageFile | None:
        """The source where it is an image, its header read."""
        if self.source is None or self._array is not None:
            return None

        return ImageFile(self.source)

    @cached_property
    def _weights_file(self) -> Array | None:

        if self.weights == "random" or self.weights in BANKS:
            return None
        if not self.weights.endswith(".npy"):
            raise BadRequest(
                "weights",
                self.weights,
                "is neither a filter bank nor an .npy file",
                f"give random, {', '.join(BANKS)} or FILE.npy",
            )
        return open_array("weights", Path(self.weights), "shape (K, FH, FW, D/groups)")

    def _input_volume(self) -> Volume | None:
        asked = self.spec.input
        if self._array is not None:
            height, width, depth = self._array.shape
            found = Volume(width, height, depth)
            if asked and asked != found:
                raise BadRequest(
                    "input",
                    asked,
                    f"does not match the array's {found}",
                    f"give {found} or leave --input out",
                )
            return found
        return self._image.volume(asked) if self._image else asked

    def _load_input(self) -> Array:
        if self._array is not None and self.source:
            return finite("SOURCE", self.source, self._array, self.dtype)
        if self._image:
            return self._image.read(self.layer.input, self.dtype)

        return random_input(self.layer, self.seed, self.dtype)

    def _load_weights(self) -> Array:

        if self._weights_file is not None:
            path = Path(self.weights)
            require_shape("weights", path, self._weights_file, weights_shape(self.layer))
            return finite("weights", path, self._weights_file, self.dtype)
        if self.weights == "random":
            return random_weights(self.layer, self.seed, self.dtype)
        return bank_weights(self.weights, self.layer, self.dtype)

    def _load_bias(self) -> Array | None:
        if self.bias is None:
            return None

        array = open_array("bias", self.bias, "shape (K,)")
        require_shape("bias", self.bias, array, (self.layer.filters,))
        return finite("bias", self.bias, array, self.dtype)

    def _weights_name(self) -> str:
        if self.weights == "random":
            return (
                f"random normal of variance 1/{self.layer.weights_per_neuron}, one over the "
                f"weights per neuron (LeCun's rule), seed {self.seed}"
            )
        return self.weights if self._weights_file is not None else f"{self.weights} bank"
