"""The pictures in the README and in docs are what the commands make."""

from pathlib import Path

import numpy as np
import pytest
from conftest import Run
from PIL import Image, ImageSequence

ROOT = Path(__file__).parents[2]
PICTURE = ROOT / "docs" / "demo.gif"
DRAWING = ROOT / "docs" / "googlenet.svg"


def frames(path: Path) -> list[tuple[int, np.ndarray]]:
    """How long each frame of an animation stands, and its grey values."""
    with Image.open(path) as image:
        return [
            (frame.info["duration"], np.asarray(frame.convert("L"), float))
            for frame in ImageSequence.Iterator(image)
        ]


@pytest.mark.slow
def test_the_picture_is_what_demo_writes(
    run: Run, tmp_path: Path, pytestconfig: pytest.Config
) -> None:
    """But for the edges of letters, which FreeType's versions shade each in their way."""
    made = tmp_path / "demo.gif"
    assert run("demo", "--gif", made).code == 0
    if pytestconfig.getoption("--update"):
        PICTURE.write_bytes(made.read_bytes())
    shown, now = frames(PICTURE), frames(made)
    assert len(shown) == len(now) == 18
    for (seconds, grey), (today, other) in zip(shown, now, strict=True):
        assert seconds == today
        assert grey.shape == other.shape
        assert np.mean(abs(grey - other)) < 0.1


def test_the_drawing_is_what_network_writes(
    run: Run, tmp_path: Path, pytestconfig: pytest.Config
) -> None:
    made = tmp_path / "googlenet.svg"
    assert run("network", "googlenet", "--svg", made).code == 0
    if pytestconfig.getoption("--update"):
        DRAWING.write_bytes(made.read_bytes())
    assert DRAWING.read_bytes() == made.read_bytes()
