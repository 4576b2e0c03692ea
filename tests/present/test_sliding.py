"""The drawing of the sliding filter, against the windows found by sliding."""

import re

import pytest
from hypothesis import given, settings
from support.generated import layers, windows_of

from convcalc import ConvLayer
from convcalc.present.text.sliding import sliding


@pytest.mark.slow
@given(layers(side=20))
@settings(max_examples=400)
def test_the_drawing_shows_what_sliding_finds(layer: ConvLayer) -> None:
    x, y = layer.axes
    drawing = sliding(layer)
    assert all(line.isascii() and len(line) <= 60 for line in drawing)
    for axis, windows, name in zip((x, y), windows_of(layer), ("column", "row"), strict=True):
        padded = axis.before + axis.size + axis.after
        if name == "row" and x._replace(name=y.name) == y:
            assert not any(re.match(r"row \d", line) for line in drawing)
            continue
        drawn = [line[11:].split(" ") for line in drawing if re.match(rf"{name} \d", line)]
        if padded > 24:
            assert not drawn
            continue
        assert len(drawn) == len(windows)
        for cells, window in zip(drawn, windows, strict=True):
            assert len(cells) == padded
            seen = [index - axis.before for index, sign in enumerate(cells) if sign == "#"]
            assert seen == window
            for index, sign in enumerate(cells):
                pixel = index - axis.before
                if window[0] <= pixel <= window[-1]:
                    assert sign in "#-"
                else:
                    assert sign == ("." if 0 <= pixel < axis.size else "0")
    unseen = {
        tuple(index // 2 for index, sign in enumerate(line[11:]) if sign == "x")
        for line in drawing
        if line.startswith("left over")
    }
    behind = {
        tuple(range(axis.before + windows[-1][-1] + 1, axis.padded))
        for axis, windows in zip((x, y), windows_of(layer), strict=True)
        if axis.padded <= 24
    }
    assert unseen == behind - {()}
