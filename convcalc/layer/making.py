"""What the kinds of layer check alike while they are made."""

from collections.abc import Callable, Sequence
from typing import Any

from convcalc.errors import BadRequest, NoSuchLayer, shown
from convcalc.layer import wording
from convcalc.layer.axis import Axis
from convcalc.layer.parse import shape_remedy, whole, wholes
from convcalc.layer.volume import Pad, Pair, Volume
from convcalc.layer.wording import COUNT, PAD, STEP
from convcalc.numerals import plural


def made_volume(value: Sequence[int]) -> Volume:
    """Return an input volume; raise BadRequest where it is none."""
    sides = value if isinstance(value, tuple | list) else (value,)
    return Volume(*wholes("input", value, (3,), 1, shape_remedy(sides, "input=({}, {}, {})")))


def made_pair(argument: str, value: int | Sequence[int], remedy: str = STEP) -> Pair:
    """Return one number for both axes, or one for each, from 1 up."""
    return Pair.of(wholes(argument, value, (1, 2), 1, remedy))


def made_count(argument: str, value: int) -> int:
    """Return a number from 1 up."""
    return whole(argument, value, 1, COUNT)


def made_pad(value: int | Sequence[int]) -> Pad:
    """Return a pad of one number, of two for width and height, or of four."""
    return Pad.of(wholes("pad", value, (1, 2, 4), 0, PAD))


def in_numbers(
    pad: int | str | Sequence[int], same: Callable[[], Pad], remedy: str = PAD
) -> int | Sequence[int]:
    """Return a pad without words: for `same` what that comes to, for `valid` none."""
    if not isinstance(pad, str):
        return pad
    if pad.lower() not in ("same", "valid"):
        raise BadRequest("pad", pad, "is not a pad", remedy)
    return same() if pad.lower() == "same" else 0


def same_pad(unpadded: Sequence[Axis]) -> Pad:
    """Return the pad that TensorFlow's `same` gives a window along both axes."""
    x, y = (axis.padded_to_same() for axis in unpadded)
    return Pad(x.before, x.after, y.before, y.after)


def require_room(argument: str, value: Any, axes: Sequence[Axis], input: Volume) -> None:
    """Raise NoSuchLayer unless a window fits into the padded input along each axis."""
    for axis in axes:
        if axis.room < 0:
            dilated = wording.DILATED.format(extent=shown(axis.extent))
            raise NoSuchLayer(
                argument,
                value,
                wording.NO_ROOM.format(
                    side=axis.name,
                    filter=shown(axis.filter),
                    dilated=dilated if axis.dilation > 1 else "",
                    padded=shown(axis.padded),
                    pixels=plural(axis.padded, wording.PIXELS[axis.name]),
                ),
                depth_last(input)
                or wording.ROOM.format(
                    side=axis.name,
                    most=shown((axis.padded - 1) // axis.dilation + 1),
                    pad=shown((axis.extent - axis.size + 1) // 2),
                ),
            )


def require_even_groups(input: Volume, filters: int, groups: int) -> None:
    """Raise NoSuchLayer unless the groups divide both the input's depth and the filters."""
    for number, noun in ((input.depth, "input channel"), (filters, "filter")):
        if number % groups:
            raise NoSuchLayer(
                "groups",
                groups,
                wording.UNEVEN_GROUPS.format(count=shown(number), things=plural(number, noun)),
                depth_last(input)
                or wording.EVEN_GROUPS.format(
                    depth=shown(input.depth),
                    filters=shown(filters),
                    things=plural(filters, "filter"),
                ),
            )


def depth_last(input: Volume) -> str:
    """Return what to give instead of an input whose depth seems to come first, or nothing."""
    meant = input.depth_last
    return wording.DEPTH_LAST.format(input=f"input={meant.sides}") if meant else ""
