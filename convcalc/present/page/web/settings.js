// The layer's settings: a field and a slider for every number, and their text in the address.
import { byId, element } from "./elements.js";
import { padText, padWord } from "./layer.js";
import { BadRequest, parts, unclear } from "./parse.js";

// a field's id, its letter, and from where to where its slider goes, by option
const SETTINGS = {
  input: [["width", "W", 1, 32], ["height", "H", 1, 32], ["depth", "D", 1, 8]],
  filter: [["filter-width", "FW", 1, 11], ["filter-height", "FH", 1, 11]],
  stride: [["stride-x", "Sx", 1, 8], ["stride-y", "Sy", 1, 8]],
  pad: [
    ["pad", "P", 0, 8],
    ["pad-left", "left", 0, 8],
    ["pad-right", "right", 0, 8],
    ["pad-top", "top", 0, 8],
    ["pad-bottom", "bottom", 0, 8],
  ],
  dilation: [["dilation-x", "dx", 1, 5], ["dilation-y", "dy", 1, 5]],
  filters: [["filters", "K", 1, 16]],
  groups: [["groups", "G", 1, 8]],
  seed: [["seed", "seed", 0, 99]],
};
export const FIELDS_OF = Object.fromEntries(
  Object.entries(SETTINGS).map(([option, fields]) => [option, fields.map(([id]) => id)]),
);
const ALONG_HEIGHT = ["height", "filter-height", "stride-y", "dilation-y", "pad-top", "pad-bottom"];
// a field along the width, and the one along the height that follows it
const TWINS = ["input", "filter", "stride", "dilation"].map((option) => FIELDS_OF[option]);
const LONGEST = 700; // characters of one text from the address

/** Fill the form; call `changed` whenever a setting changes. */
export function buildSettings(form, changed) {
  const square = element("input", { type: "checkbox", id: "square" });
  const series = element("input", { type: "checkbox", id: "series" });
  form.append(
    element("label", { class: "check" }, square, " square: height as width"),
    element("label", { class: "check" }, series, " one dimension"),
  );
  for (const [option, fields] of Object.entries(SETTINGS)) {
    if (!["groups", "seed"].includes(option)) {
      form.append(element("fieldset", {}, element("legend", {}, option)));
    }
    if (option === "pad") form.lastElementChild.append(padKind());
    form.lastElementChild.append(...fields.map(settingRow));
  }
  const choices = ["yes", "no", "untied"].map((kind) => new Option(kind));
  const bias = element("select", { id: "bias" }, ...choices);
  form.lastElementChild.append(element("label", { class: "check" }, "bias ", bias));
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", ({ target }) => {
    if (target.type === "range") byId(target.dataset.field).value = target.value;
    syncSettings();
    changed();
  });
}

function settingRow([id, letter, min, max]) {
  const along = { "-x": " along the width", "-y": " along the height" };
  const name = id.replace(/-[xy]$/, (side) => along[side]).replace("-", " ");
  const label = element("label", { for: id, "data-letter": letter, "data-name": name });
  const text = { id, inputmode: "numeric", spellcheck: "false" };
  const slide = { type: "range", min, max, "data-field": id };
  return element("div", { class: "row" }, label, element("input", text), element("input", slide));
}

function padKind() {
  const kinds = [["equal", "equal"], ["each side", "sides"], ["same", "same"], ["valid", "valid"]];
  const choices = kinds.map((kind) => new Option(...kind));
  return element("select", { id: "pad-kind", "aria-label": "kind of pad" }, ...choices);
}

/** Show the fields that count, move the sliders to them, and let twins follow. */
function syncSettings() {
  const series = byId("series").checked;
  const square = byId("square").checked && !series;
  byId("square").parentElement.hidden = series;
  for (const label of document.querySelectorAll("#settings label[for]")) nameField(label, series);
  for (const [leader, follower] of TWINS) {
    if (square) byId(follower).value = byId(leader).value;
    byId(follower).parentElement.hidden = square || series;
    const [label] = byId(leader).labels;
    const letter = square || series ? label.dataset.letter[0] : label.dataset.letter;
    label.textContent = series && letter === "W" ? "L" : letter;
  }
  const kind = byId("pad-kind").value;
  for (const id of FIELDS_OF.pad) {
    const unused = series && ALONG_HEIGHT.includes(id);
    byId(id).parentElement.hidden = unused || kind !== (id === "pad" ? "equal" : "sides");
  }
  for (const slider of document.querySelectorAll("input[data-field]")) {
    slider.value = byId(slider.dataset.field).value;
  }
}

/** Say what a field is for, on the screen and to a screen reader. */
function nameField(label, series) {
  const { name, letter } = label.dataset;
  const said = series ? name.replace(/ along the width$/, "").replace("width", "length") : name;
  const [field, slider] = label.parentElement.querySelectorAll("input");
  label.textContent = letter;
  label.title = said;
  field.setAttribute("aria-label", said);
  slider.setAttribute("aria-label", `${said} slider`);
}

/** The settings as the texts of the command line's options. */
export function readSettings() {
  const series = byId("series").checked;
  const counts = (id) => !series || !ALONG_HEIGHT.includes(id);
  const typed = (option) => FIELDS_OF[option].filter(counts).map((id) => byId(id).value.trim());
  const texts = { bias: byId("bias").value };
  for (const option of Object.keys(FIELDS_OF)) {
    const parts = typed(option);
    const one = option !== "input" && parts.length === 2 && parts[0] === parts[1];
    texts[option] = one ? parts[0] : parts.join("x");
  }
  const [all, left, right, top, bottom] = typed("pad");
  const kind = byId("pad-kind").value;
  texts.pad = { equal: all, sides: padText({ left, right, top, bottom }, series) }[kind] ?? kind;
  return texts;
}

/** Put texts into the fields; what they do not name stays. Two numbers as input are a series. */
export function writeSettings(texts) {
  if (texts.input !== undefined) byId("series").checked = split(texts.input, 3).length === 2;
  const series = byId("series").checked;
  for (const [option, ids] of Object.entries(FIELDS_OF)) {
    if (texts[option] === undefined) continue;
    if (option === "pad") {
      writePad(texts.pad, series);
      continue;
    }
    const sides = split(texts[option], series && option !== "input" ? 1 : ids.length);
    if (sides.length === 1 && ids.length === 2) sides.push(series ? "1" : sides[0]);
    if (series && option === "input") sides.splice(1, 0, "1"); // a height nobody sees
    const last = sides.splice(ids.length - 1).join("x");
    ids.forEach((id, index) => (byId(id).value = [...sides, last][index] ?? ""));
  }
  if (texts.bias !== undefined) {
    const kind = texts.bias.toLowerCase();
    byId("bias").value = ["no", "untied"].includes(kind) ? kind : "yes";
  }
  byId("square").checked = TWINS.every(([a, b]) => byId(a).value === byId(b).value);
  syncSettings();
}

/** The texts for so many fields, what is no size as it is typed; one number may have commas. */
function split(text, fields) {
  const short = text.slice(0, LONGEST);
  if (fields === 1 || unclear(short)) return [short];
  const found = parts(short);
  return found.every((part) => /^[0-9]+$/.test(part)) ? found : short.split(/[xX×]/);
}

function writePad(text, series) {
  const word = padWord(text);
  const found = split(text, 4);
  const [first, second = first] = found;
  byId("pad-kind").value = word ?? (found.length > 1 ? "sides" : "equal");
  if (word) return;
  const sides = series ? [first, second, "0", "0"] : [first, first, second, second];
  const all = found.length > 2 ? found : sides;
  FIELDS_OF.pad.forEach((id, index) => (byId(id).value = [first, ...all][index] ?? ""));
}

/** The seed as a number; refused in the manner of the other settings. */
export function parseSeed(text) {
  const remedy = "give a whole number from 0 to 4294967295";
  if (!/^[0-9]{1,10}$/.test(text) || Number(text) > 0xffffffff) {
    throw new BadRequest("seed", text, "is not a seed", remedy);
  }
  return Number(text);
}
