"""Demos as large as they may be: nothing is worked out that is not shown, and output ends."""

import io
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Run
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from rich.console import Console
from support.generated import layers

from convcalc import ConvLayer
from convcalc.arithmetic.walk import steps
from convcalc.arithmetic.walk.numbers import Block, Numbers, each, small_numbers
from convcalc.arithmetic.walk.steps import Mode, State, Walk
from convcalc.present.player import step as player
from convcalc.present.player.keys import Player, screen_lines
from convcalc.present.player.step import print_steps, step_lines
from convcalc.present.slides import steps as slides
from convcalc.present.slides.drawing import scenes
from convcalc.present.slides.panels import Board, View, board
from convcalc.present.slides.svg import to_svg

LONG = {  # the most are 10,000 neurons, 200,000 multiply-adds and 100,000 padded pixels
    "288 filters": ConvLayer(input=(8, 9, 3), filter=3, stride=2, pad=1, filters=288),
    "one slice": ConvLayer(input=(100, 100, 1), filter=1, filters=1),
    "one position": ConvLayer(input=(1, 1, 1), filter=1, filters=10_000),
    "one row": ConvLayer(input=(10_002, 1, 1), filter=(3, 1), filters=1),
    "one column": ConvLayer(input=(1, 10_002, 1), filter=(1, 3), filters=1),
    "21 slices": ConvLayer(input=(21, 21, 1), filter=1, filters=21),
    "5 channels": ConvLayer(input=(101, 101, 5), filter=2, filters=1),
    "wide filter": ConvLayer(input=(40, 40, 1), filter=20, filters=1),
    "widest filter": ConvLayer(input=(316, 316, 1), filter=316, filters=2),
    "deepest filter": ConvLayer(input=(1, 1, 100_000), filter=1, filters=2),
    "mostly pad": ConvLayer(
        input=(1, 1, 1), filter=1, stride=4, pad=(157, 158, 157, 158), filters=1
    ),
    "depthwise": ConvLayer(input=(5, 5, 400), filter=3, pad=1, filters=400, groups=400),
    "dilated": ConvLayer(input=(60, 60, 2), filter=3, dilation=9, stride=2, filters=20),
}
long = pytest.mark.parametrize("layer", LONG.values(), ids=LONG)
modes = st.builds(Mode, st.booleans(), st.booleans())
WIDTH, HEIGHT = 100, 40


class Asked:
    """What a demo asked of its numbers."""

    def __init__(self, layer: ConvLayer) -> None:
        self.pixels: Counter[tuple[int, int, int]] = Counter()
        self.filters: Counter[tuple[int, int | None]] = Counter()
        made = small_numbers(layer, 1)

        def pixel(row: int, column: int, channel: int) -> int:
            self.pixels[row, column, channel] += 1
            return made.input(row, column, channel)

        def weights(k: int, position: int | None) -> Block:
            self.filters[k, position] += 1
            return made.weights(k, position)

        self.numbers = Numbers(pixel, weights, made.bias, made.upstream)


@pytest.mark.slow
@long
def test_a_key_asks_for_the_numbers_on_the_screen_and_for_none_twice(layer: ConvLayer) -> None:
    asked = Asked(layer)
    player = Player(Walk(layer, asked.numbers), Mode())
    for keys in ("", "n", "p", "f", "f", f"j{layer.neurons}\r", "p", "u", "p", "gu", "p", "j2\r"):
        before = len(asked.filters)
        for key in keys:
            player = player.press(key)
        screen_lines(player, WIDTH, HEIGHT)
        # a number of the output takes four columns, and each may need a filter of its own
        assert len(asked.filters) - before <= WIDTH * HEIGHT / 4
    assert set(asked.pixels.values()) <= {1}


@pytest.mark.slow
@long
def test_drawing_again_adds_nothing_up_again(layer: ConvLayer) -> None:
    asked = Asked(layer)
    for mode in (Mode(), Mode(shared=False)):
        last = Player(Walk(layer, asked.numbers), mode).to(layer.neurons)
        screen_lines(last, WIDTH, HEIGHT)
        asked.filters.clear()
        screen_lines(last, WIDTH, HEIGHT)
        # the weights of at most 16 channels are drawn, of one neuron
        assert len(asked.filters) == 1
        assert asked.filters.total() <= 16 * len(player.VIEWS)


@pytest.mark.slow
@long
@pytest.mark.parametrize("gradient", [False, True])
def test_products_are_worked_out_once_whatever_part_of_them_is_drawn(
    layer: ConvLayer, gradient: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = []
    monkeypatch.setattr(steps, "each", lambda *given: calls.append(given) or each(*given))
    walk = Walk(layer, small_numbers(layer, 1))
    step_lines(walk.state(len(walk) // 2, Mode(gradient=gradient)), WIDTH, HEIGHT)
    assert 1 <= len(calls) <= min(16, layer.filter.depth)


@pytest.mark.slow
@long
def test_a_step_of_few_numbers_asks_for_few(layer: ConvLayer) -> None:
    for mode in (Mode(gradient=True), Mode(shared=False, gradient=True)):
        asked = Asked(layer)
        screen_lines(Player(Walk(layer, asked.numbers), mode), WIDTH, HEIGHT)
        assert not asked.filters
        drawn = WIDTH * HEIGHT / 2
        channels_drawn = 16
        taps = layer.filter.width * layer.filter.height
        assert len(asked.pixels) <= drawn + min(channels_drawn, layer.filter.depth) * taps


def cells(drawn: Board) -> int:
    panels = drawn.input + drawn.filter + drawn.output
    return sum(len(row) for panel in panels for grid in panel.grids for row in grid)


@pytest.mark.slow
@long
@pytest.mark.parametrize(("width", "height"), [(60, 20), (200, 60)])
def test_a_part_that_cannot_fit_is_not_drawn_to_find_that_out(
    layer: ConvLayer, width: int, height: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[View] = []

    def counted(state: State, view: View) -> Board:
        drawn = board(state, view)
        tried.append(view)
        # a number takes two columns, its sign or the blank before it included
        assert view == player.VIEWS[-1] or cells(drawn) <= width * height / 2
        return drawn

    monkeypatch.setattr(player, "board", counted)
    walk = Walk(layer, small_numbers(layer, 1))
    step_lines(walk.state(len(walk) // 2, Mode()), width, height)
    assert len(tried) == len(set(tried))


@pytest.mark.slow
@settings(max_examples=25)
@given(layers(side=12, depth=3, filters=3), modes, st.integers(0, 99), st.data())
def test_a_part_is_not_passed_over_where_it_just_fits(
    layer: ConvLayer, mode: Mode, percent: int, data: st.DataObject
) -> None:
    walk = Walk(layer, small_numbers(layer, 1))
    state = walk.state(percent * len(walk) // 100, mode)
    narrow = data.draw(st.integers(1, 40))
    for view in player.VIEWS:
        for width in (narrow, 2 * min(layer.axes[0].padded, view.side), 80, 200):
            lines = [line for part in player._parts(board(state, view), width) for line in part]
            if max(map(len, lines)) <= width:
                assert not player._is_hopeless(state, view, width, len(lines))


OPTIONS = {
    "288 filters": "--input 8x9x3 --filters 288",
    "one slice": "--input 100x100x1 --filter 1 --stride 1 --pad 0 --filters 1 --unshared",
    "one position": "--input 1x1x1 --filter 1 --pad 0 --filters 10000",
    "5 channels": "--input 101x101x5 --filter 2 --stride 1 --pad 0 --filters 1 --gradient",
    "wide filter": "--input 40x40x1 --filter 20 --stride 1 --pad 0 --filters 1 --unshared",
    "mostly pad": "--input 1x1x1 --filter 1 --stride 4 --pad 157x158x157x158 --filters 1",
    "image": "--image picture.png --filters 288",
    "101 steps": "--input 101x1x1 --filter 1 --stride 1 --pad 0 --filters 1",
    "100 steps": "--input 100x1x1 --filter 1 --stride 1 --pad 0 --filters 1",
    "1 step": "--input 1x1x1 --filter 1 --stride 1 --pad 0 --filters 1",
}


@pytest.mark.slow
@pytest.mark.parametrize("words", OPTIONS.values(), ids=OPTIONS)
def test_of_many_steps_the_first_and_the_last_are_printed(
    words: str, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Image.new("RGB", (90, 80), "teal").save("picture.png")
    code, out, _ = run("demo", *words.split())
    assert code == 0
    assert len(out.encode()) < 1_000_000
    said = [line.split(": step ")[1].split(",")[0] for line in out.split("\n") if ": step " in line]
    total = int(said[-1].split(" of ")[1])
    numbers = [int(text.split(" of ")[0]) for text in said]
    assert numbers == [*range(1, min(total, 100)), total]
    assert ("left out" in out) == (total > 100)


@pytest.mark.slow
def test_what_is_left_out_is_said_where_it_would_be_and_how_to_see_it(run: Run) -> None:
    # windows of 3 every 2: 4 columns of the 8 + 2, 5 rows of the 9 + 2, and 288 slices: 5760
    _, out, _ = run("demo", *OPTIONS["288 filters"].split(), "--steps")
    before, after = out.split(
        "\n\nleft out here: 5660 of the 5760 steps; in a terminal the same command without\n"
        "--steps, --gif or --svg goes to any step\n\n"
    )
    assert "step 99 of 5760" in before
    assert "step 100 of" not in out
    assert "step 5760 of 5760" in after


class Recorder:
    """Stands in for a progress bar."""

    made: list["Recorder"]

    def __init__(self, label: str, total: int) -> None:
        self.total, self.done = total, 0
        self.made.append(self)

    def __enter__(self) -> "Recorder":
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def __call__(self, amount: int) -> None:
        self.done += amount


@pytest.fixture
def bars(monkeypatch: pytest.MonkeyPatch) -> list[Recorder]:
    """Every progress bar that the test's demo makes."""
    monkeypatch.setattr(Recorder, "made", [], raising=False)
    for module in (slides, player):
        monkeypatch.setattr(module, "Bar", Recorder)
    return Recorder.made


@pytest.mark.slow
@pytest.mark.parametrize("ending", ["gif", "svg", None])
@pytest.mark.parametrize(("side", "drawn"), [(3, {9}), (11, {60, 100})])
def test_a_bar_goes_on_with_every_step(
    ending: str | None, side: int, drawn: set[int], bars: list[Recorder], run: Run, tmp_path: Path
) -> None:
    layer = f"--input {side}x{side}x1 --filter 1 --stride 1 --pad 0 --filters 1".split()
    picture = [f"--{ending}", tmp_path / f"a.{ending}"] if ending else ["--steps"]
    assert run("demo", *layer, *picture).code == 0
    [bar] = bars
    assert bar.total == bar.done
    assert bar.total in drawn


def test_no_bar_is_drawn_between_the_steps_in_a_terminal(bars: list[Recorder]) -> None:
    layer = ConvLayer(input=(3, 3, 1), filter=2, filters=1)
    screen = Console(file=io.StringIO(), force_terminal=True)
    print_steps(screen, Walk(layer, small_numbers(layer, 1)), Mode(), "numbers")
    assert not bars


@pytest.mark.slow
@pytest.mark.parametrize("name", ["288 filters", "5 channels", "wide filter", "21 slices"])
@pytest.mark.parametrize("mode", [Mode(), Mode(gradient=True)], ids=str)
def test_an_animated_svg_stays_a_file_to_send(name: str, mode: Mode) -> None:
    walk = Walk(LONG[name], small_numbers(LONG[name], 1))
    assert len(to_svg(name, scenes(walk, mode))) < 1_000_000


@pytest.mark.slow
@pytest.mark.parametrize(
    "words",
    ["", "--steps", "--gif a.gif", "--svg a.svg", "--gif a.gif --svg a.svg", "--svg a.svg --steps"],
)
def test_ctrl_c_in_the_middle_leaves_nothing_half_written(
    words: str, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(state: Callable[..., State]) -> Callable[..., State]:
        def until_ten(walk: Walk, step: int, mode: Mode) -> State:
            if step == 10:
                raise KeyboardInterrupt
            return state(walk, step, mode)

        return until_ten

    monkeypatch.chdir(tmp_path)
    Path("a.svg").write_text("as it was")
    monkeypatch.setattr(Walk, "state", interrupted(Walk.state))
    code, _, err = run("demo", *words.split())
    assert (code, err.strip()) == (130, "convcalc: interrupted")
    assert [path.name for path in tmp_path.iterdir()] == ["a.svg"]
    assert Path("a.svg").read_text() == "as it was"
