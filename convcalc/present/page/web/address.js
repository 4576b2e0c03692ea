// The address's fragment: the settings and what is looked at, so that a link holds them.
import { readSettings, writeSettings } from "./settings.js";
import { state } from "./state.js";
import { TABLES } from "./tables.js";

let writing = 0; // the timer of the next write

/** Values by name, whichever of an option's names an address has. */
function fromFragment(text) {
  const known = (name) => TABLES.spellings[name.replaceAll("_", "-")] ?? name;
  const given = [...new URLSearchParams(text)];
  return Object.fromEntries(given.map(([name, value]) => [known(name), value]));
}

/** Write the address a moment after the last change; browsers refuse too many a second. */
export function rememberSoon() {
  clearTimeout(writing);
  writing = setTimeout(() => history.replaceState(null, "", `#${here()}`), 250);
}

function here() {
  const { filters, bias, seed, ...spec } = readSettings();
  const view = { weights: state.shared ? "shared" : "unshared", pass: state.pass };
  return new URLSearchParams({ ...spec, filters, bias, seed, ...view });
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
