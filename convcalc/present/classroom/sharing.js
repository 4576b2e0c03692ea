// Who uses which weights: the positions of one slice on the left, their filters on the right.
// Shared, every arrow meets one filter; unshared, each goes to its own.

const DIAGRAM = 6; // positions a side
const SVG = "http://www.w3.org/2000/svg";

function shape(tag, attributes, ...children) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/** Draw the diagram of the current neuron's slice. */
function drawSharing(place, lesson, state) {
  if (!lesson.slices) {
    place.replaceChildren();
    return;
  }
  const { neuron, shared, pass } = state;
  const columns = Math.min(lesson.across.positions, DIAGRAM);
  const rows = Math.min(lesson.down.positions, DIAGRAM);
  const picture = shape("svg", { viewBox: "0 0 360 130", role: "img" });
  const title = sharingTitle(lesson, state);
  picture.setAttribute("aria-label", title);
  picture.append(
    shape("defs", {}, shape("marker", { id: "head", viewBox: "0 0 6 6", refX: 5, refY: 3, markerWidth: 5, markerHeight: 5, orient: "auto-start-reverse" }, shape("path", { d: "M0 0 6 3 0 6z", class: "head" }))),
  );
  const pitch = Math.min(130 / rows, 130 / columns, 34);
  const spot = (x, i, j) => ({ x: x + j * pitch, y: (130 - rows * pitch) / 2 + i * pitch });
  const box = pitch * 0.72;
  const one = { x: 270, y: 40, side: 50 };
  const squares = [], arrows = [];
  if (shared) squares.push(square(one.x, one.y, one.side, colourOf(lesson, neuron, true), true));
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      const each = { k: neuron.k, i, j };
      const colour = colourOf(lesson, each, shared);
      const here = i === neuron.i && j === neuron.j;
      const from = spot(14, i, j);
      const to = shared ? { x: one.x, y: one.y + one.side / 2 - box / 2 } : spot(220, i, j);
      squares.push(square(from.x, from.y, box, colour, here));
      if (!shared) squares.push(square(to.x, to.y, box, colour, here));
      if (pass === "gradient" && lesson.stepOf(each) > lesson.stepOf(neuron)) continue;
      const ends = [[from.x + box, from.y + box / 2], [to.x, to.y + box / 2]];
      arrows.push(arrow(...(pass === "gradient" ? ends : ends.reverse()), colour, here));
    }
  }
  picture.append(...arrows.sort((a, b) => a.here - b.here).map(({ line }) => line), ...squares);
  place.replaceChildren(element("p", {}, title), picture);
}

function square(x, y, side, colour, here) {
  const made = shape("rect", { x, y, width: side, height: side, rx: 2, class: here ? "here" : "" });
  made.style.setProperty("--own", colour);
  return made;
}

function arrow([x1, y1], [x2, y2], colour, here) {
  const line = shape("line", { x1, y1, x2, y2, "marker-end": "url(#head)", class: here ? "here" : "" });
  line.style.setProperty("--own", colour);
  return { line, here };
}

function sharingTitle(lesson, { neuron, shared, pass }) {
  const { width, height } = lesson.layer.output;
  const positions = width * height;
  const each = lesson.layer.weightsPerNeuron + (lesson.layer.bias ? 1n : 0n);
  const many = positions === 1n ? "1 position" : `${grouped(positions)} positions`;
  const counted = shared
    ? `1 filter of ${grouped(each)} parameters`
    : `${grouped(positions)} x ${grouped(each)} = ${grouped(positions * each)} parameters`;
  const verb =
    pass === "gradient"
      ? shared
        ? "add their gradients into"
        : "each keep their own gradient:"
      : shared
        ? "use"
        : "each use their own weights:";
  return `Slice ${neuron.k}: ${many} ${verb} ${counted}`;
}
