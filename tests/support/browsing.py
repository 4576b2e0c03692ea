"""Drive the demo's page in Debian's Chromium, without a network; see that it stays alone."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from playwright.sync_api import Browser, Page

from convcalc import ConvLayer
from convcalc.arithmetic.walk.integers import small
from support.generated import windows_of
from support.programs import NEEDED

CHROMIUM = NEEDED["browser"]
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


class Visit(NamedTuple):
    """A page in the browser, the requests it made and what it complained of."""

    page: Page
    url: str
    requests: list[str]
    complaints: list[str]

    def text(self, selector: str) -> str:
        return self.page.locator(selector).text_content() or ""


@contextmanager
def visiting(browser: Browser, file: Path, fragment: str = "", **options: Any) -> Iterator[Visit]:
    """Open the file offline; on leaving, it must have asked for nothing else and be silent."""
    context = browser.new_context(offline=True, **options)
    page = context.new_page()
    visit = Visit(page, file.as_uri(), [], [])
    page.on("request", lambda request: visit.requests.append(request.url.split("#")[0]))
    page.on("console", lambda message: visit.complaints.append(message.text))
    page.on("pageerror", lambda error: visit.complaints.append(str(error)))
    page.goto(visit.url + fragment)
    yield visit
    context.close()
    assert visit.requests == [visit.url], visit.requests
    assert not visit.complaints, visit.complaints


def controls(layer: ConvLayer, pad: str | None = None) -> dict[str, str | bool]:
    """What to set each of the page's controls to for a layer."""
    sides = {f"pad-{side}": str(size) for side, size in layer.pad._asdict().items()}
    return {
        "series": layer.input.dimensions == 1,
        "square": False,
        "width": str(layer.input.width),
        "height": str(layer.input.height),
        "depth": str(layer.input.depth),
        "filter-width": str(layer.filter.width),
        "filter-height": str(layer.filter.height),
        "stride-x": str(layer.stride.x),
        "stride-y": str(layer.stride.y),
        "dilation-x": str(layer.dilation.x),
        "dilation-y": str(layer.dilation.y),
        "pad-kind": pad or "sides",
        **({} if pad else sides),
        "filters": str(layer.filters),
        "groups": str(layer.groups),
        "bias": {True: "yes", False: "no"}.get(layer.bias, str(layer.bias)),
    }


SET_CONTROLS = """async ([settings, bySlider]) => {
  for (const [id, value] of Object.entries(settings)) {
    const field = document.getElementById(id);
    const slider = document.querySelector(`input[data-field="${id}"]`);
    if (typeof value === "boolean") {
      if (field.checked !== value) field.click();
    } else if (field.value !== value) {
      const within = slider && Number(slider.min) <= value && value <= Number(slider.max);
      const control = bySlider && within ? slider : field;
      control.value = value;
      control.dispatchEvent(new Event("input", { bubbles: true }));
    }
  }
  await new Promise(requestAnimationFrame); // the page draws in this frame
}"""


def set_controls(page: Page, settings: dict[str, str | bool], by_slider: bool = False) -> None:
    """Set controls as a reader does, by value and the event that follows, and see them drawn."""
    page.evaluate(SET_CONTROLS, [settings, by_slider])


windows = lru_cache(maxsize=1)(windows_of)


def channels(layer: ConvLayer, k: int) -> range:
    """The channels filter k sees: those of its group."""
    first = k // (layer.filters // layer.groups) * layer.filter.depth
    return range(first, first + layer.filter.depth)


class Tap(NamedTuple):
    """One weight and the pixel under it; the pixel's place is None in the pad."""

    m: int
    n: int
    c: int
    pixel: tuple[int, int, int] | None


def taps(layer: ConvLayer, k: int, i: int, j: int) -> Iterator[Tap]:
    """What neuron (i, j) of slice k looks at, from the windows found by sliding."""
    across, down = windows(layer)
    for m, row in enumerate(down[i]):
        for n, column in enumerate(across[j]):
            inside = 0 <= row < layer.input.height and 0 <= column < layer.input.width
            for c, channel in enumerate(channels(layer, k)):
                yield Tap(m, n, c, (row, column, channel) if inside else None)


def pixel_value(seed: int, tap: Tap) -> int:
    return small(seed, "input", *tap.pixel) if tap.pixel else 0


def neuron_value(layer: ConvLayer, seed: int, k: int, i: int, j: int, shared: bool = True) -> int:
    """The neuron's value, summed over its taps in whole numbers."""
    owner = (k,) if shared else (i, j, k)
    biased = (i, j, k) if layer.bias == "untied" else owner
    bias = small(seed, "bias", *biased) if layer.bias else 0
    return bias + sum(
        pixel_value(seed, tap) * small(seed, "weights", *owner, tap.m, tap.n, tap.c)
        for tap in taps(layer, k, i, j)
    )
