// What is looked at: a neuron, its window, its weights, and the sum it makes.
import { byId } from "./elements.js";
import { colourOf, fillCell, keepTabStop } from "./grids.js";
import { drawSharing } from "./sharing.js";
import { state } from "./state.js";
import { drawSum, gradientOf, weightsTitle } from "./sums.js";

let lit = []; // cells with a class that the next look takes away

export function select(neuron) {
  state.neuron = neuron;
  drawSelection();
}

/** Light up what the current neuron looks at, its weights, and the sum it makes. */
export function drawSelection() {
  const { neuron, shared, pass, tap, demo, cells } = state;
  unlight();
  const own = colourOf(demo, neuron, shared);
  byId("weights").style.setProperty("--own", own);
  const first = demo.firstChannel(neuron.k);
  const weight = demo.weights(neuron, shared);
  const gradient = pass === "gradient" ? gradientOf(demo, neuron, shared) : null;
  demo.window(neuron, (m, n, c) => {
    const row = demo.down.pixelOf(neuron.i, m);
    const column = demo.across.pixelOf(neuron.j, n);
    const pixel = cells.input[first + c]?.[row][column];
    if (pixel) {
      light(pixel, "window");
      pixel.style.setProperty("--own", own);
    }
    const cell = cells.weights[c]?.[m][n];
    if (!cell) return;
    const value = gradient ? gradient(m, n, c) : weight(m, n, c);
    const what = gradient ? "gradient of the weight" : "weight";
    fillCell(cell, value, `${what} at ${demo.where(m, n, "place")}, channel ${first + c}`);
    if (tap && tap.m === m && tap.n === n && tap.c === c) {
      light(cell, "tap");
      if (pixel) light(pixel, "tap");
    }
  });
  const cell = cells.output[neuron.k][neuron.i][neuron.j];
  light(cell, "current");
  keepTabStop(cell);
  for (const table of document.querySelectorAll(".grid.weights")) {
    table.caption.textContent = `channel ${first + Number(table.dataset.slice)}`;
  }
  byId("weights-title").textContent = weightsTitle(demo, state);
  byId("position").value = demo.stepOf(neuron) + 1;
  drawSum(demo, state);
  drawSharing(demo, state);
}

export function light(cell, name) {
  cell.classList.add(name);
  lit.push([cell, name]);
}

export function unlight() {
  for (const [cell, name] of lit) cell.classList.remove(name);
  lit = [];
}
