"""Pooling: the largest number in a window, or their mean, channel by channel."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import ClassVar

from convcalc.errors import NoSuchLayer, chosen
from convcalc.layer.axis import NO_PAD, Axis, sliding
from convcalc.layer.making import (
    in_numbers,
    made_pad,
    made_pair,
    made_volume,
    require_room,
    same_pad,
)
from convcalc.layer.options import Option, pad, pair, yes
from convcalc.layer.protocol import Kind
from convcalc.layer.symbols import Symbol, Symbols
from convcalc.layer.volume import Pad, Pair, Volume
from convcalc.layer.wording import FILTER

MODES = ("max", "average")


@dataclass(frozen=True, init=False, repr=False)
class Pool(Kind):
    """Pooling of a window: its stride is the window unless given.

    With `ceil` the output's size is rounded up, as PyTorch and Caffe do it: a last window may
    stick out if it starts inside the input or the pad before it. A mean is of the window's cells,
    those of the pad included unless `count_pad` is off; of what sticks out of the pad it never is.

    Raises BadRequest, naming the argument, when no such layer exists.

    >>> Pool(input=(55, 55, 96), window=3, stride=2).output
    Volume(width=27, height=27, depth=96)
    >>> Pool(input=(112, 112, 64), window=3, stride=2, ceil=True).output
    Volume(width=56, height=56, depth=64)
    """

    kind: ClassVar[str] = "pool"
    main: ClassVar[str | None] = "window"
    options: ClassVar[tuple[Option, ...]] = (
        Option("window", partial(pair, remedy=FILTER), needed=True),
        Option("stride", pair),
        Option("pad", pad, "0"),
        Option("mode", partial(chosen, choices=MODES), "max"),
        Option("ceil", yes, "no"),
        Option("count_pad", yes, "yes"),
    )

    input: Volume
    window: Pair
    stride: Pair
    pad: Pad
    mode: str
    ceil: bool
    count_pad: bool

    def __init__(
        self,
        *,
        input: Sequence[int],
        window: int | Sequence[int],
        stride: int | Sequence[int] | None = None,
        pad: int | str | Sequence[int] = 0,
        mode: str = "max",
        ceil: bool = False,
        count_pad: bool = True,
    ) -> None:
        """Make the layer, or raise BadRequest."""
        self._set(
            input=made_volume(input),
            window=made_pair("window", window, FILTER),
            mode=chosen("mode", mode, MODES),
            ceil=bool(ceil),
            count_pad=bool(count_pad),
        )
        self._set(stride=self.window if stride is None else made_pair("stride", stride))
        self._set(pad=made_pad(in_numbers(pad, lambda: same_pad(self._axes(NO_PAD)))))
        require_room("window", self.window, self.axes, self.input)
        for axis, most in zip(self.axes, self.window, strict=True):
            if max(axis.before, axis.after) >= most:
                raise NoSuchLayer(
                    "pad",
                    self.pad,
                    f"leaves the {axis.name} of a window {most} with nothing but pad",
                    f"give less than {most}",
                )

    @cached_property
    def axes(self) -> tuple[Axis, Axis]:
        """The width and the height, each with its window, stride and pad."""
        return self._axes(self.pad)

    def _axes(self, pad: Pad) -> tuple[Axis, Axis]:
        x, y = sliding(self.input, self.window, self.stride, pad=pad)
        return x._replace(up=self.ceil), y._replace(up=self.ceil)

    @cached_property
    def output(self) -> Volume:
        """The output volume, as deep as the input."""
        x, y = self.axes
        return Volume(x.positions, y.positions, self.input.depth)

    def symbols(self) -> Symbols:
        """Return the letters, with U along each axis: 1 where a last window sticks out."""
        layer, along = super().symbols()
        sides = {
            name: {**letters, "U": Symbol("1", int(axis.sticks_out))}
            for (name, letters), axis in zip(along.items(), self.axes, strict=False)
        }
        return Symbols(layer, sides)

    @property
    def phrase(self) -> str:
        """The window and its stride; pad and rounding where they are not the usual."""
        extras = [
            f"stride {self.stride}",
            f"pad {self.pad}" if any(self.pad) else "",
            "rounded up" if self.ceil else "",
        ]
        window = f"{self.mode} pool {self.window.x}x{self.window.y}"
        return ", ".join([window, *filter(None, extras)])

    def __str__(self) -> str:
        extras = [
            f"stride {self.stride}",
            f"pad {self.pad.words}" if any(self.pad) else "",
            "rounded up" if self.ceil else "",
            "" if self.count_pad or not any(self.pad) or self.mode == "max" else "pad not counted",
        ]
        parts = [f"{self.mode} pooling of {self.window}", *(part for part in extras if part)]
        return f"{self.input} → {self.output}: {', '.join(parts)}"


@dataclass(frozen=True, init=False, repr=False)
class GlobalPool(Kind):
    """Pooling of each channel as a whole.

    >>> GlobalPool(input=(7, 7, 2048)).output
    Volume(width=1, height=1, depth=2048)
    """

    kind: ClassVar[str] = "globalpool"
    sees_all: ClassVar[bool] = True
    main: ClassVar[str | None] = "mode"
    options: ClassVar[tuple[Option, ...]] = (
        Option("mode", partial(chosen, choices=MODES), "average"),
    )

    input: Volume
    mode: str

    def __init__(self, *, input: Sequence[int], mode: str = "average") -> None:
        """Make the layer, or raise BadRequest."""
        self._set(input=made_volume(input), mode=chosen("mode", mode, MODES))

    @property
    def axes(self) -> tuple[Axis, Axis]:
        """The width and the height, each seen whole by the one window."""
        return sliding(self.input, self.input)

    @property
    def output(self) -> Volume:
        """One cell for each channel."""
        return Volume(1, 1, self.input.depth)

    def __str__(self) -> str:
        return f"{self.input} → {self.output}: global {self.mode} pooling"
