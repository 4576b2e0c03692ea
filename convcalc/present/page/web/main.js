// The page itself: one state, drawn anew whenever a setting changes.
import { goTo, rememberSoon } from "./address.js";
import { drawCounts, drawDepthFirst, drawDerivation, drawMisfit } from "./counts.js";
import { byId } from "./elements.js";
import { counted, grouped } from "./figures.js";
import { drawVolumes, moveInGrid } from "./grids.js";
import { commandFor, parseLayer } from "./layer.js";
import { Demo } from "./demo.js";
import { drawSelection, select, unlight } from "./looking.js";
import { BadRequest, parts } from "./parse.js";
import { pause, play, stepBy } from "./player.js";
import { lookAt, lookAway, placeOf } from "./pointing.js";
import { results, valuesOf } from "./results.js";
import { buildSettings, FIELDS_OF, parseSeed, readSettings, writeSettings } from "./settings.js";
import { state } from "./state.js";
import { TABLES } from "./tables.js";

let room = 1000; // pixels the stage is wide
let drawing = 0; // the frame that will draw
const DARK = matchMedia("(prefers-color-scheme: dark)");
const ROOT = document.documentElement.style;

/** Go where an address asks, and draw. */
function follow(fragment) {
  goTo(fragment);
  draw();
}

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
    state.demo = new Demo(layer, parseSeed(given.seed));
    refuse(null);
  } catch (error) {
    if (!(error instanceof BadRequest)) throw error;
    pause();
    refuse(error);
    rememberSoon();
    return;
  }
  const { layer } = state.demo;
  const { width, height } = layer.filter;
  if (parts(given.filter).length > (layer.series ? 1 : 2)) {
    writeSettings({ filter: layer.pairText(width, height) });
  }
  const found = results(layer.symbols());
  byId("layer").textContent = String(layer);
  byId("command").textContent = commandFor(layer, given.pad);
  drawMisfit(layer, apply);
  drawDepthFirst(layer, apply);
  state.values = valuesOf(found);
  drawCounts(state.values);
  drawDerivation(found);
  drawCorner();
  drawDemo();
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
  byId("refusal").textContent = error?.message ?? "";
  byId("refusal").hidden = !error;
  byId("layer").hidden = byId("demo").inert = byId("copy").disabled = Boolean(error);
  document.body.classList.toggle("refused", Boolean(error));
  if (error) for (const warning of document.querySelectorAll(".warning")) warning.hidden = true;
  for (const field of document.querySelectorAll("#settings input:not([type])")) {
    const wrong = error !== null && FIELDS_OF[error.argument].includes(field.id);
    field.setAttribute("aria-invalid", wrong);
  }
}

function drawCorner() {
  const { demo } = state;
  const place = byId("corner");
  place.hidden = demo.whole;
  const { across, down, channels, slices, positions } = demo;
  const { series } = demo.layer;
  const sides = (count) => (series ? across[count] : `${across[count]}x${down[count]}`);
  const what = series ? "samples" : "pixels";
  const pixels = `${sides("pixels")} ${what} of ${counted(channels, "channel")}`;
  const windows = `${sides("positions")} positions of ${counted(slices, "filter")}`;
  const rest = slices
    ? `and ${windows}`
    : positions
      ? "without the neurons: they have too many weights to write out"
      : "without the neurons: their windows are larger";
  place.textContent = `Too large to draw: here are ${pixels}, ${rest}. The counts are exact.`;
}

/** Draw the volumes; keep the neuron looked at where there is still one. */
function drawDemo() {
  const { demo } = state;
  fitCells();
  state.cells = null; // a focused cell that goes away says so while the new ones are not there yet
  state.cells = drawVolumes(demo, state);
  unlight();
  const { k, i, j } = state.neuron;
  const inside = k < demo.slices && i < demo.down.positions && j < demo.across.positions;
  byId("neurons").textContent = grouped(demo.neurons) + (demo.whole ? "" : " drawn");
  if (!inside) state.neuron = { k: 0, i: 0, j: 0 };
  state.tap = null;
  const nothing = !demo.slices;
  for (const id of ["back", "play", "step", "position"]) byId(id).disabled = nothing;
  if (nothing) {
    for (const id of ["sum", "told", "whose", "drawn"]) byId(id).replaceChildren();
    return;
  }
  drawSelection();
}

/** Choose the largest cell that leaves the weights and the output beside the input. */
function fitCells() {
  const { across, channels, slices, filterChannels } = state.demo;
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
  ROOT.colorScheme = isDark() ? "light" : "dark";
  showTheme();
}

const isDark = () => (ROOT.colorScheme ? ROOT.colorScheme === "dark" : DARK.matches);

function showTheme() {
  byId("theme").setAttribute("aria-pressed", isDark());
}

/** Count and derive the one layer there is: its kind has no settings, and is not run. */
function drawFixed({ title, layer, axes }) {
  for (const letters of [layer, ...Object.values(axes)]) {
    for (const letter of Object.values(letters)) letter[1] = BigInt(letter[1]);
  }
  const found = results({ layer, axes });
  document.body.classList.add("fixed");
  byId("layer").textContent = title;
  drawCounts(valuesOf(found));
  drawDerivation(found);
}

function start() {
  byId("theme").addEventListener("click", toggleTheme);
  DARK.addEventListener("change", showTheme);
  showTheme();
  if (TABLES.fixed) {
    drawFixed(TABLES.fixed);
    return;
  }
  buildSettings(byId("settings"), drawSoon);
  room = byId("stage").clientWidth - 16;
  byId("back").addEventListener("click", () => (pause(), stepBy(-1)));
  byId("step").addEventListener("click", () => (pause(), stepBy(1)));
  byId("play").addEventListener("click", () => (state.timer ? pause() : play()));
  byId("position").addEventListener("change", ({ target }) => {
    pause();
    const { demo } = state;
    const step = Number(target.value) - 1;
    if (Number.isInteger(step) && step >= 0 && step < demo.neurons) select(demo.neuronAt(step));
    else target.value = demo.stepOf(state.neuron) + 1;
  });
  for (const radio of document.querySelectorAll(".player input[type=radio]")) {
    radio.addEventListener("change", () => {
      state.shared = document.querySelector("[name=weights]:checked").value === "shared";
      state.pass = document.querySelector("[name=pass]:checked").value;
      drawDemo();
      rememberSoon();
    });
  }
  byId("copy").addEventListener("click", copyCommand);
  const stage = byId("stage");
  for (const event of ["mouseover", "focusin"]) stage.addEventListener(event, lookAt);
  for (const event of ["mouseout", "focusout"]) stage.addEventListener(event, lookAway);
  stage.addEventListener("keydown", (event) => {
    const place = placeOf(event.target);
    if (place && moveInGrid(place.cell, event.key)) event.preventDefault();
  });
  new ResizeObserver(([{ contentRect }]) => {
    if (room === contentRect.width) return;
    room = contentRect.width;
    if (state.demo) fitCells();
  }).observe(stage);
  // the event's own address: the one on screen may have been written since
  addEventListener("hashchange", ({ newURL }) => follow(new URL(newURL).hash.slice(1)));
  follow(`${document.body.dataset.start}&${location.hash.slice(1)}`); // the last word counts
}

start();
