// The layer's settings: a field and a slider for every number, and their text in the address.
import { byId, element } from "./elements.js";
import { padText } from "./layer.js";
import { BadRequest } from "./parse.js";

const SETTINGS = [
  { title: "input", fields: [["width", "W", 1, 32], ["height", "H", 1, 32], ["depth", "D", 1, 8]] },
  { title: "filter", fields: [["filter-width", "FW", 1, 11], ["filter-height", "FH", 1, 11]] },
  { title: "stride", fields: [["stride-x", "Sx", 1, 8], ["stride-y", "Sy", 1, 8]] },
  {
    title: "pad",
    fields: [
      ["pad", "P", 0, 8],
      ["pad-left", "left", 0, 8],
      ["pad-right", "right", 0, 8],
      ["pad-top", "top", 0, 8],
      ["pad-bottom", "bottom", 0, 8],
    ],
  },
  { title: "dilation", fields: [["dilation-x", "dx", 1, 5], ["dilation-y", "dy", 1, 5]] },
  {
    title: "filters",
    fields: [["filters", "K", 1, 16], ["groups", "G", 1, 8], ["seed", "seed", 0, 99]],
  },
];
const NAMES = {
  "filter-width": "filter width",
  "filter-height": "filter height",
  "stride-x": "stride along the width",
  "stride-y": "stride along the height",
  pad: "pad",
  "pad-left": "pad left",
  "pad-right": "pad right",
  "pad-top": "pad top",
  "pad-bottom": "pad bottom",
  "dilation-x": "dilation along the width",
  "dilation-y": "dilation along the height",
};
const PAD_KINDS = { equal: "equal", sides: "each side", same: "same", valid: "valid" };
const TWINS = {
  height: "width",
  "filter-height": "filter-width",
  "stride-y": "stride-x",
  "dilation-y": "dilation-x",
};
const SQUARE_LETTERS = { "filter-width": "F", "stride-x": "S", "dilation-x": "d" };
export const FIELDS_OF = {
  input: ["width", "height", "depth"],
  filter: ["filter-width", "filter-height"],
  stride: ["stride-x", "stride-y"],
  dilation: ["dilation-x", "dilation-y"],
  pad: ["pad", "pad-left", "pad-right", "pad-top", "pad-bottom"],
  filters: ["filters"],
  groups: ["groups"],
  seed: ["seed"],
};
const LONGEST = 700; // characters of one text from the address

/** Fill the form; call `changed` whenever a setting changes. */
export function buildSettings(form, changed) {
  const square = element("input", { type: "checkbox", id: "square" });
  form.append(element("label", { class: "check" }, square, " square: height as width"));
  for (const { title, fields } of SETTINGS) {
    const group = element("fieldset", {}, element("legend", {}, title));
    if (title === "pad") group.append(padKind());
    for (const field of fields) group.append(settingRow(...field));
    form.append(group);
  }
  const bias = element("input", { type: "checkbox", id: "bias", checked: "" });
  form.lastElementChild.append(element("label", { class: "check" }, bias, " bias"));
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", ({ target }) => {
    if (target.type === "range") byId(target.dataset.field).value = target.value;
    syncSettings();
    changed();
  });
}

function settingRow(id, letter, from, to) {
  const name = NAMES[id] ?? id;
  const field = element("input", { id, inputmode: "numeric", spellcheck: "false" });
  const slider = element("input", { type: "range", min: from, max: to, "data-field": id });
  slider.setAttribute("aria-label", `${name} slider`);
  field.setAttribute("aria-label", name);
  const label = element("label", { for: id, title: name, "data-letter": letter }, letter);
  return element("div", { class: "row" }, label, field, slider);
}

function padKind() {
  const choice = element("select", { id: "pad-kind", "aria-label": "kind of pad" });
  for (const [value, text] of Object.entries(PAD_KINDS)) {
    choice.append(element("option", { value }, text));
  }
  return choice;
}

/** Show the fields that count, move the sliders to them, and let twins follow. */
function syncSettings() {
  const square = byId("square").checked;
  for (const [follower, leader] of Object.entries(TWINS)) {
    if (square) byId(follower).value = byId(leader).value;
    byId(follower).parentElement.hidden = square;
  }
  for (const label of document.querySelectorAll(".row label")) {
    const { letter } = label.dataset;
    label.textContent = (square && SQUARE_LETTERS[label.htmlFor]) || letter;
  }
  const kind = byId("pad-kind").value;
  for (const id of FIELDS_OF.pad) {
    byId(id).parentElement.hidden = kind !== (id === "pad" ? "equal" : "sides");
  }
  for (const slider of document.querySelectorAll("input[data-field]")) {
    slider.value = byId(slider.dataset.field).value;
  }
}

/** The settings as the texts of the command line's options. */
export function readSettings() {
  const joined = (option) => {
    const texts = FIELDS_OF[option].map((id) => byId(id).value.trim());
    return texts.length === 2 && texts[0] === texts[1] ? texts[0] : texts.join("x");
  };
  const [all, left, right, top, bottom] = FIELDS_OF.pad.map((id) => byId(id).value.trim());
  const kind = byId("pad-kind").value;
  const pad = { equal: all, sides: padText({ left, right, top, bottom }) }[kind] ?? kind;
  return {
    input: joined("input"),
    filter: joined("filter"),
    stride: joined("stride"),
    pad,
    dilation: joined("dilation"),
    groups: joined("groups"),
    filters: joined("filters"),
    bias: byId("bias").checked,
    seed: joined("seed"),
  };
}

/** Put texts into the fields; what they do not name stays. */
export function writeSettings(texts) {
  const put = (id, value) => (byId(id).value = value);
  for (const option of ["input", "filter", "stride", "dilation", "filters", "groups", "seed"]) {
    if (texts[option] === undefined) continue;
    const ids = FIELDS_OF[option];
    const parts = texts[option].slice(0, LONGEST).split(/[xX×]/);
    const last = parts.slice(ids.length - 1).join("x");
    ids.forEach((id, index) => put(id, index < ids.length - 1 ? (parts[index] ?? "") : last));
    if (parts.length === 1 && ids.length === 2) ids.forEach((id) => put(id, parts[0]));
  }
  if (texts.pad !== undefined) writePad(texts.pad.slice(0, LONGEST));
  if (texts.bias !== undefined) byId("bias").checked = texts.bias !== "no";
  const twins = Object.entries(TWINS);
  byId("square").checked = twins.every(([a, b]) => byId(a).value === byId(b).value);
  syncSettings();
}

function writePad(text) {
  const kind = byId("pad-kind");
  if (text === "same" || text === "valid") {
    kind.value = text;
    return;
  }
  const parts = text.split(/[xX×]/);
  kind.value = parts.length === 1 ? "equal" : "sides";
  const sides = parts.length === 2 ? [parts[0], parts[0], parts[1], parts[1]] : parts;
  byId("pad").value = parts[0];
  FIELDS_OF.pad.slice(1).forEach((id, index) => {
    byId(id).value = parts.length === 1 ? parts[0] : (sides[index] ?? "");
  });
}

/** The seed as a number; refused in the manner of the other settings. */
export function parseSeed(text) {
  const remedy = "give a whole number from 0 to 4294967295";
  if (!/^[0-9]{1,10}$/.test(text) || Number(text) > 0xffffffff) {
    throw new BadRequest("seed", text, "is not a seed", remedy);
  }
  return Number(text);
}
