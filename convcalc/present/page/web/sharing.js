// Who uses which weights: positions of one slice on the left, the weights on the right.
// Shared, every arrow meets one filter; unshared, each goes to its own.
import { byId } from "./elements.js";
import { counted, grouped } from "./figures.js";
import { colourOf } from "./grids.js";

const ROWS = 9; // positions drawn
const HEIGHT = 144; // of 360 x 144
const SIDE_OF_SQUARE = 11;

function shape(tag, attributes, ...children) {
  const made = document.createElementNS(byId("diagram").namespaceURI, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/** Draw the positions around the current one, and an arrow for each that has its weights. */
export function drawSharing(demo, state) {
  const { neuron, shared, pass } = state;
  const gradient = pass === "gradient";
  const title = sharingTitle(state);
  const picture = byId("diagram");
  picture.setAttribute("aria-label", title);
  picture.replaceChildren(arrowHead());
  const last = demo.stepOf(neuron);
  const first = neuron.k * demo.positions;
  const rows = Math.min(demo.positions, ROWS);
  const from = Math.min(Math.max(last - first - ROWS + 2, 0), demo.positions - rows);
  const pitch = HEIGHT / rows;
  for (let row = 0; row < rows; row++) {
    const step = first + from + row;
    const each = demo.neuronAt(step);
    const look = { colour: colourOf(demo, each, shared), now: step === last };
    const y = (row + 0.5) * pitch;
    const weightsY = shared ? HEIGHT / 2 : y;
    const ends = [[118, y], [238, weightsY]];
    if (!gradient || step <= last) picture.append(arrow(gradient ? ends : ends.reverse(), look));
    picture.append(square(104, y, SIDE_OF_SQUARE, look));
    picture.append(label(96, y, "end", `row ${each.i}, column ${each.j}`));
    if (shared) continue;
    picture.append(square(252, y, SIDE_OF_SQUARE, look), label(264, y, "start", "its own"));
  }
  if (shared) {
    const look = { colour: colourOf(demo, neuron, true), now: true };
    picture.append(square(262, HEIGHT / 2, 4 * SIDE_OF_SQUARE, look));
    picture.append(label(292, HEIGHT / 2, "start", `filter ${neuron.k}`));
  }
  byId("whose").textContent = title;
}

function arrowHead() {
  const box = { viewBox: "0 0 6 6", refX: 6, refY: 3, markerWidth: 6, markerHeight: 6 };
  const head = shape("path", { d: "M0 0 6 3 0 6z" });
  return shape("defs", {}, shape("marker", { id: "head", orient: "auto", ...box }, head));
}

function square(x, y, side, { colour, now }) {
  const corner = { x: x - side / 2, y: y - side / 2, width: side, height: side, rx: 2 };
  return coloured(shape("rect", { ...corner, class: now ? "now" : "" }), colour);
}

function arrow([[x1, y1], [x2, y2]], { colour, now }) {
  const ends = { x1, y1, x2, y2, "marker-end": "url(#head)" };
  return coloured(shape("line", { ...ends, class: now ? "now" : "" }), colour);
}

function label(x, y, anchor, text) {
  return shape("text", { x, y: y + 3.5, "text-anchor": anchor }, text);
}

function coloured(made, colour) {
  made.style.setProperty("--own", colour);
  return made;
}

function sharingTitle({ neuron, shared, pass, values }) {
  const positions = values["sharing factor"];
  const each = values["weights per neuron"] + values["biases per neuron"];
  const one = positions === 1n;
  const [s, their] = one ? ["s", "its"] : ["", "their"];
  const verb = {
    forward: shared ? `use${s} one filter` : `use${s} ${their} own weights`,
    gradient: shared
      ? `add${s} ${their} gradient${one ? "" : "s"} into one filter's`
      : `keep${s} ${their} own gradient${one ? "" : "s"}`,
  }[pass];
  const total = shared ? each : positions * each;
  const sum = shared ? "" : `${grouped(positions)}·${grouped(each)} = `;
  const parameters = `${sum}${counted(total, "parameter")}`;
  return `Slice ${neuron.k}: ${counted(positions, "position")} ${verb}, ${parameters}`;
}
