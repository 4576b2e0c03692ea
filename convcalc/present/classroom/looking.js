// What is looked at: a neuron and its window, or a pixel and the neurons that see it.

let lit = []; // cells with a class that the next look takes away

/** Light up what the current neuron looks at, its weights, and the sum it makes. */
function drawSelection() {
  const { neuron, shared, pass, tap } = state;
  unlight();
  const own = colourOf(lesson, neuron, shared);
  byId("weights").style.setProperty("--own", own);
  const first = lesson.firstChannel(neuron.k);
  const weight = lesson.weights(neuron, shared);
  const gradient = pass === "gradient" ? gradientOf(lesson, neuron, shared) : null;
  lesson.window(neuron, (m, n, c) => {
    const row = lesson.down.pixelOf(neuron.i, m);
    const column = lesson.across.pixelOf(neuron.j, n);
    const pixel = cells.input[first + c]?.[row][column];
    if (pixel) {
      light(pixel, "window");
      pixel.style.setProperty("--own", own);
    }
    const cell = cells.weights[c]?.[m][n];
    if (!cell) return;
    const value = gradient ? gradient(m, n, c) : weight(m, n, c);
    const what = gradient ? "gradient of the weight" : "weight";
    fillCell(cell, value, `${what} at row ${m}, column ${n}, channel ${first + c}`);
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
  byId("weights-title").textContent = weightsTitle(lesson, state);
  byId("position").value = lesson.stepOf(neuron) + 1;
  drawSum(lesson, state);
  drawSharing(lesson, state);
}

/** Light up every neuron that sees one pixel of the padded input. */
function drawSeers(row, column, channel) {
  const [is, js] = [lesson.down.seenFrom(row), lesson.across.seenFrom(column)];
  const { filters, groups } = lesson.layer;
  const perGroup = filters / groups;
  const groupOf = Math.floor(channel / lesson.depth);
  unlight();
  light(cells.input[channel][row][column], "current");
  for (let k = 0; k < lesson.slices; k++) {
    if (Math.floor(k / capped(perGroup)) !== groupOf) continue;
    for (const i of is) for (const j of js) {
      const cell = cells.output[k][i]?.[j];
      if (cell) light(cell, "sees");
    }
  }
  const where = `Pixel at padded row ${row}, column ${column}, channel ${channel}`;
  const [positions, slices] = [BigInt(is.length * js.length), perGroup];
  const seers = [
    `seen from ${counted(positions, "position")} in ${counted(slices, "slice")}`,
    `by ${counted(positions * slices, "neuron")}`,
  ];
  byId("told").textContent = `${where}: ${positions ? seers.join(", ") : "no neuron sees it"}.`;
  byId("sum").replaceChildren();
}

function light(cell, name) {
  cell.classList.add(name);
  lit.push([cell, name]);
}

function unlight() {
  for (const [cell, name] of lit) cell.classList.remove(name);
  lit = [];
}

/** What a cell of a grid stands for: its kind, slice, row and column. */
function placeOf(target) {
  const cell = target.closest?.("td[role=gridcell]");
  if (!cell) return null;
  const { kind, slice } = cell.closest("table").dataset;
  const row = cell.parentElement.sectionRowIndex;
  return { cell, kind, slice: Number(slice), row, column: cell.cellIndex };
}

function lookAt(event) {
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

function lookAway(event) {
  const place = placeOf(event.target);
  if (!cells || !place || place.kind === "output" || state.timer) return;
  if (place.kind === "weights" && event.type === "mouseout") state.tap = null;
  drawSelection();
}
