"""A small layer and the notes' one, and what a pass says of them in JSON."""

import json
from typing import Any

import numpy as np
from conftest import Run

from convcalc import ConvLayer

NOTES = "--input 227x227x3 --filter 11 --stride 4 --filters 96 --seed 1".split()
SMALL = "--input 9x8x2 --filter 3x2 --stride 2x1 --pad 1x0 --filters 4 --groups 2 --seed 3".split()
SMALL_LAYER = ConvLayer(
    input=(9, 8, 2), filter=(3, 2), stride=(2, 1), pad=(1, 0), filters=4, groups=2
)
FLOAT64 = np.dtype("float64")


def record(run: Run, *arguments: object) -> dict[str, Any]:
    code, out, err = run(*arguments, "--format", "json")
    assert code == 0, err
    loaded: dict[str, Any] = json.loads(out)
    return loaded
