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
  const last = demo.stepOf(neuron);
  const first = neuron.k * demo.positions;
  const rows = Math.min(demo.positions, ROWS);
  const from = Math.min(Math.max(last - first - ROWS + 2, 0), demo.positions - rows);
  const drawn = [];
  for (let step = first + from; step < first + from + rows; step++) {
    const each = demo.neuronAt(step);
    const look = lookOf(colourOf(demo, each, shared), step === last);
    const y = ((step - first - from + 0.5) * HEIGHT) / rows;
    const ends = [[118, y], [238, shared ? HEIGHT / 2 : y]];
    if (!gradient || step <= last) drawn.push(arrow(gradient ? ends : ends.reverse(), look));
    drawn.push(square(104, y, SIDE_OF_SQUARE, look));
    drawn.push(label(96, y, "end", demo.where(each.i, each.j)));
    if (shared) continue;
    drawn.push(square(252, y, SIDE_OF_SQUARE, look), label(264, y, "start", "its own"));
  }
  if (shared) {
    const look = lookOf(colourOf(demo, neuron, true), true);
    drawn.push(square(262, HEIGHT / 2, 4 * SIDE_OF_SQUARE, look));
    drawn.push(label(292, HEIGHT / 2, "start", `filter ${neuron.k}`));
  }
  byId("diagram").setAttribute("aria-label", title);
  byId("drawn").replaceChildren(...drawn);
  byId("whose").textContent = title;
}

const lookOf = (colour, now) => ({ class: now ? "now" : "", style: `--own: ${colour}` });

function square(x, y, side, look) {
  const corner = { x: x - side / 2, y: y - side / 2, width: side, height: side };
  return shape("rect", { ...corner, rx: 2, ...look });
}

function arrow([[x1, y1], [x2, y2]], look) {
  return shape("line", { x1, y1, x2, y2, "marker-end": "url(#head)", ...look });
}

function label(x, y, anchor, text) {
  return shape("text", { x, y: y + 3.5, "text-anchor": anchor }, text);
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
  const slices = values["depth of the output volume"];
  const total = shared ? values["shared parameters"] / slices : positions * each;
  const sum = shared ? "" : `${grouped(positions)}·${grouped(each)} = `;
  const parameters = `${sum}${counted(total, "parameter")}`;
  return `Slice ${neuron.k}: ${counted(positions, "position")} ${verb}, ${parameters}`;
}
