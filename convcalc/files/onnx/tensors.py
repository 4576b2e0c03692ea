"""What a name in a model stands for: an activation, what was learned, or numbers that are known."""

from math import prod
from typing import Any, NamedTuple

from convcalc.layer.volume import Volume

NO_PAD = (0, 0, 0, 0)

LETTERS = {1: "n", 2: "nc", 3: "nwc", 4: "nchw"}
"""The axes of a tensor of so many, where nothing else is known: batch, channels, height, width."""

MOST_KNOWN = 1024
"""Numbers that are kept of a tensor that is given."""


class Tensor(NamedTuple):
    """An activation: the layer it comes from, its shape, and which of its axes is which.

    Its numbers may lie in another shape than where they come from: `moved` by which operator.
    `pads` are zeros around it, left, right, top and bottom, that no layer has taken yet.
    """

    place: int
    shape: tuple[int, ...]
    letters: str
    moved: str = ""
    pads: tuple[int, ...] = NO_PAD

    @property
    def volume(self) -> Volume:
        """The shape as a volume; other axes than those of a picture are laid out somehow."""
        sides = dict(zip(self.letters, self.shape, strict=True)) if self.letters else {}
        if "c" in sides:
            return Volume(sides.get("w", 1), sides.get("h", 1), sides["c"])
        _, *rest = (1, *self.shape) if len(self.shape) < 2 else self.shape
        return (
            Volume(rest[-1], prod(rest[1:-1]), rest[0]) if len(rest) > 1 else Volume(1, 1, rest[0])
        )

    def side(self, letter: str) -> int | None:
        """Return the place of an axis, if it is known."""
        return self.letters.index(letter) if letter in self.letters else None


class Given(NamedTuple):
    """A tensor that the model brings with it: its shape, its name, and its numbers if few."""

    shape: tuple[int, ...]
    name: str = ""
    value: Any = None

    @property
    def size(self) -> int:
        """How many numbers it has."""
        return prod(self.shape)
