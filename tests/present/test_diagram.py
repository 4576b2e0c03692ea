"""Networks drawn: nothing lies on anything else, lines lead where volumes go, words and scales."""

import re
from collections import Counter, defaultdict
from itertools import combinations, pairwise
from math import isqrt
from pathlib import Path
from xml.etree import ElementTree

import pytest
from conftest import Run
from hypothesis import given, settings
from hypothesis import strategies as st
from playwright.sync_api import sync_playwright
from support.browsing import ARGUMENTS, CHROMIUM, visiting
from support.networks import networks

from convcalc import Volume
from convcalc.gallery.shelf import names
from convcalc.gallery.spec import find
from convcalc.layer.network import Network, Placed
from convcalc.layer.notation import parse
from convcalc.present.diagram.boxes import Box
from convcalc.present.diagram.folding import candidates
from convcalc.present.diagram.lanes import arrange
from convcalc.present.diagram.lengths import Scale
from convcalc.present.diagram.shapes import Solid, Text
from convcalc.present.diagram.slide import Slide, draw
from convcalc.present.diagram.svg import save_drawing, to_svg

Rect = tuple[int, int, int, int]
Point = tuple[int, int]
INCEPTION = "conv3-8 pad=1, concat(conv1-2, relu | conv1-3, conv3-4 pad=1 | pool3 stride=1 pad=1)"
NESTED = (
    "conv3-8 pad=1, add(conv3-8 pad=1, concat(conv1-4 | add(conv3-4 pad=1 | conv1-4, bn) | ), "
    "conv1-8 | ), pool2, fc-10"
)


def network(text: str, input: tuple[int, int, int] = (32, 32, 3), name: str = "drawn") -> Network:
    return Network.of(name, Volume(*input), parse(text))


def moved(edges: Rect, slide: Slide) -> Rect:
    left, top, right, bottom = edges
    return left + slide.left, top + slide.top, right + slide.left, bottom + slide.top


def rectangles(slide: Slide) -> list[tuple[str, Rect]]:
    """Every box and every text in the picture, by what it is."""
    found = [(text.text, text.edges) for text in slide.texts]
    found += [("bar", (x, y, x + long, y + 5)) for x, y, long in slide.bars]
    layout = slide.layout
    found += [(solid.box.name, moved(solid.edges, slide)) for solid in layout.solids]
    found += [(text.text, moved(text.edges, slide)) for text in layout.texts]
    high = 6 * layout.size // 5
    spans = [(span.name, (span.left, span.y, span.right, span.y + high)) for span in layout.spans]
    return found + [(name, moved(edges, slide)) for name, edges in spans]


def overlap(one: Rect, other: Rect) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def check_apart(slide: Slide) -> None:
    found = rectangles(slide)
    for name, (left, top, right, bottom) in found:
        assert 0 <= left <= right <= slide.width, name
        assert 0 <= top <= bottom <= slide.height, name
    for (one, here), (other, there) in combinations(found, 2):
        assert not overlap(here, there), (one, other)


def check_lines(slide: Slide) -> None:
    """Lines run across and up or down, from a box to a box, and over no other and no text."""
    layout = slide.layout
    texts = [text.edges for text in layout.texts]
    ends = {(solid.x, solid.axis): solid for solid in layout.solids}
    starts = {(solid.right, solid.axis): solid for solid in layout.solids}
    for line in layout.lines:
        target, source = ends[line[-1]], starts[line[0]]
        for (a, b), (c, d) in pairwise(line):
            assert a == c or b == d
            piece = min(a, c), min(b, d), max(a, c) + 1, max(b, d) + 1
            assert not any(overlap(piece, text) for text in texts)
            crossed = [one for one in layout.solids if overlap(piece, one.edges)]
            assert all(one in (source, target) for one in crossed)
            assert 0 <= a + slide.left <= slide.width
            assert 0 <= b + slide.top <= slide.height
    for one, other in combinations(layout.lines, 2):
        if one[0] != other[0] and one[-1] != other[-1]:
            assert not any(
                along(*here, *there) for here in pairwise(one) for there in pairwise(other)
            )


def along(a: Point, b: Point, c: Point, d: Point) -> bool:
    """Whether two pieces of lines run on each other, and not only cross."""
    for across, down in ((0, 1), (1, 0)):
        if a[down] == b[down] == c[down] == d[down]:
            first, last = sorted((a[across], b[across])), sorted((c[across], d[across]))
            return min(first[1], last[1]) > max(first[0], last[0])
    return False


@settings(deadline=None)
@given(networks())
def test_nothing_lies_on_anything_else(made: Network) -> None:
    slide = draw(made)
    check_apart(slide)
    check_lines(slide)


@pytest.mark.parametrize("depth", [None, 1, 2, 100])
@pytest.mark.parametrize("name", ["lenet5", "alexnet", "vgg16", "googlenet", "resnet50"])
def test_nothing_lies_on_anything_else_in_a_published_one(name: str, depth: int | None) -> None:
    slide = draw(find(name).at(None), depth)
    check_apart(slide)
    check_lines(slide)


@pytest.mark.parametrize(
    ("text", "input"),
    [
        (NESTED, (32, 32, 3)),
        ("add(80*(conv3-8 pad=1)|)", (64, 64, 8)),
        ("500*(conv3-8 pad=1, relu), fc-10", (64, 64, 8)),
        ("concat(" + "|".join(["conv1-8"] * 20) + ")", (9, 9, 1)),
        ("conv1-8, fc-1" + 30 * "0", (10**30, 10**20, 3)),
        ("add(||), relu, concat(|), gap", (1, 1000, 4)),
        (f"concat(60*(conv3-8 pad=1) | add({'conv1-8, ' * 40} | ), {'conv1-8, ' * 30})", (9, 9, 8)),
    ],
)
def test_nothing_lies_on_anything_else_at_the_limits(
    text: str, input: tuple[int, int, int]
) -> None:
    for depth in (None, 1):
        slide = draw(network(text, input), depth)
        check_apart(slide)
        check_lines(slide)


@pytest.mark.slow
@pytest.mark.parametrize("name", names())
def test_every_network_of_the_gallery_is_on_a_slide(name: str) -> None:
    slide = draw(find(name).at(None))
    check_apart(slide)
    check_lines(slide)
    assert (slide.width, slide.height) == (1280, 720)
    assert slide.layout.size >= 10


# --- what is drawn


def boxes(made: Network, depth: int | None = None) -> list[Box]:
    return next(iter(candidates(made, depth))).boxes


def test_what_works_in_place_is_written_on_the_box_before() -> None:
    made = network("conv5-6, bn, relu, dropout 0.5, pool2, flatten, fc-10, softmax")
    found = [(str(box.volume), box.words, box.followers) for box in boxes(made)]
    assert found == [
        ("32x32x3", ("input",), ()),
        ("28x28x6", ("conv 5x5",), ("batch norm", "relu", "dropout 0.5")),
        ("14x14x6", ("max pool 2x2", "stride 2"), ("flatten to 1x1x1176",)),
        ("1x1x10", ("dense",), ("softmax",)),
    ]


def test_what_one_of_two_takes_is_a_box_of_its_own() -> None:
    """The sum takes the convolution's output, not what batch norm makes of it."""
    found = boxes(network("conv1-4, add(bn, relu, conv1-4 | )"))
    assert [box.words[0] for box in found] == ["input", "conv 1x1", "batch norm", "conv 1x1", "add"]
    assert [box.sources for box in found] == [(), (0,), (1,), (2,), (3, 1)]
    assert found[2].followers == ("relu",)


def test_a_layer_with_products_is_a_box_though_it_changes_no_size() -> None:
    found = boxes(network("deconv1-3, relu"))
    assert [(box.words, box.followers) for box in found[1:]] == [(("1x1 transposed",), ("relu",))]


def test_what_takes_a_layer_within_a_box_is_not_written_on_the_box() -> None:
    """The group puts out what conv2 makes; relu takes what conv1 makes."""
    layers = [one.layer for one in network("conv1-3, conv3-3, relu").layers]
    inside = layers[0].replace(input=(32, 32, 3))
    relu = network("relu").layers[0].layer
    made = Network(
        "drawn",
        Volume(32, 32, 3),
        (
            Placed("conv1", "group/conv1", inside, (-1,)),
            Placed("conv2", "group/conv2", layers[1], (-1,)),
            Placed("relu1", "relu1", relu, (0,)),
        ),
    )
    found = boxes(made, 1)
    assert [(box.words[0], box.followers) for box in found[1:]] == [("group", ()), ("relu", ())]


def test_names_that_were_given_are_written() -> None:
    found = boxes(find("lenet5").at(None))
    assert [box.words[0] for box in found] == [
        "input",
        "C1: conv 5x5",
        "S2: average pool 2x2",
        "C3: conv 5x5 by table",
        "S4: average pool 2x2",
        "C5: conv 5x5",
        "F6: dense",
        "output: dense",
    ]
    assert all(box.followers == ("tanh",) for box in found[1:-1])


def test_every_volume_and_every_kind_is_in_the_picture() -> None:
    svg = ElementTree.fromstring(to_svg(find("alexnet").at(None)))
    texts = Counter("".join(one.itertext()) for one in svg.iter(f"{SVG}text"))
    for size, times in {
        "227x227x3": 1,
        "55x55x96": 1,
        "27x27x96": 1,
        "27x27x256": 1,
        "13x13x256": 2,
        "13x13x384": 2,
        "6x6x256": 1,
        "1x1x4096": 2,
        "1x1x1000": 1,
    }.items():
        assert texts[size] == times
    assert texts["max pool 3x3,"] == 3
    assert texts["conv 11x11,"] == texts["softmax"] == 1
    assert texts["60,965,224 parameters, 724,406,816 multiply-adds, 1,258,760 activations"] == 1


def test_groups_are_folded_as_asked() -> None:
    made = find("resnet18").at(None)
    # input, conv, pool, each of four groups, global pool and dense
    assert len(boxes(made, 1)) == 9
    folded = [box for box in boxes(made, 1) if box.folded]
    assert [(box.name, str(box.volume)) for box in folded] == [
        ("conv2", "56x56x64"),
        ("conv3", "28x28x128"),
        ("conv4", "14x14x256"),
        ("conv5", "7x7x512"),
    ]
    # the stem of two, 8 sums of 2 convolutions, 3 convolutions beside them, the last two
    assert len(boxes(made)) == 1 + 2 + 8 * 3 + 3 + 2


def test_equal_groups_are_one_box() -> None:
    found = boxes(find("resnet50").at(None), 2)
    assert [box.words for box in found if box.folded and box.volume.depth == 1024] == [
        ("changing1", "12 layers"),
        ("residual1 … residual5", "5 × 10 layers"),
    ]


def said(slide: Slide) -> str:
    return " ".join(text.text for text in slide.texts)


def test_a_long_network_is_folded_and_says_so() -> None:
    long = draw(network("pool2, 500*(conv3-8 pad=1, relu), fc-10", (64, 64, 8)))
    assert [solid.box.words for solid in long.layout.solids[1:-1]] == [
        ("max pool 2x2", "stride 2"),
        ("conv1 … relu500", "500 × 2 layers"),
    ]
    assert "folded so that it can be read: repetitions; --depth 100 draws every layer" in said(long)
    deep = draw(find("resnet152").at(None))
    assert "groups more than 2 deep; --depth 3 draws more" in said(deep)
    assert "folded" not in said(draw(find("googlenet").at(None)))


def test_a_branch_is_folded_whole() -> None:
    found = draw(network("pool2, add(400*(conv3-8 pad=1)|), fc-10", (64, 64, 8)))
    assert [solid.box.words[-1] for solid in found.layout.solids] == [
        "input",
        "stride 2",
        "401 layers",
        "dense",
    ]
    assert "branches and repetitions" in said(found)


def test_nothing_alike_is_folded_in_equal_parts() -> None:
    made = network(", ".join(f"conv1-{k % 7 + k}" for k in range(1, 400)))
    found = draw(made)
    # 400 layers ten at a time, but the last nine: with the input 41 boxes
    assert len(found.layout.solids) == 41
    assert found.layout.solids[1].box.words == ("conv1 … conv10", "10 layers")
    assert found.layout.solids[-1].box.words == ("conv391 … conv399", "9 layers")
    assert "10 parts at a time" in said(found)


def test_what_follows_every_box_of_a_kind_is_said_once() -> None:
    made = find("vgg16").at(None)
    assert "after every conv: relu" in said(draw(made))
    assert [box.followers for box in boxes(made)].count(("relu", "dropout 0.5")) == 2
    assert all(box.followers == () for box in boxes(made) if box.kind == "conv")


# --- where it stands


def by_words(slide: Slide) -> dict[str, list[Solid]]:
    found: dict[str, list[Solid]] = defaultdict(list)
    for solid in slide.layout.solids:
        found[solid.box.words[0]].append(solid)
    return found


def test_branches_are_side_by_side_between_where_they_part_and_meet() -> None:
    found = by_words(draw(network(INCEPTION)))
    [start, behind], [joined] = found["conv 3x3"], found["concat"]
    one, two = found["conv 1x1"]
    [pool] = found["max pool 3x3"]
    assert start.right < min(one.x, two.x, pool.x)
    assert max(one.right, behind.right, pool.right) < joined.x
    assert one.axis < two.axis == behind.axis < pool.axis
    assert two.right < behind.x
    assert one.axis < joined.axis == start.axis < pool.axis


def test_a_line_without_boxes_passes_them_by() -> None:
    slide = draw(network("conv3-3 pad=1, add(conv3-3 pad=1, conv3-3 pad=1 | ), gap"))
    start, first, second, joined = slide.layout.solids[1:5]
    [passing] = [
        line
        for line in slide.layout.lines
        if line[0] == (start.right, start.axis) and line[-1] == (joined.x, joined.axis)
    ]
    lowest = max(y for _, y in passing)
    assert lowest > max(first.edges[3], second.edges[3])
    assert min(x for x, y in passing if y == lowest) < first.x
    assert max(x for x, y in passing if y == lowest) > second.right


def test_a_volume_added_to_itself_has_two_lines() -> None:
    slide = draw(network("conv1-4, add( | ), gap"))
    joined = slide.layout.solids[2]
    lines = [line for line in slide.layout.lines if line[-1] == (joined.x, joined.axis)]
    assert len(lines) == 2
    assert len(boxes(network("conv1-4, add( | ), gap"))[2].sources) == 2


@st.composite
def graphs(draw: st.DrawFn) -> list[tuple[int, ...]]:
    """Boxes that come from any before them."""
    count = draw(st.integers(1, 12))
    return [
        tuple(draw(st.lists(st.integers(0, box - 1), min_size=1, max_size=3))) if box else ()
        for box in range(count)
    ]


@settings(deadline=None)
@given(graphs())
def test_no_two_are_in_one_place_whatever_the_lines(sources: list[tuple[int, ...]]) -> None:
    grid = arrange(sources)
    taken = dict.fromkeys(zip(grid.columns, grid.lanes, strict=True), "box")
    assert len(taken) == len(sources)
    lines: dict[tuple[int, int], int] = {}
    for wire in grid.wires:
        start, end = grid.columns[wire.source], grid.columns[wire.target]
        assert start < end
        for column in range(start + 1, end):
            assert (column, wire.lane) not in taken
            assert lines.setdefault((column, wire.lane), wire.source) == wire.source
    drawn = Counter((wire.source, wire.target) for wire in grid.wires)
    assert drawn == Counter((a, box) for box, several in enumerate(sources) for a in several)


@settings(deadline=None)
@given(networks())
def test_every_row_leads_from_the_left_to_the_right(made: Network) -> None:
    layout = draw(made).layout
    middles = {(solid.x, solid.axis) for solid in layout.solids[1:]}
    assert set(layout.arrows) == middles
    assert {line[-1] for line in layout.lines} == middles


# --- how large it is


def test_sides_are_on_the_scale_that_is_stated() -> None:
    slide = draw(find("alexnet").at(None))
    upright, deep = slide.layout.upright, slide.layout.deep
    stated = [re.search(r"([\d,]+) cells? of (height|depth)", text.text) for text in slide.texts]
    cells = [int(one[1].replace(",", "")) for one in stated if one]
    for solid in slide.layout.solids:
        width, height, depth = solid.box.volume
        for (_, _, bar), of, side, drawn in (
            (slide.bars[0], cells[0], height, solid.high),
            (slide.bars[0], cells[0], width, solid.aslant * 1000 // 354),
            (slide.bars[1], cells[1], depth, solid.long),
        ):
            # drawn / bar is the root of side / of, but for whole pixels; 3 are the least
            if drawn > 4:
                assert (drawn - 4) ** 2 * of <= bar**2 * side <= (drawn + 6) ** 2 * of
    assert upright.side(4 * 9) in (2 * upright.side(9), 2 * upright.side(9) + 1)
    assert deep.cells == 4096


@given(st.integers(1, 10**40), st.integers(1, 400), st.integers(1, 10**40))
def test_a_side_is_the_root_of_its_cells(most: int, pixels: int, cells: int) -> None:
    side = Scale(most, pixels).side(cells)
    if side > 3:
        assert side * side * most <= cells * pixels * pixels < (side + 1) ** 2 * most
    else:
        assert side == 3
        assert isqrt(cells * pixels * pixels // most) <= 3


@pytest.mark.parametrize(
    ("name", "least"), [("lenet5", 18), ("alexnet", 18), ("vgg16", 15), ("squeezenet1.1", 12)]
)
def test_letters_can_be_read_on_a_slide(name: str, least: int) -> None:
    """A sixtieth of the picture's height at least, 12 of 720; more where there is room."""
    slide = draw(find(name).at(None))
    sizes = [text.size for text in (*slide.texts, *slide.layout.texts)]
    assert slide.layout.size >= least
    assert min(sizes) >= slide.height // 60
    assert all(20 <= long <= 100 for _, _, long in slide.bars)


# --- SVG

SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("name", ["lenet5", "googlenet", "resnet50"])
def test_the_file_is_whole_and_needs_nothing_else(name: str) -> None:
    text = to_svg(find(name).at(None))
    root = ElementTree.fromstring(text)
    assert root.get("viewBox") == "0 0 1280 720"
    for element in root.iter():
        assert not {"id", "href", "class", "style"} & set(element.attrib)
    assert text.count("http") == 1
    assert not re.search(r"@font-face|url\(|<image|<script", text)
    colours = set(re.findall(r"#[0-9a-f]{6}", text))
    assert all(colour[1:3] == colour[3:5] == colour[5:] for colour in colours)


def test_sums_are_circles_and_joined_volumes_are_parted() -> None:
    root = ElementTree.fromstring(to_svg(network("conv1-4, add(conv1-4 | ), gap")))
    assert len(list(root.iter(f"{SVG}circle"))) == 1
    [joined] = by_words(draw(network(INCEPTION)))["concat"]
    assert joined.box.stacked == (2, 4, 8)
    # the first 2 of 14 are a seventh of the side of depth, the next 4 reach to three sevenths
    parted = [int(one) for one in re.findall(r"M(\d+) \d+V", to_svg(network(INCEPTION)))]
    assert joined.x + joined.long // 7 in parted
    assert joined.x + joined.long * 3 // 7 in parted


def test_names_are_escaped() -> None:
    made = network("evil: conv3-4, good: fc-3", name='<script>"&')
    text = to_svg(made)
    assert "<script" not in text
    root = ElementTree.fromstring(text)
    texts = ["".join(one.itertext()) for one in root.iter(f"{SVG}text")]
    assert texts[0].startswith('<script>"&: 32x32x3')
    assert "evil: conv 3x3" in " ".join(texts)


def test_the_command_writes_the_drawing_and_the_notebook_shows_it(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "net.svg"
    plain = run("network", "lenet5")
    assert run("network", "lenet5", "--svg", path) == plain
    assert path.read_text(encoding="utf-8") == to_svg(find("lenet5").at(None))
    assert find("lenet5").at(None)._repr_svg_() == path.read_text(encoding="utf-8")
    assert run("network", "resnet50", "--svg", path, "--depth", "1").code == 0
    assert path.read_text(encoding="utf-8") == to_svg(find("resnet50").at(None), 1)
    assert [one.name for one in tmp_path.iterdir()] == ["net.svg"]


def test_the_command_refuses_what_is_no_svg_file(run: Run, tmp_path: Path) -> None:
    for path in (tmp_path / "net.png", tmp_path / "no" / "net.svg"):
        code, out, err = run("network", "lenet5", "--svg", path)
        assert (code, out) == (2, "")
        assert "--svg" in err
        assert "Traceback" not in err
    assert not list(tmp_path.iterdir())


def test_the_page_has_the_drawing(run: Run) -> None:
    page = run("network", "lenet5", "--format", "html").out
    [drawn] = re.findall(r"<svg.*?</svg>", page, re.DOTALL)
    assert drawn.replace("<svg", f'<svg xmlns="{SVG[1:-1]}"', 1) + "\n" == to_svg(
        find("lenet5").at(None)
    )


MEASURE = """() => {
  const bars = [];
  for (const text of document.querySelectorAll("text")) {
    const box = text.getBoundingClientRect();
    bars.push([text.textContent, box.left, box.top, box.right, box.bottom]);
  }
  return bars;
}"""


@pytest.mark.browser
def test_texts_take_no_more_room_in_a_browser_than_is_reckoned(tmp_path: Path) -> None:
    """At the picture's own size, in the font that the browser takes instead of Helvetica."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        for name in ("lenet5", "googlenet", "resnet50"):
            made = find(name).at(None)
            slide, path = draw(made), tmp_path / f"{name}.svg"
            save_drawing(path, made)
            reckoned = defaultdict(list)
            for what, edges in rectangles(slide):
                reckoned[what].append(edges)
            with visiting(browser, path, viewport={"width": 1280, "height": 720}) as visit:
                measured = visit.page.evaluate(MEASURE)
            assert len(measured) >= len(slide.layout.texts) + len(slide.texts)
            for text, left, top, right, bottom in measured:
                assert any(
                    x0 <= left + 1 and right <= x1 + 1 and y0 <= top + 2 and bottom <= y1 + 2
                    for x0, y0, x1, y1 in reckoned[text]
                ), (text, left, top, right, bottom, reckoned[text])
        browser.close()


def test_a_line_begins_on_the_edge_of_a_flat_volume() -> None:
    """The edge at the back rises at 45 degrees from the front's lower corner, 5 below the axis."""
    assert Solid(Box("", Volume(1, 1, 1)), 10, 100, 20, 10, 30).right == 10 + 20 + 5
    assert Solid(Box("", Volume(1, 1, 1)), 10, 100, 20, 90, 30).right == 10 + 20 + 30


def test_a_text_is_as_wide_as_is_reckoned() -> None:
    assert Text(100, 10, "aaaa", 20, centred=True).edges == (74, 10, 126, 34)
    assert Text(100, 10, "aaaa", 20).edges == (100, 10, 152, 34)
