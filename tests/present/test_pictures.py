"""GIF and SVG: as many frames as steps, and in each the numbers of that step and no other."""

import io
import re
from collections.abc import Iterator
from itertools import pairwise, product
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from conftest import Run
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw
from support.generated import layers

from convcalc import ConvLayer
from convcalc.arithmetic.walk.numbers import small_numbers
from convcalc.arithmetic.walk.steps import Mode, State, Walk
from convcalc.present.slides.drawing import HEIGHT, MOST_FRAMES, WIDTH, Box, Label, Shape, scenes
from convcalc.present.slides.gif import paint, write_gif
from convcalc.present.slides.lettering import SIGNS, font, length, write
from convcalc.present.slides.svg import to_svg

DEMO = ConvLayer(input=(5, 5, 3), filter=3, stride=2, pad=1, filters=2)
MODES = [Mode(shared, gradient) for shared in (True, False) for gradient in (True, False)]
modes = st.sampled_from(MODES)
SVG = "{http://www.w3.org/2000/svg}"


def walk_of(layer: ConvLayer) -> Walk:
    return Walk(layer, small_numbers(layer, 1))


def numbers_of(walk: Walk, state: State) -> list[str]:
    """Every number that a whole picture of a state has in a cell."""
    layer = walk.layer
    x, y = layer.axes
    padded = [
        walk.padded(row, column, c) or 0
        for c in state.channels
        for row in range(y.padded - y.unused)
        for column in range(x.padded - x.unused)
    ]
    blocks = [state.products, state.gradient if state.mode.gradient else state.weights]
    channels = range(len(state.channels))
    inner = [n for block in blocks for c in channels for row in block(c) for n in row]
    places = product(range(layer.filters), range(walk.positions))
    output = [number for place in places if (number := state.output(*place)) is not None]
    return sorted(map(str, padded + inner + output))


def visible_at(svg: str, step: int) -> Iterator[ElementTree.Element]:
    """The elements that a browser shows in a step."""
    for group in ElementTree.fromstring(svg).iter(f"{SVG}g"):
        animate = group.find(f"{SVG}animate")
        shown = True
        if animate is not None:
            values = animate.attrib["values"].split(";")
            times = [float(time) for time in animate.attrib["keyTimes"].split(";")]
            count = float(animate.attrib["dur"].removesuffix("s"))
            assert (animate.attrib["attributeName"], animate.attrib["calcMode"]) == (
                "visibility",
                "discrete",
            )
            assert animate.attrib["repeatCount"] == "indefinite"
            assert len(values) == len(times) <= count
            assert times == sorted(set(times))
            assert times[0] == 0
            assert all(before != after for before, after in pairwise(values))
            assert group.attrib["visibility"] == values[0]
            now = (step + 0.5) / count
            shown = values[sum(time <= now for time in times) - 1] == "visible"
        if shown:
            yield from (child for child in group if child.tag != f"{SVG}animate")


def texts(svg: str, step: int) -> list[str]:
    return [str(element.text) for element in visible_at(svg, step) if element.tag == f"{SVG}text"]


@pytest.mark.slow
@pytest.mark.parametrize("mode", MODES, ids=str)
def test_every_frame_of_the_svg_has_its_steps_numbers(mode: Mode) -> None:
    walk = walk_of(DEMO)
    svg = to_svg("demo", scenes(walk, mode))
    for step in range(18):
        shown = texts(svg, step)
        cells = sorted(text for text in shown if re.fullmatch(r"-?\d+", text))
        assert cells == numbers_of(walk, walk.state(step, mode))
        assert f"step {step + 1} of 18" in " ".join(shown)
        filters = step // 9 + 1 if mode.shared else step + 1
        assert f"parameters so far: {filters}·28 = {28 * filters}," in " ".join(shown)


@pytest.mark.slow
@settings(max_examples=25)
@given(layers(side=5, depth=1, filters=1), modes)
def test_small_layers_are_drawn_whole_with_everything_on_the_slide(
    layer: ConvLayer, mode: Mode
) -> None:
    walk = walk_of(layer)
    for step, scene in enumerate(scenes(walk, mode)):
        labels = [shape for shape in scene if isinstance(shape, Label)]
        if not any("too large" in label.text for label in labels):
            cells = sorted(label.text for label in labels if re.fullmatch(r"-?\d+", label.text))
            assert cells == numbers_of(walk, walk.state(step, mode))
        for box in (shape for shape in scene if isinstance(shape, Box)):
            assert box.x >= 0
            assert box.y >= 0
            assert box.x + box.width <= WIDTH
            assert box.y + box.height <= HEIGHT


def window_of(scene: list[Shape]) -> set[tuple[int, int]]:
    """Where the thick outlines begin."""
    return {(s.x, s.y) for s in scene if isinstance(s, Box) and s.thick > 1}


def test_the_outline_moves_with_the_window() -> None:
    first, second, third, below, *_ = (window_of(scene) for scene in scenes(walk_of(DEMO), Mode()))
    # 3 channels and the output; a stride of 2 cells to the right, and the cell's side is 28
    assert len(first) == len(second) == 4
    for start, stop in ((first, second), (second, third)):
        moved = sorted(b[0] - a[0] for a, b in zip(sorted(start), sorted(stop), strict=True))
        assert moved == [28, 56, 56, 56]
    assert sorted(y for _, y in below) != sorted(y for _, y in first)


@pytest.mark.slow
@pytest.mark.parametrize("mode", MODES, ids=str)
def test_every_frame_of_the_gif_is_its_state_and_no_other(mode: Mode) -> None:
    walk = walk_of(DEMO)
    file = io.BytesIO()
    write_gif(file, scenes(walk, mode))
    painted = [np.asarray(paint(scene).convert("RGB")) for scene in scenes(walk, mode)]
    with Image.open(io.BytesIO(file.getvalue())) as gif:
        assert (gif.format, gif.size) == ("GIF", (960, 540))
        assert gif.n_frames == len(painted) == 18  # type: ignore[attr-defined]
        assert gif.info["loop"] == 0
        for step, expected in enumerate(painted):
            gif.seek(step)
            assert gif.info["duration"] == 1000
            assert (np.asarray(gif.convert("RGB")) == expected).all()
    assert len({picture.tobytes() for picture in painted}) == 18


def test_the_colours_that_carry_meaning_are_exact_in_the_gif() -> None:
    [first, *_] = scenes(walk_of(DEMO), Mode())
    colours = {colour for _, colour in paint(first).convert("RGB").getcolors(4096) or []}
    assert {(255, 255, 255), (0, 0, 0), (0xAA, 0xD9, 0xF4), (0xD5, 0x5E, 0)} <= colours


def test_svgs_fetch_nothing_and_run_nothing(run: Run, tmp_path: Path) -> None:
    folder = str(tmp_path)
    layer = "--input 6x6x1 --filter 3 --filters 1".split()
    run("demo", *layer, "--svg", f"{folder}/demo.svg")
    run("params", *layer, "--svg", f"{folder}/params.svg")
    run("backward", *layer, "--svg", f"{folder}/backward.svg")
    for path in tmp_path.iterdir():
        text = path.read_text(encoding="utf-8")
        text = text.replace('xmlns="http://www.w3.org/2000/svg"', "", 1)
        for word in ("http", "//", "url(", "@import", "@font-face", "href", "<script", "<image"):
            assert word not in text, (path, word)
    assert len(list(tmp_path.iterdir())) == 3


@pytest.mark.parametrize(
    "command",
    [
        "params --input 227x227x3 --filter 11 --stride 4 --filters 96",
        "params --input 7x7x1 --filter 3 --filters 1 --dtype float16",
        "backward --input 9x9x2 --filter 3 --filters 2 --seed 1 --learning-rate 0.1",
    ],
)
def test_the_picture_of_a_table_says_what_the_screen_says(
    command: str, run: Run, tmp_path: Path
) -> None:
    path = tmp_path / "table.svg"
    code, out, err = run(*command.split(), "--svg", path)
    assert (code, err) == (0, "")
    lines: dict[float, list[tuple[float, str]]] = {}
    for element in ElementTree.parse(path).iter(f"{SVG}text"):
        place = lines.setdefault(float(element.attrib["y"]), [])
        place.append((float(element.attrib["x"]), str(element.text)))
    drawn = "".join("".join(text for _, text in sorted(row)) for _, row in sorted(lines.items()))

    def letters(text: str) -> str:  # without the map of a gradient, finer in colours
        return "".join(re.findall(r"[^\s░▒▓█▀]", text.replace("\u00a0", "")))

    assert letters(drawn) == letters(out)
    assert "shared" in drawn


@pytest.mark.slow
def test_no_more_frames_than_a_minute_shows(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "long.gif"
    code, out, _ = run("demo", "--input", "20x20x1", "--stride", 2, "--filters", 1, "--gif", path)
    assert (code, MOST_FRAMES) == (0, 60)
    # 20 + 2 pixels, a window of 3 every 2: 10 positions a side
    assert "".join(out.split()) == (
        f"saved: {path}, the first 60 of 100 steps, 1 s each, 960x540 pixels"
        "in a terminal the same command without --steps, --gif or --svg goes to any step"
    ).replace(" ", "")
    with Image.open(path) as gif:
        assert gif.n_frames == 60  # type: ignore[attr-defined]


@pytest.mark.parametrize("command", ["params", "backward", "demo"])
def test_a_picture_needs_its_ending_and_a_folder(command: str, run: Run, tmp_path: Path) -> None:
    layer = "--input 6x6x1 --filter 3 --filters 1".split()
    code, out, err = run(command, *layer, "--svg", "table.png")
    assert (code, out) == (2, "")
    assert err == (
        "convcalc: --svg table.png: does not end in .svg; give a file name ending in .svg\n"
    )
    code, out, err = run(command, *layer, "--svg", tmp_path / "nowhere" / "table.svg")
    assert (code, out) == (2, "")
    assert "its folder does not exist" in err


def test_steps_are_printed_beside_a_picture_where_asked_for(run: Run, tmp_path: Path) -> None:
    spec = "--input 3x3x1 --filter 2 --pad 0 --stride 1 --filters 1".split()
    path = tmp_path / "a.gif"
    saved = run("demo", *spec, "--gif", path).out
    both = run("demo", *spec, "--gif", path, "--steps").out
    assert both == saved + run("demo", *spec, "--steps").out


# --- the letters in pictures


def written(text: str, size: int, **look: bool) -> np.ndarray:
    """Where a text has ink: rows, columns."""
    image = Image.new("L", (400, 60), 255)
    write(ImageDraw.Draw(image), (20, 30), text, 0, size, **look)
    return np.asarray(image) < 128


def has_glyph(character: str) -> bool:
    missing = bytes(font(40).getmask("\uffff"))
    return bytes(font(40).getmask(character)) != missing


@pytest.mark.parametrize("mode", [Mode(), Mode(gradient=True), Mode(shared=False)])
def test_every_character_in_a_picture_can_be_drawn(mode: Mode) -> None:
    layer = ConvLayer(input=(5, 4, 4), filter=2, filters=2, groups=2, dilation=2, bias=False)
    labels = [
        shape.text
        for walk in (walk_of(DEMO), walk_of(layer))
        for scene in scenes(walk, mode)
        for shape in scene
        if isinstance(shape, Label)
    ]
    used = {character for text in labels for character in text}
    assert {"→", "−"} <= used or mode.gradient
    assert all(character in SIGNS or has_glyph(character) for character in used)
    assert not any(has_glyph(sign) for sign in SIGNS), "Pillow's font has it now"


@pytest.mark.parametrize("size", [11, 13, 17, 22, 40])
@pytest.mark.parametrize("bold", [False, True])
def test_the_signs_that_the_font_lacks_look_like_what_they_are(size: int, bold: bool) -> None:
    inks = {sign: written(sign, size, bold=bold) for sign in SIGNS}
    boxes = {}
    for sign, ink in inks.items():
        rows, columns = np.flatnonzero(ink.any(1)), np.flatnonzero(ink.any(0))
        assert columns[0] >= 20
        assert columns[-1] < 20 + length(sign, size)
        boxes[sign] = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
        middle = (rows[0] + rows[-1]) / 2
        plus = np.flatnonzero(written("+", size).any(1))
        assert abs(middle - (plus[0] + plus[-1]) / 2) <= 1.5, sign
    arrow, minus = boxes["→"], boxes["−"]
    # its shaft from left to right, its head on the right: never as high on the left
    assert arrow[len(arrow) // 2].mean() > 0.9
    half = arrow.shape[1] // 2
    assert arrow[:, half:].any(1).sum() > 1.5 * arrow[:, : half // 2].any(1).sum()
    assert minus.mean() > 0.8
    assert minus.shape[1] > 2 * minus.shape[0]
    # two strokes that cross: every corner, and the middle
    cross = boxes["×"]
    assert abs(cross.shape[0] - cross.shape[1]) <= 2
    assert cross[len(cross) // 2, cross.shape[1] // 2]
    assert boxes["≈"].any(1).sum() > minus.any(1).sum()


def test_signs_keep_their_place_among_letters() -> None:
    for text in ("5x5x3 → 3x3x2", "+ 4 − 3 = 1", "a≈b"):
        ink = np.flatnonzero(written(text, 22).any(0))
        assert ink[-1] < 20 + length(text, 22)
        assert ink[-1] > 20 + length(text, 22) - 8
    before, whole = written("5x5x3 ", 22), written("5x5x3 →", 22)
    assert (
        whole[:, : 20 + int(length("5x5x3 ", 22))] == before[:, : 20 + int(length("5x5x3 ", 22))]
    ).all()


def test_the_contact_sheet_is_wide_enough_for_its_title(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "sheet.png"
    spec = "--input 6x5x4 --filter 3 --filters 2 --groups 2 --dilation 1x2 --pad 1x2x3x4 --no-bias"
    done = run("forward", *spec.split(), "--save", path)
    title = done.out.splitlines()[0]
    assert "→" in title
    with Image.open(path) as sheet:
        ink = np.flatnonzero((np.asarray(sheet)[:20] < 128).any(0))
        assert 6 + length(title, 11) - 8 < ink[-1] < sheet.width - 4
