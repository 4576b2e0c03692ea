// Volumes as tables: one grid a slice, every cell with its place for a screen reader.

const COLOURS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#f0e442", "#7f7f7f"];

/** The colour of a neuron's weights: its slice's when shared, its own when not. */
function colourOf(lesson, neuron, shared) {
  if (shared) return COLOURS[neuron.k % COLOURS.length];
  const turn = (lesson.stepOf(neuron) * 137.508) % 360; // the golden angle keeps neighbours apart
  return `hsl(${turn.toFixed(1)} 70% 50%)`;
}

/** A table of `rows` x `columns` empty cells under a title; returns it with its cells. */
function makeGrid(kind, slice, title, rows, columns) {
  const table = element("table", { class: `grid ${kind}`, role: "grid" });
  table.dataset.kind = kind;
  table.dataset.slice = slice;
  table.append(element("caption", {}, title));
  const body = element("tbody");
  const pattern = element("tr", { role: "row" });
  for (let column = 0; column < columns; column++) {
    pattern.append(element("td", { role: "gridcell", tabindex: "-1" }));
  }
  const cells = [];
  for (let row = 0; row < rows; row++) {
    const line = pattern.cloneNode(true);
    cells.push(line.children);
    body.append(line);
  }
  table.append(body);
  if (rows && columns) cells[0][0].tabIndex = 0;
  return { table, cells };
}

function fillCell(cell, value, label) {
  cell.textContent = value === null ? "" : signed(value);
  cell.setAttribute("aria-label", `${label}: ${value === null ? "not computed" : value}`);
}

function group(title, name, grids) {
  const heading = element("h2", {}, title);
  const boxes = element("div", { class: "slices" }, ...grids.map(({ table }) => table));
  return element("div", { class: `volume ${name}` }, heading, boxes);
}

/** Draw the three volumes of a lesson into the stage; returns their cells. */
function drawVolumes(stage, lesson, state) {
  const input = inputGrids(lesson);
  const output = outputGrids(lesson, state);
  const weights = weightGrids(lesson);
  const { layer } = lesson;
  const [x, y] = layer.axes;
  const padded = x.padded === x.size && y.padded === y.size ? "" : `, padded ${x.padded}x${y.padded}`;
  const filters = group("", "weights", weights);
  const inputs = group(`input ${volumeText(layer.input)}${padded}`, "input", input);
  const what = state.pass === "forward" ? "output" : "gradient at the output";
  const outputs = group(`${what} ${volumeText(layer.output)}`, "output", output);
  stage.replaceChildren(inputs, ...(lesson.slices ? [filters, outputs] : []));
  const cellsOf = (grids) => grids.map((grid) => grid.cells);
  return {
    input: cellsOf(input),
    weights: cellsOf(weights),
    output: cellsOf(output),
    filter: filters,
  };
}

function inputGrids(lesson) {
  const { across, down } = lesson;
  return Array.from({ length: lesson.channels }, (_, channel) => {
    const grid = makeGrid("input", channel, `channel ${channel}`, down.pixels, across.pixels);
    for (let row = 0; row < down.pixels; row++) {
      for (let column = 0; column < across.pixels; column++) {
        const cell = grid.cells[row][column];
        const pad = across.isPad(column) || down.isPad(row);
        const left = across.isLeft(column) || down.isLeft(row);
        const where = `padded row ${row}, column ${column}, channel ${channel}`;
        const notes = `${pad ? ", pad" : ""}${left ? ", never looked at" : ""}`;
        fillCell(cell, lesson.pixel(row, column, channel), where + notes);
        if (pad) cell.classList.add("pad");
        if (left) cell.classList.add("left");
      }
    }
    return grid;
  });
}

function outputGrids(lesson, state) {
  const { across, down } = lesson;
  return Array.from({ length: lesson.slices }, (_, k) => {
    const grid = makeGrid("output", k, `slice ${k}`, down.positions, across.positions);
    for (let i = 0; i < down.positions; i++) {
      for (let j = 0; j < across.positions; j++) {
        const neuron = { k, i, j };
        const forward = state.pass === "forward";
        const value = forward ? lesson.value(neuron, state.shared) : lesson.upstream(neuron);
        fillCell(grid.cells[i][j], value, `neuron at row ${i}, column ${j} of slice ${k}`);
        const cell = state.shared ? grid.table : grid.cells[i][j];
        cell.style.setProperty("--own", colourOf(lesson, neuron, state.shared));
      }
    }
    return grid;
  });
}

function weightGrids(lesson) {
  const { across, down } = lesson;
  const channels = lesson.slices ? Math.min(lesson.depth, CHANNELS) : 0;
  return Array.from({ length: channels }, (_, c) =>
    makeGrid("weights", c, `channel ${c}`, down.taps, across.taps),
  );
}

/** Move the focus in a grid with the keyboard; true when the key was one of ours. */
function moveInGrid(cell, key) {
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
function keepTabStop(cell) {
  for (const other of cell.closest("tbody").querySelectorAll('[tabindex="0"]')) other.tabIndex = -1;
  cell.tabIndex = 0;
}
