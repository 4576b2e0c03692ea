// Volumes as tables: a grid a slice, every cell with its place for a screen reader. Cells are kept
// from one layer to the next, since browsers take longer to make them than to fill them.
import { byId, element } from "./elements.js";
import { signed } from "./figures.js";
import { volumeText } from "./layer.js";

const COLOURS = "#0072b2 #d55e00 #009e73 #cc79a7 #e69f00 #56b4e9 #f0e442 #7f7f7f".split(" ");

/** The colour of a neuron's weights: its slice's when shared, its own when not. */
export function colourOf(demo, neuron, shared) {
  if (shared) return COLOURS[neuron.k % COLOURS.length];
  const turn = (demo.stepOf(neuron) * 137.508) % 360; // the golden angle keeps neighbours apart
  return `hsl(${turn.toFixed(1)} 70% 50%)`;
}

/** Give an element so many children, keeping those it has. */
function resize(parent, count, make) {
  while (parent.children.length > count) parent.lastChild.remove();
  while (parent.children.length < count) parent.append(make(parent.children.length));
  return Array.from(parent.children);
}

/** Give a volume so many slices of `rows` x `columns` cells; returns the cells. */
function shapeVolume(kind, name, slices, rows, columns) {
  const cell = element("td", { role: "gridcell", tabindex: "-1" });
  const makeGrid = (slice) => {
    const attributes = { class: `grid ${kind}`, role: "grid", "data-kind": kind, "data-slice": slice };
    const caption = element("caption", {}, `${name} ${slice}`);
    return element("table", attributes, caption, element("tbody"));
  };
  return resize(byId(kind).querySelector(".slices"), slices, makeGrid).map((table) => {
    const lines = resize(table.tBodies[0], rows, () => element("tr", { role: "row" }));
    const cells = lines.map((line) => resize(line, columns, () => cell.cloneNode()));
    if (!table.querySelector('[tabindex="0"]')) cells[0][0].tabIndex = 0;
    return cells;
  });
}

export function fillCell(cell, value, label) {
  const text = signed(value);
  if (cell.textContent !== text) cell.textContent = text;
  cell.setAttribute("aria-label", `${label}: ${value}`);
}

/** Draw the three volumes of a demo; returns their cells, by slice, row and column. */
export function drawVolumes(demo, state) {
  const { layer, across, down, slices } = demo;
  const { series } = layer;
  const padded = layer.axes.map((axis) => axis.padded).slice(0, series ? 1 : 2).join("x");
  const size = volumeText(layer.input, series);
  const title = size.startsWith(`${padded}x`) ? size : `${size}, padded ${padded}`;
  const cells = {
    input: shapeVolume("input", "channel", demo.channels, down.pixels, across.pixels),
    weights: shapeVolume("weights", "channel", demo.filterChannels, down.taps, across.taps),
    output: shapeVolume("output", "slice", slices, down.positions, across.positions),
  };
  byId("weights").hidden = byId("output").hidden = !slices;
  byId("input").querySelector("h2").textContent = `input ${title}`;
  const what = state.pass === "forward" ? "output" : "gradient at the output";
  byId("output").querySelector("h2").textContent = `${what} ${volumeText(layer.output, series)}`;
  cells.input.forEach((grid, channel) => fillInput(grid, channel, demo));
  cells.output.forEach((grid, k) => fillOutput(grid, k, demo, state));
  return cells;
}

function fillInput(grid, channel, demo) {
  const { across, down } = demo;
  grid.forEach((line, row) =>
    line.forEach((cell, column) => {
      const pad = across.isPad(column) || down.isPad(row);
      const left = across.isLeft(column) || down.isLeft(row);
      const where = `padded ${demo.where(row, column, "sample")}, channel ${channel}`;
      const notes = `${pad ? ", pad" : ""}${left ? ", never looked at" : ""}`;
      fillCell(cell, demo.pixel(row, column, channel), where + notes);
      cell.className = `${pad ? "pad" : ""} ${left ? "left" : ""}`;
    }),
  );
}

function fillOutput(grid, k, demo, { pass, shared }) {
  const table = grid[0][0].closest("table");
  table.style.setProperty("--own", shared ? colourOf(demo, { k }, shared) : "");
  grid.forEach((line, i) =>
    line.forEach((cell, j) => {
      const neuron = { k, i, j };
      const value = pass === "forward" ? demo.value(neuron, shared) : demo.upstream(neuron);
      fillCell(cell, value, `neuron at ${demo.where(i, j)} of slice ${k}`);
      cell.className = "";
      cell.style.setProperty("--own", shared ? "" : colourOf(demo, neuron, shared));
    }),
  );
}

/** Move the focus in a grid with the keyboard; true when the key was one of ours. */
export function moveInGrid(cell, key) {
  const row = cell.parentElement;
  const rows = row.parentElement.children;
  const [i, j] = [row.sectionRowIndex, cell.cellIndex];
  const last = row.children.length - 1;
  const to = {
    ArrowLeft: [i, j - 1],
    ArrowRight: [i, j + 1],
    ArrowUp: [i - 1, j],
    ArrowDown: [i + 1, j],
    Home: [i, 0],
    End: [i, last],
  }[key];
  if (!to) return false;
  rows[to[0]]?.children[to[1]]?.focus();
  return true;
}

/** Make one cell the grid's stop for the Tab key. */
export function keepTabStop(cell) {
  for (const other of cell.closest("tbody").querySelectorAll('[tabindex="0"]')) other.tabIndex = -1;
  cell.tabIndex = 0;
}
