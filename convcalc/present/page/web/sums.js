// A neuron's sum and a weight's gradient, written out term by term.
import { byId, element } from "./elements.js";
import { bracketed, plural, signed } from "./figures.js";

/** What the weights on screen are, and whose. */
export function weightsTitle(demo, { neuron, shared, pass }) {
  const { k, i, j } = neuron;
  const owner = shared ? `filter ${k}` : `neuron (${demo.where(i, j)}) of slice ${k}`;
  if (pass === "forward") return `weights of ${owner}${shared ? "" : " alone"}`;
  const done = demo.upTo(neuron).length;
  const positions = plural(demo.positions, "position") + (demo.whole ? "" : " drawn");
  return shared
    ? `gradient of filter ${k}, ${done} of ${demo.positions} ${positions} added`
    : `gradient of ${owner} alone`;
}

/** The gradient so far: shared, every position up to this one adds to it; unshared, one does. */
export function gradientOf(demo, neuron, shared) {
  const positions = adding(demo, neuron, shared);
  const upstream = positions.map((each) => demo.upstream(each));
  const added = (tap) => (total, each, index) => total + upstream[index] * demo.under(each, tap);
  return (m, n, c) => positions.reduce(added({ m, n, c }), 0);
}

const adding = (demo, neuron, shared) => (shared ? demo.upTo(neuron) : [neuron]);

export function drawSum(demo, state) {
  if (state.pass === "forward") drawNeuronSum(demo, state);
  else drawGradientSum(demo, state);
}

/** One line a channel, then the channels and the bias. */
function drawNeuronSum(demo, { neuron, shared, tap }) {
  const { k, i, j } = neuron;
  const weight = demo.weights(neuron, shared);
  const lines = Array.from({ length: demo.depth }, () => ({ terms: [], total: 0 }));
  demo.window(neuron, (m, n, c, x) => {
    const w = weight(m, n, c);
    const here = tap && tap.m === m && tap.n === n && tap.c === c;
    lines[c].terms.push(element("span", here ? { class: "tap" } : {}, `${x}·${bracketed(w)}`));
    lines[c].total += x * w;
  });
  const first = demo.firstChannel(k);
  const written = lines.map(({ terms, total }, c) =>
    line(`channel ${first + c}`, ...joined(terms), ` = ${signed(total)}`),
  );
  const bias = demo.layer.bias !== "no" ? ` + bias ${bracketed(demo.bias(neuron, shared))}` : "";
  const parts = lines.map(({ total }, c) => (c ? bracketed(total) : signed(total))).join(" + ");
  const value = element("b", { id: "value" }, signed(demo.value(neuron, shared)));
  byId("told").textContent = `Neuron at ${demo.where(i, j)} of slice ${k}: window times weights`;
  byId("sum").replaceChildren(...written, line("sum", `${parts}${bias} = `, value));
}

/** The gradient of one weight: the upstream gradient times the pixel under it, by position. */
function drawGradientSum(demo, state) {
  const { neuron, shared } = state;
  const { m, n, c } = state.tap ?? { m: 0, n: 0, c: 0 };
  const terms = adding(demo, neuron, shared).map((each, index, { length }) => {
    const upstream = (index ? bracketed : signed)(demo.upstream(each));
    const now = index === length - 1 ? { class: "tap" } : {};
    return element("span", now, `${upstream}·${demo.under(each, { m, n, c })}`);
  });
  const channel = demo.firstChannel(neuron.k) + c;
  const place = `weight at ${demo.where(m, n, "place")}, channel ${channel}`;
  const whose = shared ? `filter ${neuron.k}, the positions so far added` : "this neuron alone";
  const product = `gradient at the output times ${demo.layer.series ? "sample" : "pixel"}`;
  byId("told").textContent = `Gradient of the ${place} of ${whose}: ${product}`;
  const total = gradientOf(demo, neuron, shared)(m, n, c);
  const value = element("b", { id: "value" }, signed(total));
  byId("sum").replaceChildren(line("sum", ...joined(terms), " = ", value));
}

function line(name, ...parts) {
  return element("p", {}, element("span", { class: "name" }, `${name}: `), ...parts);
}

function joined(terms) {
  return terms.flatMap((term, index) => (index ? [" + ", term] : [term]));
}
