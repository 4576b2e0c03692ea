// The page itself: one state, drawn anew whenever a setting changes.

const state = { shared: true, pass: "forward", neuron: { k: 0, i: 0, j: 0 }, tap: null, timer: 0 };
let lesson = null; // the numbers on screen
let cells = null; // and their cells
let room = 1000; // pixels the stage is wide
let drawing = 0; // the frame that will draw
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
  drawMisfit(layer, apply);
  drawDepthFirst(layer, apply);
  drawCounts(layer);
  drawDerivation(layer);
  drawCorner();
  drawLesson();
  rememberSoon();
}

/** Change settings as a button says, and go where they are. */
function apply(changes) {
  writeSettings(changes);
  draw();
  const [field] = FIELDS_OF[Object.keys(changes)[0]];
  byId(field).offsetParent ? byId(field).focus() : byId("pad-kind").focus();
}

function refuse(error) {
  const place = byId("refusal");
  place.hidden = !error;
  place.textContent = error ? error.message : "";
  byId("layer").hidden = Boolean(error);
  document.body.classList.toggle("refused", Boolean(error));
  byId("lesson").inert = Boolean(error);
  byId("copy").disabled = Boolean(error);
  if (error) for (const warning of document.querySelectorAll(".warning")) warning.hidden = true;
  for (const field of document.querySelectorAll("#settings input:not([type])")) {
    const wrong = error && FIELDS_OF[error.argument].includes(field.id);
    field.setAttribute("aria-invalid", String(Boolean(wrong)));
  }
}

function drawCorner() {
  const place = byId("corner");
  place.hidden = lesson.whole;
  const { across, down, channels, slices, positions } = lesson;
  const pixels = `${across.pixels}x${down.pixels} pixels of ${counted(channels, "channel")}`;
  const windows = `${across.positions}x${down.positions} positions of ${counted(slices, "filter")}`;
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
  byId("neurons").textContent = grouped(lesson.neurons) + (lesson.whole ? "" : " drawn");
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
    Math.min(largest(input + beside + 2), 44),
    Math.min(largest(input), 22),
    Math.min(largest(across.pixels), 18),
    13,
  );
  const stage = byId("stage");
  stage.style.setProperty("--cell", `${side}px`);
  stage.classList.toggle("apart", (input + beside + 2) * (side + 1) > room);
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
    if (room === contentRect.width) return;
    room = contentRect.width;
    fitCells();
  }).observe(stage);
  // the event's own address: the one on screen may have been written since
  addEventListener("hashchange", ({ newURL }) => goTo(new URL(newURL).hash.slice(1)));
  goTo(`${document.body.dataset.start}&${location.hash.slice(1)}`); // the last word counts
  showTheme();
}

start();
