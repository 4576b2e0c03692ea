// The page itself: one state, drawn anew whenever a setting changes.

const state = { shared: true, pass: "forward", neuron: { k: 0, i: 0, j: 0 }, tap: null, timer: 0 };
let lesson = null; // the numbers on screen
let cells = null; // and their cells
let lit = []; // cells with a class that the next selection takes away
let room = 1000; // pixels the stage is wide
let drawing = 0; // the frame that will draw
let writing = 0; // the timer of the next write to the address
const DARK = matchMedia("(prefers-color-scheme: dark)");

/** Draw in the next frame, once, however many settings change before it. */
function drawSoon() {
  cancelAnimationFrame(drawing);
  drawing = requestAnimationFrame(draw);
}

/** Read the settings and draw everything; a layer that cannot be is refused in a sentence. */
function draw() {
  const given = readSettings();
  try {
    const layer = parseLayer(given);
    lesson = new Lesson(layer, parseSeed(given.seed));
    refuse(null);
  } catch (error) {
    if (!(error instanceof BadRequest)) throw error;
    pause();
    refuse(error);
    rememberSoon();
    return;
  }
  const { layer } = lesson;
  byId("layer").textContent = String(layer);
  byId("command").textContent = commandFor(layer, given.pad);
  drawMisfit(layer, (changes) => {
    writeSettings(changes);
    draw();
    const [field] = FIELDS_OF[Object.keys(changes)[0]];
    byId(field).offsetParent ? byId(field).focus() : byId("pad-kind").focus();
  });
  drawCounts(layer);
  drawDerivation(layer);
  drawCorner();
  drawLesson();
  rememberSoon();
}

function refuse(error) {
  const place = byId("refusal");
  place.hidden = !error;
  place.textContent = error ? error.message : "";
  byId("layer").hidden = Boolean(error);
  document.body.classList.toggle("refused", Boolean(error));
  byId("lesson").inert = Boolean(error);
  byId("copy").disabled = Boolean(error);
  if (error) byId("misfit").hidden = true;
  for (const field of document.querySelectorAll("#settings input:not([type])")) {
    const wrong = error && FIELDS_OF[error.argument].includes(field.id);
    field.setAttribute("aria-invalid", String(Boolean(wrong)));
  }
}

function drawCorner() {
  const place = byId("corner");
  place.hidden = lesson.whole;
  const { across, down, channels, slices, positions } = lesson;
  const pixels = `${across.pixels}x${down.pixels} pixels of ${channels} channels`;
  const windows = `${across.positions}x${down.positions} positions of ${slices} filters`;
  const rest = slices
    ? `and ${windows}`
    : positions
      ? "without the neurons: they have too many weights to write out"
      : "without the neurons: their windows are larger";
  place.textContent = `Too large to draw: here are ${pixels}, ${rest}. The counts are exact.`;
}

/** Draw the volumes; keep the neuron looked at where there is still one. */
function drawLesson() {
  fitCells();
  cells = null; // a focused cell that goes away says so while the new ones are not there yet
  cells = drawVolumes(lesson, state);
  lit = [];
  const { k, i, j } = state.neuron;
  const inside = k < lesson.slices && i < lesson.down.positions && j < lesson.across.positions;
  byId("neurons").textContent = grouped(lesson.neurons);
  if (!inside) state.neuron = { k: 0, i: 0, j: 0 };
  state.tap = null;
  const nothing = !lesson.slices;
  for (const id of ["back", "play", "step", "position"]) byId(id).disabled = nothing;
  if (nothing) {
    for (const id of ["sum", "told", "whose", "diagram"]) byId(id).replaceChildren();
    return;
  }
  drawSelection();
}

/** Choose the largest cell that leaves the weights and the output beside the input. */
function fitCells() {
  const { across, channels, slices, filterChannels } = lesson;
  const largest = (columns) => Math.floor(room / columns) - 1;
  const input = channels * (across.pixels + 1);
  const beside = Math.max(filterChannels * (across.taps + 1), slices * (across.positions + 1));
  const side = Math.max(
    Math.min(largest(input + beside + 2), 36),
    Math.min(largest(input), 22),
    Math.min(largest(across.pixels), 18),
    13,
  );
  byId("stage").style.setProperty("--cell", `${side}px`);
}

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
  const seers = BigInt(is.length * js.length);
  const where = `Pixel at padded row ${row}, column ${column}, channel ${channel}`;
  byId("told").textContent = seers
    ? `${where}: seen from ${grouped(seers)} position${seers > 1n ? "s" : ""} in ${grouped(perGroup)} slice${perGroup > 1n ? "s" : ""}, by ${grouped(seers * perGroup)} neuron${seers * perGroup > 1n ? "s" : ""}.`
    : `${where}: no neuron sees it.`;
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

function select(neuron) {
  state.neuron = neuron;
  drawSelection();
}

function stepBy(count) {
  const to = lesson.stepOf(state.neuron) + count;
  if (to < 0 || to >= lesson.neurons) return false;
  select(lesson.neuronAt(to));
  return true;
}

function pause() {
  clearTimeout(state.timer);
  state.timer = 0;
  byId("play").textContent = "Play";
  byId("sum").setAttribute("aria-live", "polite");
}

function play() {
  byId("play").textContent = "Pause";
  byId("sum").setAttribute("aria-live", "off");
  if (lesson.stepOf(state.neuron) === lesson.neurons - 1) select(lesson.neuronAt(0));
  const beat = () => {
    if (stepBy(1)) state.timer = setTimeout(beat, 1000 / byId("speed").value);
    else pause();
  };
  state.timer = setTimeout(beat, 1000 / byId("speed").value);
}

/** Write the address a moment after the last change; browsers refuse too many a second. */
function rememberSoon() {
  clearTimeout(writing);
  writing = setTimeout(() => history.replaceState(null, "", `#${here()}`), 250);
}

function here() {
  const weights = state.shared ? "shared" : "unshared";
  return toFragment(readSettings(), { weights, pass: state.pass });
}

/** Set everything from the address, or from what the command line gave. */
function goTo(fragment) {
  const given = fromFragment(fragment);
  writeSettings(given);
  if (given.weights) state.shared = given.weights !== "unshared";
  if (given.pass) state.pass = given.pass === "gradient" ? "gradient" : "forward";
  for (const radio of document.querySelectorAll(".player input[type=radio]")) {
    radio.checked = radio.value === (state.shared ? "shared" : "unshared") || radio.value === state.pass;
  }
  draw();
}

async function copyCommand() {
  const text = byId("command").textContent;
  try {
    await navigator.clipboard.writeText(text);
    byId("copied").textContent = "copied";
  } catch {
    getSelection().selectAllChildren(byId("command"));
    byId("copied").textContent = "selected: copy it with the keyboard";
  }
  setTimeout(() => (byId("copied").textContent = ""), 2500);
}

function toggleTheme() {
  document.documentElement.dataset.theme = isDark() ? "light" : "dark";
  showTheme();
}

function isDark() {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === "dark" : DARK.matches;
}

function showTheme() {
  byId("theme").setAttribute("aria-pressed", String(isDark()));
}

/** What a cell of a grid stands for: its kind, slice, row and column. */
function placeOf(target) {
  const cell = target.closest?.("td[role=gridcell]");
  if (!cell) return null;
  const { kind, slice } = cell.closest("table").dataset;
  return { cell, kind, slice: Number(slice), row: cell.parentElement.sectionRowIndex, column: cell.cellIndex };
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

function start() {
  buildSettings(byId("settings"), drawSoon);
  room = byId("stage").clientWidth - 16;
  byId("back").addEventListener("click", () => (pause(), stepBy(-1)));
  byId("step").addEventListener("click", () => (pause(), stepBy(1)));
  byId("play").addEventListener("click", () => (state.timer ? pause() : play()));
  byId("position").addEventListener("change", ({ target }) => {
    pause();
    const step = Number(target.value) - 1;
    if (Number.isInteger(step) && step >= 0 && step < lesson.neurons) select(lesson.neuronAt(step));
    else target.value = lesson.stepOf(state.neuron) + 1;
  });
  for (const radio of document.querySelectorAll(".player input[type=radio]")) {
    radio.addEventListener("change", () => {
      state.shared = document.querySelector("[name=weights]:checked").value === "shared";
      state.pass = document.querySelector("[name=pass]:checked").value;
      drawLesson();
      rememberSoon();
    });
  }
  byId("copy").addEventListener("click", copyCommand);
  byId("theme").addEventListener("click", toggleTheme);
  const stage = byId("stage");
  stage.addEventListener("mouseover", lookAt);
  stage.addEventListener("focusin", lookAt);
  stage.addEventListener("mouseout", lookAway);
  stage.addEventListener("focusout", lookAway);
  stage.addEventListener("keydown", (event) => {
    const place = placeOf(event.target);
    if (place && moveInGrid(place.cell, event.key)) event.preventDefault();
  });
  DARK.addEventListener("change", showTheme);
  new ResizeObserver(([{ contentRect }]) => {
    room = contentRect.width;
    if (lesson) fitCells();
  }).observe(stage);
  addEventListener("hashchange", () => goTo(location.hash.slice(1)));
  goTo(document.body.dataset.start);
  if (location.hash.length > 1) goTo(location.hash.slice(1));
  showTheme();
}

start();
