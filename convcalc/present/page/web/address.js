// The address's fragment: the settings and what is looked at, so that a link holds them.
import { readSettings, writeSettings } from "./settings.js";
import { state } from "./state.js";

let writing = 0; // the timer of the next write

/** The settings and what is looked at, as the address's fragment. */
function toFragment(texts, view) {
  const { bias, seed, ...spec } = texts;
  return String(new URLSearchParams({ ...spec, bias: bias ? "yes" : "no", seed, ...view }));
}

function fromFragment(text) {
  return Object.fromEntries(new URLSearchParams(text));
}

/** Write the address a moment after the last change; browsers refuse too many a second. */
export function rememberSoon() {
  clearTimeout(writing);
  writing = setTimeout(() => history.replaceState(null, "", `#${here()}`), 250);
}

function here() {
  const weights = state.shared ? "shared" : "unshared";
  return toFragment(readSettings(), { weights, pass: state.pass });
}

/** Set what is asked for in an address, or was by the command line. */
export function goTo(fragment) {
  const given = fromFragment(fragment);
  writeSettings(given);
  if (given.weights) state.shared = given.weights !== "unshared";
  if (given.pass) state.pass = given.pass === "gradient" ? "gradient" : "forward";
  const chosen = [state.shared ? "shared" : "unshared", state.pass];
  for (const radio of document.querySelectorAll(".player input[type=radio]")) {
    radio.checked = chosen.includes(radio.value);
  }
}
