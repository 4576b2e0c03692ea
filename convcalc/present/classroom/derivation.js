// A derivation as data: each number with its formula, the same with numbers in it, and why.
// Mirrors convcalc/arithmetic/derivation.py.

const BYTES = 4n; // of a float32 number, the type of the page's counts

function step(name, formula, substituted, value, why) {
  return { name, formula, substituted: `${substituted}`, value, why };
}

/** Derive the output's width and height, in one step where the two are the same sum. */
function outputSteps(layer) {
  const [x, y] = layer.axes;
  const fields = ["size", "filter", "stride", "dilation", "before", "after"];
  if (fields.every((field) => x[field] === y[field])) {
    return [positionsStep(x, "width, height", "W", "F")];
  }
  return [positionsStep(x, "width", "W", "FW"), positionsStep(y, "height", "H", "FH")];
}

function positionsStep(axis, name, side, field) {
  const { dilation, filter, before, after, stride, size } = axis;
  const dilated = dilation > 1n;
  const even = before === after;
  const written = (size, dilation, filter, pads, stride) => {
    const covered = dilated ? `(${dilation}·(${filter} − 1) + 1)` : filter;
    const quotient = `(${size} − ${covered} + ${pads})/${stride}`;
    return `${axis.unused ? `floor(${quotient})` : quotient} + 1`;
  };
  return step(
    name,
    written(side, "d", field, even ? "2·P" : "P_before + P_after", "S"),
    written(size, dilation, filter, even ? `2·${before}` : `${before} + ${after}`, stride),
    axis.positions,
    whySoMany(axis),
  );
}

/** Say in words how the filter moves along the row; the start is the + 1. */
function whySoMany(axis) {
  const row = axis.before || axis.after ? "padded row" : "row";
  if (!axis.room) return `The filter covers the whole ${row}: the start is its only position.`;
  const steps = axis.room / axis.stride;
  const many = steps ? counted(steps, "step") : "no step";
  const stay = axis.unused === 1n ? "stays" : "stay";
  const left = axis.unused ? `; ${grouped(axis.unused)} of its pixels ${stay} unseen` : "";
  return (
    `After the start at the edge of the ${row} there is room for ${many} of ` +
    `${grouped(axis.stride)}${left}.`
  );
}

function depthStep({ filters, output }) {
  const why = `Each filter makes one depth slice, so the output volume is ${volumeText(output)}.`;
  return step("depth of the output volume", "K", filters, filters, why);
}

function neuronStep(layer) {
  const { width, height, depth } = layer.output;
  const why = "Every cell of the output volume is one neuron.";
  return step("neurons", "W_out·H_out·K", `${width}·${height}·${depth}`, layer.neurons, why);
}

function weightStep(layer) {
  const { filter, groups, input } = layer;
  const several = groups > 1n;
  return step(
    "weights per neuron",
    several ? "FW·FH·D/G" : "FW·FH·D",
    `${filter.width}·${filter.height}·${input.depth}${several ? `/${groups}` : ""}`,
    layer.weightsPerNeuron,
    "A neuron is local in width and height, but sees the full depth of " +
      (several ? "its own group." : "the input."),
  );
}

function biasStep({ bias }) {
  const why = bias
    ? "Each neuron adds one number to its sum."
    : "The layer was asked for without bias: nothing is added to the sum.";
  const value = bias ? 1n : 0n;
  return step("biases per neuron", `${value}`, value, value, why);
}

/** One neuron's parameters, in words and in numbers, to be multiplied. */
function parametersOfOne({ bias, weightsPerNeuron }) {
  return bias
    ? ["(weights per neuron + 1)", `(${weightsPerNeuron} + 1)`]
    : ["weights per neuron", `${weightsPerNeuron}`];
}

function unsharedStep(layer) {
  const [formula, each] = parametersOfOne(layer);
  const why = `Unshared, every neuron has its own weights${layer.bias ? " and bias" : ""}.`;
  const total = layer.parameters.unshared.total;
  return step("unshared parameters", `neurons·${formula}`, `${layer.neurons}·${each}`, total, why);
}

function sharedStep(layer) {
  const [formula, each] = parametersOfOne(layer);
  const both = layer.bias ? "weights and the same bias" : "weights";
  const why = `Shared, all neurons of a depth slice use the same ${both}: one filter.`;
  const total = layer.parameters.shared.total;
  return step("shared parameters", `K·${formula}`, `${layer.filters}·${each}`, total, why);
}

function factorStep({ output }, unshared, shared) {
  const { width, height } = output;
  const factor = width * height;
  const positions = factor === 1n ? "the only position" : `all ${width}x${height} positions`;
  return step(
    "sharing factor",
    "unshared parameters/shared parameters",
    `${unshared.value}/${shared.value}`,
    factor,
    `One set of parameters does for ${positions} of a depth slice.`,
  );
}

function multiplyAddStep(layer) {
  return step(
    "multiply-adds",
    "neurons·weights per neuron",
    `${layer.neurons}·${layer.weightsPerNeuron}`,
    layer.multiplyAdds,
    "Each neuron multiplies each of its weights once, whoever shares them: sharing saves " +
      "memory, not arithmetic.",
  );
}

function byteStep({ name, value }) {
  return step(
    `bytes of the ${name}`,
    `${name}·bytes each`,
    `${value}·${BYTES}`,
    value * BYTES,
    `A float32 number takes ${BYTES} bytes.`,
  );
}

/** Every step, in the order of the argument. */
function derivation(layer) {
  const unshared = unsharedStep(layer);
  const shared = sharedStep(layer);
  return [
    ...outputSteps(layer),
    depthStep(layer),
    neuronStep(layer),
    weightStep(layer),
    biasStep(layer),
    unshared,
    shared,
    factorStep(layer, unshared, shared),
    multiplyAddStep(layer),
    byteStep(unshared),
    byteStep(shared),
  ];
}

/** The steps that every screen has room for: output, neurons, weights, multiply-adds. */
function essentials(layer) {
  const counted = [neuronStep(layer), weightStep(layer), multiplyAddStep(layer)];
  return [...outputSteps(layer), ...counted];
}
