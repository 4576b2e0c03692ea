// A derivation as data: each number with its formula, and the same formula with numbers in it.
// Mirrors convcalc/arithmetic/derivation.py.

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
  return {
    name,
    formula: written(side, "d", field, even ? "2·P" : "P_before + P_after", "S"),
    substituted: written(
      size,
      dilation,
      filter,
      even ? `2·${before}` : `${before} + ${after}`,
      stride,
    ),
    value: axis.positions,
  };
}

function neuronStep(layer) {
  const { width, height, depth } = layer.output;
  return {
    name: "neurons",
    formula: "W_out·H_out·K",
    substituted: `${width}·${height}·${depth}`,
    value: layer.neurons,
  };
}

function weightStep(layer) {
  const { filter, groups, input } = layer;
  const grouped = groups > 1n;
  return {
    name: "weights per neuron",
    formula: grouped ? "FW·FH·D/G" : "FW·FH·D",
    substituted: `${filter.width}·${filter.height}·${input.depth}${grouped ? `/${groups}` : ""}`,
    value: layer.weightsPerNeuron,
  };
}

function multiplyAddStep(layer) {
  return {
    name: "multiply-adds",
    formula: "neurons·weights per neuron",
    substituted: `${layer.neurons}·${layer.weightsPerNeuron}`,
    value: layer.multiplyAdds,
  };
}

/** Every step, in the order of the argument. */
function derivation(layer) {
  return [...outputSteps(layer), neuronStep(layer), weightStep(layer), multiplyAddStep(layer)];
}
