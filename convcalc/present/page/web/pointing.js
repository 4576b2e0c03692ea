// Pointing at a cell, with the mouse or the keyboard: a neuron, a weight, or a pixel and who sees it.
import { byId } from "./elements.js";
import { counted } from "./figures.js";
import { keepTabStop } from "./grids.js";
import { capped } from "./demo.js";
import { drawSelection, light, select, unlight } from "./looking.js";
import { pause } from "./player.js";
import { state } from "./state.js";

/** Light up every neuron that sees one pixel of the padded input. */
function drawSeers(row, column, channel) {
  const { demo, cells } = state;
  const [is, js] = [demo.down.seenFrom(row), demo.across.seenFrom(column)];
  const { filters, groups } = demo.layer;
  const perGroup = filters / groups;
  const groupOf = Math.floor(channel / demo.depth);
  unlight();
  light(cells.input[channel][row][column], "current");
  for (let k = 0; k < demo.slices; k++) {
    if (Math.floor(k / capped(perGroup)) !== groupOf) continue;
    for (const i of is) for (const j of js) {
      const cell = cells.output[k][i]?.[j];
      if (cell) light(cell, "sees");
    }
  }
  const pixel = demo.layer.series ? "Sample" : "Pixel";
  const where = `${pixel} at padded ${demo.where(row, column, "place")}, channel ${channel}`;
  const [positions, slices] = [BigInt(is.length * js.length), perGroup];
  const seers = [
    `seen from ${counted(positions, "position")} in ${counted(slices, "slice")}`,
    `by ${counted(positions * slices, "neuron")}`,
  ];
  byId("told").textContent = `${where}: ${positions ? seers.join(", ") : "no neuron sees it"}.`;
  byId("sum").replaceChildren();
}

/** What a cell of a grid stands for: its kind, slice, row and column. */
export function placeOf(target) {
  const cell = target.closest?.("td[role=gridcell]");
  if (!cell) return null;
  const { kind, slice } = cell.closest("table").dataset;
  const row = cell.parentElement.sectionRowIndex;
  return { cell, kind, slice: Number(slice), row, column: cell.cellIndex };
}

export function lookAt(event) {
  const place = placeOf(event.target);
  if (!place || (state.timer && event.type === "mouseover")) return;
  const { kind, slice, row, column } = place;
  if (event.type !== "mouseover") {
    pause();
    keepTabStop(place.cell);
  }
  if (kind === "output") select({ k: slice, i: row, j: column });
  else if (kind === "input") drawSeers(row, column, slice);
  else {
    state.tap = { m: row, n: column, c: slice };
    drawSelection();
  }
}

export function lookAway(event) {
  const place = placeOf(event.target);
  if (!state.cells?.output.length || !place || place.kind === "output" || state.timer) return;
  if (place.kind === "weights" && event.type === "mouseout") state.tap = null;
  drawSelection();
}
