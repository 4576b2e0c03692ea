"""How a layer is used: what its memory and a batch's work depend on, and its parameters do not."""

from typing import NamedTuple

from convcalc.errors import chosen
from convcalc.layer.parse import whole
from convcalc.layer.wording import COUNT

DTYPE_BYTES = {"float16": 2, "float32": 4, "float64": 8}

OPTIMIZERS = {"none": 0, "momentum": 1, "adam": 2}
"""How many numbers an optimizer keeps beside each parameter and its gradient."""


class Use(NamedTuple):
    """The type of the numbers, how many inputs at once, and what updates the parameters."""

    dtype: str = "float32"
    batch: int = 1
    optimizer: str = "none"

    @classmethod
    def of(cls, dtype: str = "float32", batch: int = 1, optimizer: str = "none") -> "Use":
        """Return the use; raise BadRequest for what is no type, batch or optimizer."""
        return cls(
            chosen("dtype", dtype, DTYPE_BYTES),
            whole("batch", batch, 1, COUNT),
            chosen("optimizer", optimizer, OPTIMIZERS),
        )

    @property
    def bytes_each(self) -> int:
        """The bytes of one number.

        >>> Use("float64").bytes_each
        8
        """
        return DTYPE_BYTES[self.dtype]

    @property
    def states(self) -> int:
        """The numbers that the optimizer keeps for each parameter."""
        return OPTIMIZERS[self.optimizer]


USUAL = Use()
