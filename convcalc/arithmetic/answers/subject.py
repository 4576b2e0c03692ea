"""What an answer is held against: the numbers that are right, and those that mistakes make."""

from functools import cached_property, lru_cache
from typing import ClassVar

from convcalc.arithmetic.answers.wrong import Wrong, sides_of, wrong_values
from convcalc.arithmetic.derivation import Result, Step, depth_step, output_steps, results
from convcalc.arithmetic.use import USUAL, Use
from convcalc.layer import Layer
from convcalc.layer.conv import ConvLayer


class Subject:
    """A layer in use. What is no layer, such as a network's totals, has none and no output."""

    words: ClassVar[str] = ""
    """What an answer may be said to be of, beside a layer's numbers."""

    def __init__(self, layer: Layer | None, use: Use = USUAL) -> None:
        self.layer, self.use = layer, use

    @property
    def kind(self) -> str:
        """The kind whose numbers an answer may be of."""
        return self.layer.kind if self.layer else ConvLayer.kind

    @property
    def known(self) -> tuple[Result, ...]:
        """Every number that is right."""
        return results(self.layer, self.use) if self.layer else ()

    @cached_property
    def wrong(self) -> tuple[Wrong, ...]:
        """Every number that a mistake makes."""
        return tuple(wrong_values(self.layer, self.use)) if self.layer else ()

    @property
    def output(self) -> tuple[int, ...]:
        """The sides of the output."""
        return self.layer.output.sides if self.layer else ()

    @property
    def output_steps(self) -> list[Step]:
        """The steps to the output's width and height."""
        return output_steps(self.layer) if self.layer else []

    @property
    def depth_steps(self) -> list[Step]:
        """The step to the output's depth."""
        return [depth_step(self.layer)] if self.layer else []

    @property
    def sides(self) -> str:
        """What wrong values of the output's size but its depth are of."""
        return sides_of(self.layer) if self.layer else ""


@lru_cache(maxsize=8)
def subject_of(layer: Layer, use: Use) -> Subject:
    """Return a layer in use, with what was found out about it before."""
    return Subject(layer, use)
