"""How soon the demo's page is painted, and how soon it answers a slider, in its own clock.

    python tests/benchmarks/demo_page.py [ROUNDS]

A 12x12x3 input with 8 filters of 3x3, in Debian's Chromium at 1280x720. The reaction is the time
from a slider's event to the end of the frame that shows what it changed.
"""

import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import sync_playwright

from convcalc import ConvLayer
from convcalc.present.page.builder import save_page

sys.path.insert(0, str(Path(__file__).parents[1]))
from support.browsing import ARGUMENTS, CHROMIUM

LAYER = ConvLayer(input=(12, 12, 3), filter=3, pad=1, filters=8)
PAINT = """() => new Promise((done) => {
  new PerformanceObserver((list) => {
    for (const { name, startTime } of list.getEntries())
      if (name === "first-contentful-paint") done(startTime);
  }).observe({ type: "paint", buffered: true });
})"""
REACTION = """async ([name, value]) => {
  const slider = document.querySelector(`input[data-field="${name}"]`);
  const start = performance.now();
  slider.value = value;
  slider.dispatchEvent(new Event("input", { bubbles: true }));
  await new Promise((done) => requestAnimationFrame(() => {
    const after = new MessageChannel(); // its message comes once the frame is painted
    after.port1.onmessage = done;
    after.port2.postMessage("");
  }));
  return performance.now() - start;
}"""


def measure(browser: Any, url: str) -> dict[str, float]:
    """Return the milliseconds of one visit."""
    page = browser.new_page(viewport={"width": 1280, "height": 720})
    page.goto(url)
    times = {"first paint": page.evaluate(PAINT)}
    for name, values in {"width": [13, 12], "filters": [7, 8], "seed": [2, 1]}.items():
        first, *rest = [page.evaluate(REACTION, [name, value]) for value in values * 4]
        times[f"slider of {name}, at first"] = first
        times[f"slider of {name}, then"] = median(rest)
    page.close()
    return times


def main(rounds: int) -> None:
    """Measure a few visits and print the medians."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        path = Path(folder) / "page.html"
        save_page(path, LAYER, 1)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        visits = [measure(browser, path.as_uri()) for _ in range(rounds)]
        browser.close()
        print(f"{path.stat().st_size / 1000:.0f} kB")
    for name in visits[0]:
        print(f"{name:26} {median(visit[name] for visit in visits):6.0f} ms")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
